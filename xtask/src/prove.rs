//! Runs proofs: programs of other packages, each of which ends with one line that says how it went.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

/// A proof, and the program that runs it.
struct Suite {
    name: &'static str,
    package: &'static str,
    program: &'static str,
    purpose: &'static str,
    /// The features of the package that the proof needs.
    features: &'static [&'static str],
}

/// Every proof. The program gets the name of the suite as its first argument, then the options.
const SUITES: &[Suite] = &[
    Suite {
        name: "model",
        package: "switchboard-proofs",
        program: "prove",
        purpose: "every order of events in small worlds, over the floor itself",
        features: &["mutants"],
    },
    Suite {
        name: "parity",
        package: "switchboard-proofs",
        program: "prove",
        purpose: "the scripts on a real Redis against the floor, command by command",
        features: &["mutants"],
    },
    Suite {
        name: "projection",
        package: "switchboard-proofs",
        program: "prove",
        purpose: "every order of events, crashes and answers around the recorder",
        features: &["mutants"],
    },
    Suite {
        name: "sim",
        package: "switchboard-proofs",
        program: "prove",
        purpose: "replicas, gateways and agents with faults of every kind, from seeds",
        features: &["mutants"],
    },
    Suite {
        name: "clients",
        package: "switchboard-trials",
        program: "trials",
        purpose: "many clients on several replicas, judged by their histories",
        features: &[],
    },
    Suite {
        name: "erlang",
        package: "switchboard-trials",
        program: "trials",
        purpose: "a queue under random load, compared with Erlang C and Erlang A",
        features: &[],
    },
];

/// Says which proofs there are.
pub(crate) fn list() -> String {
    let line = |suite: &Suite| format!("cargo xtask prove {:<10} {}", suite.name, suite.purpose);
    SUITES.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Runs a proof; fails unless it holds.
pub(crate) fn run(root: &Path, name: &str, options: &[&str]) -> anyhow::Result<()> {
    let suite = SUITES.iter().find(|suite| suite.name == name);
    let suite = suite.with_context(|| format!("unknown proof `{name}`\n\n{}", list()))?;
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release"])
        .args(["--package", suite.package, "--features", &suite.features.join(",")])
        .args(["--bin", suite.program, "--", suite.name])
        .args(options)
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "{name} does not hold");
    Ok(())
}
