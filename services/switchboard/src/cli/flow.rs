//! `flow`: the IVR flows: checked, tried and drawn from files, published and compared on a server.

mod graph;
mod simulate;
mod source;
mod test;
mod validate;
mod versions;

use clap::{Args, Subcommand};
use switchboard_api::ivr::v1::{Flow, ListFlowsRequest};

use self::graph::GraphArgs;
use self::simulate::SimulateArgs;
use self::test::TestArgs;
use self::validate::ValidateArgs;
use self::versions::{DiffArgs, HistoryArgs, PublishArgs, RollbackArgs};
use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::output::{Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum FlowCommand {
    /// Lists flows
    Ls(LsArgs),
    /// Checks the flows of a center; needs no server
    Validate(ValidateArgs),
    /// Walks a flow as a caller would, turn by turn; needs no server
    Simulate(SimulateArgs),
    /// Runs the test cases of flows; needs no server
    Test(TestArgs),
    /// Draws a flow; needs no server
    Graph(GraphArgs),
    /// Puts a version of a flow in force, or on trial for a share of the calls
    Publish(PublishArgs),
    /// Ends a trial, or brings the version before back
    Rollback(RollbackArgs),
    /// Lists which versions were in force since when
    History(HistoryArgs),
    /// Compares two versions
    Diff(DiffArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Flow {
    const NAME: &'static str = "switchboard.ivr.v1.Flow";
    const COLUMNS: &'static [&'static str] =
        &["FLOW", "NAME", "VERSION", "LANGUAGES", "ENTRY", "HUMAN KEY", "NUMBERS"];

    fn row(&self) -> Vec<String> {
        vec![
            self.flow_id.clone(),
            self.display_name.clone(),
            self.version.clone(),
            self.languages.join(","),
            self.entry_node_id.clone(),
            self.human_key.clone(),
            self.called_numbers.join(","),
        ]
    }
}

impl FlowCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Validate(arguments) => arguments.run(out),
            Self::Simulate(arguments) => arguments.run(out).await,
            Self::Test(arguments) => arguments.run(out).await,
            Self::Graph(arguments) => arguments.run(out),
            Self::Publish(arguments) => arguments.run(out).await,
            Self::Rollback(arguments) => arguments.run(out).await,
            Self::History(arguments) => arguments.run(out).await,
            Self::Diff(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut flows = self.client.connect()?.flows();
        let page = async |page_size, page_token| {
            flows.list_flows(ListFlowsRequest { page_size, page_token }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}
