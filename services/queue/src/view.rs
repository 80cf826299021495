//! One agent as a desktop shows it: state, offer, contact, deadlines.

pub(crate) mod card;

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_api::agent::v1 as wire;
use switchboard_api::convert::agent::{presence, session_id, work_state};
use switchboard_api::convert::channel::channel;
use switchboard_api::convert::time::{duration, timestamp};
use switchboard_domain::center::{Center, Queue};
use switchboard_domain::floor::state::{
    Agent, AgentState, Assignment, Contact, ContactState, Phase, Token, Want,
};
use switchboard_domain::ids::{AgentId, ContactId, OfferId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::{FloorError, LiveFloor};
use switchboard_store::outbox::OutboxEntry;

/// Which agent of which tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// The agent.
    pub(crate) agent: AgentId,
}

/// An agent and the contact he is bound to, as the floor has them.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// The tenant's logical clock.
    pub(crate) now: Timestamp,
    /// The agent; none if the floor has never seen him.
    pub(crate) agent: Option<Agent>,
    /// What he is doing, seen as one thing.
    state: AgentState,
    /// The contact he is bound to.
    pub(crate) contact: Option<(ContactId, Contact)>,
}

impl View {
    /// Reads an agent.
    pub(crate) async fn read(floor: &dyn LiveFloor, who: &Who) -> Result<Self, FloorError> {
        let (status, agent) =
            tokio::try_join!(floor.status(&who.tenant), floor.agent(&who.tenant, &who.agent))?;
        Self::with(floor, who, status.now, (agent, None)).await
    }

    /// Reads an agent at a time that is known already, such as an event's.
    pub(crate) async fn read_at(
        floor: &dyn LiveFloor,
        who: &Who,
        now: Timestamp,
    ) -> Result<Self, FloorError> {
        let agent = floor.agent(&who.tenant, &who.agent).await?;
        Self::with(floor, who, now, (agent, None)).await
    }

    /// Reads an agent of whom an entry tells, at its time, and with him the contact that it names.
    pub(crate) async fn read_told(
        floor: &dyn LiveFloor,
        who: &Who,
        entry: &OutboxEntry,
    ) -> Result<Self, FloorError> {
        let Some(id) = entry.field("contact").and_then(|id| ContactId::parse(id).ok()) else {
            return Self::read_at(floor, who, entry.at).await;
        };
        let (agent, contact) = floor.agent_with(&who.tenant, &who.agent, &id).await?;
        let named = contact.map(|contact| (id, contact));
        Self::with(floor, who, entry.at, (agent, named)).await
    }

    async fn with(
        floor: &dyn LiveFloor,
        who: &Who,
        now: Timestamp,
        (agent, named): (Option<Agent>, Option<(ContactId, Contact)>),
    ) -> Result<Self, FloorError> {
        let state = agent.as_ref().map_or(AgentState::Offline, Agent::state);
        let contact = match (state.contact().cloned(), named) {
            (Some(id), Some((named, contact))) if named == id => Some((id, contact)),
            (Some(id), _) => floor.contact(&who.tenant, &id).await?.map(|contact| (id, contact)),
            (None, _) => None,
        };
        Ok(Self { now, agent, state, contact })
    }

    /// Gives the session that serves the agent.
    pub(crate) fn session(&self) -> Option<Token> {
        self.agent.as_ref()?.session
    }

    /// Gives how often the agent changed.
    pub(crate) fn version(&self) -> u64 {
        self.agent.as_ref().map_or(0, |agent| agent.version)
    }

    /// Gives what the agent is doing.
    pub(crate) fn state(&self) -> &AgentState {
        &self.state
    }

    /// Gives the contacts the agent talks to or is being connected to.
    pub(crate) fn bound(&self) -> BTreeSet<ContactId> {
        let work = self.agent.iter().flat_map(|agent| &agent.work);
        let talking = work.filter(|(_, work)| work.phase == Phase::Talking);
        talking.map(|(contact, _)| contact.clone()).collect()
    }

