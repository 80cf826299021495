//! Verbs for many tickets at once.

use clap::Subcommand;

use super::{bulk, exceptions, import, report};
use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ManyCommand {
    /// Moves many tickets alike, each by itself, or shows what would become of each
    Bulk(bulk::BulkArgs),
    /// Makes tickets that another system had, open or over, from a file; a row that is there already
    /// changes nothing
    Import(import::ImportArgs),
    /// Counts what became of tickets in some time: by kind, department, agent, grade, category or tier, or
    /// by stage
    Report(report::ReportArgs),
    /// Counts the open tickets with which something is wrong: overdue, stuck, bounced, reopened, unassigned
    Exceptions(exceptions::ExceptionArgs),
}

impl ManyCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Bulk(arguments) => arguments.run(out).await,
            Self::Import(arguments) => arguments.run(out).await,
            Self::Report(arguments) => arguments.run(out).await,
            Self::Exceptions(arguments) => arguments.run(out).await,
        }
    }
}
