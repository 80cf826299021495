//! Breadth first through every state of a world; each is kept whole, so that two are the same only
//! if they are.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::action::{Action, possible};
use super::catalogue::Configuration;
use super::mutants::Mutant;
use super::world::World;
use super::{checks, drain};

/// What a search found.
pub(super) struct Finding {
    pub(super) states: usize,
    pub(super) depth: usize,
    pub(super) took: Duration,
    /// The shortest schedule to a broken rule, which is its last line.
    pub(super) violation: Option<String>,
}

/// A state with the way to it.
struct Reached {
    world: Rc<World>,
    from: Option<(usize, Action)>,
    depth: usize,
}

struct Search {
    mutant: Option<Mutant>,
    reached: Vec<Reached>,
    known: HashSet<Rc<World>>,
}

/// Searches a world to its end, or to the first broken rule.
#[expect(
    clippy::disallowed_methods,
    reason = "a search tells how long it took; no rule depends on it"
)]
pub(super) fn search(configuration: &Configuration, mutant: Option<Mutant>) -> Finding {
    let begun = Instant::now();
    let mut search = Search { mutant, reached: vec![], known: HashSet::new() };
    search.reach(World::new(configuration), None, 0);
    let mut violation = None;
    let mut at = 0;
    while violation.is_none() && at < search.reached.len() {
        violation = search.look(at).err().map(|broken| search.schedule(at, &broken));
        at += 1;
    }
    Finding {
        states: search.reached.len(),
        depth: search.reached.last().map_or(0, |last| last.depth),
        took: begun.elapsed(),
        violation,
    }
}

/// A broken rule, and the action that broke it; none where the state itself does.
struct Broken {
    rule: &'static str,
    by: Option<Action>,
}

impl Search {
    /// Looks at a state and at all that may come of it.
    fn look(&mut self, at: usize) -> Result<(), Broken> {
        let (world, depth) = (Rc::clone(&self.reached[at].world), self.reached[at].depth);
        drain::comes_to_rest(&world, self.mutant).map_err(|rule| Broken { rule, by: None })?;
        for action in possible(&world, self.mutant) {
            let broken = |rule| Broken { rule, by: Some(action) };
            let mut next = (*world).clone();
            next.perform(action, self.mutant).map_err(broken)?;
            checks::of_step(&world, &next).map_err(broken)?;
            checks::of_state(&next).map_err(broken)?;
            self.reach(next, Some((at, action)), depth + 1);
        }
        Ok(())
    }

    /// Notes a state. Which recorder is which makes no difference.
    fn reach(&mut self, mut world: World, from: Option<(usize, Action)>, depth: usize) {
        world.recorders.sort_unstable();
        let world = Rc::new(world);
        if self.known.insert(Rc::clone(&world)) {
            self.reached.push(Reached { world, from, depth });
        }
    }

    /// Tells in words how a rule came to be broken.
    fn schedule(&self, to: usize, broken: &Broken) -> String {
        let (mut path, mut at) = (vec![], to);
        while let Some((from, action)) = self.reached[at].from {
            path.push(action);
            at = from;
        }
        path.reverse();
        path.extend(broken.by);
        let mut told = String::new();
        for (number, action) in path.iter().enumerate() {
            // Writing to a string never fails.
            let _ = writeln!(told, "  {:>3}. {action}", number + 1);
        }
        told + "  " + broken.rule
    }
}
