//! What people do around a ticket without moving it themselves: what stands beside it, who follows it,
//! what is filled in, and what is prepared for it.

use clap::Subcommand;

use super::beside::BesideCommand;
use super::departments::DepartmentsArgs;
use super::follow::FollowCommand;
use super::form::FormCommand;
use super::macros::MacroCommand;
use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum DeskCommand {
    #[command(flatten)]
    Beside(BesideCommand),
    #[command(flatten)]
    Follow(FollowCommand),
    #[command(flatten)]
    Form(FormCommand),
    #[command(flatten)]
    Macro(MacroCommand),
    /// Lists who answers for tickets; nothing where any word will do
    Departments(DepartmentsArgs),
}

impl DeskCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Beside(command) => command.run(out).await,
            Self::Follow(command) => command.run(out).await,
            Self::Form(command) => command.run(out).await,
            Self::Macro(command) => command.run(out).await,
            Self::Departments(arguments) => arguments.run(out).await,
        }
    }
}
