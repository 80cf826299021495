//! What the outside of a floor needs to know of it, small enough to copy.

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::state::{AgentState, ContactState, EndReason};

use super::names::{self, AGENTS, CONTACTS, GATEWAYS};

/// Where a contact is, seen from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// The floor does not know it.
    #[default]
    Unknown,
    InMenu,
    Queued,
    Offered,
    Connecting,
    Connected,
    /// Over; `true` when the floor would take it back.
    Ended(bool),
}

/// A contact, seen from outside.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub(super) struct ContactView {
    pub(super) place: Place,
    /// The agent it is bound to, counted from 1.
    pub(super) agent: u8,
    /// The offer that led to him.
    pub(super) offer: u8,
    /// The session that reported it.
    pub(super) token: u8,
    pub(super) orphaned: bool,
    pub(super) has_deadline: bool,
    /// Whether its longest wait is still to come.
    pub(super) may_overflow: bool,
    /// The agents it cools down from, a bit each.
    pub(super) cooling: u8,
    /// Whether it may look further.
    pub(super) widens: bool,
}

/// What an agent does, seen from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Doing {
    #[default]
    Offline,
    NotReady,
    Ready,
    Offered,
    Busy,
    WrapUp,
}

/// An agent, seen from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AgentView {
    pub(super) doing: Doing,
    /// The contact he rings for, talks to or wraps up, counted from 1.
    pub(super) contact: u8,
    pub(super) offer: u8,
    pub(super) session: u8,
    pub(super) wrapping: bool,
    pub(super) leased: bool,
    pub(super) wants_ready: bool,
}

/// A gateway, seen from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GatewayView {
    pub(super) token: u8,
    pub(super) fresh: bool,
    pub(super) leased: bool,
}

/// A floor, seen from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct View {
    pub(super) epoch: u8,
    pub(super) barrier_open: bool,
    pub(super) contacts: [ContactView; CONTACTS],
    pub(super) agents: [AgentView; AGENTS],
    pub(super) gateways: [GatewayView; GATEWAYS],
    /// The offers it remembers, a bit each, and those of them that are over.
    pub(super) offers: u32,
    pub(super) closed: u32,
    /// Whether a deadline has come that nobody has fired yet.
    pub(super) due: bool,
}

impl View {
    pub(super) fn of(floor: &Floor) -> Self {
        let mut view = Self {
            epoch: u8::try_from(floor.epoch).expect("configurations have few epochs"),
            barrier_open: floor.barrier_open,
            ..Self::default()
        };
        view.due = floor.deadlines.first().is_some_and(|(at, _)| *at <= floor.now);
        view.see_contacts(floor);
        view.see_agents(floor);
        for (id, gateway) in &floor.gateways {
            view.gateways[names::number(id.as_str())] = GatewayView {
                token: gateway.token.map_or(0, names::token_code),
                fresh: gateway.fresh,
                leased: gateway.deadline.is_some(),
            };
        }
        for (id, offer) in &floor.offers {
            let bit = 1 << names::offer_code(id);
            view.offers |= bit;
            view.closed |= if offer.outcome.is_some() { bit } else { 0 };
        }
        view
    }

    fn see_contacts(&mut self, floor: &Floor) {
        for (id, contact) in &floor.contacts {
            let (place, offer) = match &contact.state {
                ContactState::InMenu => (Place::InMenu, 0),
                ContactState::Queued => (Place::Queued, 0),
                ContactState::Offered { .. } => (Place::Offered, 0),
                ContactState::Connecting { offer, .. } => {
                    (Place::Connecting, names::offer_code(offer))
                }
                ContactState::Connected { .. } => (Place::Connected, 0),
                ContactState::Ended { reason } => (Place::Ended(is_lost(*reason)), 0),
            };
            let agent = contact.state.agent().map_or(0, |agent| names::number(agent.as_str()) + 1);
            let cooling = contact
                .tried
                .keys()
                .fold(0, |mask, tried| mask | 1 << names::number(tried.as_str()));
            let line = contact.place.as_ref();
            let widens = line.is_some_and(|line| !line.rings.is_empty());
            let overflows = line.map(|line| line.overflows_at > floor.now);
            self.contacts[names::number(id.as_str())] = ContactView {
                place,
                agent: u8::try_from(agent).unwrap_or(0),
                offer,
                token: contact.token.map_or(0, names::token_code),
                orphaned: contact.orphaned,
                has_deadline: contact.deadline.is_some(),
                may_overflow: overflows.unwrap_or(false),
                cooling,
                widens,
            };
        }
    }

    fn see_agents(&mut self, floor: &Floor) {
        for (id, agent) in &floor.agents {
            let state = agent.state();
            let (doing, offer) = match &state {
                AgentState::Offline => (Doing::Offline, 0),
                AgentState::NotReady => (Doing::NotReady, 0),
                AgentState::Ready => (Doing::Ready, 0),
                AgentState::Offered { offer, .. } => (Doing::Offered, names::offer_code(offer)),
                AgentState::Busy { .. } => (Doing::Busy, 0),
                AgentState::WrapUp { .. } => (Doing::WrapUp, 0),
            };
            let contact = state.contact().map_or(0, |contact| names::number(contact.as_str()) + 1);
            self.agents[names::number(id.as_str())] = AgentView {
                doing,
                contact: u8::try_from(contact).unwrap_or(0),
                offer,
                session: agent.session.map_or(0, names::token_code),
                wrapping: agent.wrap_up_until().is_some(),
                leased: agent.lease_until.is_some(),
                wants_ready: agent.want == switchboard_domain::floor::state::Want::Ready,
            };
        }
    }
}

fn is_lost(reason: EndReason) -> bool {
    matches!(reason, EndReason::GatewayLost | EndReason::GoneDuringOutage)
}
