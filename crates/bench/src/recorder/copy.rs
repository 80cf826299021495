//! The limit: the same rows by a bare `COPY`.

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::Instant;

/// Copies the events of one millisecond into a table like theirs, and gives how long it took.
pub(super) async fn measure(url: &str, millis: u64, events: u64) -> anyhow::Result<Duration> {
    let file = NamedTempFile::new()?;
    let path = file.path().display();
    let rows = format!("SELECT * FROM interaction_events WHERE stream_millis = {millis}");
    psql(url, &format!("\\copy ({rows}) TO '{path}'")).await?;
    let written = BufReader::new(file.reopen()?).lines().count() as u64;
    ensure!(written == events, "{written} of {events} events are in the history");
    psql(url, "CREATE TABLE copied (LIKE interaction_events INCLUDING ALL)").await?;
    let started = Instant::now();
    psql(url, &format!("\\copy copied FROM '{path}'")).await?;
    let took = started.elapsed();
    psql(url, "DROP TABLE copied").await?;
    Ok(took)
}

async fn psql(url: &str, command: &str) -> anyhow::Result<()> {
    let status = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--command", command, url])
        .status()
        .await
        .context("psql is not installed")?;
    ensure!(status.success(), "psql failed with {status}");
    Ok(())
}
