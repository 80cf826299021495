//! Branches that nothing can take, each with the reason. One that is taken after all, or is gone, is
//! a violation: the list cannot rot.

use super::branches::Branch;

/// A branch that cannot be taken.
struct Unreached {
    file: &'static str,
    /// The line without its indentation.
    line: &'static str,
    kind: &'static str,
    reason: &'static str,
}

const UNREACHED: &[Unreached] = &[];

/// Says why a branch cannot be taken, if it is listed.
pub(super) fn reason(branch: &Branch) -> Option<&'static str> {
    UNREACHED.iter().find(|listed| is_it(listed, branch)).map(|listed| listed.reason)
}

/// Counts the branches that are listed.
pub(super) fn count(branches: &[Branch]) -> usize {
    branches.iter().filter(|branch| reason(branch).is_some()).count()
}

/// Says which entries of the list name no branch.
pub(super) fn stale(branches: &[Branch]) -> Vec<String> {
    let gone = UNREACHED.iter().filter(|listed| !branches.iter().any(|it| is_it(listed, it)));
    gone.map(|listed| format!("no such branch: {} {}: {}", listed.file, listed.kind, listed.line))
        .collect()
}

fn is_it(listed: &Unreached, branch: &Branch) -> bool {
    listed.file == branch.file && listed.kind == branch.kind && listed.line == branch.text.trim()
}
