//! `call assign`, `call move`, `call prioritise` and `agent force`: what a supervisor decides.

use clap::Args;
use switchboard_api::agent::v1::{Presence, PresenceKind};
use switchboard_api::supervisor::v1::{
    AssignContactRequest, ContactStatus, ForcePresenceRequest, MoveContactRequest,
    PrioritiseContactRequest,
};

use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const PRESENCE: &str = "PRESENCE_KIND_";
const AGENT: &str = "switchboard.agent.v1.AgentState";

#[derive(Args, Debug)]
pub(crate) struct AssignArgs {
    /// The waiting call
    call: String,
    /// The agent it rings
    agent: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct MoveArgs {
    /// The waiting call
    call: String,
    /// The queue it waits in from now on
    queue: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PrioritiseArgs {
    /// The waiting call
    call: String,
    /// Its priority from now on, 0 to 1000
    priority: u32,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ForceArgs {
    /// The agent
    agent: String,
    /// What the agent has to be: ready, not-ready or signed-out
    presence: String,
    /// Why not ready, a word such as `meeting`
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for ContactStatus {
    const NAME: &'static str = "switchboard.supervisor.v1.ContactStatus";
    const COLUMNS: &'static [&'static str] =
        &["CALL", "STATE", "QUEUE", "PLACE", "PRIORITY", "AGENT", "WAITED"];

    fn row(&self) -> Vec<String> {
        vec![
            self.contact_id.clone(),
            self.state.clone(),
            self.queue_id.clone(),
            if self.position > 0 { self.position.to_string() } else { String::new() },
            self.priority.to_string(),
            self.agent_id.clone(),
            format::span(self.waited.as_ref()),
        ]
    }
}

impl AssignArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut boards = self.client.connect()?.boards();
        let request = AssignContactRequest { contact_id: self.call, agent_id: self.agent };
        let answer = boards.assign_contact(request).await?.into_inner();
        show(answer.contact, self.client.format(), out)
    }
}

impl MoveArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut boards = self.client.connect()?.boards();
        let request = MoveContactRequest { contact_id: self.call, queue_id: self.queue };
        let answer = boards.move_contact(request).await?.into_inner();
        show(answer.contact, self.client.format(), out)
    }
}

impl PrioritiseArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut boards = self.client.connect()?.boards();
        let request = PrioritiseContactRequest { contact_id: self.call, priority: self.priority };
        let answer = boards.prioritise_contact(request).await?.into_inner();
        show(answer.contact, self.client.format(), out)
    }
}

impl ForceArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let kind = PresenceKind::from_str_name(&format::name(&self.presence, PRESENCE));
        let kind = kind.ok_or_else(|| {
            let word = &self.presence;
            let accepted = "ready, not-ready or signed-out";
            told(Exit::NotUnderstood, format!("`{word}` is no presence: expected {accepted}"))
        })?;
        let mut boards = self.client.connect()?.boards();
        let wanted = Presence { kind: kind.into(), reason: self.reason };
        let request = ForcePresenceRequest { agent_id: self.agent, wanted: Some(wanted) };
        let answer = boards.force_presence(request).await?.into_inner();
        let agent = answer.agent.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&agent, AGENT),
            Format::Table => {
                let state = format::word(agent.state().as_str_name(), "WORK_STATE_");
                let wants = agent.wanted.as_ref().map(|it| it.kind().as_str_name());
                let wants = format::word(wants.unwrap_or_default(), PRESENCE);
                let row = vec![agent.agent_id.clone(), state, wants];
                out.table(&["AGENT", "STATE", "WANTS"], [row].into_iter())
            }
        }
    }
}

fn show(contact: Option<ContactStatus>, format: Format, out: &mut Output) -> anyhow::Result<()> {
    let contact = contact.unwrap_or_default();
    out.one(format, &contact)
}
