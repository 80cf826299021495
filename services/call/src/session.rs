//! One gateway's session: its token, its calls, and what is sent to it.

mod calls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{
    Acknowledged, GatewayCommand, Prompt, QueueProgress, Rejected, RunCallsResponse, Welcome,
    gateway_command,
};
use switchboard_api::convert::session::token as wire_token;
use switchboard_api::convert::time::duration;
use switchboard_domain::floor::command::{Command, Reply, Report};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{ContactId, GatewayId, TenantId};
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::OutboxId;
use tokio::sync::{Notify, mpsc, watch};
use tonic::Status;

use crate::edge::{Edge, Run, routing_error};
use crate::ledger::{Account, Gap};
use crate::progress::Waits;

/// How often a wait looks whether its session is still the one.
const LOOK: Duration = Duration::from_millis(200);
/// How many commands to the floor one event of a call may take: a step and a way for the event, and
/// as much for each flow its queues send it to.
pub(crate) const PARTS: u64 = 16;

/// Where messages to the gateway go.
pub(crate) type Output = mpsc::Sender<Result<RunCallsResponse, Status>>;

/// One gateway's session in this replica.
pub(crate) struct Session {
    pub(crate) edge: Arc<Edge>,
    pub(crate) tenant: TenantId,
    pub(crate) gateway: GatewayId,
    run: Run,
    pub(crate) progress: Notify,
    pub(crate) ended: Notify,
    /// Who is told how the wait gets on.
    pub(crate) waits: Waits,
    account: Mutex<Account>,
    /// The gateway asks for what it must do; nothing can be told to it unasked, no new token either.
    polled: bool,
    rejoining: tokio::sync::Mutex<()>,
    calls: Mutex<BTreeSet<ContactId>>,
    outstanding: Mutex<BTreeMap<String, GatewayCommand>>,
    refusals: Mutex<Vec<Rejected>>,
    /// The newest news of waiting callers, for a gateway that asks.
    news: Mutex<BTreeMap<String, QueueProgress>>,
    /// The session whose inventory is done with; until then its calls may be unknown to the floor.
    settled: watch::Sender<Option<Token>>,
    /// Calls that ended before the floor knew of them, with the number of their last event.
    gone: Mutex<BTreeMap<ContactId, u64>>,
    /// What callers on their way to a queue are still to hear.
    farewells: Mutex<BTreeMap<ContactId, Vec<Prompt>>>,
    output: Output,
    closed: AtomicBool,
}

impl Session {
    /// Begins a session of a gateway and welcomes it; a polled one asks for what it must do.
    pub(crate) async fn join(
        edge: Arc<Edge>,
        run: Run,
        output: Output,
        polled: bool,
    ) -> Result<(Arc<Self>, Welcome), ApiError> {
        edge.register(&run.tenant, &run.gateway).await?;
        let token = join_floor(&edge, &run.tenant, &run.gateway).await?;
        let session = Arc::new(Self::with_token(edge, run, token, output, polled));
        let welcome = session.welcome();
        Ok((session, welcome))
    }

    /// Takes over a session that another replica began; `end` is where the outbox ends now.
    pub(crate) fn take_over(
        edge: Arc<Edge>,
        (tenant, gateway): (TenantId, GatewayId),
        token: Token,
        end: OutboxId,
        output: Output,
    ) -> Arc<Self> {
        let run = Run { tenant, gateway, boot: String::new() };
        let session = Self::with_token(edge, run, token, output, true);
        lock(&session.account).inherit(end);
        session.settle_inventory(token);
        Arc::new(session)
    }

