//! A queue under random load, through the real API, compared with the formulas of Erlang.
//!
//! Callers arrive at random (Poisson), talk for a random time (exponential), and at two of the six
//! points lose patience (exponential). Desks answer at once and have no after-call work. Time is
//! scaled down; what the path itself takes is measured and taken off each call's talk.
//!
//! Two comparisons are made, both from what clients saw alone:
//!
//! 1. The measured figures lie within the confidence interval around the formulas: 99 % for all
//!    comparisons together (Bonferroni). Calls that queue are not independent of each other, so the
//!    width is the spread of many runs of the same length of an ideal queue ([`ideal`]).
//! 2. The ideal queue is also fed the very same calls: when they came, and how long each kept its
//!    agent, as the desks saw it. This takes chance and the machine's own slowness out, so the
//!    figures must agree far more closely than the interval alone could show.
//!
//! A machine that cannot keep the schedule shows nothing of the queue: a point at which the driver
//! missed its own moments by more than [`LATE`], or the path took longer than [`SLOW`], is void. The
//! suite then fails, and says so.

mod callers;
mod desks;
mod figures;
pub mod formulas;
pub mod ideal;
mod load;
mod mutants;
mod verdict;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Size;
use crate::chance::Chance;
use crate::site::{Site, say};
use figures::{Comparison, Figures, compare};
use formulas::Load;
use ideal::Draw;
pub use verdict::Verdict;
use verdict::{Path, PointVerdict};

/// How far figures may be from those of the ideal queue with the same calls: shares of calls, and
/// waits in units of the mean talk. What the slowest of a hundred offers took on its way, in the
/// same unit, is allowed on top: a busy machine is no fault of the queue.
pub const TOLERANCE: f64 = 0.03;
/// How many calls may fall on the other side of a line than in the ideal queue: of calls that
/// arrive as an agent becomes free, a machine decides which waited.
pub const TIES: f64 = 2.0;
/// By how much of the mean talk the driver may miss its schedule, in the worst of a hundred cases.
pub const LATE: f64 = 0.05;
/// How much of the mean talk the slowest of a hundred offers may take on its way.
pub const SLOW: f64 = 0.1;

/// One load point.
#[derive(Clone, Debug)]
pub struct Point {
    /// Names it, and its tenant.
    pub name: &'static str,
    /// Agents, load and patience.
    pub load: Load,
    /// How long a caller talks on average.
    pub talk: Duration,
}

/// What is run.
#[derive(Clone, Debug)]
pub struct Plan {
    seed: u64,
    points: Vec<Point>,
    /// How long callers arrive at each point.
    lasts: Duration,
    /// How many runs of the ideal queue give the width of an interval.
    replications: usize,
}

impl Plan {
    /// Chooses a size.
    pub fn sized(size: Size, seed: u64) -> Self {
        let (lasts, replications) = match size {
            Size::Smoke => (Duration::from_secs(8), 100),
            Size::Short => (Duration::from_secs(270), 400),
            Size::Long => (Duration::from_mins(30), 400),
        };
        let mut points = points();
        if size == Size::Smoke {
            points.retain(|point| point.name == "c-2" || point.name == "a-10");
        }
        Self { seed, points, lasts, replications }
    }

    /// Changes how long callers come.
    #[must_use]
    pub fn lasting(mut self, lasts: Option<Duration>) -> Self {
        self.lasts = lasts.unwrap_or(self.lasts);
        self
    }
}

/// Four points for Erlang C and two for Erlang A. Those with 10 erlangs are 200 calls an hour of
/// 180 s, a hundred times faster.
fn points() -> Vec<Point> {
    let point = |name, agents, offered, patience, talk| {
        let load = Load { agents, offered, patience };
        Point { name, load, talk: Duration::from_millis(talk) }
    };
    let impatient = Some(120.0 / 180.0);
    vec![
        point("c-2", 2, 1.2, None, 900),
        point("c-4", 4, 2.6, None, 1_000),
        point("c-14", 14, 10.0, None, 1_800),
        point("c-12", 12, 10.0, None, 1_800),
        point("a-10", 10, 10.0, impatient, 1_800),
        point("a-12", 12, 10.0, impatient, 1_800),
    ]
}

