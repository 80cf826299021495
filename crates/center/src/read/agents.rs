//! `agents.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::{Agent, Queue, default_capacity};
use switchboard_domain::channel::Channel;
use switchboard_domain::ids::{AgentId, QueueId};

use crate::item::Item;
use crate::keys::people::AGENT;
use crate::known::{Known, by_channel};

pub(super) const MAX_RANK: u32 = 1_000;
const MAX_CAPACITY: u32 = 100;
const MAX_WEIGHT: u32 = 100;
const MAX_ORDER: u32 = 1_000_000;
const SCHEMES: [&str; 3] = ["sip:", "sips:", "tel:"];

/// Reads `agents.yaml`.
pub(super) fn read(
    root: Option<&Item<'_>>,
    known: &Known,
    queues: &BTreeMap<QueueId, Queue>,
) -> BTreeMap<AgentId, Agent> {
    let mut agents = BTreeMap::new();
    for (place, (id, value)) in (1..).zip(root.into_iter().flat_map(Item::named::<AgentId>)) {
        let value = value.called(format!("agent {:?}", id.as_str()));
        if let Some(agent) = agent(&id, &value, known, place) {
            check_skills(&value, &agent, queues);
            agents.insert(id, agent);
        }
    }
    agents
}

fn agent(id: &AgentId, item: &Item<'_>, known: &Known, place: u32) -> Option<Agent> {
    let fields = item.fields(&AGENT)?;
    let display_name = fields.required("display_name").and_then(|name| name.text());
    let skills = fields.or("skills", BTreeMap::new(), |value| Some(known.levels(value)));
    let queues = fields
        .required("queues")
        .map(|value| known.queue_map(&value, |rank| rank.whole(1..=MAX_RANK)));
    let endpoint = fields.required("endpoint").and_then(|value| endpoint(&value));
    let capacity = fields.or("capacity", default_capacity(), |value| Some(capacity(value)));
    let weight = fields.or("weight", 1, |value| value.whole(1..=MAX_WEIGHT));
    let order = fields.or("order", place, |value| value.whole(1..=MAX_ORDER));
    fields.finish();
    Some(Agent {
        id: id.clone(),
        display_name: display_name?.into(),
        skills,
        queues: queues?,
        capacity,
        weight,
        order,
        endpoint: endpoint?,
    })
}

fn capacity(item: &Item<'_>) -> BTreeMap<Channel, u32> {
    let complaints = item.complaints();
    let slots = by_channel(item, |value| value.whole(0..=MAX_CAPACITY));
    if item.complaints() == complaints && slots.values().all(|slots| *slots == 0) {
        item.report("leaves no room for any contact");
    }
    slots
}

fn endpoint(item: &Item<'_>) -> Option<String> {
    let uri = item.text()?;
    let fits = SCHEMES.iter().any(|scheme| uri.len() > scheme.len() && uri.starts_with(scheme))
        && !uri.contains(char::is_whitespace)
        && uri.len() <= 255;
    if !fits {
        item.report(format!("{uri:?} is no address such as \"sip:chen@desk.example\""));
        return None;
    }
    Some(uri.into())
}

// An agent listed for a queue without its skills would never get a call of it, and nobody would
// know why.
fn check_skills(item: &Item<'_>, agent: &Agent, queues: &BTreeMap<QueueId, Queue>) {
    for queue in agent.queues.keys().filter_map(|id| queues.get(id)) {
        for needed in &queue.requirement {
            let level = agent.skills.get(&needed.skill);
            if level.is_none_or(|level| *level < needed.level) {
                let (skill, least) = (needed.skill.as_str(), needed.level);
                let name = queue.id.as_str();
                item.report(format!(
                    "serves queue {name:?}, which needs skill {skill:?} at level {least}"
                ));
            }
        }
    }
}
