//! From the fates of callers to figures, and from figures to a verdict.

use std::fmt;

use super::formulas::Load;
use super::ideal::{self, Fate};
use crate::chance::Chance;
use crate::erlang::draws;

/// The share of calls at the beginning that do not count: the queue starts empty.
const WARM_UP: f64 = 0.1;
/// A caller is well served within this share of the mean talk: 20 s of 180 s.
const WELL_SERVED: f64 = 20.0 / 180.0;
/// How many standard deviations hold 99 % for 18 figures together, each on both sides.
const SIGMAS: f64 = 3.452;

/// What a run shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// The share of callers who waited.
    pub(super) waits: f64,
    /// Their mean wait in units of the mean talk, those who did not wait included.
    pub(super) mean_wait: f64,
    /// The share of callers answered in time.
    pub(super) service_level: f64,
    /// The share of callers who gave up.
    pub(super) abandons: f64,
}

impl Figures {
    /// Counts, without the beginning.
    pub(super) fn of(fates: &[Fate]) -> Self {
        let calls = number(fates.len());
        let counted: Vec<&Fate> = fates
            .iter()
            .enumerate()
            .filter(|(index, _)| number(*index) >= calls * WARM_UP)
            .map(|(_, fate)| fate)
            .collect();
        let mean = |value: &dyn Fn(&Fate) -> f64| {
            counted.iter().map(|fate| value(fate)).sum::<f64>() / number(counted.len())
        };
        let share = |holds: &dyn Fn(&Fate) -> bool| mean(&|fate| f64::from(u8::from(holds(fate))));
        Self {
            waits: share(&|fate| fate.had_to_wait),
            mean_wait: mean(&|fate| fate.wait),
            service_level: share(&|fate| !fate.gave_up && fate.wait <= WELL_SERVED),
            abandons: share(&|fate| fate.gave_up),
        }
    }

    const fn all(&self) -> [f64; 4] {
        [self.waits, self.mean_wait, self.service_level, self.abandons]
    }
}

/// Gives the standard deviations of the figures over runs of the ideal queue of the same length.
pub(super) fn spread(
    chance: &mut Chance,
    load: &Load,
    calls: usize,
    replications: usize,
) -> Figures {
    let mut runs = Vec::with_capacity(replications);
    for _ in 0..replications {
        let fates = ideal::run(&draws(chance, load, calls), load.agents);
        runs.push(Figures::of(&fates).all());
    }
    let deviation = |index: usize| {
        let mean = runs.iter().map(|run| run[index]).sum::<f64>() / number(runs.len());
        let square = |run: &[f64; 4]| (run[index] - mean).powi(2);
        (runs.iter().map(square).sum::<f64>() / number(runs.len() - 1)).sqrt()
    };
    Figures {
        waits: deviation(0),
        mean_wait: deviation(1),
        service_level: deviation(2),
        abandons: deviation(3),
    }
}

/// One figure beside what theory says.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    what: &'static str,
    measured: f64,
    formula: f64,
    /// Half of the confidence interval.
    width: f64,
    /// The ideal queue with the same calls.
    ideal: f64,
    /// How far from it is allowed.
    allowed: f64,
}

impl Comparison {
    /// Says how far the figure is from the ideal queue with the same calls.
    pub(super) fn deviation(&self) -> f64 {
        (self.measured - self.ideal).abs()
    }

    /// Says whether it agrees with theory.
    pub(super) fn holds(&self) -> bool {
        (self.measured - self.formula).abs() <= self.width && self.deviation() <= self.allowed
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, measured, formula, width, ideal, allowed } = self;
        let verdict = if self.holds() { "agrees" } else { "DISAGREES" };
        write!(
            formatter,
            "{what:<14} {measured:.4}  formula {formula:.4} ± {width:.4}  same calls {ideal:.4} ± \
             {allowed:.3}  {verdict}"
        )
    }
}

/// Sets three figures beside theory: those that say most at this point.
pub(super) fn compare(
    load: &Load,
    measured: &Figures,
    ideal: &Figures,
    spread: &Figures,
    allowed: f64,
) -> Vec<Comparison> {
    let expected = load.expected();
    let set = |what, formula, of: fn(&Figures) -> f64| Comparison {
        what,
        measured: of(measured),
        formula,
        width: SIGMAS * of(spread),
        ideal: of(ideal),
        allowed,
    };
    let third = match load.patience {
        None => set("service level", load.service_level(WELL_SERVED), |all| all.service_level),
        Some(_) => set("abandoned", expected.abandons, |all| all.abandons),
    };
    let waits = set("waited", expected.waits, |all| all.waits);
    vec![waits, set("mean wait", expected.mean_wait, |all| all.mean_wait), third]
}

/// Counts stay far below the precision of a float.
pub(super) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load { agents: 4, offered: 2.6, patience: None };

    fn figures(scale: f64) -> Figures {
        let expected = LOAD.expected();
        Figures {
            waits: expected.waits * scale,
            mean_wait: expected.mean_wait * scale,
            service_level: LOAD.service_level(WELL_SERVED) * scale,
            abandons: 0.0,
        }
    }

    #[test]
    fn a_queue_as_the_formula_says_agrees() {
        let spread = spread(&mut Chance::new(1), &LOAD, 2_000, 50);

        let comparisons = compare(&LOAD, &figures(1.0), &figures(1.0), &spread, 0.03);

        assert!(comparisons.iter().all(Comparison::holds), "{comparisons:?}");
    }

    #[test]
    fn a_queue_with_one_agent_less_is_told_apart() {
        let mut chance = Chance::new(2);
        let spread = spread(&mut chance, &LOAD, 2_000, 50);
        let drawn = draws(&mut chance, &LOAD, 2_000);
        let whole = Figures::of(&ideal::run(&drawn, LOAD.agents));
        let short = Figures::of(&ideal::run(&drawn, LOAD.agents - 1));

        let comparisons = compare(&LOAD, &short, &whole, &spread, 0.03);

        assert!(comparisons.iter().all(|comparison| !comparison.holds()), "{comparisons:?}");
    }
}
