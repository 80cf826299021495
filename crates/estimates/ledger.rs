//! What was measured in one tenant: who waits and works now, and how long things took, folded from
//! the changes of live state.

use std::collections::BTreeMap;

use switchboard_domain::estimate::{Average, Share};
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{Agent, AgentState, Contact, ContactState};
use switchboard_domain::ids::{AgentId, ContactId, QueueId};
use switchboard_domain::time::Timestamp;
use switchboard_store::outbox::{EntityKind, OutboxEntry};

/// A contact that has a place in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) queue: QueueId,
    pub(super) class: ClassKey,
    pub(super) rank: i64,
    pub(super) waits: bool,
    /// Since when it waits for its next answer; none when measuring began too late to know.
    since: Option<Timestamp>,
}

/// An agent who takes contacts, now or as soon as he is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Working {
    pub(super) free: bool,
    /// When his present offer began to ring.
    rung_at: Option<Timestamp>,
    /// What occupies him, and since when.
    jobs: BTreeMap<ContactId, (QueueId, Timestamp)>,
}

/// What was measured of one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Measured {
    /// How long a contact occupied its agent: ring, talk and wrap-up.
    pub(super) handle_times: Average,
    /// How long those who were answered had waited.
    pub(super) waits: Average,
    /// How many gave up before they were answered.
    pub(super) leaving: Share,
}

/// Who waits and works in one tenant, and what was measured.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) contacts: BTreeMap<ContactId, Placed>,
    pub(super) agents: BTreeMap<AgentId, Working>,
    measured: BTreeMap<QueueId, Measured>,
}

impl Ledger {
    /// Forgets who waits and works; what was measured stays.
    pub(super) fn forget_state(&mut self) {
        self.contacts.clear();
        self.agents.clear();
    }

    /// Takes in a contact as it was read.
    pub(super) fn place(&mut self, id: ContactId, contact: &Contact) {
        let Some(place) = &contact.place else { return };
        let placed = Placed {
            queue: place.queue.clone(),
            class: place.class.clone(),
            rank: place.rank,
            waits: contact.state == ContactState::Queued,
            since: None,
        };
        self.contacts.insert(id, placed);
    }

    /// Takes in an agent as he was read; how long his present contact lasts is not known then.
    pub(super) fn seat(&mut self, id: AgentId, agent: &Agent) {
        let free = agent.state == AgentState::Ready;
        if is_working(agent.state.name()) {
            self.agents.insert(id, Working { free, ..Working::default() });
        }
    }

    /// Gives what was measured of a queue.
    pub(super) fn measured(&self, queue: &QueueId) -> Measured {
        self.measured.get(queue).copied().unwrap_or_default()
    }

    /// Takes in a change.
    pub(super) fn hear(&mut self, entry: &OutboxEntry) {
        match entry.entity {
            EntityKind::Contact => self.hear_contact(entry),
            EntityKind::Agent => self.hear_agent(entry),
            EntityKind::Gateway | EntityKind::Offer | EntityKind::Tenant => {}
        }
    }

    fn hear_contact(&mut self, entry: &OutboxEntry) {
        let Ok(id) = ContactId::parse(entry.entity_id.as_str()) else { return };
        let state = entry.field("state").unwrap_or_default();
        let mut known = self.contacts.remove(&id);
        if let Some(place) = place_of(entry) {
            let since = known.as_ref().map_or(Some(entry.at), |known| known.since);
            known = Some(Placed { since, ..place });
        }
        let Some(mut placed) = known else { return };
        placed.waits = state == "queued";
        if let (Some(class), true) = (entry.field("class"), placed.waits) {
            placed.class = ClassKey::new(class);
        }
        match state {
            "connecting" => self.answered(&mut placed, entry.at),
            "ended" => return self.ended(&placed, entry.field("reason")),
            _ => {}
        }
        self.contacts.insert(id, placed);
    }

    fn answered(&mut self, placed: &mut Placed, at: Timestamp) {
        let Some(since) = placed.since.take() else { return };
        let measured = self.measured.entry(placed.queue.clone()).or_default();
        measured.waits.add(at.since(since));
        measured.leaving.add(false);
    }

    fn ended(&mut self, placed: &Placed, reason: Option<&str>) {
        if placed.since.is_some() && reason == Some("abandoned") {
            self.measured.entry(placed.queue.clone()).or_default().leaving.add(true);
        }
    }

    fn hear_agent(&mut self, entry: &OutboxEntry) {
        let Ok(id) = AgentId::parse(entry.entity_id.as_str()) else { return };
        let state = entry.field("state").unwrap_or_default();
        let contact = entry.field("contact").and_then(|id| ContactId::parse(id).ok());
        let mut agent = self.agents.remove(&id).unwrap_or_default();
        match (entry.kind.as_str(), contact) {
            ("agent_offered", _) => agent.rung_at = Some(entry.at),
            ("agent_busy", Some(contact)) => {
                let began = agent.rung_at.take().unwrap_or(entry.at);
                if let Some(placed) = self.contacts.get(&contact) {
                    agent.jobs.insert(contact, (placed.queue.clone(), began));
                }
            }
            ("wrap_up_finished", Some(contact)) => {
                let job = agent.jobs.remove(&contact);
                job.into_iter().for_each(|job| self.handled(job, entry.at));
            }
            _ => {}
        }
        if !is_occupied(state) {
            agent.rung_at = None;
            let jobs = std::mem::take(&mut agent.jobs);
            jobs.into_values().for_each(|job| self.handled(job, entry.at));
        }
        agent.free = state == "ready";
        if is_working(state) {
            self.agents.insert(id, agent);
        }
    }

    fn handled(&mut self, (queue, began): (QueueId, Timestamp), at: Timestamp) {
        self.measured.entry(queue).or_default().handle_times.add(at.since(began));
    }
}

fn place_of(entry: &OutboxEntry) -> Option<Placed> {
    Some(Placed {
        queue: QueueId::parse(entry.field("queue")?).ok()?,
        class: ClassKey::new(entry.field("class")?),
        rank: entry.field("rank")?.parse().ok()?,
        waits: false,
        since: None,
    })
}

fn is_occupied(state: &str) -> bool {
    matches!(state, "offered" | "busy" | "wrap_up")
}

fn is_working(state: &str) -> bool {
    state == "ready" || is_occupied(state)
}

#[cfg(test)]
impl Placed {
    /// Makes a contact that waits.
    pub(super) fn waiting(queue: QueueId, class: ClassKey, rank: i64) -> Self {
        Self { queue, class, rank, waits: true, since: None }
    }
}

#[cfg(test)]
impl Ledger {
    /// Measures a handle time.
    pub(super) fn measure(&mut self, queue: &QueueId, seconds: i64) {
        let end = Timestamp::from_millis(seconds * 1_000);
        self.handled((queue.clone(), Timestamp::ZERO), end);
    }
}

#[cfg(test)]
mod tests;