    /// Puts the contacts in the agent's hands on the wire.
    fn work(&self) -> Vec<wire::AgentWork> {
        let one = |(contact, work): (&ContactId, &Assignment)| {
            let (state, deadline) = match work.phase {
                Phase::Talking => (wire::WorkState::Busy, None),
                Phase::WrapUp { until, .. } => (wire::WorkState::WrapUp, until),
            };
            wire::AgentWork {
                contact_id: contact.to_string(),
                channel: channel(work.channel).into(),
                state: state.into(),
                since: Some(timestamp(work.since)),
                deadline: deadline.map(timestamp),
            }
        };
        self.agent.iter().flat_map(|agent| &agent.work).map(one).collect()
    }

    /// Gives the offer that rings, as a desktop shows it.
    pub(crate) fn offer(&self, center: &Center) -> Option<wire::Offer> {
        let AgentState::Offered { offer, .. } = self.state() else { return None };
        let (id, contact) = self.contact.as_ref()?;
        let deadline = self.ringing_until(offer)?;
        Some(wire::Offer {
            offer_id: offer.to_string(),
            contact: Some(card::card(id, contact, center, self.now)),
            deadline: Some(timestamp(deadline)),
            time_left: Some(duration(deadline.since(self.now))),
        })
    }

    /// Puts the agent on the wire; `since` is when the state began, if an event told.
    pub(crate) fn agent_state(
        &self,
        who: &Who,
        center: &Center,
        since: Option<Timestamp>,
    ) -> wire::AgentState {
        let deadline = self.deadline();
        let (want, reason) = match &self.agent {
            Some(agent) => (agent.want, agent.reason.as_str()),
            None => (Want::SignedOut, ""),
        };
        wire::AgentState {
            agent_id: who.agent.to_string(),
            display_name: display_name(center, &who.agent),
            state: work_state(self.state()).into(),
            wanted: Some(presence(want, reason)),
            since: since.or_else(|| self.since(center)).map(timestamp),
            deadline: deadline.map(timestamp),
            time_left: deadline.map(|at| duration(at.since(self.now))),
            contact_id: self.state().contact().map(ToString::to_string).unwrap_or_default(),
            offer: self.offer(center),
            version: self.version(),
            session_id: self.session().map(session_id).unwrap_or_default(),
            work: self.work(),
        }
    }

    /// Gives when the state began, where the floor's own times tell.
    pub(crate) fn since(&self, center: &Center) -> Option<Timestamp> {
        let served = self.queue(center);
        let before = |span: fn(&Queue) -> Duration| Some(self.deadline()? - span(served?));
        match self.state() {
            AgentState::Ready => self.agent.as_ref().map(|agent| agent.idle_since),
            AgentState::Offered { .. } => before(|queue| queue.ring_timeout),
            AgentState::WrapUp { .. } => before(|queue| queue.wrap_up.time),
            AgentState::Offline | AgentState::NotReady | AgentState::Busy { .. } => None,
        }
    }

    fn queue<'a>(&self, center: &'a Center) -> Option<&'a Queue> {
        let (_, contact) = self.contact.as_ref()?;
        center.queue(&contact.place.as_ref()?.queue)
    }

    fn deadline(&self) -> Option<Timestamp> {
        match self.state() {
            AgentState::Offered { offer, .. } => self.ringing_until(offer),
            AgentState::WrapUp { .. } => self.agent.as_ref()?.wrap_up_until(),
            AgentState::Offline
            | AgentState::NotReady
            | AgentState::Ready
            | AgentState::Busy { .. } => None,
        }
    }

    // Agent and contact are two reads: the contact may have moved on in between.
    fn ringing_until(&self, offer: &OfferId) -> Option<Timestamp> {
        let (_, contact) = self.contact.as_ref()?;
        match &contact.state {
            ContactState::Offered { offers } if offers.iter().any(|(rung, _)| rung == offer) => {
                contact.deadline
            }
            ContactState::Offered { .. }
            | ContactState::InMenu
            | ContactState::Queued
            | ContactState::Connecting { .. }
            | ContactState::Connected { .. }
            | ContactState::Ended { .. } => None,
        }
    }
}

fn display_name(center: &Center, agent: &AgentId) -> String {
    center.agent(agent).map(|agent| agent.display_name.clone()).unwrap_or_default()
}
