//! Who does what and where contacts are, kept current event by event.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::Center;
use switchboard_domain::floor::state::{Agent, Contact, Phase};
use switchboard_domain::ids::{AgentId, ContactId, QueueId};
use switchboard_store::live_floor::QueueStatus;
use switchboard_store::outbox::{EntityKind, OutboxEntry};

use crate::board::Line;

/// What a signed-in agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Ready,
    Busy,
    WrapUp,
    NotReady,
}

/// How far a contact with an agent has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Offered,
    Connected,
}

/// Which lines must be counted anew.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dirty {
    Some(BTreeSet<QueueId>),
    All,
}

/// Who does what and where contacts are.
#[derive(Debug)]
pub(super) struct Tally {
    agents: BTreeMap<AgentId, Doing>,
    contacts: BTreeMap<ContactId, (Option<QueueId>, Stage)>,
    waiting: BTreeMap<QueueId, QueueStatus>,
    dirty: Dirty,
    changed: bool,
}

impl Tally {
    /// Knows nothing yet.
    pub(super) fn new() -> Self {
        Self {
            agents: BTreeMap::new(),
            contacts: BTreeMap::new(),
            waiting: BTreeMap::new(),
            dirty: Dirty::All,
            changed: true,
        }
    }

    /// Takes in an agent as the floor has him.
    pub(super) fn seat(&mut self, id: AgentId, agent: &Agent) {
        if let Some(doing) = doing(agent.state().name()) {
            self.agents.insert(id, doing);
        }
    }

    /// Takes in a contact as the floor has it.
    pub(super) fn place(&mut self, id: ContactId, contact: &Contact) {
        if let Some(stage) = stage(contact.state.name()) {
            let queue = contact.place.as_ref().map(|place| place.queue.clone());
            self.contacts.insert(id, (queue, stage));
        }
    }

    /// Takes in a change.
    pub(super) fn hear(&mut self, entry: &OutboxEntry) {
        let state = entry.field("state").unwrap_or_default();
        match entry.entity {
            EntityKind::Agent => {
                let Ok(id) = AgentId::parse(entry.entity_id.as_str()) else { return };
                match doing(state) {
                    Some(doing) => _ = self.agents.insert(id, doing),
                    None => _ = self.agents.remove(&id),
                }
                self.changed = true;
            }
            EntityKind::Contact => self.hear_contact(entry, state),
            EntityKind::Gateway | EntityKind::Offer | EntityKind::Tenant => {}
        }
    }

    fn hear_contact(&mut self, entry: &OutboxEntry, state: &str) {
        let Ok(id) = ContactId::parse(entry.entity_id.as_str()) else { return };
        let told = entry.field("queue").and_then(|queue| QueueId::parse(queue).ok());
        let known = self.contacts.remove(&id).and_then(|(queue, _)| queue);
        let queue = told.or(known);
        // A contact that came from another queue changes that one as well, whichever it was.
        let moved = entry.field("cause") == Some("overflowed");
        match &queue {
            Some(queue) if !moved => self.touch(queue.clone()),
            Some(_) | None => self.dirty = Dirty::All,
        }
        if let Some(stage) = stage(state) {
            self.contacts.insert(id, (queue, stage));
        }
        self.changed = true;
    }

    fn touch(&mut self, queue: QueueId) {
        match &mut self.dirty {
            Dirty::Some(queues) => _ = queues.insert(queue),
            Dirty::All => {}
        }
    }

    /// Has every line counted anew.
    pub(super) fn touch_all(&mut self) {
        self.dirty = Dirty::All;
        self.changed = true;
    }

    /// Says whether there is something to publish.
    pub(super) fn is_changed(&self) -> bool {
        self.changed
    }

    /// Gives the lines to count anew.
    pub(super) fn to_count(&self, center: &Center) -> Vec<QueueId> {
        match &self.dirty {
            Dirty::Some(queues) => queues.iter().cloned().collect(),
            Dirty::All => center.queues.keys().cloned().collect(),
        }
    }

    /// Takes in new counts; nothing is to be published any more.
    pub(super) fn counted(&mut self, counts: Vec<(QueueId, QueueStatus)>) {
        self.waiting.extend(counts);
        self.dirty = Dirty::Some(BTreeSet::new());
        self.changed = false;
    }

