//! Tickets, measured: the standard views and searches among many, deadlines, and new ones at a rate.

mod create;
mod deadlines;
mod fill;
mod lists;
mod plans;

use clap::Args;

use switchboard_domain::ids::TenantId;
use switchboard_store_postgres::testing::store_at;

use crate::center::{Staff, TENANT};
use crate::machine;
use crate::replica::{Heartbeats, Replica};
use crate::table::{Table, progress};

/// What to measure, and how to tell it.
#[derive(Args, Clone, Debug)]
pub struct TicketsOptions {
    /// How many tickets there are
    #[arg(long, default_value_t = 1_000_000)]
    pub rows: u64,
    /// How many lists and searches are timed of each kind
    #[arg(long, default_value_t = 200)]
    pub lists: u32,
    /// How many tickets are made per second
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// For how many seconds
    #[arg(long, default_value_t = 30)]
    pub seconds: u32,
    /// Prints the tables as they stand in docs/benchmarks.md
    #[arg(long)]
    pub markdown: bool,
}

/// Measures and prints.
pub async fn run(options: &TicketsOptions) -> anyhow::Result<()> {
    let replica = Replica::start(Staff { open: 1, busy: 1 }, Heartbeats::None).await?;
    progress(&format!("tickets: {}", options.rows));
    fill::fill(&replica, options.rows).await?;
    let mut lists = Table::new("Lists of 50 tickets", &lists::COLUMNS);
    progress("tickets: views");
    lists::views(&replica, options.lists, &mut lists).await?;
    progress("tickets: searches");
    lists::searches(&replica, options.lists, &mut lists).await?;
    let (store, tenant) = (store_at(&replica.postgres_url()?)?, TenantId::parse(TENANT)?);
    let mut plans = Table::new("How the views are answered", &plans::COLUMNS);
    plans::explain(&store, &tenant, &mut plans).await?;
    progress("tickets: deadlines");
    let mut deadlines = Table::new("Deadlines", &deadlines::COLUMNS);
    deadlines::measure(&replica, &store, &tenant, options.rows, &mut deadlines).await?;
    progress("tickets: new ones");
    let mut made = Table::new("New tickets", &create::COLUMNS);
    made.row(create::measure(&replica, options.rate, options.seconds).await?);
    lists.note(format!(
        "The first page of 50 through gRPC, one after another, among {} tickets of which one in fifty \
         is open; the program with every role, its stores and the client share the machine.",
        options.rows
    ));
    plans.note(
        "The statement of each first page, by `EXPLAIN (ANALYZE, BUFFERS)`: 51 rows say that there is a \
         further page; pages are those of index and table together.",
    );
    deadlines.note(
        "The worker of the program looks once a second for what is due. Told is the alarm in the life of \
         the ticket, and when the next is due. What the program does besides is in the last column.",
    );
    made.note(
        "Each with a subject of six words and a description of forty, sent at its time whether the \
         one before was answered or not.",
    );
    made.note(format!("{}; load {}", machine::describe(), machine::load()));
    replica.stop().await?;
    for table in [&lists, &plans, &deadlines, &made] {
        table.print(options.markdown)?;
    }
    Ok(())
}
