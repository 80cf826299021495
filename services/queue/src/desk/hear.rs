//! From what happened on the floor to what a desktop is told.

use std::collections::BTreeSet;

use switchboard_api::ApiError;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{
    Connected, ConsultEnded, ConsultStarted, ContactEnded, OfferMade, PresenceForced, Replaced,
    WrapUpStarted,
};
use switchboard_api::convert::agent::{offer_closed, presence};
use switchboard_api::convert::time::timestamp;
use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{OfferOutcome, Token, Want};
use switchboard_domain::ids::ContactId;
use switchboard_domain::time::Timestamp;
use switchboard_store::outbox::{EntityKind, OutboxEntry};

use crate::desk::news::Heard;
use crate::desk::session::{Session, Standing};
use crate::view::View;

/// What agents sign out for when they want to.
const WANTED: &str = "wanted";
/// The state of an agent who talks.
const BUSY: &str = "busy";
/// Why a contact left an agent that only its queue knows about.
const TRANSFERRED: &str = "transferred";

impl Session {
    /// Tells the desktop what happened.
    pub(super) async fn hear(&mut self, heard: Heard) {
        let entry = match heard {
            Heard::Gap => return self.refresh().await,
            Heard::Entry(entry) => entry,
        };
        // A desktop that is behind gets everything at once, later.
        if self.out.is_behind() || entry.epoch < self.token.epoch {
            return;
        }
        if entry.epoch > self.token.epoch {
            return self.refresh().await;
        }
        let outcome = match entry.entity {
            EntityKind::Agent => self.hear_agent(&entry).await,
            EntityKind::Offer => self.hear_offer(&entry).await,
            EntityKind::Contact => {
                self.hear_contact(&entry);
                Ok(())
            }
            EntityKind::Gateway | EntityKind::Tenant => Ok(()),
        };
        if outcome.is_err() {
            self.refresh().await;
        }
    }

    async fn hear_agent(&mut self, entry: &OutboxEntry) -> Result<(), ApiError> {
        if entry.version <= self.began {
            return Ok(());
        }
        let kind = EventKind::parse(&entry.kind);
        match kind {
            Some(EventKind::AgentSignedIn) if self.is_newer(entry) => {
                self.standing = Standing::Over;
                self.out.finish(Update::Replaced(Replaced {})).await;
                return Ok(());
            }
            Some(EventKind::AgentSignedOut) if entry.field("cause") == Some(WANTED) => {
                self.standing = Standing::Over;
            }
            Some(EventKind::AgentSignedOut | EventKind::AgentDetached) => {
                self.lose().await;
                return Ok(());
            }
            Some(EventKind::AgentBusy) => self.bound.extend(contact_of(entry)),
            Some(EventKind::PresenceForced) => self.tell_forced(entry),
            _ => {}
        }
        self.notice_transfer(entry);
        if entry.version > self.shown {
            self.show_at(entry).await?;
        }
        if kind == Some(EventKind::AgentWrapUp) {
            self.tell_wrap_up(entry);
        }
        Ok(())
    }

    fn is_newer(&self, entry: &OutboxEntry) -> bool {
        let session = entry.field("session").and_then(Token::parse);
        session.is_some_and(|session| session > self.token)
    }

    fn tell_forced(&mut self, entry: &OutboxEntry) {
        let want = entry.field("want").and_then(Want::parse).unwrap_or(Want::NotReady);
        let wanted = presence(want, entry.field("reason").unwrap_or_default());
        let by = entry.field("by").unwrap_or_default().to_owned();
        self.out.tell(Update::PresenceForced(PresenceForced { wanted: Some(wanted), by }));
    }

    /// An agent who is free again although nothing was heard of his contact handed it over.
    fn notice_transfer(&mut self, entry: &OutboxEntry) {
        let left = match (entry.field("state"), EventKind::parse(&entry.kind)) {
            (Some(BUSY), Some(EventKind::AgentWrapUp)) => {
                contact_of(entry).filter(|contact| self.bound.remove(contact)).into_iter().collect()
            }
            (Some(BUSY), _) => BTreeSet::new(),
            _ => std::mem::take(&mut self.bound),
        };
        for contact in left {
            self.end_contact(&contact, TRANSFERRED);
        }
    }

