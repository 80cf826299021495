//! From the state of a contact to what its gateway must do now.

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason, Token};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

use super::facts::Failure;
use super::session::{PARTS, Session};
use crate::sim::mutants::Mutant;
use crate::sim::store::Row;
use crate::sim::wire::{Deed, Order, Wish};

impl Session {
    /// Gives the session whose inventory is done with. Before, what the floor remembers of the calls
    /// may be older than the truth, and nothing may follow from it; the inventory sends it then.
    fn settled_token(&self) -> Option<Token> {
        if self.edge.world.has(Mutant::OrderBeforeInventory) {
            return Some(self.token());
        }
        self.settled.get().filter(|settled| *settled == self.token())
    }

    /// Sends what follows from the present state of a call.
    pub(super) async fn resume(&self, call: &ContactId) -> Result<(), Failure> {
        let Some(token) = self.settled_token() else { return Ok(()) };
        let Some(contact) = self.edge.contact(call).await? else { return Ok(()) };
        match &contact.state {
            ContactState::InMenu => {
                return Box::pin(self.ask_again(call, &contact, token)).await;
            }
            ContactState::Queued | ContactState::Offered { .. } => {
                self.treat(token, call, &contact);
            }
            ContactState::Connecting { offer, agent } => {
                self.bridge(token, call, &contact, (offer, agent));
            }
            ContactState::Connected { .. } => {}
            ContactState::Ended { .. } => return self.end_leg(call, &contact).await,
        }
        Ok(())
    }

    fn treat(&self, token: Token, call: &ContactId, contact: &Contact) {
        // A caller of an older session may talk by now: that one's place says nothing any more.
        if contact.token != Some(token) {
            return;
        }
        let id = format!("queue-{}", contact.version);
        self.say((token, id), call, contact.version * 16, Deed::Treat);
    }

    /// Has caller and agent connected, by the session that vouched for the caller when he was
    /// offered and by no later one.
    fn bridge(
        &self,
        token: Token,
        call: &ContactId,
        contact: &Contact,
        (offer, agent): (&OfferId, &AgentId),
    ) {
        if contact.token != Some(token) {
            return;
        }
        let (agent, dialled) = (agent.clone(), offer.clone());
        let (wish, call_sequence) = (Wish::decode(&contact.details), contact.call_sequence / PARTS);
        let deed = match (wish, &contact.parent) {
            (Some(wish), Some(about)) => {
                let about = about.clone();
                Deed::Consult { about, agent, offer: dialled, wish, call_sequence }
            }
            (Some(wish), None) if contact.callback.is_some_and(|callback| !callback.reached) => {
                Deed::Dial { agent, offer: dialled, wish, call_sequence }
            }
            _ => Deed::Bridge { agent, offer: dialled },
        };
        self.say((token, format!("bridge-{offer}")), call, contact.version * 16, deed);
    }

    pub(super) fn hang_up(&self, call: &ContactId, version: u64) {
        let id = format!("hangup-{version}");
        self.say((self.token(), id), call, version * 16, Deed::HangUp);
    }

    fn say(&self, (token, id): (Token, String), call: &ContactId, sequence: u64, deed: Deed) {
        self.order(Order { id, token, call: call.clone(), sequence, deed });
    }

    /// Sends what follows from a change of one of this gateway's calls.
    pub(super) async fn tell_change(&self, call: &ContactId, row: &Row) -> Result<(), Failure> {
        let settled = self.settled_token().filter(|token| token.epoch == row.epoch);
        let Some(token) = settled else { return Ok(()) };
        let version = row.event.version;
        match row.event.kind {
            EventKind::ContactQueued | EventKind::ContactRequeued => {
                let Some(contact) = self.edge.contact(call).await? else { return Ok(()) };
                if is_waiting(&contact.state) {
                    self.treat(token, call, &contact);
                } else if contact.state == ContactState::InMenu {
                    Box::pin(self.ask_again(call, &contact, token)).await?;
                }
            }
            EventKind::ContactConnecting => self.connect(token, call).await?,
            EventKind::ContactQueried => {
                // The order to connect may have been lost; a gateway that has it does it once. The
                // question has the lower number: it must not make the order look overtaken.
                self.say((token, format!("query-{version}")), call, version * 16 - 1, Deed::Query);
                self.resume(call).await?;
            }
            EventKind::ContactEnded => {
                if row.event.fields.get("reason") == Some(EndReason::Merged.as_str()) {
                    return self.resume(call).await;
                }
                self.forget(call);
                self.hang_up(call, version);
            }
            _ => {}
        }
        Ok(())
    }

    /// Has caller and agent connected if that still holds: the change may be old news.
    async fn connect(&self, token: Token, call: &ContactId) -> Result<(), Failure> {
        let Some(contact) = self.edge.contact(call).await? else { return Ok(()) };
        if let ContactState::Connecting { offer, agent } = &contact.state {
            self.bridge(token, call, &contact, (offer, agent));
        }
        Ok(())
    }
}

fn is_waiting(state: &ContactState) -> bool {
    matches!(state, ContactState::Queued | ContactState::Offered { .. })
}
