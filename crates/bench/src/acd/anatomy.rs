//! What one command costs inside Redis: its own time, and the commands its script calls.

use std::collections::BTreeMap;

use redis::aio::MultiplexedConnection;

use super::AcdOptions;
use crate::bare;
use crate::fixture::Size;
use crate::table::{Table, progress};

/// Measures each command of a cycle by itself.
pub(super) async fn measure(options: &AcdOptions, url: &str) -> anyhow::Result<Table> {
    let count = if options.quick { 500 } else { 2_000 };
    let columns = ["command", "k", "µs in Redis", "calls", "the most expensive of them, µs each"];
    let mut table = Table::new("Anatomy: each command by itself, inside Redis", &columns);
    for eligible in [1, 4, 16, 64] {
        progress(&format!("anatomy: k {eligible}"));
        let size = Size::idle(eligible, 10, count + 10);
        for cost in phases(url, size, count).await? {
            table.row([
                cost.command.to_owned(),
                eligible.to_string(),
                format!("{:.1}", cost.micros),
                format!("{:.1}", cost.calls),
                cost.most,
            ]);
        }
        bare::clear(url).await?;
    }
    Ok(table)
}

/// What one command costs on average.
struct Cost {
    command: &'static str,
    micros: f64,
    calls: f64,
    most: String,
}

async fn phases(url: &str, size: Size, count: u32) -> anyhow::Result<Vec<Cost>> {
    let floor = crate::fixture::Site::fill(url, "anatomy", size).await?;
    let mut connection = bare::connect(url).await?;
    let mut found = Vec::new();
    let mut play = crate::cycle::Phases::new(&floor, count)?;
    while let Some(command) = play.name() {
        reset(&mut connection).await?;
        play.play().await?;
        found.push(cost(&mut connection, command, count).await?);
    }
    Ok(found)
}

/// Forgets what was counted so far.
async fn reset(connection: &mut MultiplexedConnection) -> anyhow::Result<()> {
    Ok(redis::cmd("CONFIG").arg("RESETSTAT").query_async::<()>(connection).await?)
}

async fn cost(
    connection: &mut MultiplexedConnection,
    command: &'static str,
    count: u32,
) -> anyhow::Result<Cost> {
    let info: String = redis::cmd("INFO").arg("commandstats").query_async(connection).await?;
    let mut stats: BTreeMap<&str, (f64, f64)> = info.lines().filter_map(read).collect();
    let (_, micros) = stats.remove("fcall").unwrap_or_default();
    for own in ["config|resetstat", "info", "client|setinfo"] {
        stats.remove(own);
    }
    let all = f64::from(count);
    let calls = stats.values().map(|(times, _)| times).sum::<f64>() / all;
    let mut most: Vec<(&str, (f64, f64))> = stats.into_iter().collect();
    most.sort_by(|(_, one), (_, other)| other.1.total_cmp(&one.1));
    let most = most
        .iter()
        .take(6)
        .map(|(name, (times, spent))| format!("{:.1} {name} {:.2}", times / all, spent / times));
    Ok(Cost { command, micros: micros / all, calls, most: most.collect::<Vec<_>>().join(", ") })
}

/// Reads `cmdstat_zadd:calls=1,usec=2,…` as a name with calls and microseconds.
fn read(line: &str) -> Option<(&str, (f64, f64))> {
    let (name, values) = line.strip_prefix("cmdstat_")?.split_once(':')?;
    let value = |wanted: &str| {
        let mut pairs = values.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == wanted)?.1.trim().parse::<f64>().ok()
    };
    Some((name, (value("calls")?, value("usec")?)))
}
