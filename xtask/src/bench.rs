//! `bench`: builds the program and the benchmark as they are released, and measures.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

/// Builds both, so that the benchmark finds the program beside itself, and runs the benchmark.
pub(crate) fn run(root: &Path, options: &[&str]) -> anyhow::Result<()> {
    // A step by itself is measured without the program.
    if !options.contains(&"steps") {
        let build =
            ["build", "--release", "--package", "switchboard", "--package", "switchboard-bench"];
        cargo(root, &build)?;
    }
    let run = ["run", "--release", "--quiet", "--package", "switchboard-bench", "--"];
    cargo(root, &[&run, options].concat())
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("cargo").args(arguments).current_dir(root).status()?;
    ensure!(status.success(), "cargo {} failed with {status}", arguments.join(" "));
    Ok(())
}
