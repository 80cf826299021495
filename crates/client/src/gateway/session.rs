//! Keeps a gateway's session: connects, listens, reports, and connects again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, Interval};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming};
use tracing::info;

use switchboard_api::call::v1::{
    Capability, Heartbeat, Hello, RunCallsRequest, RunCallsResponse, Welcome,
    run_calls_request::Message, run_calls_response::Message as Said,
};

use super::exchange::{Exchange, Nudge};
use super::{CallEvent, CallScript, SessionView};
use crate::backoff::Backoff;
use crate::connection::Connection;
use crate::streams::{self, End, HEARTBEAT, beats, broken, opened, wait_for};
use crate::witness::GatewayWitness;

/// Refusals that say that this stream is out of step: a new one starts over from what is recorded.
const START_OVER: [&str; 2] = ["STALE_SESSION", "EVENT_GAP"];

const CAPABILITIES: [Capability; 9] = [
    Capability::PlayAudio,
    Capability::SayText,
    Capability::CollectDigits,
    Capability::Bridge,
    Capability::Divert,
    Capability::Dial,
    Capability::Consult,
    Capability::Transfer,
    Capability::Record,
];

/// What the handle asks of the session.
pub(super) enum Order {
    /// Lets a caller arrive.
    Place(Box<CallScript>, mpsc::UnboundedSender<CallEvent>),
    /// Notes how a customer behaves who may be called.
    Expect(Box<CallScript>, mpsc::UnboundedSender<CallEvent>),
    /// Does something to a call.
    Nudge(String, Nudge),
    /// Loses the stream, as a broken network would.
    Lose,
}

/// A gateway's session, over as many streams as it takes.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) boot_id: String,
    pub(super) exchange: Exchange,
    pub(super) witness: Arc<dyn GatewayWitness>,
    pub(super) orders: mpsc::UnboundedReceiver<Order>,
    pub(super) view: watch::Sender<SessionView>,
    pub(super) refused: Option<oneshot::Sender<Status>>,
}

/// One stream of a session.
struct Stream {
    up: mpsc::UnboundedSender<RunCallsRequest>,
    down: Streaming<RunCallsResponse>,
    heartbeat: Interval,
}

impl streams::Session for Session {
    const WHOSE: &'static str = "gateway";

    async fn one_stream(&mut self, backoff: &mut Backoff) -> End {
        let mut stream = match self.open(backoff).await {
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
        self.view.borrow().welcomes
    }

    fn lose_stream(&mut self) {
        self.exchange.disconnected();
        self.witness.loses_stream();
        self.view.send_modify(|view| view.token = None);
    }

    fn refused(&mut self) -> Option<oneshot::Sender<Status>> {
        self.refused.take()
    }
}

impl Session {
    /// Opens a stream; calls go on meanwhile, and what they report waits.
    async fn open(&mut self, backoff: &mut Backoff) -> Result<Stream, End> {
        let opening = open_stream(self.connection.clone(), self.boot_id.clone(), backoff);
        let mut opening = pin!(opening);
        loop {
            let due = self.exchange.due();
            tokio::select! {
                opened = &mut opening => return opened,
                order = self.orders.recv() => match order {
                    Some(order) => drop(self.follow(order)),
                    None => return Err(End::Stopped),
                },
                () = wait_for(due) => drop(self.exchange.tick(Instant::now())),
            }
        }
    }

    /// Gives what an order makes us say; nothing when the stream is to be lost.
    fn follow(&mut self, order: Order) -> Option<Vec<RunCallsRequest>> {
        match order {
            Order::Place(script, story) => {
                Some(self.exchange.place(*script, story, Instant::now()))
            }
            Order::Expect(script, story) => {
                self.exchange.expect(*script, story);
                Some(Vec::new())
            }
            Order::Nudge(id, nudge) => Some(self.exchange.nudge(&id, nudge)),
            Order::Lose => None,
        }
    }

    /// Waits for one thing to happen. Every arm is cancel-safe.
    async fn step(&mut self, stream: &mut Stream) -> Option<End> {
        let due = self.exchange.due();
        let requests = tokio::select! {
            said = stream.down.message() => match said {
                Ok(Some(RunCallsResponse { message: Some(said) })) => {
                    return self.hear(said, stream);
                }
                Ok(Some(RunCallsResponse { message: None })) => Vec::new(),
                Ok(None) => return Some(End::Lost),
                Err(status) => return Some(broken(status)),
            },
            order = self.orders.recv() => match order.map(|order| self.follow(order)) {
                Some(Some(requests)) => requests,
                Some(None) => return Some(End::Lost),
                None => return Some(End::Stopped),
            },
            () = wait_for(due) => self.exchange.tick(Instant::now()),
            _ = stream.heartbeat.tick() => vec![beat()],
        };
        self.say(stream, requests)
    }

    fn hear(&mut self, said: Said, stream: &mut Stream) -> Option<End> {
        self.witness.hears(&said);
        let requests = match said {
            Said::Welcome(welcome) => self.begin(&welcome, stream),
            Said::Acknowledged(acknowledged) => {
                self.exchange.acknowledged(&acknowledged);
                Vec::new()
            }
            Said::Command(command) => self.exchange.obey(command, Instant::now()),
            Said::Rejected(rejected) if START_OVER.contains(&rejected.reason.as_str()) => {
                return Some(End::Lost);
            }
            Said::Rejected(rejected) => {
                self.exchange.rejected(rejected);
                Vec::new()
            }
            Said::Drain(_) => return Some(End::Lost),
            Said::Heartbeat(_) => Vec::new(),
            Said::Progress(progress) => {
                self.exchange.progress(&progress);
                Vec::new()
            }
        };
        self.say(stream, requests)
    }

    /// Begins the session that a welcome announces.
    fn begin(&mut self, welcome: &Welcome, stream: &mut Stream) -> Vec<RunCallsRequest> {
        info!(token = ?welcome.token, "the gateway's session is open");
        stream.heartbeat = beats(pace_of(welcome));
        let requests = self.exchange.welcome(welcome, Instant::now());
        self.view.send_modify(|view| {
            view.token = welcome.token;
            view.welcomes += 1;
        });
        requests
    }

    fn say(&self, stream: &Stream, requests: Vec<RunCallsRequest>) -> Option<End> {
        let unrecorded = self.exchange.unrecorded();
        self.view.send_if_modified(|view| {
            std::mem::replace(&mut view.unrecorded, unrecorded) != unrecorded
        });
        let sent = requests.into_iter().all(|request| {
            self.witness.says(&request);
            stream.up.send(request).is_ok()
        });
        if sent { None } else { Some(End::Lost) }
    }
}

async fn open_stream(
    connection: Connection,
    boot_id: String,
    backoff: &mut Backoff,
) -> Result<Stream, End> {
    backoff.wait().await;
    let (up, requests) = mpsc::unbounded_channel();
    let hello =
        Hello { boot_id, capabilities: CAPABILITIES.map(i32::from).to_vec(), draining: false };
    drop(up.send(RunCallsRequest { message: Some(Message::Hello(hello)) }));
    let answer = connection.calls().run_calls(UnboundedReceiverStream::new(requests)).await;
    Ok(Stream { up, down: opened(answer)?, heartbeat: beats(HEARTBEAT) })
}

fn beat() -> RunCallsRequest {
    RunCallsRequest { message: Some(Message::Heartbeat(Heartbeat {})) }
}

fn pace_of(welcome: &Welcome) -> Duration {
    let asked = welcome.heartbeat.and_then(|span| Duration::try_from(span).ok());
    asked.filter(|span| !span.is_zero()).unwrap_or(HEARTBEAT)
}
