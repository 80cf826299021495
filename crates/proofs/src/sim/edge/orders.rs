//! From the state of a contact to what its gateway must do now.

use std::rc::Rc;

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason, Entity, Token};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

use super::facts::Failure;
use super::feed::News;
use super::session::{PARTS, Session};
use crate::sim::engine::{Millis, sleep};
use crate::sim::mutants::Mutant;
use crate::sim::store::Row;
use crate::sim::wire::{Deed, Order, Wish};

/// When to try again what failed.
const PAUSE: Millis = 250;

/// Sends the orders that follow from changes, until the session ends.
pub(super) async fn follow(session: Rc<Session>) {
    let world = Rc::clone(&session.edge.world);
    while !session.is_closed() {
        match session.news.next_within(&world, 5_000).await {
            Some(News::Entry(row)) => change(&session, &row).await,
            Some(News::Gap) => catch_up(&session).await,
            None => {}
        }
    }
}

async fn change(session: &Session, row: &Row) {
    match &row.event.entity {
        Entity::Contact(call) => {
            let holds = session.calls.borrow().contains(call);
            let ours = holds || session.takes_up(call, row).await;
            if ours && is_away(session.tell_change(call, row).await) {
                catch_up(session).await;
            }
        }
        Entity::Floor if row.event.kind == EventKind::EpochOpened => {
            if row.epoch > session.token().epoch {
                catch_up(session).await;
            }
        }
        Entity::Floor | Entity::Agent(_) | Entity::Gateway(_) | Entity::Offer(_) => {}
    }
}

/// After missed changes: checks the session, and sends what follows from the state of every call.
/// What fails is tried again, for nobody else would do it.
async fn catch_up(session: &Session) {
    while !session.is_closed() && is_away(session.try_catch_up().await) {
        sleep(&session.edge.world, PAUSE).await;
    }
}

fn is_away(outcome: Result<(), Failure>) -> bool {
    matches!(outcome, Err(Failure::Floor(trouble)) if trouble.is_away())
}

impl Session {
    async fn try_catch_up(&self) -> Result<(), Failure> {
        let token = self.token();
        self.renew().await?;
        if self.token() != token {
            return Ok(());
        }
        let legs = self.edge.legs(&self.gateway).await?;
        self.calls.borrow_mut().extend(legs);
        let calls: Vec<ContactId> = self.calls.borrow().iter().cloned().collect();
        for call in calls {
            match self.resume(&call).await {
                Err(Failure::Floor(trouble)) if trouble.is_away() => return Err(trouble.into()),
                // What one call is refused keeps no other from its turn.
                Ok(()) | Err(Failure::Refused | Failure::Floor(_)) => {}
            }
        }
        Ok(())
    }

    /// Takes up a call that the center itself makes through this gateway: a callback, a consultation.
    async fn takes_up(&self, call: &ContactId, row: &Row) -> bool {
        // The floor asks until it hears of the bridge: whoever missed the first word hears the next.
        let once = self.edge.world.has(Mutant::TakeUpOnce);
        match row.event.kind {
            EventKind::ContactConnecting => {}
            EventKind::ContactQueried if !once => {}
            _ => return false,
        }
        let Ok(Some(contact)) = self.edge.contact(call).await else { return false };
        if contact.gateway != self.gateway || contact.token != Some(self.token()) {
            return false;
        }
        self.calls.borrow_mut().insert(call.clone());
        true
    }

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
            ContactState::Ended { .. } => self.hang_up(token, call, contact.version),
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
            (Some(wish), None) if contact.callback.is_some() => {
                Deed::Dial { agent, offer: dialled, wish, call_sequence }
            }
            _ => Deed::Bridge { agent, offer: dialled },
        };
        self.say((token, format!("bridge-{offer}")), call, contact.version * 16, deed);
    }

    fn hang_up(&self, token: Token, call: &ContactId, version: u64) {
        self.say((token, format!("hangup-{version}")), call, version * 16, Deed::HangUp);
    }

    fn say(&self, (token, id): (Token, String), call: &ContactId, sequence: u64, deed: Deed) {
        self.order(Order { id, token, call: call.clone(), sequence, deed });
    }

    /// Sends what follows from a change of one of this gateway's calls.
    async fn tell_change(&self, call: &ContactId, row: &Row) -> Result<(), Failure> {
        let Some(token) = self.settled_token() else { return Ok(()) };
        let version = row.event.version;
        match row.event.kind {
            EventKind::ContactQueued | EventKind::ContactRequeued => {
                let contact = self.edge.contact(call).await?;
                if let Some(contact) = contact.filter(|it| is_waiting(&it.state)) {
                    self.treat(token, call, &contact);
                }
            }
            EventKind::ContactConnecting => self.connect(token, call).await?,
            EventKind::ContactQueried => {
                // The order to connect may have been lost; a gateway that has it does it once.
                self.connect(token, call).await?;
                self.say((token, format!("query-{version}")), call, version * 16 + 1, Deed::Query);
            }
            EventKind::ContactEnded => {
                self.forget(call);
                // A consultation that was joined lives on as the call itself.
                let reason = row.event.fields.get("reason");
                if reason.is_none_or(|reason| reason != EndReason::Merged.as_str()) {
                    self.hang_up(token, call, version);
                }
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
