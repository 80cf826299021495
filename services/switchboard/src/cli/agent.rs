//! `agent`: who is signed in and what they do.

use clap::{Args, Subcommand};
use switchboard_api::agent::v1::{
    AgentSummary, ListAgentsRequest, PresenceKind, SkillLevel, WorkState,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::explain::ExplainAgentArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Output, Shown};
use crate::cli::supervise::ForceArgs;

const STATE: &str = "WORK_STATE_";

#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Lists agents
    Ls(LsArgs),
    /// Says why an agent gets no call
    Explain(ExplainAgentArgs),
    /// Says what an agent has to be; kept with the history under the name of who decided it
    Force(ForceArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those in this state: offline, not-ready, ready, offered, busy or wrap-up
    #[arg(long)]
    state: Option<String>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for AgentSummary {
    const NAME: &'static str = "switchboard.agent.v1.AgentSummary";
    const COLUMNS: &'static [&'static str] =
        &["AGENT", "NAME", "STATE", "SINCE", "WANTS", "CONTACT", "QUEUES", "SKILLS"];

    fn row(&self) -> Vec<String> {
        let skill = |skill: &SkillLevel| format!("{}:{}", skill.skill_id, skill.level);
        let skills: Vec<String> = self.skills.iter().map(skill).collect();
        vec![
            self.agent_id.clone(),
            self.display_name.clone(),
            format::word(self.state().as_str_name(), STATE),
            format::span(self.in_state.as_ref()),
            self.wanted.as_ref().map(|wanted| presence(wanted.kind())).unwrap_or_default(),
            self.contact_id.clone(),
            self.queue_ids.join(","),
            skills.join(","),
        ]
    }
}

impl AgentCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Explain(arguments) => arguments.run(out).await,
            Self::Force(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let state = state(self.state.as_deref())?;
        let mut agents = self.client.connect()?.agents();
        let page = async |page_size, page_token| {
            let request = ListAgentsRequest { page_size, page_token, state: state.into() };
            agents.list_agents(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

fn presence(kind: PresenceKind) -> String {
    format::word(kind.as_str_name(), "PRESENCE_KIND_")
}

fn state(word: Option<&str>) -> anyhow::Result<WorkState> {
    let Some(word) = word else { return Ok(WorkState::Unspecified) };
    WorkState::from_str_name(&format::name(word, STATE))
        .ok_or_else(|| told(Exit::NotUnderstood, format!("`{word}` is no state of an agent")))
}
