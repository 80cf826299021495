//! Reads queues with their live counts.

use switchboard_api::convert::estimate::wait;
use switchboard_api::convert::time::duration;
use switchboard_api::queue::v1 as wire;
use switchboard_api::queue::v1::queue_service_server::QueueService;
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::center::{Center, Queue};
use switchboard_domain::ids::{QueueId, TenantId};
use switchboard_routing::Planned;
use tonic::{Request, Response, Status, async_trait};

use crate::api::{Queues, callbacks, explain, waits};
use crate::board::Board;
use crate::refusal::routing_error;

impl Queues {
    async fn planned(&self, tenant: &TenantId) -> Result<Planned, ApiError> {
        self.parts.floors.planned(tenant).await.map_err(routing_error)
    }

    /// Puts a queue on the wire; who waits is counted now, the rest comes from the board.
    async fn queue(
        &self,
        tenant: &TenantId,
        center: &Center,
        board: &Board,
        queue: &Queue,
    ) -> Result<wire::Queue, ApiError> {
        let waiting = self.parts.floors.floor().queue(tenant, &queue.id).await?;
        let mut line = board.lines.get(&queue.id).cloned().unwrap_or_default();
        (line.waiting, line.oldest) = (waiting.waiting, waiting.oldest_enqueued_at);
        let language = center.default_language.as_str();
        let expected = self.parts.estimates.of_queue(tenant, &queue.id).await;
        let expected = expected.map_err(routing_error)?.and_then(|(_, wait)| wait.ok());
        Ok(wire::Queue {
            queue_id: queue.id.to_string(),
            display_name: queue.display_name.get(language).unwrap_or_default().to_owned(),
            required_skills: queue.requirement.iter().map(required_skill).collect(),
            max_waiting: queue.max_waiting.unwrap_or(0),
            max_wait: queue.max_wait.map(duration),
            ring_timeout: Some(duration(queue.ring_timeout)),
            wrap_up: Some(duration(queue.wrap_up.time)),
            live: Some(line.counts(board.now())),
            wait: expected.as_ref().map(wait),
        })
    }
}

fn required_skill(needed: &switchboard_domain::center::SkillRequirement) -> wire::RequiredSkill {
    wire::RequiredSkill {
        skill_id: needed.skill.to_string(),
        minimum_level: u32::from(needed.level.get()),
    }
}

#[async_trait]
impl QueueService for Queues {
    #[tracing::instrument(name = "queue.list_queues", skip_all)]
    async fn list_queues(
        &self,
        request: Request<wire::ListQueuesRequest>,
    ) -> Result<Response<wire::ListQueuesResponse>, Status> {
        let (tenant, asked) = (caller::of(&request)?.tenant, request.into_inner());
        let planned = self.planned(&tenant).await?;
        let center = planned.center();
        let wanted = (asked.page_size, asked.page_token.as_str());
        let key = |queue: &&Queue| queue.id.to_string();
        let (page, next_page_token) = page::of_list("queues", wanted, center.queues.values(), key)?;
        let (board, _) = self.boards.watch(&tenant).await?;
        let mut queues = Vec::with_capacity(page.len());
        for queue in page {
            queues.push(self.queue(&tenant, center, &board, queue).await?);
        }
        Ok(Response::new(wire::ListQueuesResponse { queues, next_page_token }))
    }

    #[tracing::instrument(name = "queue.get_queue", skip_all)]
    async fn get_queue(
        &self,
        request: Request<wire::GetQueueRequest>,
    ) -> Result<Response<wire::GetQueueResponse>, Status> {
        let (tenant, asked) = (caller::of(&request)?.tenant, request.into_inner());
        let id: QueueId = field::id("queue_id", &asked.queue_id)?;
        let planned = self.planned(&tenant).await?;
        let found = planned.center().queue(&id);
        let found = found.ok_or_else(|| ApiError::not_found("queue", id.as_str()))?;
        let (board, _) = self.boards.watch(&tenant).await?;
        let queue = self.queue(&tenant, planned.center(), &board, found).await?;
        Ok(Response::new(wire::GetQueueResponse { queue: Some(queue) }))
    }

    #[tracing::instrument(name = "queue.get_position", skip_all)]
    async fn get_position(
        &self,
        request: Request<wire::GetPositionRequest>,
    ) -> Result<Response<wire::GetPositionResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let position = waits::position(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::GetPositionResponse { position: Some(position) }))
    }

    #[tracing::instrument(name = "queue.estimate_wait", skip_all)]
    async fn estimate_wait(
        &self,
        request: Request<wire::EstimateWaitRequest>,
    ) -> Result<Response<wire::EstimateWaitResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        Ok(Response::new(waits::estimate(&self.parts, &caller, &asked).await?))
    }

    #[tracing::instrument(name = "queue.explain_wait", skip_all)]
    async fn explain_wait(
        &self,
        request: Request<wire::ExplainWaitRequest>,
    ) -> Result<Response<wire::ExplainWaitResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let explanation = explain::wait(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::ExplainWaitResponse { explanation: Some(explanation) }))
    }

    #[tracing::instrument(name = "queue.explain_agent", skip_all)]
    async fn explain_agent(
        &self,
        request: Request<wire::ExplainAgentRequest>,
    ) -> Result<Response<wire::ExplainAgentResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let explanation = explain::agent(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::ExplainAgentResponse { explanation: Some(explanation) }))
    }

    #[tracing::instrument(name = "queue.request_callback", skip_all)]
    async fn request_callback(
        &self,
        request: Request<wire::RequestCallbackRequest>,
    ) -> Result<Response<wire::RequestCallbackResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let callback = callbacks::request(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::RequestCallbackResponse { callback: Some(callback) }))
    }

    #[tracing::instrument(name = "queue.cancel_callback", skip_all)]
    async fn cancel_callback(
        &self,
        request: Request<wire::CancelCallbackRequest>,
    ) -> Result<Response<wire::CancelCallbackResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let callback = callbacks::cancel(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::CancelCallbackResponse { callback: Some(callback) }))
    }

    #[tracing::instrument(name = "queue.list_callbacks", skip_all)]
    async fn list_callbacks(
        &self,
        request: Request<wire::ListCallbacksRequest>,
    ) -> Result<Response<wire::ListCallbacksResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        Ok(Response::new(callbacks::list(&self.parts, &caller, &asked).await?))
    }
}
