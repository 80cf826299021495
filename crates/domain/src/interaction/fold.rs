//! Folding events into an interaction: each event adds what it says, unknown ones add nothing.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::{ContactId, IdError};
use crate::time::Timestamp;

use super::{Interaction, InteractionState};

/// One event about a contact, as the floor tells it.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'entry> {
    /// What happened, in the past tense and `snake_case`.
    pub kind: &'entry str,
    /// The particulars.
    pub fields: &'entry BTreeMap<String, String>,
    /// When, on the wall.
    pub wall: Timestamp,
}

/// Says why an event cannot be folded; the interaction is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("field `{field}` of `{kind}` is no id")]
pub struct FoldError {
    /// The event.
    pub kind: String,
    /// The particular that cannot be read.
    pub field: &'static str,
    /// The cause.
    #[source]
    pub source: IdError,
}

impl Fact<'_> {
    fn text(&self, field: &str) -> Option<String> {
        self.fields.get(field).filter(|text| !text.is_empty()).cloned()
    }

    fn id<Id>(&self, field: &'static str) -> Result<Option<Id>, FoldError>
    where
        Id: FromStr<Err = IdError>,
    {
        let read = self.text(field).map(|text| text.parse()).transpose();
        read.map_err(|source| FoldError { kind: self.kind.to_owned(), field, source })
    }
}

impl Interaction {
    /// Begins the record of a contact of which nothing else is known yet.
    pub const fn begin(id: ContactId, started_at: Timestamp) -> Self {
        Self {
            id,
            state: InteractionState::InMenu,
            gateway: None,
            calling_number: None,
            called_number: None,
            language: None,
            customer: None,
            queue: None,
            agent: None,
            offers: 0,
            started_at,
            queued_at: None,
            answered_at: None,
            ended_at: None,
            end_reason: None,
            disposition: None,
            notes: None,
        }
    }

    /// Adds what one event says. The first time of anything stays, the last word on anything wins.
    pub fn fold(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        match fact.kind {
            "contact_started" => return self.fold_started(fact),
            "menu_entered" => self.state = InteractionState::InMenu,
            "contact_queued" => return self.fold_queued(fact),
            "contact_requeued" | "offer_declined" | "offer_expired" | "offer_revoked"
                if self.state != InteractionState::Ended =>
            {
                self.state = InteractionState::Waiting;
            }
            "contact_offered" => {
                self.offers = self.offers.saturating_add(1);
                self.state = InteractionState::Offered;
            }
            "offer_accepted" | "contact_connecting" => self.state = InteractionState::Connecting,
            "contact_connected" => return self.fold_connected(fact),
            "contact_orphaned" => self.state = InteractionState::Orphaned,
            "contact_reopened" => self.fold_reopened(),
            "contact_ended" => self.fold_ended(fact),
            "wrap_up_finished" => self.fold_wrap_up(fact),
            _ => {}
        }
        Ok(())
    }

    fn fold_started(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        let (gateway, customer) = (fact.id("gateway")?, fact.id("customer")?);
        self.gateway = gateway.or(self.gateway.take());
        self.customer = customer.or(self.customer.take());
        self.calling_number = fact.text("calling_number").or(self.calling_number.take());
        self.called_number = fact.text("called_number").or(self.called_number.take());
        self.language = fact.text("language").or(self.language.take());
        self.started_at = self.started_at.min(fact.wall);
        Ok(())
    }

    fn fold_queued(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        let (queue, customer) = (fact.id("queue")?, fact.id("customer")?);
        self.queue = queue.or(self.queue.take());
        // A slow lookup may tell who calls only after the call was routed.
        self.customer = customer.or(self.customer.take());
        self.queued_at.get_or_insert(fact.wall);
        self.state = InteractionState::Waiting;
        Ok(())
    }

    fn fold_connected(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        self.agent = fact.id("agent")?.or(self.agent.take());
        self.answered_at.get_or_insert(fact.wall);
        self.state = InteractionState::Connected;
        Ok(())
    }

    fn fold_reopened(&mut self) {
        self.state = InteractionState::Waiting;
        self.ended_at = None;
        self.end_reason = None;
    }

    fn fold_ended(&mut self, fact: &Fact<'_>) {
        self.state = InteractionState::Ended;
        self.ended_at = Some(fact.wall);
        self.end_reason = fact.text("reason");
    }

    fn fold_wrap_up(&mut self, fact: &Fact<'_>) {
        self.disposition = fact.text("disposition").or(self.disposition.take());
        self.notes = fact.text("notes").or(self.notes.take());
    }
}

#[cfg(test)]
mod tests;
