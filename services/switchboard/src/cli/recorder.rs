//! `recorder`: what the history could not take.

mod dead;

use clap::Subcommand;

use crate::cli::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum RecorderCommand {
    /// Events that could not be recorded and were put aside
    #[command(subcommand)]
    Dead(dead::DeadCommand),
}

impl RecorderCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Dead(command) => command.run(out).await,
        }
    }
}
