//! Many tickets, put straight into the tables.

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use crate::center::TENANT;
use crate::replica::Replica;

/// Puts so many tickets into the tables of a center that has none, as years of work leave them: one in
/// fifty is open, each has a handful of words.
pub(super) async fn fill(replica: &Replica, rows: u64) -> anyhow::Result<()> {
    let statements = include_str!("fill.sql").replace("{tenant}", TENANT);
    let statements = statements.replace("{rows}", &rows.to_string());
    let url = replica.postgres_url()?;
    let status = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--command", &statements, &url])
        .status()
        .await
        .context("psql is not installed")?;
    ensure!(status.success(), "psql failed with {status}");
    Ok(())
}
