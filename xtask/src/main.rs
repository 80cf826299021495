//! Chores of the repository that a developer starts by hand: `cargo xtask <chore>`.
//!
//! Nothing here is needed to build or run the product.

mod bench;
mod fuzz;
mod migration;
mod prove;
mod reference;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

const USAGE: &str = "\
cargo xtask ci                      runs bin/test, which is what continuous integration runs
cargo xtask demo [OPTIONS]          runs bin/demo
cargo xtask bench acd [OPTIONS]     measures the routing core; see docs/benchmarks.md
cargo xtask bench ivr [OPTIONS]     measures steps through flows, by themselves and through gRPC
cargo xtask prove SUITE [OPTIONS]   runs a proof; without a suite, says which there are
cargo xtask fuzz flow [CASES]       damages the sample flows and walks what is left of them
cargo xtask prepare [--check]       writes docs/reference, or says that it is out of date
cargo xtask new-migration NAME      adds an empty migration with the next number
";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ci", rest @ ..] => run("bin/test", rest),
        ["demo", rest @ ..] => run("bin/demo", rest),
        ["bench", options @ ..] => bench::run(&root()?, options),
        ["prove"] => say(&prove::list()),
        ["prove", suite, options @ ..] => prove::run(&root()?, suite, options),
        ["fuzz", "flow"] => fuzz::flow(&root()?, "100000"),
        ["fuzz", "flow", cases] => fuzz::flow(&root()?, cases),
        ["prepare"] => reference::write(&root()?),
        ["prepare", "--check"] => reference::check(&root()?),
        ["new-migration", name] => migration::add(&root()?, name),
        [] | ["help" | "--help" | "-h"] => say(USAGE),
        [chore, ..] => bail!("unknown chore `{chore}`\n\n{USAGE}"),
    }
}

/// Writes a line for the person at the terminal.
fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{}", text.trim_end()).context("standard output is closed")
}

fn run(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(root()?.join(program)).args(arguments).status()?;
    ensure!(status.success(), "{program} failed with {status}");
    Ok(())
}

fn root() -> anyhow::Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(manifest.parent().context("xtask lies in the workspace")?.to_owned())
}
