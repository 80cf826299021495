//! Verbs for many tickets at once.

use clap::Subcommand;

use super::{bulk, import};
use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ManyCommand {
    /// Moves many tickets alike, each by itself, or shows what would become of each
    Bulk(bulk::BulkArgs),
    /// Makes tickets that another system had, open or over, from a file; a row that is there already
    /// changes nothing
    Import(import::ImportArgs),
}

impl ManyCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Bulk(arguments) => arguments.run(out).await,
            Self::Import(arguments) => arguments.run(out).await,
        }
    }
}
