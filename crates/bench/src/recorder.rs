//! The recorder, measured: a backlog of events drained into Postgres, beside a bare `COPY` of the same
//! rows.

mod backlog;
mod copy;

use clap::Args;

use crate::center::Staff;
use crate::machine;
use crate::replica::{Heartbeats, Replica};
use crate::table::{Table, progress};
use backlog::{Backlog, EVENTS_OF_CALL};

/// What to measure, and how to tell it.
#[derive(Args, Clone, Debug)]
pub struct RecorderOptions {
    /// How many calls wait to be recorded, with 13 events each
    #[arg(long, default_value_t = 20_000)]
    pub calls: u64,
    /// How many backlogs are drained, one after the other
    #[arg(long, default_value_t = 3)]
    pub rounds: u64,
    /// Prints the table as it stands in docs/benchmarks.md
    #[arg(long)]
    pub markdown: bool,
}

const COLUMNS: [&str; 7] = [
    "events",
    "calls",
    "events/s",
    "COPY rows/s",
    "of COPY",
    "per event: replica + Redis + Postgres",
    "peak of the replica",
];

/// Measures and prints.
pub async fn run(options: &RecorderOptions) -> anyhow::Result<()> {
    let replica = Replica::start(Staff { open: 1, busy: 1 }, Heartbeats::None).await?;
    let mut table = Table::new("A backlog of events", &COLUMNS);
    let mut backlog = Backlog::connect(&replica).await?;
    for round in 0..options.rounds {
        progress(&format!("recorder: backlog {} of {}", round + 1, options.rounds));
        table.row(measure(&replica, &mut backlog, options.calls).await?);
    }
    backlog.close().await;
    table.note(
        "The events of whole calls appear in the outbox at once, and the program with every role \
         records them: interactions folded, personal fields sealed with a key for each call, tickets \
         due, the offset in the same transaction. COPY puts the same rows of the event table into a \
         table of the same columns and indexes. Everything shares the machine.",
    );
    table.note(format!("{}; load {}", machine::describe(), machine::load()));
    replica.stop().await?;
    Ok(table.print(options.markdown)?)
}

async fn measure(
    replica: &Replica,
    backlog: &mut Backlog,
    calls: u64,
) -> anyhow::Result<Vec<String>> {
    backlog.prepare(calls).await?;
    let before = replica.spent()?;
    let took = backlog.drain().await?;
    let spent = replica.spent()?.since(&before);
    let events = calls * EVENTS_OF_CALL;
    let copied = copy::measure(&replica.postgres_url()?, backlog.millis(), events).await?;
    let (ours, limit) =
        (as_f64(events) / took.as_secs_f64(), as_f64(events) / copied.as_secs_f64());
    let each = [spent.replica, spent.redis, spent.postgres];
    let each = each.map(|span| span.as_secs_f64() * 1e6 / as_f64(events));
    Ok(vec![
        events.to_string(),
        calls.to_string(),
        format!("{ours:.0}"),
        format!("{limit:.0}"),
        format!("{:.1} %", ours / limit * 100.0),
        format!("{:.1} + {:.1} + {:.1} µs", each[0], each[1], each[2]),
        format!("{} MiB", machine::peak_resident(replica.id()?)? / 1_048_576),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "no backlog has 2^52 events")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