    /// Shows the agent as he is after a change.
    async fn show_at(&mut self, entry: &OutboxEntry) -> Result<(), ApiError> {
        let view = View::read_told(self.desks.floor(), &self.who, entry).await?;
        let planned = self.desks.planned(&self.who).await?;
        self.note(&view);
        // Of several changes in a row only the last one's time is that of the state.
        let since = Some(entry.at).filter(|_| view.version() == entry.version);
        let state = view.agent_state(&self.who, planned.center(), since);
        self.out.tell(Update::Agent(state));
        Ok(())
    }

    fn tell_wrap_up(&mut self, entry: &OutboxEntry) {
        let until = entry.field("until").and_then(|at| at.parse().ok());
        let started = WrapUpStarted {
            contact_id: entry.field("contact").unwrap_or_default().to_owned(),
            deadline: until.map(Timestamp::from_millis).map(timestamp),
        };
        self.out.tell(Update::WrapUpStarted(started));
    }

    async fn hear_offer(&mut self, entry: &OutboxEntry) -> Result<(), ApiError> {
        let outcome = entry.field("outcome").and_then(OfferOutcome::parse);
        if let Some(outcome) = outcome {
            let closed = offer_closed(entry.entity_id.clone(), outcome);
            self.out.tell(Update::OfferClosed(closed));
            return Ok(());
        }
        let view = View::read_told(self.desks.floor(), &self.who, entry).await?;
        let planned = self.desks.planned(&self.who).await?;
        let offer = view.offer(planned.center());
        // An offer that is over already was never worth showing.
        let Some(offer) = offer.filter(|offer| offer.offer_id == entry.entity_id) else {
            return Ok(());
        };
        self.out.tell(Update::OfferMade(OfferMade { offer: Some(offer) }));
        self.show_view(&view).await
    }

    fn hear_contact(&mut self, entry: &OutboxEntry) {
        let Ok(contact) = ContactId::parse(entry.entity_id.as_str()) else { return };
        match EventKind::parse(&entry.kind) {
            Some(EventKind::ContactConnected) => {
                let contact_id = entry.entity_id.clone();
                self.out.tell(Update::Connected(Connected { contact_id }));
            }
            Some(EventKind::ConsultStarted) if self.bound.contains(&contact) => {
                let contact_id = entry.entity_id.clone();
                let consult_id = entry.field("consult").unwrap_or_default().to_owned();
                let started = ConsultStarted { contact_id, consult_id };
                self.out.tell(Update::ConsultStarted(started));
            }
            Some(EventKind::ConsultEnded) if self.bound.contains(&contact) => {
                let field = |name: &str| entry.field(name).unwrap_or_default().to_owned();
                let ended = ConsultEnded {
                    contact_id: entry.entity_id.clone(),
                    consult_id: field("consult"),
                    outcome: field("outcome"),
                };
                self.out.tell(Update::ConsultEnded(ended));
            }
            Some(EventKind::ContactEnded) => self.leave(&contact, entry.field("reason")),
            Some(EventKind::ContactRequeued) => self.leave(&contact, entry.field("cause")),
            _ => {}
        }
    }

    fn leave(&mut self, contact: &ContactId, reason: Option<&str>) {
        if self.bound.remove(contact) {
            self.end_contact(contact, reason.unwrap_or_default());
        }
    }

    fn end_contact(&mut self, contact: &ContactId, reason: &str) {
        let contact_id = contact.to_string();
        self.out.tell(Update::ContactEnded(ContactEnded { contact_id, reason: reason.to_owned() }));
    }
}

fn contact_of(entry: &OutboxEntry) -> Option<ContactId> {
    entry.field("contact").and_then(|id| ContactId::parse(id).ok())
}
