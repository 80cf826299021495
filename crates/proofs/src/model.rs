//! Exhaustive search over the floor that runs in production: every order of events in small worlds.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `catalogue.rs` | the worlds that are searched, each with what may go wrong in it |
//! | `hunts.rs` | the mutants: a rule taken away, and the world where it must be missed |
//! | `world.rs` | a state: the floor and its copies, legs, desktops, messages on their way |
//! | `explorer.rs` | what may happen next, and the rules that hold of every state |
//! | `floors.rs`, `step.rs`, `timer.rs` | steps of the production reducer, each different one taken once |
//! | `normal.rs` | floors that behave alike are one: times become past or future |
//! | `checks.rs` | the rules that hold of every step |
//! | `drain.rs` | from every state the world comes to rest by itself |
//! | `search.rs`, `table.rs` | breadth first, every state kept whole |
//!
//! Time is abstract: any armed deadline may come next, whatever the lengths. That covers every real
//! order of events and more. Only what the floor and the gateways can see of each other is kept.

mod action;
mod catalogue;
mod checks;
mod configuration;
mod drain;
mod explorer;
mod floors;
mod hunts;
mod names;
mod normal;
mod packed;
mod plan;
mod search;
mod step;
mod table;
mod timer;
mod view;
mod world;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::suite::{Options, Verdict, say};
use configuration::Configuration;
use hunts::Hunt;
use search::{Finding, Search};

/// How many searches run side by side.
const LANES: usize = 2;

/// What all searches together found.
#[derive(Default)]
struct Tally {
    states: usize,
    drained: usize,
    worlds: usize,
    depth: usize,
    violations: usize,
    caught: usize,
    hunted: usize,
}

enum Job {
    Search(Configuration),
    Hunt(Box<Hunt>),
}

/// Searches every world and hunts every mutant, or those whose name begins with a text.
pub fn prove(options: Options, only: Option<&str>) -> Verdict {
    let wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
    let hunts = hunts::hunts();
    let mut worlds = catalogue::catalogue(options.long);
    worlds.sort_by_key(|world| std::cmp::Reverse(world.weight()));
    let searches = worlds.into_iter().filter(|world| wanted(world.name)).map(Job::Search);
    let hunts = hunts.into_iter().filter(|hunt| wanted(hunt.name));
    let jobs = searches.chain(hunts.map(|hunt| Job::Hunt(Box::new(hunt)))).collect();
    let tally = run(jobs);
    let line = format!(
        "model: {} states in {} worlds, depth up to {}, {} states driven to rest, {} violations, \
         {}/{} mutants caught",
        tally.states,
        tally.worlds,
        tally.depth,
        tally.drained,
        tally.violations,
        tally.caught,
        tally.hunted
    );
    let all = tally.hunted > 0 || only.is_some();
    Verdict { line, holds: tally.violations == 0 && tally.caught == tally.hunted && all }
}

fn run(jobs: VecDeque<Job>) -> Tally {
    let jobs = Mutex::new(jobs);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    match job {
                        Some(Job::Search(world)) => search(world, &tally),
                        Some(Job::Hunt(hunt)) => chase(&hunt, &tally),
                        None => return,
                    }
                }
            });
        }
    });
    tally.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn search(world: Configuration, tally: &Mutex<Tally>) {
    let finding = Search::new(world, false).run();
    say(&describe(&world, &finding));
    if let Some(schedule) = &finding.violation {
        say(schedule);
    }
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    tally.worlds += 1;
    tally.states += finding.states;
    tally.drained += finding.drained;
    tally.depth = tally.depth.max(finding.depth);
    tally.violations += usize::from(finding.violation.is_some());
}

fn describe(world: &Configuration, finding: &Finding) -> String {
    let end = if finding.complete { "all" } else { "the first" };
    format!(
        "{}: {end} {} states, depth {}, {} different floors, {} steps of the floor, {} driven to \
         rest, {:.1} s",
        world.name,
        finding.states,
        finding.depth,
        finding.floors,
        finding.steps,
        finding.drained,
        finding.took.as_secs_f64()
    )
}

fn chase(hunt: &Hunt, tally: &Mutex<Tally>) {
    let Some(finding) = hunt.run() else { return };
    let caught = finding.violation.as_ref();
    match caught.and_then(|schedule| schedule.lines().last()) {
        Some(last) => say(&format!(
            "mutant {}: caught after {} steps in {} states:{}",
            hunt.name,
            finding.steps_to_violation,
            finding.states,
            last.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
        )),
        None => say(&format!("mutant {}: NOT caught in {} states", hunt.name, finding.states)),
    }
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    tally.hunted += 1;
    tally.caught += usize::from(caught.is_some());
}
