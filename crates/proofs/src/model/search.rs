//! Breadth first through every state of a configuration; each state is kept whole, so that two are
//! the same only if they are.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::configuration::Configuration;
use super::drain::Drain;
use super::explorer::Explorer;
use super::table::Table;
use super::world::World;
use crate::suite::say;

const REPORT: Duration = Duration::from_secs(10);

/// What a search found.
pub(super) struct Finding {
    pub(super) states: usize,
    pub(super) depth: usize,
    pub(super) floors: usize,
    pub(super) steps: usize,
    pub(super) drained: usize,
    pub(super) took: Duration,
    /// Whether every state was visited.
    pub(super) complete: bool,
    /// The broken rule, and the shortest schedule to it.
    pub(super) violation: Option<String>,
    /// How many steps that schedule has.
    pub(super) steps_to_violation: usize,
}

/// A search under way.
pub(super) struct Search {
    explorer: Explorer,
    states: Table,
    parents: Vec<u32>,
    drain: Drain,
    quiet: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a search tells how long it took; no rule depends on it"
)]
fn clock() -> Instant {
    Instant::now()
}

impl Search {
    pub(super) fn new(configuration: Configuration, quiet: bool) -> Self {
        let words = configuration.shape.words();
        Self {
            explorer: Explorer::new(configuration),
            states: Table::new(words),
            parents: Vec::new(),
            drain: Drain::new(words),
            quiet,
        }
    }

    /// Visits every state, until a rule breaks.
    pub(super) fn run(mut self) -> Finding {
        let began = clock();
        let first = self.explorer.first();
        self.visit(&first, 0);
        let (mut depth, mut level_end, mut at) = (0, 1, 0);
        let mut told = began;
        let limit = self.explorer.configuration.limit;
        let mut violation = None;
        while at < self.states.len() && violation.is_none() {
            if at == level_end {
                (depth, level_end) = (depth + 1, self.states.len());
            }
            if limit > 0 && self.states.len() >= limit {
                break;
            }
            violation = self.expand(at);
            at += 1;
            if !self.quiet && at % 4_096 == 0 && told.elapsed() >= REPORT {
                told = clock();
                self.tell(depth, at, began.elapsed());
            }
        }
        let complete = at == self.states.len();
        let steps_to_violation = if violation.is_some() { depth + 1 } else { 0 };
        let (floors, steps) = self.explorer.floors.figures();
        Finding {
            states: self.states.len(),
            depth,
            floors,
            steps,
            drained: self.drain.len(),
            took: began.elapsed(),
            complete,
            violation,
            steps_to_violation,
        }
    }

    fn tell(&self, depth: usize, expanded: usize, took: Duration) {
        let (floors, steps) = self.explorer.floors.figures();
        say(&format!(
            "  {}: {} states ({expanded} explored), depth {depth}, {floors} floors, {steps} steps, {} drained, {} s",
            self.explorer.configuration.name,
            self.states.len(),
            self.drain.len(),
            took.as_secs()
        ));
    }

    fn visit(&mut self, world: &World, parent: u32) {
        let words = world.pack(&self.explorer.configuration.shape);
        if self.states.insert(&words) {
            self.parents.push(parent);
        }
    }

    /// Visits what may follow a state; gives the schedule to a broken rule.
    fn expand(&mut self, at: usize) -> Option<String> {
        let world = self.world(at);
        self.explorer.explore(&world);
        if let Some((action, rule)) = self.explorer.fault.take() {
            return Some(self.schedule(at, Some(&format!("{action}: {rule}"))));
        }
        let parent = u32::try_from(at).expect("a search has fewer states than that");
        let next = std::mem::take(&mut self.explorer.next);
        for (_, after) in &next {
            self.visit(after, parent);
        }
        self.explorer.next = next;
        if self.explorer.configuration.drains
            && let Err(words) = self.drain.check(&mut self.explorer, &world)
        {
            return Some(self.schedule(at, Some(&words)));
        }
        None
    }

    fn world(&self, at: usize) -> World {
        World::unpack(self.states.get(at), &self.explorer.configuration.shape)
    }

    /// Tells in words how a state came about.
    fn schedule(&mut self, to: usize, last: Option<&str>) -> String {
        let mut path = vec![to];
        while let Some(at) = path.last().copied().filter(|at| *at > 0) {
            path.push(self.parents[at] as usize);
        }
        path.reverse();
        let mut told = format!("{}:\n", self.explorer.configuration.name);
        for (number, pair) in path.windows(2).enumerate() {
            let (from, goal) = (self.world(pair[0]), self.world(pair[1]));
            self.explorer.explore(&from);
            let action = self.explorer.next.iter().find(|(_, world)| *world == goal);
            let words = action.map_or_else(|| "?".to_owned(), |(action, _)| action.to_string());
            // Writing to a string never fails.
            let _ = writeln!(told, "  {:>3}. {words}", number + 1);
        }
        if let Some(last) = last {
            let _ = writeln!(told, "  {:>3}. {last}", path.len());
        }
        told
    }
}