    fn with_token(edge: Arc<Edge>, run: Run, token: Token, output: Output, polled: bool) -> Self {
        Self {
            edge,
            tenant: run.tenant.clone(),
            gateway: run.gateway.clone(),
            run,
            progress: Notify::new(),
            ended: Notify::new(),
            waits: Waits::default(),
            account: Mutex::new(Account::new(token)),
            polled,
            rejoining: tokio::sync::Mutex::new(()),
            calls: Mutex::default(),
            outstanding: Mutex::default(),
            refusals: Mutex::default(),
            news: Mutex::default(),
            settled: watch::Sender::new(None),
            gone: Mutex::default(),
            farewells: Mutex::default(),
            output,
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn token(&self) -> Token {
        lock(&self.account).token()
    }

    fn welcome(&self) -> Welcome {
        let lease = self.edge.parts.gateway_lease;
        Welcome {
            token: Some(wire_token(self.token())),
            lease: Some(duration(lease)),
            heartbeat: Some(duration(lease / 4)),
            recorded_through: self.edge.recorded_through(&self.run),
        }
    }

    /// Joins anew after an epoch change; ends the session when a newer one has replaced it.
    ///
    /// `stale` is the token that was refused: another task may have joined anew meanwhile.
    pub(crate) async fn rejoin(&self, stale: Token) -> Result<(), ApiError> {
        let _turn = self.rejoining.lock().await;
        if self.token() != stale {
            return Ok(());
        }
        if self.polled {
            // Its next request is refused, and it opens another session, maybe elsewhere.
            self.close();
            return Ok(());
        }
        let status = self.edge.floor().status(&self.tenant).await?;
        if status.is_current && status.epoch == stale.epoch {
            self.send_status(ApiError::aborted(
                "STALE_SESSION",
                "a newer session of this gateway has replaced this one",
            ))
            .await;
            self.close();
            return Ok(());
        }
        let token = join_floor(&self.edge, &self.tenant, &self.gateway).await?;
        lock(&self.account).renew(token);
        lock(&self.outstanding).clear();
        self.send(Message::Welcome(self.welcome())).await;
        Ok(())
    }

    /// Notes that the gateway answers a welcome; says whether it is the newest.
    pub(crate) fn answer_welcome(&self, token: Token) -> bool {
        lock(&self.account).answer(token)
    }

    /// Renews the lease; joins anew when the floor has forgotten the session.
    pub(crate) async fn renew(&self) -> Result<(), ApiError> {
        let token = self.token();
        let command = Command::RenewGateway {
            gateway: self.gateway.clone(),
            token,
            lease: self.edge.parts.gateway_lease,
        };
        match self.edge.floors().apply(&self.tenant, command).await {
            Ok(_) => Ok(()),
            Err(error) if crate::events::is_stale(&error) => self.rejoin(token).await,
            Err(error) => Err(routing_error(error)),
        }
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

    /// Sends a command; it counts as outstanding until its result comes.
    pub(crate) async fn order(
        &self,
        id: String,
        call: &ContactId,
        sequence: u64,
        command: gateway_command::Command,
    ) {
        let command = GatewayCommand {
            command_id: id,
            token: None,
            call_id: call.to_string(),
            call_sequence: sequence,
            command: Some(command),
        };
        self.order_under(self.token(), command).await;
    }

    /// Sends a command that is void for every session of the gateway but one.
    ///
    /// Its id names the call too, for a gateway keeps the results of all calls side by side.
    pub(crate) async fn order_under(&self, token: Token, mut command: GatewayCommand) {
        command.token = Some(wire_token(token));
        command.command_id = format!("{}/{}", command.call_id, command.command_id);
        lock(&self.outstanding).insert(command.command_id.clone(), command.clone());
        self.send(Message::Command(command)).await;
    }

    /// Ends an outstanding command.
    pub(crate) fn resolve(&self, command_id: &str) -> Option<GatewayCommand> {
        lock(&self.outstanding).remove(command_id)
    }

    /// Gives the commands without a result, by call and order.
    pub(crate) fn outstanding(&self, limit: usize) -> Vec<GatewayCommand> {
        let mut commands: Vec<_> = lock(&self.outstanding).values().cloned().collect();
        commands.sort_by(|one, other| {
            (&one.call_id, one.call_sequence, &one.command_id).cmp(&(
                &other.call_id,
                other.call_sequence,
                &other.command_id,
            ))
        });
        commands.truncate(limit);
        commands
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

    /// Keeps a refusal until a unary request fetches it.
    pub(crate) fn note_refusal(&self, rejected: Rejected) {
        lock(&self.refusals).push(rejected);
    }

    pub(crate) fn take_refusals(&self) -> Vec<Rejected> {
        std::mem::take(&mut *lock(&self.refusals))
    }

    /// Keeps news of a waiting caller until a unary request fetches them.
    pub(crate) fn note_progress(&self, progress: QueueProgress) {
        lock(&self.news).insert(progress.call_id.clone(), progress);
    }

    pub(crate) fn has_progress(&self) -> bool {
        !lock(&self.news).is_empty()
    }

    pub(crate) fn take_progress(&self) -> Vec<QueueProgress> {
        std::mem::take(&mut *lock(&self.news)).into_values().collect()
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
        // A gateway that is gone learns everything again when it comes back.
        let _ = self.output.send(Ok(RunCallsResponse { message: Some(message) })).await;
    }

    /// Ends the stream with an error.
    pub(crate) async fn send_status(&self, error: ApiError) {
        let _ = self.output.send(Err(error.into())).await;
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.ended.notify_waiters();
        self.ended.notify_one();
        self.waits.wake();
        self.progress.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst) || self.output.is_closed()
    }
}

fn settled_of(settled: Option<Token>, token: Token) -> Option<Token> {
    settled.filter(|settled| *settled == token)
}

async fn join_floor(
    edge: &Edge,
    tenant: &TenantId,
    gateway: &GatewayId,
) -> Result<Token, ApiError> {
    let command =
        Command::JoinGateway { gateway: gateway.clone(), lease: edge.parts.gateway_lease };
    let applied = edge.floors().apply(tenant, command).await.map_err(routing_error)?;
    let Reply::Joined { token } = applied.reply else {
        let answer = format!("{:?}", applied.reply);
        return Err(FloorError::Corrupt { answer }.into());
    };
    Ok(token)
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
