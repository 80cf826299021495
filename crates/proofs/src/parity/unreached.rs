//! Branches that nothing can take, each kind with its reason. An entry that covers no branch any more
//! is a violation: the list cannot rot.

use super::branches::Branch;

/// Branches of one kind, on lines that hold a text.
struct Unreached {
    kind: &'static str,
    text: &'static str,
}

const fn unreached(kind: &'static str, text: &'static str) -> Unreached {
    Unreached { kind, text }
}

const UNREACHED: &[Unreached] = &[
    // A plan replaces queues and never forgets one, so who has a place has rules.
    unreached("or", "rules and "),
    unreached("then", "if not rules then"),
    // Set since the record was made: missing only in what older scripts wrote.
    unreached("or", " or 0"),
    unreached("or", " or ''"),
    unreached("or", " or now"),
    // Called only where there is something: the last offer ends by a requeue, a miss has a cause.
    unreached("or", "contact.offers = line ~= '' and line or nil"),
    unreached("or", "agent.want, agent.reason = 'not_ready', reason ~= '' and reason or nil"),
    unreached("then", "if not offer then return end"),
    unreached("then", "if not item then return end"),
    unreached("then", "if not contact.closes_at then return end"),
    unreached("then", "if not agent then return end"),
    unreached("then", "if contact.state ~= 'offered' then return end"),
    // No other state of a contact arms a deadline.
    unreached("else", "else"),
    // Nothing that fires arms a class or a place again before its own turn.
    unreached("or", "if not record then return arms[member] == nil or arms[member] == at end"),
    // Who fires was armed for an empty class, and nothing in between fills it.
    unreached("no else", "if not is_waited_in(class) then"),
    // Asked only of records that the step has read or made.
    unreached("or", "before[entity(kind, id)] or NOTHING"),
    // A plan names a class once, and is newer than what is known.
    unreached("no else", "if not known or known.version ~= floor.plan then"),
    // Who works has a profile, and of every profile it is known what it serves.
    unreached("or", "serves and serves.classes or {}"),
    // The stream outlives the floor only where somebody removed the floor by hand.
    unreached("no else", "if not newest then return 0, 0 end"),
    // The server turns errors of its own into texts before a script sees them.
    unreached("then", "if type(result) == 'table' then return result end"),
];

/// Says whether a branch is listed.
pub(super) fn is_listed(branch: &Branch) -> bool {
    UNREACHED.iter().any(|listed| covers(listed, branch))
}

/// Says which entries cover no branch that was never taken.
pub(super) fn stale(branches: &[Branch], taken: &[u64]) -> Vec<String> {
    let never: Vec<&Branch> =
        branches.iter().zip(taken).filter(|(_, times)| **times == 0).map(|(it, _)| it).collect();
    let stale = UNREACHED.iter().filter(|listed| !never.iter().any(|it| covers(listed, it)));
    stale.map(|it| format!("listed for nothing: {}: {}", it.kind, it.text)).collect()
}

fn covers(listed: &Unreached, branch: &Branch) -> bool {
    let line = branch.text.trim();
    let is_it = if listed.text == "else" { line == "else" } else { line.contains(listed.text) };
    listed.kind == branch.kind && is_it
}
