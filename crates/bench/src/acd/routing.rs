//! Assignments per second through the live floor, beside the limit, on floors of growing size.

use std::time::Duration;

use switchboard_embedded::redis::Server;

use super::AcdOptions;
use crate::bare::{self, Bare};
use crate::cycle::{self, Cycles};
use crate::fixture::{Site, Size};
use crate::latency::Latency;
use crate::machine;
use crate::table::{Table, progress};

/// How many clients ask at once.
const CLIENTS: u32 = 10;

/// Measures each floor; prints each table as soon as it is complete.
pub(super) async fn measure(options: &AcdOptions, redis: &Server) -> anyhow::Result<()> {
    for (title, sizes) in floors(options.quick) {
        let mut table = Table::new(title, &COLUMNS);
        for size in sizes {
            progress(&format!("{title}: k {}, W {}, I {}", size.eligible, size.waiting, size.idle));
            let compared = compare(options, redis, size).await?;
            table.row(compared.cells(size));
            bare::clear(&redis.url()).await?;
        }
        table.print(options.markdown)?;
    }
    Ok(())
}

const COLUMNS: [&str; 13] = [
    "k",
    "waiting",
    "agents",
    "limit /s",
    "ours /s",
    "ratio",
    "limit Redis CPU",
    "ours",
    "ratio",
    "route p50 / p99",
    "accept",
    "bridged",
    "hang up",
];

/// Gives the floors of each table.
fn floors(quick: bool) -> Vec<(&'static str, Vec<Size>)> {
    let sets = [1, 4, 16, 64].map(|k| Size::idle(k, 10, k.max(10))).to_vec();
    let mut sizes = vec![Size::idle(4, 10, 10)];
    if !quick {
        sizes.extend([Size::idle(4, 1_000, 10), Size::idle(4, 10, 1_000)]);
        sizes.extend([Size::idle(4, 100_000, 10), Size::idle(4, 10, 10_000)]);
    }
    sizes.push(Size::idle(4, 100_000, 10_000));
    let ks: &[u32] = if quick { &[4] } else { &[1, 4, 16, 64] };
    let mut busy: Vec<Size> = ks.iter().map(|&k| Size::backlog(k, 1_000, CLIENTS)).collect();
    busy.push(Size::backlog(4, if quick { 10_000 } else { 100_000 }, CLIENTS));
    vec![
        ("Routing by eligible sets: idle agents, contacts arrive", sets),
        ("Routing by size: idle agents, contacts arrive beside others that nobody may take", sizes),
        ("Routing under backlog: contacts wait, agents become free", busy),
    ]
}

/// The limit and our figure, from the same minute.
struct Compared {
    limit: Rate,
    ours: Rate,
    cycles: Cycles,
}

/// What some assignments took.
#[derive(Default)]
struct Rate {
    per_second: Vec<f64>,
    /// How long Redis computed for one, in microseconds; told apart from what else runs.
    micros: Vec<f64>,
}

async fn compare(options: &AcdOptions, redis: &Server, size: Size) -> anyhow::Result<Compared> {
    let (rounds, count) = if options.quick { (1, 3_000) } else { (3, 12_000) };
    let floor = Site::fill(&redis.url(), "bench", size).await?;
    let limits = Bare::fill(&redis.url(), "bare", size).await?;
    let (mut limit, mut ours, mut cycles) = (Rate::default(), Rate::default(), Cycles::default());
    // The first round warms both up and is not counted.
    for round in 0..=rounds {
        let count = if round == 0 { count / 10 } else { count };
        let before = machine::cpu_time(redis.id())?;
        let took = limits.assign(count * 3, CLIENTS).await?;
        let between = machine::cpu_time(redis.id())?;
        let prepared = cycle::prepare(&floor, count, CLIENTS).await?;
        let then = machine::cpu_time(redis.id())?;
        let made = prepared.assign().await?;
        let after = machine::cpu_time(redis.id())?;
        if round > 0 {
            limit.add(count * 3, took, between.saturating_sub(before));
            ours.add(count, made.took, after.saturating_sub(then));
            cycles.merge(&made);
        }
    }
    Ok(Compared { limit, ours, cycles })
}

impl Rate {
    fn add(&mut self, count: u32, took: Duration, computed: Duration) {
        self.per_second.push(f64::from(count) / took.as_secs_f64());
        self.micros.push(computed.as_secs_f64() * 1e6 / f64::from(count));
    }

    fn middle(&self) -> (f64, f64) {
        (median(&self.per_second), median(&self.micros))
    }
}

impl Compared {
    fn cells(&self, size: Size) -> Vec<String> {
        let ((limit, limit_micros), (ours, micros)) = (self.limit.middle(), self.ours.middle());
        let mut cells = vec![
            size.eligible.to_string(),
            size.waiting.to_string(),
            size.idle.to_string(),
            format!("{limit:.0}"),
            format!("{ours:.0}"),
            format!("{:.0} %", ours / limit * 100.0),
            format!("{limit_micros:.0} µs"),
            format!("{micros:.0} µs"),
            format!("{:.0} %", limit_micros / micros * 100.0),
        ];
        cells.extend(self.cycles.commands.iter().map(Latency::summary));
        cells
    }
}

/// Gives the middle one.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
