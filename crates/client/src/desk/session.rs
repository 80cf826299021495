//! Keeps a desk's session: connects, shows, acts, and connects again.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, Interval};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming};

use switchboard_api::agent::v1::{
    DeskHeartbeat, DeskRequest, DeskResponse, DeskSetPresence, DeskSignOut, DeskUpdate, Presence,
    desk_request::Action, desk_update::Update,
};

use super::agenda::{Agenda, heartbeat_of};
use crate::backoff::Backoff;
use crate::connection::Connection;
use crate::streams::{self, End, HEARTBEAT, beats, broken, opened, wait_for};
use crate::witness::DeskWitness;

/// The refusal that says that the session has to be begun anew.
const STALE: &str = "STALE_SESSION";

/// What the handle asks of the session.
pub(super) enum Order {
    /// Says what the agent wants to be from now on.
    Want(Presence),
    /// Does something now.
    Act(Action),
    /// Loses the stream, as a broken network would.
    Lose,
}

/// A desk's session, over as many streams as it takes.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) agenda: Agenda,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
    pub(super) refused: Option<oneshot::Sender<Status>>,
    pub(super) witness: Arc<dyn DeskWitness>,
}

/// One stream of a session.
struct Stream {
    up: mpsc::UnboundedSender<DeskRequest>,
    down: Streaming<DeskResponse>,
    heartbeat: Interval,
}

impl streams::Session for Session {
    const WHOSE: &'static str = "desk";

    async fn one_stream(&mut self, backoff: &mut Backoff) -> End {
        let hello = self.agenda.hello();
        let opening = pin!(open_stream(self.connection.clone(), hello, backoff));
        let mut stream = match opening.await {
            Ok(stream) => stream,
            Err(end) => return end,
        };
        loop {
            if let Some(end) = self.step(&mut stream).await {
                return end;
            }
        }
    }

    fn welcomes(&self) -> u64 {
        self.agenda.view.borrow().welcomes
    }

    fn lose_stream(&mut self) {
        self.witness.loses_stream();
    }

    fn refused(&mut self) -> Option<oneshot::Sender<Status>> {
        self.refused.take()
    }
}

impl Session {
    /// Waits for one thing to happen. Every arm is cancel-safe.
    async fn step(&mut self, stream: &mut Stream) -> Option<End> {
        let due = self.agenda.due();
        let requests = tokio::select! {
            said = stream.down.message() => match said {
                Ok(Some(DeskResponse { update })) => {
                    return update.and_then(|update| self.hear(update, stream));
                }
                Ok(None) => return Some(End::Lost),
                Err(status) => return Some(self.broken(status)),
            },
            order = self.orders.recv() => match order {
                Some(Order::Want(wanted)) => vec![self.want(wanted)],
                Some(Order::Act(action)) => vec![self.agenda.request(action)],
                Some(Order::Lose) => return Some(End::Lost),
                None => return Some(End::Stopped),
            },
            () = wait_for(due) => self.agenda.tick(Instant::now()),
            _ = stream.heartbeat.tick() => {
                vec![self.agenda.request(Action::Heartbeat(DeskHeartbeat {}))]
            }
        };
        let sent = requests.into_iter().all(|request| {
            self.witness.says(&request);
            stream.up.send(request).is_ok()
        });
        if sent { None } else { Some(End::Lost) }
    }

    fn hear(&mut self, update: DeskUpdate, stream: &mut Stream) -> Option<End> {
        self.witness.hears(&update);
        let end = match &update.update {
            Some(Update::Welcome(welcome)) => {
                stream.heartbeat = beats(heartbeat_of(welcome).unwrap_or(HEARTBEAT));
                None
            }
            Some(Update::Replaced(_)) => Some(End::Stopped),
            Some(Update::Reconnect(_)) => Some(End::Lost),
            Some(Update::Reply(reply))
                if reply.error.as_ref().is_some_and(|error| error.reason == STALE) =>
            {
                self.agenda.forget_session();
                Some(End::Lost)
            }
            _ => None,
        };
        self.agenda.hear(update, Instant::now());
        end
    }

    /// A session that is not known any more is begun anew; other refusals are for good.
    fn broken(&mut self, status: Status) -> End {
        if status.code() == tonic::Code::Aborted {
            self.agenda.forget_session();
        }
        broken(status)
    }

    fn want(&mut self, wanted: Presence) -> DeskRequest {
        self.agenda.wanted = wanted.clone();
        self.agenda.request(Action::SetPresence(DeskSetPresence { wanted: Some(wanted) }))
    }
}

/// Says that the agent leaves.
pub(super) const fn sign_out() -> Action {
    Action::SignOut(DeskSignOut {})
}

async fn open_stream(
    connection: Connection,
    hello: DeskRequest,
    backoff: &mut Backoff,
) -> Result<Stream, End> {
    backoff.wait().await;
    let (up, requests) = mpsc::unbounded_channel();
    drop(up.send(hello));
    let answer = connection.agents().desk(UnboundedReceiverStream::new(requests)).await;
    Ok(Stream { up, down: opened(answer)?, heartbeat: beats(HEARTBEAT) })
}
