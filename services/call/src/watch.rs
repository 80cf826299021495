//! What a session listens to: changes of its calls, and how far the history has got.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::ids::ContactId;
use switchboard_routing::feed::{Listener, News};
use switchboard_store::outbox::{EntityKind, OutboxEntry};
use tokio::time::MissedTickBehavior;
use tracing::warn;

use crate::events::{Failure, is_away};
use crate::session::Session;

/// How many legs of a gateway are looked at after missed changes.
const LEGS: u32 = 10_000;
const WAIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(250);

/// Sends the commands that follow from changes, until the session ends.
pub(crate) async fn changes(session: Arc<Session>, mut listener: Listener) {
    // The calls that a change could not be told of, because a store did not answer in time.
    let mut untold = BTreeSet::new();
    let mut again = tokio::time::interval(PAUSE);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !session.is_closed() {
        let news = tokio::select! {
            news = listener.next() => news,
            _ = again.tick(), if !untold.is_empty() => {
                tell_late(&session, &mut untold).await;
                continue;
            }
            () = session.ended.notified() => return,
        };
        match news {
            Some(News::Entry(entry)) => change(&session, &entry, &mut untold).await,
            Some(News::Gap) => catch_up(&session, &mut untold).await,
            None => return,
        }
    }
}

/// Sends what follows from the state of calls by now: nobody else will, and a gateway that is never
/// told to connect a caller leaves them waiting for ever.
async fn tell_late(session: &Session, untold: &mut BTreeSet<ContactId>) {
    for call in std::mem::take(untold) {
        if let Err(error) = follow_late(session, &call).await {
            complain(&call, &error);
            untold.extend(may_succeed(&error).then_some(call));
        }
    }
}

/// Says whether trying again can help: a store may answer by then, a refusal stays one.
fn may_succeed(error: &Failure) -> bool {
    matches!(error, Failure::Floor(error) if is_away(error))
}

async fn change(session: &Session, entry: &OutboxEntry, untold: &mut BTreeSet<ContactId>) {
    match entry.entity {
        EntityKind::Contact => {
            let Ok(call) = ContactId::parse(entry.entity_id.clone()) else { return };
            if let Err(error) = follow(session, &call, entry).await {
                complain(&call, &error);
                untold.extend(may_succeed(&error).then_some(call));
            }
        }
        EntityKind::Tenant if entry.kind == "epoch_opened" => {
            let token = session.token();
            if entry.epoch > token.epoch {
                catch_up(session, untold).await;
            }
        }
        EntityKind::Tenant | EntityKind::Agent | EntityKind::Gateway | EntityKind::Offer => {}
    }
}

/// After missed changes: checks the session, and sends what follows from the state of every call.
async fn catch_up(session: &Session, untold: &mut BTreeSet<ContactId>) {
    let token = session.token();
    if !is_renewed(session).await || session.token() != token {
        // The welcome just sent brings an inventory, and that brings everything else.
        return;
    }
    match session.edge.floor().legs(&session.tenant, &session.gateway, LEGS).await {
        Ok(legs) => legs.iter().for_each(|call| session.adopt(call)),
        Err(error) => warn!(gateway.id = %session.gateway, %error, "cannot list the legs"),
    }
    untold.extend(session.calls());
    untold.extend(session.joined());
    tell_late(session, untold).await;
}

/// Renews the session however long that takes; false when it is over before.
async fn is_renewed(session: &Session) -> bool {
    while let Err(error) = session.renew().await {
        warn!(gateway.id = %session.gateway, error = error.reason(), "cannot renew the session");
        // Nobody would do it again: what was missed would stay untold.
        tokio::time::sleep(PAUSE).await;
        if session.is_closed() {
            return false;
        }
    }
    true
}

/// Says whether an agent is to be connected: a call that the center itself makes begins with it. The
/// floor asks again until it hears of the bridge, so whoever missed the first word hears the next.
fn asks_for_connection(kind: &str) -> bool {
    [EventKind::ContactConnecting, EventKind::ContactQueried].iter().any(|it| it.as_str() == kind)
}

/// Sends what follows from a change of a call, if it is one of this gateway's.
async fn follow(session: &Session, call: &ContactId, entry: &OutboxEntry) -> Result<(), Failure> {
    if entry.kind == EventKind::ContactStarted.as_str() {
        return session.end_if_gone(call).await;
    }
    session.part(call, &entry.kind).await;
    if session.holds(call) {
        return session.tell(call, entry).await;
    }
    if asks_for_connection(&entry.kind) { take_up(session, call).await } else { Ok(()) }
}

/// Sends what follows from the state of a call, after a change could not be told in time.
async fn follow_late(session: &Session, call: &ContactId) -> Result<(), Failure> {
    session.end_if_gone(call).await?;
    session.part_late(call).await?;
    if session.holds(call) { session.resume(call).await } else { take_up(session, call).await }
}

/// Takes up a call that the center itself makes through this gateway: a callback, a consultation.
async fn take_up(session: &Session, call: &ContactId) -> Result<(), Failure> {
    let found = session.edge.floor().contact(&session.tenant, call).await?;
    let Some(contact) = found else { return Ok(()) };
    let is_ours = contact.gateway == session.gateway && contact.token == Some(session.token());
    let is_made_now = matches!(contact.state, ContactState::Connecting { .. });
    if !is_ours || !is_made_now || session.calls_later(call, &contact).await? {
        return Ok(());
    }
    session.adopt(call);
    session.resume(call).await
}

fn complain(call: &ContactId, error: &Failure) {
    let reason = match error {
        Failure::Refused(error) => error.reason().to_owned(),
        Failure::Floor(error) => error.to_string(),
    };
    warn!(call.id = %call, error = reason, "cannot tell the gateway what follows from a change");
}

/// Tells the gateway what is recorded, until the session ends.
pub(crate) async fn history(session: Arc<Session>) {
    let mut known = None;
    let mut epoch = session.token().epoch;
    while !session.is_closed() {
        if !session.is_waiting() {
            session.progress.notified().await;
            continue;
        }
        if session.token().epoch != epoch {
            epoch = session.token().epoch;
            known = None;
        }
        let projection = &session.edge.parts.projection;
        match projection.recorded(&session.tenant, epoch, known, WAIT).await {
            Ok(Some(offset)) => {
                known = Some(offset);
                session.record(offset).await;
            }
            Ok(None) => {}
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_whose_first_order_was_missed_is_taken_up_when_the_floor_asks_again() {
        let starts = [EventKind::ContactConnecting, EventKind::ContactQueried];

        assert!(starts.iter().all(|kind| asks_for_connection(kind.as_str())));
        assert!(!asks_for_connection(EventKind::ContactQueued.as_str()));
    }
}
