//! What is past its time: planned, taken away when asked for, and by itself each day.

mod daily;

use std::sync::Arc;

use switchboard_api::convert::retention as convert;
use switchboard_api::recorder::v1::retention_service_server::{
    RetentionService, RetentionServiceServer,
};
use switchboard_api::recorder::v1::{
    GetRetentionRunRequest, GetRetentionRunResponse, PlanRetentionRequest, PlanRetentionResponse,
    RunRetentionRequest, RunRetentionResponse,
};
use switchboard_api::{ApiError, caller};
use switchboard_center::{CacheError, CenterCache};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TenantId;
use switchboard_domain::retention::{Kept, RetentionPolicy};
use switchboard_runtime::clock::Clock;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::error::StoreError;
use switchboard_store::retention::{EventMonths, Retention};
use tonic::{Request, Response, Status, async_trait};

pub use daily::{keep_to_policies, look_after_months, step_all};

/// What the service works with.
#[derive(Clone)]
pub struct RetentionParts {
    /// What is kept, and goes.
    pub retention: Arc<dyn Retention>,
    /// The months of the events.
    pub months: Arc<dyn EventMonths>,
    /// How long each tenant keeps what.
    pub centers: Arc<CenterCache>,
    /// Who asked.
    pub audit: Arc<dyn Audit>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service.
pub fn retention_service(parts: RetentionParts) -> RetentionServiceServer<impl RetentionService> {
    RetentionServiceServer::new(RetentionRpcs { parts })
}

impl RetentionParts {
    /// Gives the policy in force, if there is one.
    async fn policy(&self, tenant: &TenantId) -> Result<Option<RetentionPolicy>, StoreError> {
        match self.centers.get(tenant).await {
            Ok(center) => Ok(center.retention.clone()),
            Err(CacheError::NoCenter(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn required_policy(&self, tenant: &TenantId) -> Result<RetentionPolicy, ApiError> {
        self.policy(tenant).await?.ok_or_else(|| {
            let message = "the center has no retention.yaml that says how long what is kept";
            ApiError::failed_precondition("NO_RETENTION_POLICY", message)
        })
    }
}

struct RetentionRpcs {
    parts: RetentionParts,
}

#[async_trait]
impl RetentionService for RetentionRpcs {
    #[tracing::instrument(name = "recorder.plan_retention", skip_all)]
    async fn plan_retention(
        &self,
        request: Request<PlanRetentionRequest>,
    ) -> Result<Response<PlanRetentionResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let policy = self.parts.required_policy(&tenant).await?;
        let cut_offs = policy.cut_offs(self.parts.clock.now());
        let planned = self.parts.retention.plan(&tenant, &cut_offs).await;
        let planned = planned.map_err(ApiError::from)?;
        let records = planned.into_iter().map(convert::planned).collect();
        Ok(Response::new(PlanRetentionResponse { records }))
    }

    #[tracing::instrument(name = "recorder.run_retention", skip_all)]
    async fn run_retention(
        &self,
        request: Request<RunRetentionRequest>,
    ) -> Result<Response<RunRetentionResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(self.begin(&caller).await?))
    }

    #[tracing::instrument(name = "recorder.get_retention_run", skip_all)]
    async fn get_retention_run(
        &self,
        request: Request<GetRetentionRunRequest>,
    ) -> Result<Response<GetRetentionRunResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let latest = self.parts.retention.latest_retention(&tenant).await;
        let run = latest.map_err(ApiError::from)?;
        let run = run.ok_or_else(|| ApiError::not_found("retention_run", "the last one"))?;
        Ok(Response::new(GetRetentionRunResponse { run: Some(convert::run(&run)) }))
    }
}

impl RetentionRpcs {
    /// Begins a run; the work that is done each day goes on with it.
    async fn begin(&self, caller: &Caller) -> Result<RunRetentionResponse, ApiError> {
        let (tenant, now) = (&caller.tenant, self.parts.clock.now());
        let cut_offs = self.parts.required_policy(tenant).await?.cut_offs(now);
        let id = format!("asked-{}", now.as_millis());
        // The line comes first: what is not on the trail does not begin.
        let line = AuditRecord::of(caller, "retention.begin", format!("retention/{id}"), now);
        self.parts.audit.append(tenant, &line).await?;
        let events = cut_offs.get(&Kept::Events).copied();
        self.parts.months.let_events_go(tenant, events).await?;
        let begun = self.parts.retention.begin_retention(tenant, &id, &cut_offs, now).await?;
        let run = match begun {
            Some(run) => Some(run),
            // It was so short that it is over.
            None => self.parts.retention.latest_retention(tenant).await?,
        };
        Ok(RunRetentionResponse { run: run.as_ref().map(convert::run) })
    }
}
