//! `report`: what became of tickets, counted.

mod monthly;
pub(crate) mod pack;

use clap::Subcommand;

use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// The pack of a month: tickets, and what customers answered, by kind, category, department, agent,
    /// priority and tier
    Monthly(monthly::MonthlyArgs),
}

impl ReportCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Monthly(arguments) => arguments.run(out).await,
        }
    }
}
