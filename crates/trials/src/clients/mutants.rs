//! Falsified histories: each must be caught, or the judge could not be believed.

mod entries;
mod steps;

use super::history::{Entry, History, What};
use super::judge::{Rule, judge};

/// A way to falsify a history; none when the history offers no occasion.
type Falsify = fn(&mut History) -> Option<()>;

/// One lie, and the rule that must expose it.
struct Mutant {
    name: &'static str,
    rule: Rule,
    falsify: Falsify,
}

const fn mutant(name: &'static str, rule: Rule, falsify: Falsify) -> Mutant {
    Mutant { name, rule, falsify }
}

const MUTANTS: &[Mutant] = &[
    mutant("a second agent is bridged to a call", Rule::OneAgent, entries::second_agent),
    mutant("an agent is bridged to a second call", Rule::OneCaller, entries::second_caller),
    mutant("nobody accepted", Rule::BridgeFollowsAcceptance, entries::unasked_bridge),
    mutant("a bridge is ordered twice", Rule::BridgeFollowsAcceptance, entries::second_order),
    mutant("an acceptance is forgotten", Rule::BridgeFollowsAcceptance, entries::forgotten_order),
    mutant("an offer rings a second desk", Rule::OneOutcome, entries::second_desk),
    mutant("a desk is told another outcome", Rule::OneOutcome, entries::other_outcome),
    mutant("an offer that ended is accepted", Rule::OneOutcome, steps::late_acceptance),
    mutant("an offer has a second outcome", Rule::OneOutcome, steps::second_outcome),
    mutant("an offer never ends", Rule::OneOutcome, steps::endless_offer),
    mutant("one caller too many waits", Rule::NotTooMany, entries::one_too_many),
    mutant("one caller too many is recorded", Rule::NotTooMany, steps::one_too_many),
    mutant("a caller is sent away from an empty queue", Rule::NotTooFew, entries::sent_away),
    mutant("a call is lost", Rule::OneRecord, steps::lost_call),
    mutant("a call has two records", Rule::OneRecord, steps::second_record),
    mutant("a call is made up", Rule::OneRecord, steps::ghost),
    mutant("a call never ends", Rule::WholeRecord, steps::endless_call),
    mutant("a call ends twice", Rule::WholeRecord, steps::second_end),
    mutant("a call ends for no reason", Rule::WholeRecord, steps::no_reason),
    mutant("a step is lost", Rule::WholeRecord, steps::lost_step),
    mutant("another agent is kept", Rule::TrueRecord, steps::other_agent),
    mutant("an answered call is kept as abandoned", Rule::TrueRecord, steps::other_ending),
    mutant("a caller is overtaken", Rule::FirstComeFirstServed, steps::overtaken),
    mutant("a repeat is answered otherwise", Rule::SameAnswer, entries::other_answer),
    mutant("an agent is left with a caller who went", Rule::Rest, steps::left_behind),
];

/// How the judge did.
#[derive(Debug, Default)]
pub struct Trial {
    /// How many lies were exposed by the rule that is there for them.
    pub caught: usize,
    /// How many there are.
    pub total: usize,
    /// The names of those that were not exposed, or had no occasion.
    pub missed: Vec<&'static str>,
}

/// Tells every lie, one at a time, and sees whether the judge exposes it.
pub fn try_all(history: &History) -> Trial {
    let mut trial = Trial { total: MUTANTS.len(), ..Trial::default() };
    let before = judge(history);
    for mutant in MUTANTS {
        let mut falsified = history.clone();
        let told = (mutant.falsify)(&mut falsified);
        let is_new = |violation: &super::judge::Violation| {
            violation.rule == mutant.rule && !before.contains(violation)
        };
        if told.is_some() && judge(&falsified).iter().any(is_new) {
            trial.caught += 1;
        } else {
            trial.missed.push(mutant.name);
        }
    }
    trial
}

/// Puts something into a history after another entry, at the same time.
fn insert_after(history: &mut History, index: usize, what: What) {
    let at = history.entries[index].at;
    history.entries.insert(index + 1, Entry { at, what });
}

/// Finds the first entry that fits.
fn find(history: &History, fits: impl Fn(&What) -> bool) -> Option<usize> {
    history.entries.iter().position(|entry| fits(&entry.what))
}

#[cfg(test)]
mod tests;
