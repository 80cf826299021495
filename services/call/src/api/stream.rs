//! One gateway's stream: a reader, workers that keep the events of each call in order, two watchers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::call::v1::run_calls_request::Message as Incoming;
use switchboard_api::call::v1::run_calls_response::Message as Outgoing;
use switchboard_api::call::v1::{
    CommandOutcome, CommandResult, Drain, GatewayEvent, Heartbeat, Inventory, RunCallsRequest,
    RunCallsResponse, gateway_command,
};
use switchboard_api::convert::session::token_field;
use switchboard_api::convert::time::duration;
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{GatewayId, TenantId};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use tracing::{debug, warn};

use crate::api::limits;
use crate::edge::{Edge, Run, routing_error};
use crate::events::Failure;
use crate::progress;
use crate::session::{Output, Session, Stream};
use crate::watch;

const HELLO_LIMIT: Duration = Duration::from_secs(5);
const BUFFER: usize = 256;
const WORKERS: usize = 8;
const WORKER_BUFFER: usize = 64;

/// Serves one stream until it ends.
pub(super) fn open(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    requests: Streaming<RunCallsRequest>,
) -> ReceiverStream<Result<RunCallsResponse, Status>> {
    let (output, responses) = mpsc::channel(BUFFER);
    let served = Arc::clone(edge);
    edge.parts.tasks.spawn_draining("gateway_stream", async move {
        let refusals = output.clone();
        if let Err(error) = serve(&served, tenant, gateway, requests, output).await {
            let _ = refusals.send(Err(error.into())).await;
        }
    });
    ReceiverStream::new(responses)
}

async fn serve(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    mut requests: Streaming<RunCallsRequest>,
    output: Stream,
) -> Result<(), ApiError> {
    let run = Run { tenant, gateway, boot: greet(&mut requests).await? };
    let listener = edge.parts.feeds.listen(&run.tenant).await?;
    let (session, welcome) = Session::join(Arc::clone(edge), run, Output::Told(output)).await?;
    edge.keep(&session);
    session.send(Outgoing::Welcome(welcome)).await;
    let tasks = &edge.parts.tasks;
    tasks.spawn("gateway_changes", watch::changes(Arc::clone(&session), listener));
    tasks.spawn("gateway_history", watch::history(Arc::clone(&session)));
    tasks.spawn("gateway_progress", progress::tell(Arc::clone(&session)));
    let workers = start_workers(&session);
    read(&session, &mut requests, &workers).await;
    session.close();
    edge.release(&session);
    Ok(())
}

/// Waits for the gateway's introduction, and gives the name of its run.
async fn greet(requests: &mut Streaming<RunCallsRequest>) -> Result<String, ApiError> {
    let late = || ApiError::failed_precondition("HELLO_EXPECTED", "the first message is Hello");
    let first = tokio::time::timeout(HELLO_LIMIT, requests.message()).await.map_err(|_| late())?;
    let first = first.map_err(|_| unreadable())?;
    match first.and_then(|request| request.message) {
        Some(Incoming::Hello(hello)) => check_hello(&hello.boot_id).map(|()| hello.boot_id),
        _ => Err(late()),
    }
}

/// Checks how a gateway introduces itself.
pub(super) fn check_hello(boot_id: &str) -> Result<(), ApiError> {
    field::id::<switchboard_domain::ids::SessionId>("boot_id", boot_id).map(|_| ())
}

/// An event, and the token under which it began.
type Begun = (Token, GatewayEvent);

/// Who takes what the reader reads, so that nothing slow holds up what comes behind it.
struct Workers {
    events: Vec<mpsc::Sender<Begun>>,
    inventory: mpsc::Sender<Inventory>,
}

fn start_workers(session: &Arc<Session>) -> Workers {
    let (inventory, mut chunks) = mpsc::channel(WORKER_BUFFER);
    let taking = Arc::clone(session);
    session.edge.parts.tasks.spawn("gateway_inventory", async move {
        while let Some(chunk) = chunks.recv().await {
            take_chunk(&taking, chunk).await;
        }
    });
    Workers { events: start_event_workers(session), inventory }
}

async fn take_chunk(session: &Session, inventory: Inventory) {
    let answered = token_field("token", inventory.token).ok();
    let taken = match limits::check_legs(&inventory) {
        Ok(()) => session.take_inventory(inventory).await.map(drop),
        Err(error) => Err(error.into()),
    };
    if let Err(failure) = taken {
        refuse_inventory(session, answered, failure).await;
        if let Some(token) = answered {
            session.settle_inventory(token);
        }
    }
}

