//! What every suite is asked, and what it answers.

use std::io::Write as _;

/// How a suite is to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether to run the long form.
    pub long: bool,
    /// The one seed to replay, with its trace.
    pub seed: Option<u64>,
}

/// What a suite found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The summary line.
    pub line: String,
    /// Whether all holds.
    pub holds: bool,
}

/// Writes a line of progress for whoever watches.
pub fn say(line: &str) {
    // Nobody may be listening.
    let _ = writeln!(std::io::stdout(), "{line}");
}
