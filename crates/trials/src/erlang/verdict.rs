//! What came out: of one point, and of all.

use std::time::Duration;

use super::figures::Comparison;
use super::mutants::Trial;
use super::{LATE, SLOW};
use crate::site::say;

/// How the machine did at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// From an arrival to its offer on a desk when somebody is free.
    pub(super) usual: Duration,
    /// The same for the slowest of a hundred.
    pub(super) slowest: Duration,
    /// By how much the driver missed its schedule, in the worst of a hundred cases.
    pub(super) late: Duration,
    /// The mean talk.
    pub(super) talk: Duration,
}

impl Path {
    /// Says whether the machine was too slow for the figures to mean anything.
    fn is_void(&self) -> bool {
        let share = |time: Duration| time.div_duration_f64(self.talk);
        share(self.late) > LATE || share(self.slowest) > SLOW
    }
}

/// What came out at one point.
#[derive(Debug)]
pub(super) struct PointVerdict {
    pub(super) name: &'static str,
    pub(super) calls: usize,
    pub(super) path: Path,
    /// The load that was really there, path and machine included.
    pub(super) offered: f64,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) trial: Trial,
}

impl PointVerdict {
    fn agrees(&self) -> bool {
        self.comparisons.iter().all(Comparison::holds)
    }

    pub(super) fn tell(&self) -> anyhow::Result<()> {
        let Self { name, calls, path, offered, .. } = self;
        let Path { usual, slowest, late, .. } = path;
        let void = if path.is_void() { ", VOID: this machine was too slow" } else { "" };
        say(&format!(
            "{name}: {calls} calls, {offered:.2} erlangs, path {usual:.1?} (slowest of a hundred \
             {slowest:.1?}), driver at worst {late:.1?} late{void}"
        ))?;
        for comparison in &self.comparisons {
            say(&format!("  {comparison}"))?;
        }
        for missed in &self.trial.missed {
            say(&format!("  not told apart: {missed}"))?;
        }
        Ok(())
    }
}

/// What came out.
#[derive(Debug)]
pub struct Verdict {
    points: Vec<PointVerdict>,
}

impl Verdict {
    pub(super) const fn new(points: Vec<PointVerdict>) -> Self {
        Self { points }
    }

    /// Says whether every figure of every point agrees, and every mutant was told apart.
    pub fn holds(&self) -> bool {
        let is_good = |point: &PointVerdict| point.agrees() && point.trial.missed.is_empty();
        self.void() == 0 && self.points.iter().all(is_good)
    }

    /// Counts the points at which the machine could not keep the schedule: they show nothing.
    pub fn void(&self) -> usize {
        self.points.iter().filter(|point| point.path.is_void()).count()
    }

    /// Counts the figures that disagree at the other points.
    pub fn violations(&self) -> usize {
        let valid = self.points.iter().filter(|point| !point.path.is_void());
        valid.flat_map(|point| &point.comparisons).filter(|figure| !figure.holds()).count()
    }

    /// Says it in one line.
    pub fn summary(&self) -> String {
        let sum = |of: fn(&PointVerdict) -> usize| self.points.iter().map(of).sum::<usize>();
        let agree = sum(|point| usize::from(!point.path.is_void() && point.agrees()));
        let comparisons = || self.points.iter().flat_map(|point| &point.comparisons);
        let furthest = comparisons().map(Comparison::deviation).fold(0.0, f64::max);
        let void = match self.void() {
            0 => String::new(),
            count => format!(", {count} points void: this machine could not keep the schedule"),
        };
        format!(
            "erlang: {agree}/{} load points within the 99 % confidence interval (Bonferroni over \
             {} figures), {} calls, at most {:.1} % from the ideal queue with the same calls{void}, \
             {} violations, {}/{} mutants caught",
            self.points.len(),
            comparisons().count(),
            sum(|point| point.calls),
            furthest * 100.0,
            self.violations(),
            sum(|point| point.trial.caught),
            sum(|point| point.trial.total)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(late: u64, slowest: u64) -> Verdict {
        let millis = Duration::from_millis;
        let path = Path {
            usual: millis(3),
            slowest: millis(slowest),
            late: millis(late),
            talk: millis(1_000),
        };
        let (comparisons, trial) = (Vec::new(), Trial::default());
        Verdict::new(vec![PointVerdict {
            name: "c-2",
            calls: 1,
            path,
            offered: 1.0,
            comparisons,
            trial,
        }])
    }

    #[test]
    fn a_machine_that_keeps_the_schedule_is_believed() {
        assert!(verdict(50, 100).holds());
    }

    #[test]
    fn a_machine_that_misses_the_schedule_is_told_as_such() {
        for void in [verdict(51, 3), verdict(3, 101)] {
            assert!(!void.holds() && void.violations() == 0, "{void:?}");
            assert!(void.summary().contains("1 points void: this machine"), "{}", void.summary());
        }
    }
}
