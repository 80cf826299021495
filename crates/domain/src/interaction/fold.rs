//! Folding events into an interaction: each event adds what it says, unknown ones add nothing.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, CustomerId, GatewayId, IdError, QueueId};
use crate::number_rule::lists_of;
use crate::time::Timestamp;

use super::{Interaction, InteractionState, Origin};

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
            channel: Channel::Voice,
            origin: Origin::Arrived,
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
            caller_lists: Vec::new(),
            refused: None,
        }
    }

    /// Adds what one event says. The first time of anything stays, the last word on anything wins.
    ///
    /// Every event of a contact carries the state it led to; events of agents add particulars only.
    pub fn fold(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        match fact.kind {
            kind if kind.starts_with("contact_") || kind.starts_with("menu_") => {
                self.fold_contact(fact)
            }
            "wrap_up_finished" => {
                self.fold_wrap_up(fact);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn fold_contact(&mut self, fact: &Fact<'_>) -> Result<(), FoldError> {
        let particulars = Particulars::read(fact)?;
        self.gateway = particulars.gateway.or(self.gateway.take());
        if let Some(channel) = fact.fields.get("channel").and_then(|word| Channel::parse(word)) {
            self.channel = channel;
        }
        if let Some(origin) = fact.fields.get("cause").and_then(|word| Origin::parse(word)) {
            self.origin = origin;
            if matches!(origin, Origin::Callback | Origin::Owed) {
                self.channel = Channel::Callback;
            }
        }
        self.customer = particulars.customer.or(self.customer.take());
        self.queue = particulars.queue.or(self.queue.take());
        self.calling_number = fact.text("calling_number").or(self.calling_number.take());
        self.called_number = fact.text("called_number").or(self.called_number.take());
        self.language = fact.text("language").or(self.language.take());
        if let Some(lists) = fact.text("caller_lists") {
            self.caller_lists = lists_of(&lists);
        }
        self.refused = fact.text("refused").or(self.refused.take());
        self.started_at = self.started_at.min(fact.wall);
        if fact.kind == "contact_offered" {
            self.offers = self.offers.saturating_add(1);
        }
        if let Some(state) = state_after(fact) {
            self.enter(state, particulars.agent, fact);
        }
        Ok(())
    }

    fn enter(&mut self, state: InteractionState, agent: Option<AgentId>, fact: &Fact<'_>) {
        if self.state == InteractionState::Ended && !tells_anew(fact) {
            return;
        }
        match state {
            InteractionState::Waiting => {
                self.queued_at.get_or_insert(fact.wall);
            }
            InteractionState::Connected => {
                self.agent = agent.or(self.agent.take());
                self.answered_at.get_or_insert(fact.wall);
            }
            InteractionState::InMenu
            | InteractionState::Offered
            | InteractionState::Connecting
            | InteractionState::Orphaned
            | InteractionState::Ended => {}
        }
        let is_over = state == InteractionState::Ended;
        self.ended_at = is_over.then_some(fact.wall);
        self.end_reason = if is_over { self.reason_of_end(fact) } else { None };
        self.state = state;
    }

    /// Gives why a contact ended. One that was refused is ended by its gateway like any other; that
    /// it never got into a queue tells that nothing else became of it.
    fn reason_of_end(&self, fact: &Fact<'_>) -> Option<String> {
        let refused = self.refused.clone().filter(|_| self.queued_at.is_none());
        refused.or_else(|| fact.text("reason"))
    }

    fn fold_wrap_up(&mut self, fact: &Fact<'_>) {
        let noted = fact.text("disposition").or(self.disposition.take());
        self.disposition = noted.or_else(|| fact.text("default_disposition"));
        self.notes = fact.text("notes").or(self.notes.take());
    }
}

/// Says whether an event tells anew of a contact that is over. Live state that was set back by a crash
/// remembers it as going on: nobody has said so yet, and of one that is over nobody may ever. Nor does
/// an end that is concluded from a gateway's silence replace one that is known.
fn tells_anew(fact: &Fact<'_>) -> bool {
    match fact.kind {
        "contact_ended" => {
            let reason = fact.text("reason");
            !matches!(reason.as_deref(), Some("gateway_lost" | "gone_during_outage"))
        }
        "contact_started" | "contact_confirmed" | "contact_reopened" | "contact_offered"
        | "contact_connecting" | "contact_connected" => true,
        _ => false,
    }
}

/// The ids an event of a contact may name, all read before anything is changed.
struct Particulars {
    gateway: Option<GatewayId>,
    customer: Option<CustomerId>,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
}

impl Particulars {
    fn read(fact: &Fact<'_>) -> Result<Self, FoldError> {
        Ok(Self {
            gateway: fact.id("gateway")?,
            customer: fact.id("customer")?,
            queue: fact.id("queue")?,
            agent: fact.id("agent")?,
        })
    }
}

/// Gives the state an event led to; none when it does not say, or in a word not known here.
fn state_after(fact: &Fact<'_>) -> Option<InteractionState> {
    if fact.kind == "contact_orphaned" {
        return Some(InteractionState::Orphaned);
    }
    match fact.fields.get("state")?.as_str() {
        // The floor calls a contact queued; here it is the caller who waits.
        "queued" => Some(InteractionState::Waiting),
        word => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
