//! Lookups through gRPC: a desktop asks who is calling, many times a second.

use std::ops::Range;
use std::time::Duration;

use switchboard_api::callerid::v1::{LookupCallerRequest, NumberVerification};
use switchboard_client::Connection;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::file::number;
use super::lookup::STRIDE;
use crate::latency::{Latency, millis};
use crate::replica::{Replica, Spent};

/// How long callers are looked up before the same are looked up again: well within the ten seconds for
/// which a replica does not ask its store for the same number twice.
const SPAN: Duration = Duration::from_secs(3);
/// How often that is done at each size, each time with others.
const ROUNDS: u64 = 4;
/// How many connections the lookups are spread over.
const CONNECTIONS: usize = 4;

pub(super) const COLUMNS: [&str; 9] = [
    "customers",
    "lookups/s",
    "lookups",
    "failed",
    "incomplete",
    "first p50 / p99",
    "again p50 / p99",
    "longest",
    "per first lookup: replica + Postgres",
];

/// What lookups took, and how many got no answer or one that lacks something.
#[derive(Default)]
struct Lookups {
    latency: Latency,
    failed: u64,
    incomplete: u64,
}

impl Lookups {
    fn add(&mut self, answer: Option<bool>, took: Duration) {
        self.latency.add(took);
        self.failed += u64::from(answer.is_none());
        self.incomplete += u64::from(answer == Some(false));
    }
}

/// Looks callers up twice: numbers nobody asked this replica for before, and soon the same again.
pub(super) async fn measure(
    replica: &Replica,
    (customers, imported): (u64, u64),
    per_second: u32,
) -> anyhow::Result<Vec<String>> {
    let desks = (0..CONNECTIONS).map(|_| replica.connect("supervisor"));
    let desks = desks.collect::<anyhow::Result<Vec<Connection>>>()?;
    for desk in &desks {
        // Each connection is opened by its first request, for somebody who is not asked for later.
        ask(desk, imported - 1, imported).await;
    }
    let at_once = u64::from(per_second) * SPAN.as_secs();
    let (mut first, mut again, mut spent) =
        (Lookups::default(), Lookups::default(), Spent::default());
    for round in 0..ROUNDS.min(imported / at_once).max(1) {
        let callers = round * at_once..(round + 1) * at_once;
        let before = replica.spent()?;
        drive(&desks, (callers.clone(), imported), per_second, &mut first).await?;
        spent = spent.and(&replica.spent()?.since(&before));
        drive(&desks, (callers, imported), per_second, &mut again).await?;
    }
    let lookups = u32::try_from(first.latency.count())?.max(1);
    Ok(vec![
        customers.to_string(),
        per_second.to_string(),
        (first.latency.count() + again.latency.count()).to_string(),
        (first.failed + again.failed).to_string(),
        (first.incomplete + again.incomplete).to_string(),
        first.latency.summary(),
        again.latency.summary(),
        format!("{:.1} ms", millis(first.latency.longest().max(again.latency.longest()))),
        format!(
            "{} + {} µs",
            (spent.replica / lookups).as_micros(),
            (spent.postgres / lookups).as_micros()
        ),
    ])
}

/// Asks for callers on the clock, whatever is answered; each is timed from when it was due.
async fn drive(
    desks: &[Connection],
    (callers, imported): (Range<u64>, u64),
    per_second: u32,
    lookups: &mut Lookups,
) -> anyhow::Result<()> {
    let apart = Duration::from_secs(1) / per_second.max(1);
    let mut due = Instant::now();
    let mut running = JoinSet::new();
    for (n, desk) in callers.zip(desks.iter().cycle()) {
        sleep_until(due).await;
        let (desk, was_due) = (desk.clone(), due);
        running.spawn(async move { (ask(&desk, n, imported).await, was_due.elapsed()) });
        due += apart;
    }
    while let Some(answered) = running.join_next().await {
        let (answer, took) = answered?;
        lookups.add(answer, took);
    }
    Ok(())
}

/// Asks for one caller; says whether the answer names somebody and lacks nothing, or is none.
async fn ask(desk: &Connection, n: u64, imported: u64) -> Option<bool> {
    let request = LookupCallerRequest {
        calling_number: number(n * STRIDE % imported),
        called_number: String::new(),
        verification: NumberVerification::Full.into(),
    };
    let answer = desk.callers().lookup_caller(request).await.ok()?.into_inner();
    Some(!answer.candidates.is_empty() && answer.missing.is_empty())
}
