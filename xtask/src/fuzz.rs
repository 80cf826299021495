//! `fuzz`: the property tests over damaged flows, with as many cases as one has time for.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

/// Runs the tests of `crates/workbench/tests/fuzz.rs`, each with so many cases.
pub(crate) fn flow(root: &Path, cases: &str) -> anyhow::Result<()> {
    ensure!(cases.parse::<u32>().is_ok(), "`{cases}` is no number of cases");
    let test = ["test", "--release", "--package", "switchboard-workbench", "--test", "fuzz"];
    let status = Command::new(env!("CARGO"))
        .args(test)
        .env("PROPTEST_CASES", cases)
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "a case failed; it is printed above, as small as it gets");
    Ok(())
}
