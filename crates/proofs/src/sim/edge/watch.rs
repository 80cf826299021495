//! What a session listens to: changes of its calls.

use std::collections::BTreeSet;
use std::rc::Rc;

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{ContactState, Entity};
use switchboard_domain::ids::ContactId;

use super::facts::Failure;
use super::feed::News;
use super::session::Session;
use crate::sim::engine::{Millis, sleep};
use crate::sim::mutants::Mutant;
use crate::sim::store::Row;

/// When to try again what failed.
const PAUSE: Millis = 250;

/// Sends the orders that follow from changes, until the session ends.
pub(super) async fn follow(session: Rc<Session>) {
    let world = Rc::clone(&session.edge.world);
    let mut untold = BTreeSet::new();
    while !session.is_closed() {
        let patience = if untold.is_empty() { 5_000 } else { PAUSE };
        match session.news.next_within(&world, patience).await {
            Some(News::Entry(row)) => change(&session, &row, &mut untold).await,
            Some(News::Gap) => catch_up(&session, &mut untold).await,
            None => tell_late(&session, &mut untold).await,
        }
    }
}

async fn change(session: &Session, row: &Row, untold: &mut BTreeSet<ContactId>) {
    match &row.event.entity {
        Entity::Contact(call) => {
            if is_away(session.heed(call, row).await) {
                untold.insert(call.clone());
            }
        }
        Entity::Floor if row.event.kind == EventKind::EpochOpened => {
            if row.epoch > session.token().epoch {
                catch_up(session, untold).await;
            }
        }
        Entity::Floor | Entity::Agent(_) | Entity::Gateway(_) | Entity::Offer(_) => {}
    }
}

/// After missed changes: checks the session, and sends what follows from the state of every call.
async fn catch_up(session: &Session, untold: &mut BTreeSet<ContactId>) {
    let token = session.token();
    while session.renew().await.is_err() {
        sleep(&session.edge.world, PAUSE).await;
        if session.is_closed() {
            return;
        }
    }
    if session.token() != token {
        return;
    }
    if let Ok(legs) = session.edge.legs(&session.gateway).await {
        session.calls.borrow_mut().extend(legs);
    }
    untold.extend(session.calls.borrow().iter().cloned());
    untold.extend(session.joined());
    tell_late(session, untold).await;
}

/// Sends what follows from the state of calls by now. What fails is tried again, for nobody else would
/// do it; what one call is refused keeps no other from its turn.
async fn tell_late(session: &Session, untold: &mut BTreeSet<ContactId>) {
    for call in std::mem::take(untold) {
        if is_away(session.follow_late(&call).await) {
            untold.insert(call);
        }
    }
}

fn is_away(outcome: Result<(), Failure>) -> bool {
    matches!(outcome, Err(Failure::Floor(trouble)) if trouble.is_away())
}

impl Session {
    /// Sends what follows from a change of a call, if it is one of this gateway's.
    async fn heed(&self, call: &ContactId, row: &Row) -> Result<(), Failure> {
        if row.event.kind == EventKind::ContactStarted {
            return self.end_if_gone(call).await;
        }
        self.part(call, row.event.kind);
        if self.calls.borrow().contains(call) {
            return self.tell_change(call, row).await;
        }
        // The floor asks until it hears of the bridge: whoever missed the first word hears the next.
        let once = self.edge.world.has(Mutant::TakeUpOnce);
        match row.event.kind {
            EventKind::ContactConnecting => self.take_up(call).await,
            EventKind::ContactQueried if !once => self.take_up(call).await,
            _ => Ok(()),
        }
    }

    /// Sends what follows from the state of a call, after a change could not be told in time.
    async fn follow_late(&self, call: &ContactId) -> Result<(), Failure> {
        self.end_if_gone(call).await?;
        self.part_late(call).await?;
        let holds = self.calls.borrow().contains(call);
        let once = self.edge.world.has(Mutant::TakeUpOnce);
        match (holds, once) {
            (true, _) => self.resume(call).await,
            (false, false) => self.take_up(call).await,
            (false, true) => Ok(()),
        }
    }

    /// Takes up a call that the center itself makes through this gateway: a callback, a consultation.
    async fn take_up(&self, call: &ContactId) -> Result<(), Failure> {
        let Some(contact) = self.edge.contact(call).await? else { return Ok(()) };
        let is_ours = contact.gateway == self.gateway && contact.token == Some(self.token());
        if !is_ours || !matches!(contact.state, ContactState::Connecting { .. }) {
            return Ok(());
        }
        self.calls.borrow_mut().insert(call.clone());
        self.resume(call).await
    }
}
