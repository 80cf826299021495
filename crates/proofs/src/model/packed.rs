//! A floor at rest in memory: its large maps as plain lists, which are a fraction of the size.

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::state::{Agent, Contact, Offer};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

/// A floor that nobody works on.
pub(super) struct Packed {
    rest: Box<Floor>,
    contacts: Box<[(ContactId, Contact)]>,
    agents: Box<[(AgentId, Agent)]>,
    offers: Box<[(OfferId, Offer)]>,
}

impl Packed {
    pub(super) fn of(mut floor: Floor) -> Self {
        Self {
            contacts: std::mem::take(&mut floor.contacts).into_iter().collect(),
            agents: std::mem::take(&mut floor.agents).into_iter().collect(),
            offers: std::mem::take(&mut floor.offers).into_iter().collect(),
            rest: Box::new(floor),
        }
    }

    pub(super) fn unpack(&self) -> Floor {
        Floor {
            contacts: self.contacts.iter().cloned().collect(),
            agents: self.agents.iter().cloned().collect(),
            offers: self.offers.iter().cloned().collect(),
            ..self.rest.as_ref().clone()
        }
    }
}