    /// Gives the line of every queue of a center.
    pub(super) fn lines(&self, center: &Center) -> BTreeMap<QueueId, Line> {
        let language = center.default_language.as_str();
        let mut lines: BTreeMap<QueueId, Line> = BTreeMap::new();
        for (id, queue) in &center.queues {
            let waiting = self.waiting.get(id).cloned().unwrap_or_default();
            let display_name = queue.display_name.get(language).unwrap_or_default().to_owned();
            let oldest = waiting.oldest_enqueued_at;
            let line = Line { display_name, waiting: waiting.waiting, oldest, ..Line::default() };
            lines.insert(id.clone(), line);
        }
        self.add_agents(center, &mut lines);
        for (queue, stage) in self.contacts.values() {
            let Some(line) = queue.as_ref().and_then(|queue| lines.get_mut(queue)) else {
                continue;
            };
            match stage {
                Stage::Offered => line.offered += 1,
                Stage::Connected => line.connected += 1,
            }
        }
        lines
    }

    fn add_agents(&self, center: &Center, lines: &mut BTreeMap<QueueId, Line>) {
        for (id, doing) in &self.agents {
            let Some(agent) = center.agent(id) else { continue };
            for queue in agent.queues.keys() {
                let Some(line) = lines.get_mut(queue) else { continue };
                match doing {
                    Doing::Ready => line.ready += 1,
                    Doing::Busy => line.busy += 1,
                    Doing::WrapUp => line.wrap_up += 1,
                    Doing::NotReady => line.not_ready += 1,
                }
            }
        }
    }

    /// Counts the signed-in agents by the word for what they do.
    pub(super) fn agents_by_state(&self) -> [(&'static str, usize); 4] {
        let count = |wanted| self.agents.values().filter(|doing| **doing == wanted).count();
        [
            ("ready", count(Doing::Ready)),
            ("busy", count(Doing::Busy)),
            ("wrap_up", count(Doing::WrapUp)),
            ("not_ready", count(Doing::NotReady)),
        ]
    }
}

/// Gives the contacts of an agent that count as their queues'.
pub(super) fn bound(agent: &Agent) -> Vec<ContactId> {
    let talking = agent.work.iter().filter(|(_, work)| work.phase == Phase::Talking);
    let rung = agent.offer.iter().map(|ringing| ringing.contact.clone());
    talking.map(|(contact, _)| contact.clone()).chain(rung).collect()
}

fn doing(state: &str) -> Option<Doing> {
    match state {
        "ready" => Some(Doing::Ready),
        "offered" | "busy" => Some(Doing::Busy),
        "wrap_up" => Some(Doing::WrapUp),
        "not_ready" => Some(Doing::NotReady),
        _ => None,
    }
}

fn stage(state: &str) -> Option<Stage> {
    match state {
        "offered" => Some(Stage::Offered),
        "connecting" | "connected" => Some(Stage::Connected),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use switchboard_domain::floor::state::{AgentState, ContactState};

    use super::*;

    #[test]
    fn every_state_of_the_floor_is_known_by_its_word() {
        let contact = ContactId::parse("call-1").expect("an id");
        let agent = AgentId::parse("li-wei").expect("an id");
        let offer = switchboard_domain::ids::OfferId::parse("o-1").expect("an id");
        let ringing = AgentState::Offered { offer: offer.clone(), contact: contact.clone() };
        let after_call = AgentState::WrapUp { contact: contact.clone() };

        assert_eq!(doing(AgentState::Ready.name()), Some(Doing::Ready));
        assert_eq!(doing(ringing.name()), Some(Doing::Busy));
        assert_eq!(doing(AgentState::Busy { contact }.name()), Some(Doing::Busy));
        assert_eq!(doing(after_call.name()), Some(Doing::WrapUp));
        assert_eq!(doing(AgentState::NotReady.name()), Some(Doing::NotReady));
        assert_eq!(doing(AgentState::Offline.name()), None);
        let offers = vec![(offer.clone(), agent.clone())];
        let offered = ContactState::Offered { offers };
        let connecting = ContactState::Connecting { offer, agent: agent.clone() };
        assert_eq!(stage(offered.name()), Some(Stage::Offered));
        assert_eq!(stage(connecting.name()), Some(Stage::Connected));
        assert_eq!(stage(ContactState::Connected { agent }.name()), Some(Stage::Connected));
        assert_eq!(stage(ContactState::Queued.name()), None);
    }
}
