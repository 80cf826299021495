//! `call`: the calls of the history, and the story of one.

use clap::{Args, Subcommand};
use switchboard_api::call::v1::{
    GetInteractionRequest, Interaction, InteractionState, ListInteractionsRequest,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::supervise::{AssignArgs, MoveArgs, PrioritiseArgs};
use crate::cli::trace;

const STATE: &str = "INTERACTION_STATE_";

#[derive(Debug, Subcommand)]
pub(crate) enum CallCommand {
    /// Lists calls, the latest first
    Ls(LsArgs),
    /// Tells the story of one call
    Trace(TraceArgs),
    /// Gives a waiting call to an agent who is free
    Assign(AssignArgs),
    /// Moves a waiting call to another queue; it keeps its age
    Move(MoveArgs),
    /// Gives a waiting call another priority, at once
    Prioritise(PrioritiseArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those in this state: in-menu, waiting, offered, connecting, connected, orphaned, ended
    #[arg(long)]
    state: Option<String>,
    /// Only those that last waited in this queue
    #[arg(long, default_value = "")]
    queue: String,
    /// Only those last handled by this agent
    #[arg(long, default_value = "")]
    agent: String,
    /// Only those of this customer
    #[arg(long, default_value = "")]
    customer: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct TraceArgs {
    /// The call
    call: String,
    /// Every event with everything in it
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Interaction {
    const NAME: &'static str = "switchboard.call.v1.Interaction";
    const COLUMNS: &'static [&'static str] = &[
        "CALL", "STARTED", "STATE", "OUTCOME", "CALLER", "CUSTOMER", "QUEUE", "AGENT", "WAITED",
        "TALKED",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.interaction_id.clone(),
            format::time(self.started_at.as_ref()),
            format::word(self.state().as_str_name(), STATE),
            self.outcome.clone(),
            format::masked(&self.calling_number),
            self.customer_id.clone(),
            self.queue_id.clone(),
            self.agent_id.clone(),
            format::span(self.waited.as_ref()),
            format::span(self.talked.as_ref()),
        ]
    }
}

impl CallCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Trace(arguments) => arguments.run(out).await,
            Self::Assign(arguments) => arguments.run(out).await,
            Self::Move(arguments) => arguments.run(out).await,
            Self::Prioritise(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = ListInteractionsRequest {
            customer_id: self.customer,
            queue_id: self.queue,
            agent_id: self.agent,
            state: state(self.state.as_deref())?.into(),
            ..ListInteractionsRequest::default()
        };
        let mut history = self.client.connect()?.history();
        let page = async |page_size, page_token| {
            let request = ListInteractionsRequest { page_size, page_token, ..filter.clone() };
            history.list_interactions(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl TraceArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut history = self.client.connect()?.history();
        let request = GetInteractionRequest { call_id: self.call };
        let answer = history.get_interaction(request).await?.into_inner();
        let interaction = answer.interaction.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&interaction, Interaction::NAME),
            Format::Table => trace::write(&interaction, self.all, out),
        }
    }
}

fn state(word: Option<&str>) -> anyhow::Result<InteractionState> {
    let Some(word) = word else { return Ok(InteractionState::Unspecified) };
    InteractionState::from_str_name(&format::name(word, STATE))
        .ok_or_else(|| told(Exit::NotUnderstood, format!("`{word}` is no state of a call")))
}
