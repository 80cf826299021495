//! Thousands of desktops on few connections: each accepts at once, and files at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Streaming;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};

use switchboard_api::agent::v1::agent_service_client::AgentServiceClient;
use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{
    DeskAcceptOffer, DeskFinishWrapUp, DeskHeartbeat, DeskHello, DeskRequest, DeskResponse, Offer,
    Presence, PresenceKind,
};

use crate::latency::Latency;
use crate::replica::Replica;

/// How many desktops share a connection.
const PER_CONNECTION: u32 = 500;
/// How many sign in at once.
const SIGNING_IN: usize = 64;

/// When contacts arrived, and how long until they rang.
#[derive(Default)]
pub struct Board {
    arrivals: HashMap<String, Instant>,
    /// From the arrival of a contact to the offer on an agent's stream.
    pub arrived: Latency,
    /// From an agent who is free to the next offer on his stream.
    pub freed: Latency,
    /// Offers of contacts that nobody waited for.
    pub others: u64,
}

/// The board that desktops share.
pub type Shared = Arc<Mutex<Board>>;

/// Notes that a contact arrives now.
pub fn arrive(board: &Shared, contact: &str) {
    lock(board).arrivals.insert(contact.to_owned(), Instant::now());
}

/// Begins to count anew.
pub fn restart(board: &Shared) {
    let mut board = lock(board);
    (board.arrived, board.freed, board.others) = (Latency::default(), Latency::default(), 0);
}

/// Gives what was measured.
pub fn read<T>(board: &Shared, look: impl FnOnce(&Board) -> T) -> T {
    look(&lock(board))
}

fn lock(board: &Shared) -> std::sync::MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Desktops that are signed in; their streams end when dropped.
pub struct Desks {
    _tasks: JoinSet<()>,
}

impl Desks {
    /// Signs all agents in, ready.
    pub async fn sign_in(
        replica: &Replica,
        agents: &[String],
        board: &Shared,
    ) -> anyhow::Result<Self> {
        let mut channels = Vec::new();
        for _ in (0..agents.len()).step_by(PER_CONNECTION as usize) {
            channels.push(Endpoint::from_shared(replica.address().to_owned())?.connect().await?);
        }
        let (mut tasks, mut signing_in) = (JoinSet::new(), JoinSet::new());
        for (number, agent) in agents.iter().enumerate() {
            let channel = channels[number / PER_CONNECTION as usize].clone();
            let token = replica.token(&format!("agent-{agent}"))?;
            signing_in.spawn(Desk::open(channel, token, Arc::clone(board)));
            while signing_in.len() >= SIGNING_IN {
                let desk = signing_in.join_next().await.context("someone signs in")???;
                tasks.spawn(desk.attend());
            }
        }
        while let Some(desk) = signing_in.join_next().await {
            tasks.spawn(desk??.attend());
        }
        Ok(Self { _tasks: tasks })
    }
}

/// One desktop.
struct Desk {
    up: mpsc::UnboundedSender<DeskRequest>,
    down: Streaming<DeskResponse>,
    heartbeat: Duration,
    sequence: u64,
    freed: Option<Instant>,
    board: Shared,
}

impl Desk {
    async fn open(channel: Channel, token: String, board: Shared) -> anyhow::Result<Self> {
        let header: MetadataValue<Ascii> = format!("Bearer {token}").parse()?;
        let (up, requests) = mpsc::unbounded_channel();
        let mut request = tonic::Request::new(UnboundedReceiverStream::new(requests));
        request.metadata_mut().insert("authorization", header);
        let wanted = Some(Presence { kind: PresenceKind::Ready.into(), reason: String::new() });
        let hello = DeskHello { wanted, ..DeskHello::default() };
        up.send(DeskRequest { sequence: 1, action: Some(Action::Hello(hello)) })?;
        let down = AgentServiceClient::new(channel).desk(request).await?.into_inner();
        let heartbeat = Duration::from_secs(5);
        let mut desk = Self { up, down, heartbeat, sequence: 1, freed: None, board };
        desk.welcomed().await?;
        Ok(desk)
    }

    async fn welcomed(&mut self) -> anyhow::Result<()> {
        while let Some(update) = self.next().await? {
            if let Update::Welcome(welcome) = update {
                let span = welcome.heartbeat.and_then(|span| Duration::try_from(span).ok());
                self.heartbeat = span.unwrap_or(self.heartbeat);
                return Ok(());
            }
        }
        bail!("the stream ended before the welcome")
    }

    async fn next(&mut self) -> Result<Option<Update>, tonic::Status> {
        let response = self.down.message().await?;
        Ok(response.and_then(|response| response.update?.update))
    }

    /// Answers until the stream ends.
    async fn attend(mut self) {
        let mut beats = interval(self.heartbeat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.reset();
        loop {
            tokio::select! {
                update = self.down.message() => match update {
                    Ok(Some(response)) => self.hear(response.update.and_then(|it| it.update)),
                    Ok(None) | Err(_) => return,
                },
                _ = beats.tick() => self.send(Action::Heartbeat(DeskHeartbeat {})),
            }
        }
    }

    fn hear(&mut self, update: Option<Update>) {
        match update {
            Some(Update::OfferMade(made)) => {
                if let Some(offer) = made.offer {
                    self.ring(&offer);
                }
            }
            Some(Update::WrapUpStarted(started)) => {
                let contact_id = started.contact_id;
                self.freed = Some(Instant::now());
                let finish = DeskFinishWrapUp { contact_id, ..DeskFinishWrapUp::default() };
                self.send(Action::FinishWrapUp(finish));
            }
            _ => {}
        }
    }

    fn ring(&mut self, offer: &Offer) {
        let contact = offer.contact.as_ref().map(|card| card.contact_id.as_str());
        self.note(contact.unwrap_or_default(), Instant::now());
        let accept = DeskAcceptOffer { offer_id: offer.offer_id.clone() };
        self.send(Action::AcceptOffer(accept));
    }

    /// An agent who found the contact waiting waited for it since he was free; else it arrived.
    fn note(&mut self, contact: &str, now: Instant) {
        let mut board = lock(&self.board);
        let Some(arrived) = board.arrivals.remove(contact) else {
            board.others += 1;
            return;
        };
        match self.freed.take().filter(|freed| arrived < *freed) {
            Some(freed) => board.freed.add(now - freed),
            None => board.arrived.add(now - arrived),
        }
    }

    fn send(&mut self, action: Action) {
        self.sequence += 1;
        // A stream that has ended says so to the reader.
        drop(self.up.send(DeskRequest { sequence: self.sequence, action: Some(action) }));
    }
}
