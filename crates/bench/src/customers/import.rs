//! A file of customers, imported by the program as an operator does it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tempfile::NamedTempFile;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::replica::{Replica, program};
use crate::{machine, statements};

/// How often the memory of a process is looked at.
const LOOK: Duration = Duration::from_millis(50);

pub(super) const COLUMNS: [&str; 7] = [
    "rows",
    "rows/s",
    "COPY rows/s",
    "of COPY",
    "peak of the importer",
    "peak of the replica",
    "per row: replica + Postgres",
];

/// Imports a file, and copies it beside.
pub(super) async fn measure(
    replica: &Replica,
    file: &NamedTempFile,
    rows: u64,
) -> anyhow::Result<Vec<String>> {
    let before = replica.spent()?;
    let started = Instant::now();
    let importer = import(replica, file.path()).await?;
    let took = started.elapsed();
    let spent = replica.spent()?.since(&before);
    let copied = copy(replica, file.path()).await?;
    let (ours, limit) = (rate(rows, took), rate(rows, copied));
    let per_row = |span: Duration| span.as_secs_f64() * 1e6 / rows_as_f64(rows);
    Ok(vec![
        rows.to_string(),
        format!("{ours:.0}"),
        format!("{limit:.0}"),
        format!("{:.1} %", ours / limit * 100.0),
        format!("{} MiB", importer / 1_048_576),
        format!("{} MiB", machine::peak_resident(replica.id()?)? / 1_048_576),
        format!("{:.0} + {:.0} µs", per_row(spent.replica), per_row(spent.postgres)),
    ])
}

/// Imports a file and gives the peak memory of the importer.
async fn import(replica: &Replica, file: &Path) -> anyhow::Result<u64> {
    let mut importer = Command::new(program()?)
        .args(["customer", "import"])
        .arg(file)
        .env("SWITCHBOARD_ADDRESS", replica.address())
        .env("SWITCHBOARD_TOKEN_FILE", replica.token_file("supervisor"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let id = importer.id().context("it was started just now")?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = importer.try_wait()? {
            break status;
        }
        peak = machine::peak_resident(id).unwrap_or(peak);
        sleep(LOOK).await;
    };
    ensure!(status.success(), "the import failed with {status}");
    Ok(peak)
}

/// Copies a file into a table with a primary key, and gives how long it took.
async fn copy(replica: &Replica, file: &Path) -> anyhow::Result<Duration> {
    let columns = "customer_id text PRIMARY KEY, display_name text, tier text, language text";
    statements::run(replica, &format!("CREATE TABLE copied ({columns}, numbers text)")).await?;
    let started = Instant::now();
    let copy = format!("\\copy copied FROM '{}' WITH (FORMAT csv, HEADER)", file.display());
    statements::run(replica, &copy).await?;
    let took = started.elapsed();
    statements::run(replica, "DROP TABLE copied").await?;
    Ok(took)
}

fn rate(rows: u64, took: Duration) -> f64 {
    rows_as_f64(rows) / took.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^52 rows")]
fn rows_as_f64(rows: u64) -> f64 {
    rows as f64
}
