//! One gateway's session: its token, its calls, and what is sent to it.

mod calls;
mod gone;
mod joining;
mod kept;
mod orders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{
    Acknowledged, GatewayCommand, Prompt, QueueProgress, Rejected, RunCallsResponse,
};
use switchboard_domain::floor::command::Report;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{ContactId, GatewayId, TenantId};
use switchboard_store::outbox::OutboxId;
use tokio::sync::{Notify, mpsc, watch};
use tonic::Status;

use self::gone::Gone;
use crate::edge::{Edge, Run};
use crate::ledger::{Account, Gap};
use crate::progress::Waits;

/// How often a wait looks whether its session is still the one.
const LOOK: Duration = Duration::from_millis(200);
/// How many commands to the floor one event of a call may take: a step and a way for the event, and
/// as much for each flow its queues send it to.
pub(crate) const PARTS: u64 = 16;
/// The part of an event up to which an inventory includes it. What the center does on its own
/// afterwards takes the parts behind it: it must never look like the gateway's next event.
pub(crate) const FOUND: u64 = 6;

/// A gateway's stream, as the sessions write to it.
pub(crate) type Stream = mpsc::Sender<Result<RunCallsResponse, Status>>;

/// Where messages to the gateway go.
pub(crate) enum Output {
    /// Down its stream.
    Told(Stream),
    /// Nowhere: it asks for what it must do, and nothing can be told to it unasked, no new token
    /// either.
    Asked,
}

/// One gateway's session in this replica.
pub(crate) struct Session {
    this: Weak<Self>,
    pub(crate) edge: Arc<Edge>,
    pub(crate) tenant: TenantId,
    pub(crate) gateway: GatewayId,
    run: Run,
    pub(crate) progress: Notify,
    pub(crate) ended: Notify,
    /// Who is told how the wait gets on.
    pub(crate) waits: Waits,
    account: Mutex<Account>,
    rejoining: tokio::sync::Mutex<()>,
    calls: Mutex<BTreeSet<ContactId>>,
    /// Calls that were there before the session: none of them is a new caller.
    brought: Mutex<BTreeSet<ContactId>>,
    /// Calls that are to be connected with the agent who was asked about them, with the consultation
    /// whose leg ends then and the version it ended with.
    joins: Mutex<BTreeMap<ContactId, (ContactId, u64)>>,
    outstanding: Mutex<BTreeMap<String, GatewayCommand>>,
    refusals: Mutex<Vec<Rejected>>,
    /// The newest news of waiting callers, for a gateway that asks.
    news: Mutex<BTreeMap<String, QueueProgress>>,
    /// Wakes the requests that wait for something to do.
    asked: watch::Sender<()>,
    /// The session whose inventory is done with; until then its calls may be unknown to the floor.
    settled: watch::Sender<Option<Token>>,
    /// Calls that ended before the floor knew of them, with the number of their last event.
    gone: Mutex<Gone>,
    /// What callers on their way to a queue are still to hear.
    farewells: Mutex<BTreeMap<ContactId, Vec<Prompt>>>,
    output: Output,
    closed: AtomicBool,
}

