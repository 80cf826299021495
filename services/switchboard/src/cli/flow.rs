//! `flow`: the IVR flows, and walking one without a call.

mod versions;

use clap::{Args, Subcommand};
use switchboard_api::ivr::v1::simulated_input::Input;
use switchboard_api::ivr::v1::{
    CallerHangup, Flow, ListFlowsRequest, SimulateFlowRequest, SimulateFlowResponse,
    SimulatedInput, SimulatedStep, Timeout,
};

use self::versions::{DiffArgs, HistoryArgs, PublishArgs, RollbackArgs};
use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum FlowCommand {
    /// Lists flows
    Ls(LsArgs),
    /// Walks a flow as a caller would
    Simulate(SimulateArgs),
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

#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// The flow
    flow: String,
    /// What the caller does each time the flow waits: keys such as 2 or 1*5*0612#, timeout, hangup
    inputs: Vec<String>,
    /// The language [default: the flow's first one]
    #[arg(long, default_value = "")]
    language: String,
    /// The calling number, for branches on the customer's tier
    #[arg(long, default_value = "")]
    caller: String,
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

impl Shown for SimulatedStep {
    const NAME: &'static str = "switchboard.ivr.v1.SimulatedStep";
    const COLUMNS: &'static [&'static str] = &["INPUT", "FROM", "TO", "KIND", "OUTCOME", "HEARD"];

    fn row(&self) -> Vec<String> {
        let heard = |prompt: &switchboard_api::ivr::v1::SpokenPrompt| {
            if prompt.text.is_empty() { prompt.prompt_id.clone() } else { prompt.text.clone() }
        };
        let heard: Vec<String> = self.prompts.iter().map(heard).collect();
        vec![
            self.input.clone(),
            self.from_node_id.clone(),
            self.to_node_id.clone(),
            self.kind.clone(),
            self.outcome.clone(),
            heard.join(" "),
        ]
    }
}

impl FlowCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Simulate(arguments) => arguments.run(out).await,
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

impl SimulateArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = SimulateFlowRequest {
            flow_id: self.flow,
            language: self.language,
            calling_number: self.caller,
            inputs: self.inputs.iter().map(|word| input(word)).collect(),
            at: None,
        };
        let mut flows = self.client.connect()?.flows();
        let answer = flows.simulate_flow(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&answer, "switchboard.ivr.v1.SimulateFlowResponse"),
            Format::Table => write(&answer, out),
        }
    }
}

fn input(word: &str) -> SimulatedInput {
    let input = match word {
        "timeout" => Input::Timeout(Timeout {}),
        "hangup" => Input::Hangup(CallerHangup {}),
        digits => Input::Digits(digits.to_owned()),
    };
    SimulatedInput { input: Some(input) }
}

fn write(answer: &SimulateFlowResponse, out: &mut Output) -> anyhow::Result<()> {
    out.list(Format::Table, &answer.steps)?;
    let end = format::word(answer.end().as_str_name(), "SIMULATION_END_");
    out.line("")?;
    match answer.queue_id.as_str() {
        "" => out.line(&format!("end: {end}"))?,
        queue => out.line(&format!("end: {end} in {queue} ({})", answer.route_reason))?,
    }
    let mut collected: Vec<_> = answer.collected.iter().collect();
    collected.sort();
    for (name, text) in collected {
        out.line(&format!("     {name}={text}"))?;
    }
    Ok(())
}
