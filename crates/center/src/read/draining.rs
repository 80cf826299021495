//! `draining.yaml`: queues that were removed while contacts waited in them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use switchboard_domain::center::{Agent, Queue};
use switchboard_domain::ids::{AgentId, QueueId};

use super::agents::MAX_RANK;
use super::queues;
use crate::item::Item;
use crate::keys::queues::DRAINING;
use crate::known::Known;
use crate::nearest::did_you_mean;

/// Reads `draining.yaml` and adds what it holds to the queues and agents there are.
pub(super) fn read(
    root: Option<&Item<'_>>,
    known: &Known,
    queues: &mut BTreeMap<QueueId, Queue>,
    agents: &mut BTreeMap<AgentId, Agent>,
) {
    let Some(fields) = root.and_then(|root| root.fields(&DRAINING)) else { return };
    let added = fields.required("queues");
    for (id, value) in added.iter().flat_map(Item::named::<QueueId>) {
        let value = value.called(format!("queue {:?}", id.as_str()));
        match queues.entry(id) {
            Entry::Occupied(_) => value.report("is in queues.yaml as well"),
            Entry::Vacant(place) => {
                if let Some(queue) = queues::queue(place.key(), &value, known) {
                    place.insert(Queue { draining: true, ..queue });
                }
            }
        }
    }
    for (id, value) in fields.optional("agents").iter().flat_map(Item::named::<AgentId>) {
        let ranks = known.queue_map(&value, |rank| rank.whole(1..=MAX_RANK));
        if let Some(agent) = agents.get_mut(&id) {
            agent.queues.extend(ranks);
        } else {
            let hint = did_you_mean(id.as_str(), agents.keys().map(AgentId::as_str));
            value.report(format!("unknown agent {:?}{hint}", id.as_str()));
        }
    }
    fields.finish();
}
