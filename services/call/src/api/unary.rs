//! The session for gateways that cannot hold a stream.
//!
//! The replica keeps the same session as for a stream and hands out what it would have sent. A
//! replica that does not know the session takes it over from the floor: what a gateway must do
//! follows from the state of its calls.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::call::v1::{
    OpenSessionRequest, OpenSessionResponse, PullCommandsRequest, PullCommandsResponse, Rejected,
    ReportInventoryRequest, ReportInventoryResponse, SessionToken, SubmitEventsRequest,
    SubmitEventsResponse,
};
use switchboard_api::convert::session::token_field;
use switchboard_api::convert::time::duration_field;
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{GatewayId, TenantId};

use crate::api::limits;
use crate::api::stream::{check_hello, finish};
use crate::edge::{Edge, Run, routing_error};
use crate::events::Failure;
use crate::progress;
use crate::session::{Output, Session};
use crate::watch;

const MAX_EVENTS: usize = 100;
const MAX_WAIT: Duration = Duration::from_secs(5);
const LEGS_TAKEN_OVER: u32 = 10_000;

/// Opens a session.
pub(super) async fn open(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    request: OpenSessionRequest,
) -> Result<OpenSessionResponse, ApiError> {
    let boot = field::required("hello", request.hello)?.boot_id;
    check_hello(&boot)?;
    let listener = edge.parts.feeds.listen(&tenant).await?;
    let run_of_gateway = Run { tenant, gateway, boot };
    let (session, welcome) = Session::join(Arc::clone(edge), run_of_gateway, Output::Asked).await?;
    run(edge, &session, listener);
    Ok(OpenSessionResponse { welcome: Some(welcome) })
}

fn run(edge: &Arc<Edge>, session: &Arc<Session>, listener: switchboard_routing::feed::Listener) {
    let tasks = &edge.parts.tasks;
    tasks.spawn("gateway_changes", watch::changes(Arc::clone(session), listener));
    tasks.spawn("gateway_history", watch::history(Arc::clone(session)));
    tasks.spawn("gateway_progress", progress::tell(Arc::clone(session)));
    edge.keep(session);
}

/// Finds the session of a token, here or on the floor.
async fn session(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    token: Option<SessionToken>,
) -> Result<Arc<Session>, ApiError> {
    let token = token_field("token", token)?;
    renew(edge, &tenant, &gateway, token).await?;
    if let Some(kept) = edge.kept(&tenant, &gateway)
        && kept.token() == token
        && !kept.is_closed()
    {
        return Ok(kept);
    }
    let listener = edge.parts.feeds.listen(&tenant).await?;
    let end = edge.outbox_end(&tenant, token.epoch).await.map_err(routing_error)?;
    let session = Session::take_over(Arc::clone(edge), (tenant, gateway), token, end);
    run(edge, &session, listener);
    let legs = edge.floor().legs(&session.tenant, &session.gateway, LEGS_TAKEN_OVER).await?;
    for call in legs {
        session.take_over_call(&call);
        session.resume(&call).await.map_err(failure_error)?;
    }
    Ok(session)
}

async fn renew(
    edge: &Edge,
    tenant: &TenantId,
    gateway: &GatewayId,
    token: Token,
) -> Result<(), ApiError> {
    let lease = edge.parts.gateway_lease;
    let command = Command::RenewGateway { gateway: gateway.clone(), token, lease };
    edge.floors().apply(tenant, command).await.map(|_| ()).map_err(routing_error)
}

fn failure_error(failure: Failure) -> ApiError {
    match failure {
        Failure::Refused(error) => error,
        Failure::Floor(error) => routing_error(error),
    }
}

/// Takes one chunk of an inventory.
pub(super) async fn inventory(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    request: ReportInventoryRequest,
) -> Result<ReportInventoryResponse, ApiError> {
    let inventory = field::required("inventory", request.inventory)?;
    limits::check_legs(&inventory)?;
    let session = session(edge, tenant, gateway, inventory.token).await?;
    let reconciled = session.take_inventory(inventory).await.map_err(failure_error)?;
    Ok(ReportInventoryResponse { reconciled, commands: session.outstanding(MAX_EVENTS) })
}

/// Takes events in order.
pub(super) async fn events(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    request: SubmitEventsRequest,
) -> Result<SubmitEventsResponse, ApiError> {
    let session = session(edge, tenant, gateway, request.token).await?;
    let mut rejected: Vec<Rejected> = Vec::new();
    for event in field::list("events", request.events, MAX_EVENTS)? {
        match limits::admit(&session, &event).await {
            Ok(Some(token)) => session.take(token, event).await,
            Ok(None) => {}
            Err(refusal) => rejected.push(refusal),
        }
    }
    rejected.extend(session.take_refusals());
    Ok(SubmitEventsResponse {
        acknowledged: Some(session.acknowledged()),
        commands: session.outstanding(MAX_EVENTS),
        rejected,
    })
}

/// Ends commands, and waits for new ones.
pub(super) async fn pull(
    edge: &Arc<Edge>,
    tenant: TenantId,
    gateway: GatewayId,
    request: PullCommandsRequest,
) -> Result<PullCommandsResponse, ApiError> {
    let wait = duration_field("wait", request.wait, MAX_WAIT)?;
    let limit = match usize::try_from(request.max_commands).unwrap_or(MAX_EVENTS) {
        0 => MAX_EVENTS,
        limit => limit.min(MAX_EVENTS),
    };
    let session = session(edge, tenant, gateway, request.token).await?;
    for result in field::list("results", request.results, MAX_EVENTS)? {
        finish(&session, &result);
    }
    session.wait_for_work(wait).await;
    Ok(PullCommandsResponse {
        commands: session.outstanding(limit),
        acknowledged: Some(session.acknowledged()),
        progress: session.take_progress(),
    })
}
