//! What a session listens to: changes of its calls, and how far the history has got.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::ids::ContactId;
use switchboard_routing::feed::{Listener, News};
use switchboard_store::outbox::{EntityKind, OutboxEntry};
use tracing::warn;

use crate::events::Failure;
use crate::session::Session;

const WAIT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(250);

/// Sends the commands that follow from changes, until the session ends.
pub(crate) async fn changes(session: Arc<Session>, mut listener: Listener) {
    while !session.is_closed() {
        let news = tokio::select! {
            news = listener.next() => news,
            () = session.ended.notified() => return,
        };
        match news {
            Some(News::Entry(entry)) => change(&session, &entry).await,
            Some(News::Gap) => catch_up(&session).await,
            None => return,
        }
    }
}

async fn change(session: &Session, entry: &OutboxEntry) {
    match entry.entity {
        EntityKind::Contact => {
            let Ok(call) = ContactId::parse(entry.entity_id.clone()) else { return };
            if session.holds(&call)
                && let Err(error) = session.tell(&call, entry).await
            {
                complain(&call, &error);
            }
        }
        EntityKind::Tenant if entry.kind == "epoch_opened" => {
            let token = session.token();
            if entry.epoch > token.epoch {
                catch_up(session).await;
            }
        }
        EntityKind::Tenant | EntityKind::Agent | EntityKind::Gateway | EntityKind::Offer => {}
    }
}

/// After missed changes: checks the session, and sends what follows from the state of every call.
async fn catch_up(session: &Session) {
    let token = session.token();
    if let Err(error) = session.renew().await {
        warn!(gateway.id = %session.gateway, error = error.reason(), "cannot renew the session");
        return;
    }
    if session.token() != token {
        // The welcome just sent brings an inventory, and that brings everything else.
        return;
    }
    for call in session.calls() {
        if let Err(error) = session.resume(&call).await {
            complain(&call, &error);
        }
    }
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
