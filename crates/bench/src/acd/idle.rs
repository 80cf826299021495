//! Agents who wait and callers nobody may take: what costs without anything happening?

use std::time::Duration;

use tokio::time::sleep;

use super::AcdOptions;
use crate::center::{Staff, open_agent};
use crate::desks::{Desks, Shared};
use crate::fixture::bring_unserved;
use crate::machine;
use crate::replica::{Heartbeats, Replica};
use crate::table::{Table, progress};

/// Measures at rest, without signs of life and with them.
pub(super) async fn measure(options: &AcdOptions) -> anyhow::Result<Table> {
    let (agents, waiting, span) =
        if options.quick { (1_000, 1_000, 10) } else { (10_000, 10_000, 30) };
    let columns = [
        "agents",
        "waiting",
        "heartbeats",
        "replica CPU",
        "Redis CPU",
        "Postgres CPU",
        "replica before sign-in",
        "per desktop",
    ];
    let mut table = Table::new("At rest: share of one core, memory", &columns);
    for (name, heartbeats) in [("none", Heartbeats::None), ("every 5 s each", Heartbeats::AsSet)] {
        progress(&format!("idle: {agents} agents, {waiting} waiting, heartbeats {name}"));
        let mut cells = vec![agents.to_string(), waiting.to_string(), name.to_owned()];
        let span = Duration::from_secs(span);
        cells.extend(rest(agents, waiting, heartbeats, span).await?);
        table.row(cells);
    }
    table.note(
        "Without heartbeats there remain the deadlines' timer (a few looks per second for the whole \
         center) and the sign of life that each open stream sends every 10 s.",
    );
    Ok(table)
}

async fn rest(
    agents: u32,
    waiting: u32,
    heartbeats: Heartbeats,
    span: Duration,
) -> anyhow::Result<Vec<String>> {
    let replica = Replica::start(Staff { open: agents, busy: 1 }, heartbeats).await?;
    bring_unserved(&replica.redis_url()?, 0).await?;
    replica.rest().await?;
    let empty = machine::resident(replica.id()?)?;
    let names: Vec<String> = (0..agents).map(open_agent).collect();
    let desks = Desks::sign_in(&replica, &names, &Shared::default()).await?;
    let full = machine::resident(replica.id()?)?;
    bring_unserved(&replica.redis_url()?, waiting).await?;
    replica.rest().await?;
    let before = replica.spent()?;
    sleep(span).await;
    let spent = replica.spent()?.since(&before);
    drop(desks);
    replica.stop().await?;
    let share = |cpu: Duration| format!("{:.2} %", cpu.as_secs_f64() / span.as_secs_f64() * 100.0);
    let each = full.saturating_sub(empty) / 1024 / u64::from(agents);
    Ok(vec![
        share(spent.replica),
        share(spent.redis),
        share(spent.postgres),
        format!("{} MiB", empty / 1024 / 1024),
        format!("{each} KiB"),
    ])
}
