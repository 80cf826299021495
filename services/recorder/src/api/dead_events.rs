//! Looks after the dead events: each RPC decodes, calls, encodes.

use switchboard_api::convert::dead_event as convert;
use switchboard_api::recorder::v1::dead_event_service_server::DeadEventService;
use switchboard_api::recorder::v1::{
    DropDeadEventRequest, DropDeadEventResponse, GetDeadEventRequest, GetDeadEventResponse,
    ListDeadEventsRequest, ListDeadEventsResponse, ReplayDeadEventRequest, ReplayDeadEventResponse,
};
use switchboard_api::{ApiError, caller, page};
use switchboard_domain::caller::Caller;
use switchboard_store::audit::AuditRecord;
use switchboard_store::dead_events::Replay;
use switchboard_store::outbox::OutboxPosition;
use tonic::{Request, Response, Status, async_trait};

use crate::DeadEventParts;

/// What page tokens are bound to.
const QUERY: &str = "dead_events";

/// The service and what it works with.
pub(crate) struct DeadEventRpcs {
    pub(crate) parts: DeadEventParts,
}

#[async_trait]
impl DeadEventService for DeadEventRpcs {
    #[tracing::instrument(name = "recorder.list_dead_events", skip_all)]
    async fn list_dead_events(
        &self,
        request: Request<ListDeadEventsRequest>,
    ) -> Result<Response<ListDeadEventsResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let wanted = page::request(QUERY, request.page_size, &request.page_token)?;
        let listed = self.parts.dead_events.dead(&caller.tenant, &wanted).await;
        let found = listed.map_err(ApiError::from)?;
        Ok(Response::new(ListDeadEventsResponse {
            dead_events: found.records.into_iter().map(convert::listed).collect(),
            next_page_token: page::next(QUERY, &found.next),
        }))
    }

    #[tracing::instrument(name = "recorder.get_dead_event", skip_all)]
    async fn get_dead_event(
        &self,
        request: Request<GetDeadEventRequest>,
    ) -> Result<Response<GetDeadEventResponse>, Status> {
        let caller = caller::of(&request)?;
        let at = convert::place("dead_event_id", &request.get_ref().dead_event_id)?;
        self.note(&caller, "dead_event.read", at).await?;
        let found = self.parts.dead_events.dead_at(&caller.tenant, at).await;
        let dead_event = Some(convert::whole(found.map_err(ApiError::from)?));
        Ok(Response::new(GetDeadEventResponse { dead_event }))
    }

    #[tracing::instrument(name = "recorder.replay_dead_event", skip_all)]
    async fn replay_dead_event(
        &self,
        request: Request<ReplayDeadEventRequest>,
    ) -> Result<Response<ReplayDeadEventResponse>, Status> {
        let caller = caller::of(&request)?;
        let at = convert::place("dead_event_id", &request.get_ref().dead_event_id)?;
        let rules = self.parts.rules.rules(&caller.tenant).await.map_err(ApiError::from)?;
        self.note(&caller, "dead_event.replay", at).await?;
        let replay = Replay { at, rules, now: self.parts.clock.now() };
        let kept = self.parts.dead_events.replay(&caller.tenant, &replay).await;
        let kept = kept.map_err(ApiError::from)?;
        let call_id = kept.contact().unwrap_or_default().to_owned();
        Ok(Response::new(ReplayDeadEventResponse { call_id }))
    }

    #[tracing::instrument(name = "recorder.drop_dead_event", skip_all)]
    async fn drop_dead_event(
        &self,
        request: Request<DropDeadEventRequest>,
    ) -> Result<Response<DropDeadEventResponse>, Status> {
        let caller = caller::of(&request)?;
        let at = convert::place("dead_event_id", &request.get_ref().dead_event_id)?;
        self.note(&caller, "dead_event.drop", at).await?;
        let gone = self.parts.dead_events.drop_dead(&caller.tenant, at).await;
        let dead_event = Some(convert::listed(gone.map_err(ApiError::from)?));
        Ok(Response::new(DropDeadEventResponse { dead_event }))
    }
}

impl DeadEventRpcs {
    /// Adds to the audit trail what is about to be done.
    async fn note(
        &self,
        caller: &Caller,
        action: &str,
        at: OutboxPosition,
    ) -> Result<(), ApiError> {
        let object = format!("dead_event/{at}");
        let line = AuditRecord::of(caller, action, object, self.parts.clock.now());
        Ok(self.parts.audit.append(&caller.tenant, &line).await?)
    }
}
