//! Exhaustive search over the recorder: every order of events, crashes and answers in small worlds.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `catalogue.rs` | the worlds that are searched, each with what may go wrong in it |
//! | `mutants.rs` | faults planted around the recorder, each with the world where it must show |
//! | `world.rs` | a state: streams with an outbox each, recorders, what is durable |
//! | `durable.rs` | what one transaction of the projection does |
//! | `action.rs` | what may happen next |
//! | `perform.rs` | what comes of it |
//! | `checks.rs` | the rules that hold of every state |
//! | `drain.rs` | from every state, everything that the stream holds gets recorded |
//! | `search.rs` | breadth first, every state kept whole |
//!
//! What a recorder does next is decided by [`Course`](switchboard_store::course::Course), the very
//! one that runs in production. Time is abstract: a stream's next place is either just after its
//! last one, or after every place ever used, so that clocks may go wrong at will.

mod action;
mod catalogue;
mod checks;
mod drain;
mod durable;
mod mutants;
mod perform;
mod search;
#[cfg(test)]
mod tests;
mod world;

use crate::suite::{Options, Verdict, say};
use catalogue::Configuration;
use mutants::Mutant;
use search::{Finding, search};

/// Searches every world and plants every fault.
pub fn prove(options: Options) -> Verdict {
    let worlds = catalogue::worlds(options.long);
    let found: Vec<Finding> = worlds.iter().map(look_at).collect();
    let caught = Mutant::ALL.iter().filter(|mutant| is_caught(**mutant)).count();
    let violations = found.iter().filter(|finding| finding.violation.is_some()).count();
    let states: usize = found.iter().map(|finding| finding.states).sum();
    let depth = found.iter().map(|finding| finding.depth).max().unwrap_or_default();
    let line = format!(
        "projection: {states} states in {} worlds, depth up to {depth}, each driven to rest, \
         {violations} violations, {caught}/{} mutants caught",
        found.len(),
        Mutant::ALL.len()
    );
    Verdict { line, holds: violations == 0 && caught == Mutant::ALL.len() }
}

fn look_at(world: &Configuration) -> Finding {
    let finding = search(world, None);
    say(&format!(
        "{}: all {} states, depth {}, {:.1} s",
        world.name,
        finding.states,
        finding.depth,
        finding.took.as_secs_f64()
    ));
    if let Some(schedule) = &finding.violation {
        say(schedule);
    }
    finding
}

fn is_caught(mutant: Mutant) -> bool {
    let finding = search(&mutant.ground(), Some(mutant));
    match finding.violation.as_ref().and_then(|schedule| schedule.lines().last()) {
        Some(last) => say(&format!(
            "mutant {mutant:?}: caught in {} states, depth {}: {}",
            finding.states,
            finding.depth,
            last.trim_start()
        )),
        None => say(&format!("mutant {mutant:?}: NOT caught in {} states", finding.states)),
    }
    finding.violation.is_some()
}
