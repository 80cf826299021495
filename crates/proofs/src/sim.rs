//! Simulation: replicas, gateways and agents over the very reducer that runs in production, with
//! messages delayed, lost, repeated and reordered, and everything that can die dying.
//!
//! A run is ten minutes of one small center, drawn from its seed: six minutes of faults, then calm,
//! then everyone leaves, and all must be at rest. The judge looks at every step of the store, reads
//! the outbox, and compares the floor with the legs the gateways really hold.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::match_same_arms,
    clippy::single_match_else,
    clippy::shadow_unrelated,
    clippy::needless_pass_by_value,
    clippy::large_enum_variant,
    reason = "the actors answer what concerns them, and read as the services they mirror"
)]

mod callbacks;
mod center;
mod desk;
mod durable;
mod edge;
mod engine;
mod faults;
mod gateway;
mod inbox;
mod judge;
mod link;
pub mod mutants;
mod store;
mod supervisor;
mod traffic;
mod truth;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::suite::{Options, Verdict, say};

#[cfg(feature = "mutants")]
use switchboard_domain::floor;

use engine::Millis;
use judge::Figures;
use mutants::Mutant;
use world::World;

const SHORT: u64 = 2_000;
const LONG: u64 = 100_000;
/// How many seeds a planted fault may take to be caught.
const PATIENCE: u64 = 10_000;
const THREADS: usize = 2;

/// When the judge asks whether the center serves again.
const SERVING: Millis = faults::LAST + 50_000;
const CLOSES: Millis = 450_000;
const EMPTIES: Millis = 500_000;
const LEAVES: Millis = 540_000;
const END: Millis = 600_000;

/// What one run came to.
#[derive(Clone, Debug, Default)]
struct Outcome {
    figures: Figures,
    violations: Vec<String>,
    trace: Vec<String>,
}

/// Runs one seed.
fn run(seed: u64, mutant: Option<Mutant>, tracing: bool) -> Outcome {
    plant(mutant);
    let world = World::new(seed, mutant, tracing);
    for index in 0..world.center.replicas {
        edge::start(&world, index);
    }
    (0..world.center.gateways).for_each(|index| gateway::start(&world, index));
    (0..world.center.agents).for_each(|index| desk::start(&world, index));
    durable::start(&world);
    truth::start(&world, BTreeMap::new());
    traffic::start(&world, 1);
    supervisor::start(&world);
    callbacks::start(&world);
    faults::plan(&world);
    world.at(SERVING, |world| truth::is_serving(world));
    world.at(CLOSES, traffic::close);
    world.at(EMPTIES, |world| traffic::empty(world, LEAVES));
    engine::run(&world, END);
    if !world.judge.borrow().has_failed() {
        truth::at_rest(&world);
    }
    finish(&world)
}

/// Takes a rule of the floor away for this thread.
#[cfg(feature = "mutants")]
fn plant(mutant: Option<Mutant>) {
    floor::mutants::plant(mutant.and_then(Mutant::rule));
}

/// Does nothing: without the feature the floor keeps its rules.
#[cfg(not(feature = "mutants"))]
const fn plant(_mutant: Option<Mutant>) {}

fn finish(world: &Rc<World>) -> Outcome {
    world.clear();
    world.replicas.take().iter().for_each(|replica| replica.let_go());
    let judge = world.judge.borrow();
    Outcome {
        figures: judge.figures,
        violations: judge.violations().to_vec(),
        trace: judge.trace().to_vec(),
    }
}

/// Proves that no seed breaks the center, and that every planted fault does.
pub fn prove(options: Options) -> Verdict {
    if let Some(seed) = options.seed {
        return replay(seed);
    }
    let seeds = if options.long { LONG } else { SHORT };
    let sum = run_all(seeds);
    let (caught, total) = (catch_all(), Mutant::all().len());
    let Figures { steps, events, calls, chats, callbacks, consults, faults, bridges, lowered } =
        sum.figures;
    let violations = sum.violations;
    let line = format!(
        "sim: {seeds} seeds, {} simulated minutes, {calls} calls, {chats} chats, \
         {callbacks} callbacks, {consults} consultations, {bridges} talks, {faults} faults, \
         {steps} steps, {events} events, {lowered} epochs lowered, {violations} violations, {caught}/{total} \
         mutants caught",
        seeds * END / 60_000
    );
    Verdict { line, holds: violations == 0 && caught == total }
}

/// Replays one seed and tells what happened.
fn replay(seed: u64) -> Verdict {
    let outcome = run(seed, None, true);
    outcome.trace.iter().for_each(|line| say(line));
    outcome.violations.iter().for_each(|line| say(line));
    let count = outcome.violations.len();
    let line = format!("sim: seed {seed}, {count} violations, 0/0 mutants caught");
    Verdict { line, holds: count == 0 }
}

#[derive(Default)]
struct Sum {
    figures: Figures,
    violations: u64,
    done: u64,
}

fn run_all(seeds: u64) -> Sum {
    let (next, sum) = (AtomicU64::new(1), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds {
                        return;
                    }
                    let outcome = run(seed, None, false);
                    let mut sum = sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    add(&mut sum, seed, &outcome, seeds);
                }
            });
        }
    });
    sum.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn add(sum: &mut Sum, seed: u64, outcome: &Outcome, seeds: u64) {
    let figures = &mut sum.figures;
    figures.steps += outcome.figures.steps;
    figures.events += outcome.figures.events;
    figures.calls += outcome.figures.calls;
    figures.chats += outcome.figures.chats;
    figures.callbacks += outcome.figures.callbacks;
    figures.consults += outcome.figures.consults;
    figures.faults += outcome.figures.faults;
    figures.bridges += outcome.figures.bridges;
    figures.lowered += outcome.figures.lowered;
    if let Some(first) = outcome.violations.first() {
        sum.violations += 1;
        say(&format!("sim: seed {seed} fails {first}; replay with --seed {seed}"));
    }
    sum.done += 1;
    if sum.done.is_multiple_of(200) {
        say(&format!("sim: {} of {seeds} seeds, {} violations", sum.done, sum.violations));
    }
}

/// Plants each fault in turn; counts those that are caught.
fn catch_all() -> usize {
    let (next, caught) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let all = Mutant::all();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(mutant) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    caught.fetch_add(usize::from(is_caught(*mutant)), Ordering::Relaxed);
                }
            });
        }
    });
    caught.into_inner()
}

fn is_caught(mutant: Mutant) -> bool {
    let seeds = PATIENCE;
    let caught = (1..=seeds).find_map(|seed| {
        let outcome = run(seed, Some(mutant), false);
        outcome.violations.first().map(|first| (seed, first.clone()))
    });
    match &caught {
        Some((seed, first)) => say(&format!("sim: {mutant:?} caught by seed {seed} {first}")),
        None => say(&format!("sim: {mutant:?} NOT caught by {seeds} seeds")),
    }
    caught.is_some()
}