impl Session {
    fn with_token(edge: Arc<Edge>, run: Run, token: Token, output: Output) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            edge,
            tenant: run.tenant.clone(),
            gateway: run.gateway.clone(),
            run,
            progress: Notify::new(),
            ended: Notify::new(),
            waits: Waits::default(),
            account: Mutex::new(Account::new(token)),
            rejoining: tokio::sync::Mutex::new(()),
            calls: Mutex::default(),
            brought: Mutex::default(),
            joins: Mutex::default(),
            outstanding: Mutex::default(),
            refusals: Mutex::default(),
            news: Mutex::default(),
            asked: watch::Sender::new(()),
            settled: watch::Sender::new(None),
            gone: Mutex::default(),
            farewells: Mutex::default(),
            output,
            closed: AtomicBool::new(false),
        })
    }

    /// Gives the session to what runs beside it.
    pub(crate) fn handle(&self) -> Option<Arc<Self>> {
        self.this.upgrade()
    }

    pub(crate) fn token(&self) -> Token {
        lock(&self.account).token()
    }

    /// Names a report about a call; `part` tells the commands of one event apart.
    pub(crate) fn report(&self, call: &ContactId, call_sequence: u64, part: u64) -> Report {
        Report {
            contact: call.clone(),
            gateway: self.gateway.clone(),
            token: self.token(),
            call_sequence: call_sequence.saturating_mul(PARTS).saturating_add(part),
        }
    }

    /// Notes that the inventory of a session is done with.
    pub(crate) fn settle_inventory(&self, token: Token) {
        self.settled.send_replace(Some(token));
    }

    /// Gives the session whose inventory is done with. Before, what the floor remembers of a call
    /// may be older than the truth, and nothing may follow from it: it could end a talk that goes
    /// on. The inventory sends what follows once it is taken.
    pub(crate) fn settled_token(&self) -> Option<Token> {
        settled_of(*self.settled.borrow(), self.token())
    }

    /// Waits until the inventory of a session is done with; false when the session is over before.
    pub(crate) async fn is_settled(&self, token: Token) -> bool {
        let mut settled = self.settled.subscribe();
        while !self.is_closed() && self.token() == token {
            let done = settled.wait_for(|settled| *settled == Some(token));
            if tokio::time::timeout(LOOK, done).await.is_ok() {
                return true;
            }
        }
        false
    }

    /// Begins an event and gives the token it belongs to; none when it may be older than the newest
    /// welcome, and so comes again.
    pub(crate) fn begin(&self, sequence: u64) -> Result<Option<Token>, Gap> {
        lock(&self.account).begin(sequence)
    }

    /// Notes that an event is in the live state, and tells the gateway; one that began under an
    /// earlier token may have been lost with its epoch, and comes again.
    pub(crate) async fn accept(&self, token: Token, sequence: u64, place: Option<OutboxId>) {
        if !lock(&self.account).accept(token, sequence, place) {
            return;
        }
        self.acknowledge().await;
        self.progress.notify_one();
    }

    /// Notes how far the history has got, and tells the gateway.
    pub(crate) async fn record(&self, upto: OutboxId) {
        if lock(&self.account).record(upto) {
            self.edge.note_recorded(&self.run, self.acknowledged().recorded_through);
            self.acknowledge().await;
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        lock(&self.account).is_waiting()
    }

    pub(crate) fn acknowledged(&self) -> Acknowledged {
        let (accepted_through, recorded_through) = lock(&self.account).standing();
        Acknowledged { accepted_through, recorded_through }
    }

    async fn acknowledge(&self) {
        self.send(Message::Acknowledged(self.acknowledged())).await;
    }

    pub(crate) async fn send(&self, message: Message) {
        match &self.output {
            Output::Told(stream) => {
                // A gateway that is gone learns everything again when it comes back.
                let _ = stream.send(Ok(RunCallsResponse { message: Some(message) })).await;
            }
            Output::Asked => self.keep(message),
        }
    }

    /// Ends the stream with an error.
    pub(crate) async fn send_status(&self, error: ApiError) {
        if let Output::Told(stream) = &self.output {
            let _ = stream.send(Err(error.into())).await;
        }
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.ended.notify_waiters();
        self.ended.notify_one();
        self.waits.wake();
        self.progress.notify_one();
        self.asked.send_replace(());
    }

    pub(crate) fn is_closed(&self) -> bool {
        let gone = match &self.output {
            Output::Told(stream) => stream.is_closed(),
            Output::Asked => false,
        };
        gone || self.closed.load(Ordering::SeqCst)
    }
}

fn settled_of(settled: Option<Token>, token: Token) -> Option<Token> {
    settled.filter(|settled| *settled == token)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_from_memory_before_the_inventory_of_the_newest_session() {
        let (old, new) = (Token { epoch: 1, number: 7 }, Token { epoch: 2, number: 3 });

        assert_eq!(settled_of(None, new), None);
        assert_eq!(settled_of(Some(old), new), None);
        assert_eq!(settled_of(Some(new), new), Some(new));
    }
}