/// Runs every point at once, each a tenant of its own, and compares.
pub async fn run(program: PathBuf, plan: &Plan) -> anyhow::Result<Verdict> {
    let site = Arc::new(Site::open(program).await?);
    for point in &plan.points {
        site.furnish(point.name, load::center(point.load.agents)).await?;
    }
    let _replica = site.replica().await?;
    say(&format!("erlang: {} points, {:?}, seed {}", plan.points.len(), plan.lasts, plan.seed))?;
    let mut running = JoinSet::new();
    for (index, point) in plan.points.iter().cloned().enumerate() {
        let (site, plan) = (Arc::clone(&site), plan.clone());
        let chance = Chance::for_purpose(plan.seed, u64::try_from(index)?);
        running.spawn(async move { (index, run_point(&site, point, &plan, chance).await) });
    }
    let mut points = Vec::new();
    while let Some(done) = running.join_next().await {
        let (index, verdict) = done?;
        points.push((index, verdict?));
    }
    points.sort_by_key(|(index, _)| *index);
    let points: Vec<PointVerdict> = points.into_iter().map(|(_, verdict)| verdict).collect();
    points.iter().try_for_each(PointVerdict::tell)?;
    Ok(Verdict::new(points))
}

async fn run_point(
    site: &Site,
    point: Point,
    plan: &Plan,
    mut chance: Chance,
) -> anyhow::Result<PointVerdict> {
    let calls = calls_of(&point, plan.lasts);
    let draws = draws(&mut chance, &point.load, calls);
    let run = load::drive(site, &point, &draws).await?;
    let (Point { name, load, talk }, replications) = (point, plan.replications);
    let path = Path { usual: run.overhead, slowest: run.slowest, late: run.late, talk };
    let (busy, span) = run
        .actual
        .iter()
        .fold((0.0, 0.0), |(busy, span), call| (busy + call.talk, span + call.gap));
    let judged = tokio::task::spawn_blocking(move || {
        let allowed = allowance(calls, path.slowest.div_duration_f64(talk));
        let ideal = Figures::of(&ideal::run(&run.actual, load.agents));
        let spread = figures::spread(&mut chance, &load, calls, replications);
        let against = |seen: &Figures| compare(&load, seen, &ideal, &spread, allowed);
        let agrees = |seen: &Figures| against(seen).iter().all(Comparison::holds);
        let trial = mutants::try_all(&run.actual, load.agents, agrees);
        (against(&Figures::of(&run.fates)), trial)
    });
    let (comparisons, trial) = judged.await?;
    Ok(PointVerdict { name, calls, path, offered: busy / span, comparisons, trial })
}

/// How far a figure may be from that of the ideal queue with the same calls, where the slowest of
/// a hundred offers took the share `slowest` of the mean talk on its way.
fn allowance(calls: usize, slowest: f64) -> f64 {
    TOLERANCE + slowest + TIES / figures::number(calls)
}

fn calls_of(point: &Point, lasts: Duration) -> usize {
    let mut calls = 0;
    let gap = point.talk.div_f64(point.load.offered);
    let mut at = Duration::ZERO;
    while at < lasts {
        at += gap;
        calls += 1;
    }
    calls
}

/// Draws calls, in units of the mean talk.
fn draws(chance: &mut Chance, load: &Load, calls: usize) -> Vec<Draw> {
    let mut draw = || Draw {
        gap: chance.exponential(1.0 / load.offered),
        talk: chance.exponential(1.0),
        patience: load.patience.map_or(f64::INFINITY, |mean| chance.exponential(mean)),
    };
    (0..calls).map(|_| draw()).collect()
}
