//! Statements that the owner of the database runs, as an administrator would.

use std::io::Write as _;

use anyhow::{Context as _, ensure};
use tempfile::NamedTempFile;
use tokio::process::Command;

use crate::replica::Replica;

/// Runs statements with psql, each by itself, up to the first that fails.
pub(crate) async fn run(replica: &Replica, statements: &str) -> anyhow::Result<()> {
    let mut file = NamedTempFile::new()?;
    file.write_all(statements.as_bytes())?;
    let status = Command::new("psql")
        .args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file"])
        .arg(file.path())
        .arg(replica.postgres_url()?)
        .status()
        .await
        .context("psql is not installed")?;
    ensure!(status.success(), "psql failed with {status}");
    Ok(())
}
