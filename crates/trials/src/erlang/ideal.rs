//! The queue of the textbook: first come, first served, and nothing takes any time but talk.

use std::collections::BinaryHeap;

/// One caller, in units of the mean talk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// The time since the caller before.
    pub gap: f64,
    /// How long they talk.
    pub talk: f64,
    /// How long they wait at most.
    pub patience: f64,
}

/// What became of one caller, in units of the mean talk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fate {
    /// Whether every agent was busy when they came.
    pub had_to_wait: bool,
    /// How long they waited, until an agent or the end of their patience.
    pub wait: f64,
    /// Whether they gave up.
    pub gave_up: bool,
}

/// Lets callers come to an empty queue.
pub fn run(draws: &[Draw], agents: u32) -> Vec<Fate> {
    // The agent who is free first is on top; times are never NaN.
    let mut free: BinaryHeap<Earliest> = (0..agents).map(|_| Earliest(0.0)).collect();
    let mut now = 0.0;
    let mut fates = Vec::with_capacity(draws.len());
    for draw in draws {
        now += draw.gap;
        let first = free.peek().map_or(f64::INFINITY, |earliest| earliest.0);
        let wait = (first - now).max(0.0);
        let gave_up = wait > draw.patience;
        if !gave_up {
            free.pop();
            free.push(Earliest(now + wait + draw.talk));
        }
        fates.push(Fate { had_to_wait: first > now, wait: wait.min(draw.patience), gave_up });
    }
    fates
}

/// A time; the earliest is the greatest, as heaps need it.
#[derive(PartialEq)]
struct Earliest(f64);

impl Eq for Earliest {}

impl PartialOrd for Earliest {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Earliest {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::erlang::draws;
    use crate::erlang::figures::Figures;
    use crate::erlang::formulas::Load;

    const fn caller(gap: f64, talk: f64, patience: f64) -> Draw {
        Draw { gap, talk, patience }
    }

    #[test]
    fn callers_are_served_in_their_order_and_those_who_leave_take_no_agent() {
        let endless = f64::INFINITY;
        let callers = [caller(0.0, 3.0, endless), caller(1.0, 5.0, 1.0), caller(0.5, 1.0, endless)];

        let fates = run(&callers, 1);

        assert_eq!(fates[0], Fate { had_to_wait: false, wait: 0.0, gave_up: false });
        assert_eq!(fates[1], Fate { had_to_wait: true, wait: 1.0, gave_up: true });
        assert_eq!(fates[2], Fate { had_to_wait: true, wait: 1.5, gave_up: false });
    }

    #[test]
    fn in_the_long_run_the_formulas_hold() {
        let mut chance = Chance::new(3);
        for (agents, offered, patience) in [(4, 2.6, None), (10, 10.0, Some(0.667))] {
            let load = Load { agents, offered, patience };
            let figures = Figures::of(&run(&draws(&mut chance, &load, 400_000), agents));
            let expected = load.expected();
            assert!((figures.waits - expected.waits).abs() < 0.01, "{figures:?} {expected:?}");
            assert!((figures.mean_wait - expected.mean_wait).abs() < 0.01, "{figures:?}");
            assert!((figures.abandons - expected.abandons).abs() < 0.01, "{figures:?}");
        }
    }
}
