//! Lists agents as supervisors see them.

use switchboard_api::agent::v1::{
    AgentSummary, ListAgentsRequest, ListAgentsResponse, SkillLevel, WorkState,
};
use switchboard_api::convert::agent::{presence, work_state};
use switchboard_api::convert::time::duration;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::center::{Agent, Center};
use switchboard_domain::floor::state::Want;
use switchboard_domain::ids::{AgentId, QueueId, TenantId};

use crate::desks::Desks;
use crate::refusal::routing_error;
use crate::view::{View, Who};

/// Gives one page of agents.
pub(super) async fn list(
    desks: &Desks,
    tenant: &TenantId,
    request: &ListAgentsRequest,
) -> Result<ListAgentsResponse, ApiError> {
    let state: WorkState = field::known("state", request.state)?;
    let planned = desks.parts.floors.planned(tenant).await.map_err(routing_error)?;
    let center = planned.center();
    let chosen = in_state(desks, tenant, center, state).await?;
    let query = format!("agents state={}", state.as_str_name());
    let wanted = (request.page_size, request.page_token.as_str());
    let key = |agent: &&Agent| agent.id.to_string();
    let (agents, next_page_token) = page::of_list(&query, wanted, chosen, key)?;
    let now = desks.floor().status(tenant).await?.now;
    let mut summaries = Vec::with_capacity(agents.len());
    for agent in agents {
        let who = Who { tenant: tenant.clone(), agent: agent.id.clone() };
        let view = View::read_at(desks.floor(), &who, now).await?;
        summaries.push(summary(agent, &view, center));
    }
    Ok(ListAgentsResponse { agents: summaries, next_page_token })
}

/// Gives the center's agents in a state; whoever never signed in is offline.
async fn in_state<'a>(
    desks: &Desks,
    tenant: &TenantId,
    center: &'a Center,
    state: WorkState,
) -> Result<Vec<&'a Agent>, ApiError> {
    if state == WorkState::Unspecified {
        return Ok(center.agents.values().collect());
    }
    let signed_in = desks.floor().agents(tenant).await?;
    let state_of = |id: &AgentId| {
        let found = signed_in.binary_search_by(|(known, _)| known.cmp(id));
        found.map_or(WorkState::Offline, |index| work_state(&signed_in[index].1.state()))
    };
    Ok(center.agents.values().filter(|agent| state_of(&agent.id) == state).collect())
}

fn summary(agent: &Agent, view: &View, center: &Center) -> AgentSummary {
    let (want, reason) = match &view.agent {
        Some(seated) => (seated.want, seated.reason.as_str()),
        None => (Want::SignedOut, ""),
    };
    let contact = view.state().contact();
    let since = view.since(center);
    AgentSummary {
        agent_id: agent.id.to_string(),
        display_name: agent.display_name.clone(),
        state: work_state(view.state()).into(),
        wanted: Some(presence(want, reason)),
        in_state: since.map(|since| duration(view.now.since(since))),
        contact_id: contact.map(ToString::to_string).unwrap_or_default(),
        skills: skills(agent),
        queue_ids: queues(agent),
    }
}

fn skills(agent: &Agent) -> Vec<SkillLevel> {
    let level = |(skill, level): (&_, &switchboard_domain::center::Level)| SkillLevel {
        skill_id: switchboard_domain::ids::SkillId::to_string(skill),
        level: u32::from(level.get()),
    };
    agent.skills.iter().map(level).collect()
}

fn queues(agent: &Agent) -> Vec<String> {
    let mut ranked: Vec<(u32, &QueueId)> =
        agent.queues.iter().map(|(queue, rank)| (*rank, queue)).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, queue)| queue.to_string()).collect()
}
