//! `report`: what became of tickets, counted.

mod monthly;
pub(crate) mod pack;
mod targets;

use clap::Subcommand;

use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// The pack of a month: tickets, and what customers answered, by kind, category, department, agent,
    /// priority and tier
    Monthly(monthly::MonthlyArgs),
    /// What the company, its departments and the people in them were to reach in a month, and whether
    /// they did
    Targets(targets::TargetsArgs),
}

impl ReportCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Monthly(arguments) => arguments.run(out).await,
            Self::Targets(arguments) => arguments.run(out).await,
        }
    }
}
