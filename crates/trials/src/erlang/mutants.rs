//! Queues that serve the very same calls otherwise: each must be told apart at every load point, or
//! an agreement would say nothing.

use super::figures::Figures;
use super::ideal::{self, Draw};

/// A way to serve calls that is not the queue's.
type Serve = fn(&[Draw], u32) -> Vec<ideal::Fate>;

/// Every way, named.
const MUTANTS: [(&str, Serve); 3] = [
    ("an agent is never offered a call", |calls, agents| ideal::run(calls, agents - 1)),
    ("an agent takes two calls at once", |calls, agents| ideal::run(calls, agents + 1)),
    ("agents stay bound for a tenth longer", |calls, agents| {
        let slower = |call: &Draw| Draw { talk: call.talk * 1.1, ..*call };
        ideal::run(&calls.iter().map(slower).collect::<Vec<_>>(), agents)
    }),
];

/// Which mutants were told apart.
#[derive(Debug, Default)]
pub(super) struct Trial {
    pub(super) caught: usize,
    pub(super) total: usize,
    pub(super) missed: Vec<&'static str>,
}

/// Serves the calls in every wrong way; `agrees` says whether figures pass as the queue's.
pub(super) fn try_all(calls: &[Draw], agents: u32, agrees: impl Fn(&Figures) -> bool) -> Trial {
    let mut trial = Trial { total: MUTANTS.len(), ..Trial::default() };
    for (name, serve) in MUTANTS {
        if agrees(&Figures::of(&serve(calls, agents))) {
            trial.missed.push(name);
        } else {
            trial.caught += 1;
        }
    }
    trial
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::erlang::figures::{Comparison, compare, spread};
    use crate::erlang::{allowance, calls_of, draws, points};
    use std::time::Duration;

    #[test]
    fn every_mutant_is_told_apart_at_every_point_of_the_short_form() {
        for point in points() {
            let mut chance = Chance::new(5);
            let calls = calls_of(&point, Duration::from_secs(270));
            let drawn = draws(&mut chance, &point.load, calls);
            let ideal = Figures::of(&ideal::run(&drawn, point.load.agents));
            let spread = spread(&mut chance, &point.load, calls, 20);
            let allowed = allowance(calls, 0.01);
            let agrees = |seen: &Figures| {
                compare(&point.load, seen, &ideal, &spread, allowed).iter().all(Comparison::holds)
            };

            let trial = try_all(&drawn, point.load.agents, agrees);

            assert_eq!(trial.caught, trial.total, "{}: {:?}", point.name, trial.missed);
        }
    }
}
