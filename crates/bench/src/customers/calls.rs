//! Lookups through gRPC: a desktop asks who is calling, many times a second.

use std::time::Duration;

use switchboard_api::callerid::v1::{LookupCallerRequest, NumberVerification};
use switchboard_client::Connection;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::file::number;
use super::lookup::STRIDE;
use crate::latency::{Latency, millis};
use crate::replica::Replica;

/// How long lookups go at each size.
const SPAN: Duration = Duration::from_secs(10);
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

/// Looks callers up twice: numbers nobody asked this replica for before, and the same again.
pub(super) async fn measure(
    replica: &Replica,
    customers: u64,
    per_second: u32,
) -> anyhow::Result<Vec<String>> {
    let desks = (0..CONNECTIONS).map(|_| replica.connect("supervisor"));
    let desks = desks.collect::<anyhow::Result<Vec<Connection>>>()?;
    // Each connection is opened by its first request.
    drive(&desks, customers, CONNECTIONS.try_into()?, Duration::from_secs(1)).await?;
    let before = replica.spent()?;
    let first = drive(&desks, customers, per_second, SPAN).await?;
    let spent = replica.spent()?.since(&before);
    let again = drive(&desks, customers, per_second, SPAN).await?;
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

/// Asks on the clock, whatever is answered; each is timed from when it was due.
async fn drive(
    desks: &[Connection],
    customers: u64,
    per_second: u32,
    span: Duration,
) -> anyhow::Result<Lookups> {
    let count = per_second * u32::try_from(span.as_secs())?;
    let (begun, apart) = (Instant::now(), span / count.max(1));
    let mut running = JoinSet::new();
    for n in 0..count {
        let due = begun + apart * n;
        sleep_until(due).await;
        let desk = desks[usize::try_from(n)? % desks.len()].clone();
        running.spawn(async move { (ask(&desk, u64::from(n), customers).await, due.elapsed()) });
    }
    let mut all = Lookups::default();
    while let Some(answered) = running.join_next().await {
        let (answer, took) = answered?;
        all.add(answer, took);
    }
    Ok(all)
}

/// Asks for one caller; says whether the answer names somebody and lacks nothing, or is none.
async fn ask(desk: &Connection, n: u64, customers: u64) -> Option<bool> {
    let request = LookupCallerRequest {
        calling_number: number(n * STRIDE % customers),
        called_number: String::new(),
        verification: NumberVerification::Full.into(),
    };
    let answer = desk.callers().lookup_caller(request).await.ok()?.into_inner();
    Some(!answer.candidates.is_empty() && answer.missing.is_empty())
}
