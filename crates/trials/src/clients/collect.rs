//! What the center says afterwards, through its API.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;
use switchboard_api::agent::v1::{ListAgentsRequest, WorkState};
use switchboard_api::call::v1::{
    GetInteractionRequest, Interaction, InteractionEvent, InteractionState, ListInteractionsRequest,
};
use switchboard_api::queue::v1::ListQueuesRequest;
use switchboard_client::Connection;
use switchboard_domain::caller::Role;
use tokio::time::{Instant, sleep};

use super::Stage;
use super::center;
use super::history::{Record, Step, Unrest, What};

/// How long everything may take to come to rest.
const REST: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(250);
const PAGE: i32 = 200;

/// Asks for every record, and for whatever is not at rest.
pub(super) async fn all(stage: &Stage) -> anyhow::Result<(Vec<Record>, Vec<Unrest>)> {
    let token = stage.site.token(center::TENANT, Role::Supervisor, "judge")?;
    let serving = stage.site.serving().addresses();
    let address = serving.first().context("no replica serves")?;
    let connection = Connection::new(&format!("http://{address}"), &token)?;
    let start = Instant::now();
    let mut unrest = look_around(&connection).await?;
    while !unrest.is_empty() && start.elapsed() < REST {
        sleep(PAUSE).await;
        unrest = look_around(&connection).await?;
    }
    // A call that the list lacks is asked for too, and one that it has twice is kept twice.
    let mut calls = list(&connection).await?;
    let listed: BTreeSet<String> = calls.iter().cloned().collect();
    let (entries, _) = stage.journal.read();
    calls.extend(entries.into_iter().filter_map(|entry| match entry.what {
        What::Arrives { call, .. } if !listed.contains(&call) => Some(call),
        _ => None,
    }));
    let mut records = Vec::new();
    for call in calls {
        records.extend(record(&connection, &call).await);
    }
    Ok((records, unrest))
}

async fn list(connection: &Connection) -> anyhow::Result<Vec<String>> {
    let mut calls = Vec::new();
    let mut request = ListInteractionsRequest { page_size: PAGE, ..Default::default() };
    loop {
        let page = connection.history().list_interactions(request.clone()).await?.into_inner();
        calls.extend(page.interactions.into_iter().map(|call| call.interaction_id));
        if page.next_page_token.is_empty() {
            return Ok(calls);
        }
        request.page_token = page.next_page_token;
    }
}

async fn record(connection: &Connection, call: &str) -> Option<Record> {
    let request = GetInteractionRequest { call_id: call.to_owned() };
    let found = connection.history().get_interaction(request).await.ok()?;
    found.into_inner().interaction.map(plain)
}

fn plain(interaction: Interaction) -> Record {
    let state = interaction.state();
    let numbers = interaction.events.iter().map(|event| event.sequence).collect();
    let steps: Vec<Step> = interaction.events.into_iter().map(step).collect();
    let of_kind = |kind: &'static str| steps.iter().filter(move |step| step.is(kind));
    Record {
        is_ended: state == InteractionState::Ended,
        numbers,
        made: of_kind("offer_made").count(),
        closed: of_kind("offer_closed").map(|step| step.field("outcome").to_owned()).collect(),
        call: interaction.interaction_id,
        reason: interaction.end_reason,
        outcome: interaction.outcome,
        agent: interaction.agent_id,
        offers: usize::try_from(interaction.offers).unwrap_or(usize::MAX),
        // What happened to agents meanwhile has versions of its own.
        steps: steps.into_iter().filter(is_of_call).collect(),
    }
}

fn step(event: InteractionEvent) -> Step {
    let at = event.at.unwrap_or_default();
    Step {
        sequence: event.sequence,
        version: event.version,
        at: at.seconds * 1_000 + i64::from(at.nanos) / 1_000_000,
        kind: event.r#type,
        fields: event.fields.into_iter().collect(),
    }
}

fn is_of_call(step: &Step) -> bool {
    step.kind.starts_with("contact_") || step.is("menu_stepped")
}

async fn look_around(connection: &Connection) -> anyhow::Result<Vec<Unrest>> {
    let mut unrest = Vec::new();
    let request = ListAgentsRequest { page_size: PAGE, ..Default::default() };
    for agent in connection.agents().list_agents(request).await?.into_inner().agents {
        let rests =
            matches!(agent.state(), WorkState::Offline | WorkState::NotReady | WorkState::Ready);
        if !rests {
            let why = format!("{:?} with {:?}", agent.state(), agent.contact_id);
            unrest.push(Unrest { who: agent.agent_id, why });
        }
    }
    let all = ListQueuesRequest { page_size: PAGE, ..Default::default() };
    for queue in connection.queues().list_queues(all).await?.into_inner().queues {
        let live = queue.live.unwrap_or_default();
        let left = live.waiting + live.offered + live.connected;
        if left > 0 {
            unrest.push(Unrest { who: queue.queue_id, why: format!("holds {left} calls") });
        }
    }
    Ok(unrest)
}
