//! Judges a history. It knows what must hold for clients, and nothing of how the server works.
//!
//! | file | what it judges |
//! | --- | --- |
//! | `bridges.rs` | who talks to whom, and on whose acceptance |
//! | `offers.rs` | how offers end |
//! | `limits.rs` | how many may wait |
//! | `records.rs` | what is kept of each call |
//! | `order.rs` | who is next |

mod bridges;
mod limits;
mod offers;
mod order;
mod records;

use std::collections::BTreeMap;
use std::fmt;

use super::history::{History, What};

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// A caller talks to one agent at a time.
    OneAgent,
    /// An agent talks to one caller at a time.
    OneCaller,
    /// Callers are connected to who accepted them, once for each acceptance.
    BridgeFollowsAcceptance,
    /// An offer rings one desk and ends once, and everybody is told the same.
    OneOutcome,
    /// No more callers wait than may.
    NotTooMany,
    /// Nobody is sent away while there is room.
    NotTooFew,
    /// Every call has exactly one record, and no other call has one.
    OneRecord,
    /// Every record ends once, with a reason, and has no gap.
    WholeRecord,
    /// A record says what happened.
    TrueRecord,
    /// Of equal callers the first one is served first.
    FirstComeFirstServed,
    /// The same request is answered the same.
    SameAnswer,
    /// When everybody has gone, everything is at rest.
    Rest,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What should have held.
    pub rule: Rule,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.rule, self.seen)
    }
}

/// Collects violations.
#[derive(Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn add(&mut self, rule: Rule, seen: impl Into<String>) {
        self.0.push(Violation { rule, seen: seen.into() });
    }

    fn add_if(&mut self, wrong: bool, rule: Rule, seen: impl FnOnce() -> String) {
        if wrong {
            self.add(rule, seen());
        }
    }
}

/// Gives everything that must not be.
pub fn judge(history: &History) -> Vec<Violation> {
    let mut findings = Findings::default();
    bridges::judge(history, &mut findings);
    offers::judge(history, &mut findings);
    limits::judge(history, &mut findings);
    records::judge(history, &mut findings);
    order::judge(history, &mut findings);
    same_answers(history, &mut findings);
    for unrest in &history.unrest {
        findings.add(Rule::Rest, format!("{}: {}", unrest.who, unrest.why));
    }
    findings.0
}

fn same_answers(history: &History, findings: &mut Findings) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &history.entries {
        let What::Answered { request, answer } = &entry.what else { continue };
        let known = first.entry(request).or_insert(answer);
        findings.add_if(*known != answer, Rule::SameAnswer, || {
            format!("{request} was answered {known:?}, then {answer:?}")
        });
    }
}