fn start_event_workers(session: &Arc<Session>) -> Vec<mpsc::Sender<Begun>> {
    let start = |_| {
        let (sender, mut events) = mpsc::channel::<Begun>(WORKER_BUFFER);
        let session = Arc::clone(session);
        let tasks = session.edge.parts.tasks.clone();
        tasks.spawn("gateway_events", async move {
            while let Some((token, event)) = events.recv().await {
                session.take(token, event).await;
            }
        });
        sender
    };
    (0..WORKERS).map(start).collect()
}

async fn read(
    session: &Arc<Session>,
    requests: &mut Streaming<RunCallsRequest>,
    workers: &Workers,
) {
    let shutdown = session.edge.parts.tasks.shutdown().clone();
    loop {
        let request = tokio::select! {
            request = requests.message() => request,
            () = session.ended.notified() => return,
            () = shutdown.triggered() => {
                let grace = Some(duration(Duration::ZERO));
                session.send(Outgoing::Drain(Drain { grace })).await;
                return;
            }
        };
        match request {
            Ok(Some(RunCallsRequest { message: Some(message) })) => {
                handle(session, message, workers).await;
            }
            Ok(Some(RunCallsRequest { message: None })) => {
                let error = ApiError::missing("message");
                session.send(Outgoing::Rejected(error.to_rejected(0))).await;
            }
            Ok(None) => return,
            Err(status) => return complain(session, &status).await,
        }
    }
}

/// A gateway that is still there learns that what it sent cannot be read.
async fn complain(session: &Session, status: &Status) {
    debug!(gateway.id = %session.gateway, code = ?status.code(), "the stream broke");
    session.send_status(unreadable()).await;
}

fn unreadable() -> ApiError {
    ApiError::invalid_unseen("message", "a RunCallsRequest")
}

async fn handle(session: &Arc<Session>, message: Incoming, workers: &Workers) {
    match message {
        Incoming::Hello(_) => {
            let error = ApiError::failed_precondition("SESSION_OPEN", "Hello was said already");
            session.send(Outgoing::Rejected(error.to_rejected(0))).await;
        }
        Incoming::Inventory(inventory) => {
            // Events that come behind it belong to the session it answers.
            if let Ok(token) = token_field("token", inventory.token) {
                session.answer_welcome(token);
                session.bring(&inventory.legs);
            }
            // A worker ends only with the session; then another inventory comes.
            let _ = workers.inventory.send(inventory).await;
        }
        Incoming::Event(event) => hand_over(session, event, &workers.events).await,
        Incoming::Result(result) => finish(session, &result),
        Incoming::Heartbeat(_) => beat(session).await,
    }
}

async fn refuse_inventory(session: &Session, answered: Option<Token>, failure: Failure) {
    let error = match failure {
        Failure::Refused(error) => error,
        Failure::Floor(error) if crate::events::is_stale(&error) => {
            // Another task may have joined anew while the inventory was taken.
            let token = answered.unwrap_or_else(|| session.token());
            if let Err(failed) = session.rejoin(token).await {
                warn!(gateway.id = %session.gateway, error = failed.reason(), "cannot join anew");
            }
            return;
        }
        Failure::Floor(error) => routing_error(error),
    };
    session.send(Outgoing::Rejected(error.to_rejected(0))).await;
}

async fn hand_over(session: &Session, event: GatewayEvent, workers: &[mpsc::Sender<Begun>]) {
    let token = match limits::admit(session, &event).await {
        Ok(Some(token)) => token,
        Ok(None) => return,
        Err(rejected) => return session.send(Outgoing::Rejected(rejected)).await,
    };
    let mut hasher = DefaultHasher::new();
    event.call_id.hash(&mut hasher);
    let count = u64::try_from(workers.len()).unwrap_or(1);
    let index = usize::try_from(hasher.finish() % count).unwrap_or(0);
    // A worker ends only with the session; then the gateway resends.
    let _ = workers[index].send((token, event)).await;
}

/// Ends a command; a bridge that failed without saying so as an event is only noted, and a flow does
/// not wait for what the gateway cannot do.
pub(super) fn finish(session: &Session, result: &CommandResult) {
    use gateway_command::Command;
    let Some(command) = session.resolve(&result.command_id) else { return };
    if result.outcome != i32::from(CommandOutcome::Failed) {
        return;
    }
    match command.command {
        Some(Command::Bridge(_)) => {
            debug!(call.id = %command.call_id, "the gateway could not bridge");
        }
        Some(Command::Transfer(_) | Command::RecordMessage(_)) => {
            if let Ok(call) = field::id("call_id", &command.call_id) {
                session.give_up(call, command.command_id);
            }
        }
        _ => {}
    }
}

async fn beat(session: &Session) {
    match session.renew().await {
        Ok(()) => session.send(Outgoing::Heartbeat(Heartbeat {})).await,
        Err(error) => {
            warn!(gateway.id = %session.gateway, error = error.reason(), "cannot renew a lease");
        }
    }
}
