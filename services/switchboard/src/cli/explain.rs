//! `queue explain` and `agent explain`: why contacts wait and why agents get none.

use clap::Args;
use switchboard_api::queue::v1::{
    AgentExplanation, AgentGroup, ContactForAgent, ExplainAgentRequest, ExplainWaitRequest,
    NeededSkill, Obstacle, RingToCome, WaitExplanation,
};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output};

const WAIT: &str = "switchboard.queue.v1.WaitExplanation";
const AGENT: &str = "switchboard.queue.v1.AgentExplanation";
/// What stands where nothing is in the way.
const NOTHING: &str = "nothing";

#[derive(Args, Debug)]
pub(crate) struct ExplainWaitArgs {
    /// The call
    call: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainAgentArgs {
    /// The agent
    agent: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl ExplainWaitArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request = ExplainWaitRequest { contact_id: self.call };
        let answer = queues.explain_wait(request).await?.into_inner();
        let explanation = answer.explanation.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&explanation, WAIT),
            Format::Table => write_wait(&explanation, out),
        }
    }
}

impl ExplainAgentArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request = ExplainAgentRequest { agent_id: self.agent };
        let answer = queues.explain_agent(request).await?.into_inner();
        let explanation = answer.explanation.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&explanation, AGENT),
            Format::Table => write_agent(&explanation, out),
        }
    }
}

fn write_wait(told: &WaitExplanation, out: &mut Output) -> anyhow::Result<()> {
    let place = if told.position > 0 { told.position.to_string() } else { String::new() };
    let channel = format::word(told.channel().as_str_name(), "CHANNEL_");
    let heading = [
        ("call", told.contact_id.clone()),
        ("state", [told.state.as_str(), channel.as_str()].join(", ")),
        ("queue", told.queue_id.clone()),
        ("place", place),
        ("priority", told.priority.to_string()),
        ("waited", format::span(told.waited.as_ref())),
        ("needs", skills(&told.required_skills)),
        ("prefers", skills(&told.preferred_skills)),
        ("held for", told.held_for_agent_id.clone()),
        ("order", told.order.clone()),
        ("overflows", format::time(told.overflows_at.as_ref())),
        ("in the way", obstacles(&told.obstacles)),
    ];
    write_heading(&heading, out)?;
    if !told.rings.is_empty() {
        out.line("")?;
        out.table(&["RING IN", "NEEDS THEN", "IF EMPTY", "ADDS"], told.rings.iter().map(ring))?;
    }
    out.line("")?;
    out.table(&["AGENTS", "COUNT", "IN THE WAY"], told.agents.iter().map(group))
}

fn write_agent(told: &AgentExplanation, out: &mut Output) -> anyhow::Result<()> {
    let slots = told.free_slots.iter().map(|(channel, free)| format!("{channel} {free}"));
    let heading = [
        ("agent", told.agent_id.clone()),
        ("state", told.state.clone()),
        ("idle", format::span(told.idle.as_ref())),
        ("free", slots.collect::<Vec<_>>().join(", ")),
        ("in the way", obstacles(&told.obstacles)),
    ];
    write_heading(&heading, out)?;
    for line in &told.lines {
        out.line("")?;
        let title = format!("{} (rank {}, {} waiting)", line.queue_id, line.rank, line.waiting);
        let title = out.strong(&title);
        out.line(&title)?;
        if !line.contacts.is_empty() {
            out.table(
                &["PLACE", "CALL", "WAITED", "IN THE WAY"],
                line.contacts.iter().map(contact),
            )?;
        }
    }
    Ok(())
}

fn write_heading(heading: &[(&str, String)], out: &mut Output) -> anyhow::Result<()> {
    for (name, text) in heading {
        if !text.is_empty() {
            let name = out.strong(&format!("{name:<12}"));
            out.line(&format!("{name}{text}"))?;
        }
    }
    Ok(())
}

fn skills(needed: &[NeededSkill]) -> String {
    let skill = |one: &NeededSkill| format!("{}:{}", one.skill_id, one.level);
    needed.iter().map(skill).collect::<Vec<_>>().join(",")
}

fn ring(ring: &RingToCome) -> Vec<String> {
    vec![
        format::span(ring.r#in.as_ref()),
        skills(&ring.required_skills),
        if ring.when_empty { "at once".to_owned() } else { String::new() },
        ring.added_agent_ids.join(" "),
    ]
}

fn group(group: &AgentGroup) -> Vec<String> {
    let hindrance = obstacles(&group.obstacles);
    let hindrance = if hindrance.is_empty() { NOTHING.to_owned() } else { hindrance };
    vec![group.agent_ids.join(" "), group.count.to_string(), hindrance]
}

fn contact(contact: &ContactForAgent) -> Vec<String> {
    let hindrance = obstacles(&contact.obstacles);
    vec![
        contact.position.to_string(),
        contact.contact_id.clone(),
        format::span(contact.waited.as_ref()),
        if hindrance.is_empty() { NOTHING.to_owned() } else { hindrance },
    ]
}

fn obstacles(obstacles: &[Obstacle]) -> String {
    let one = |obstacle: &Obstacle| {
        let until = format::time(obstacle.until.as_ref());
        if until.is_empty() {
            obstacle.text.clone()
        } else {
            format!("{} until {until}", obstacle.text)
        }
    };
    obstacles.iter().map(one).collect::<Vec<_>>().join("; ")
}
