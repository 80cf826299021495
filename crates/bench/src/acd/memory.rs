//! What Redis keeps for one waiting contact and for one agent.

use super::AcdOptions;
use crate::bare;
use crate::fixture::{Site, Size};
use crate::table::{Table, progress};

/// Measures both, each on a floor of many.
pub(super) async fn measure(options: &AcdOptions, url: &str) -> anyhow::Result<Table> {
    let count: u32 = if options.quick { 5_000 } else { 50_000 };
    let mut table =
        Table::new("Memory in Redis", &["what", "count", "bytes each", "with its events"]);
    for (what, size) in
        [("waiting contact", Size::idle(4, count, 0)), ("agent", Size::idle(4, 0, count))]
    {
        progress(&format!("memory: {what}"));
        bare::clear(url).await?;
        let empty = used(url).await?;
        let site = Site::fill(url, "memory", size).await?;
        let full = used(url).await?;
        let outbox = outbox(url, "memory").await?;
        drop(site);
        let each = |bytes: u64| bytes / u64::from(count);
        let (all, kept) = (full.saturating_sub(empty), full.saturating_sub(empty + outbox));
        table.row([
            what.to_owned(),
            count.to_string(),
            each(kept).to_string(),
            each(all).to_string(),
        ]);
    }
    bare::clear(url).await?;
    table.note("Events leave Redis once the recorder has stored them, so they are told apart.");
    Ok(table)
}

async fn used(url: &str) -> anyhow::Result<u64> {
    let mut connection = bare::connect(url).await?;
    let info: String = redis::cmd("INFO").arg("memory").query_async(&mut connection).await?;
    let used = info.lines().find_map(|line| line.strip_prefix("used_memory:"));
    Ok(used.unwrap_or("0").trim().parse()?)
}

async fn outbox(url: &str, tenant: &str) -> anyhow::Result<u64> {
    let mut connection = bare::connect(url).await?;
    let mut command = redis::cmd("MEMORY");
    command.arg("USAGE").arg(format!("{{{tenant}}}:outbox")).arg("SAMPLES").arg(0);
    Ok(command.query_async::<Option<u64>>(&mut connection).await?.unwrap_or(0))
}
