//! Follow-ups: decided on after each closing, called through the live floor, answered by agents.

mod answer;
mod api;
mod calls;
mod decide;
mod settle;

use std::sync::Arc;

use switchboard_api::followup::v1::follow_up_service_server::{
    FollowUpService, FollowUpServiceServer,
};
use switchboard_center::{CacheError, CenterCache};
use switchboard_domain::center::Center;
use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::ids::TenantId;
use switchboard_routing::{Floors, RoutingError};
use switchboard_runtime::clock::{Clock, Ids};
use switchboard_store::audit::Audit;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{FollowUpChange, FollowUps};
use switchboard_store::live_floor::FloorError;
use switchboard_store::tenants::Tenants;
use switchboard_store::tickets::Tickets;
use switchboard_store::touchpoints::Touchpoints;

use crate::rounds::each_tenant;
use crate::touchpoints;

pub use calls::{call_due, conclude};
pub use decide::decide;

/// How many are taken before others are asked for.
const BATCH: u32 = 100;
/// Who does what no person does.
const PROGRAM: &str = "follow-up";

/// What calls that are owed, and the care calendar, work with.
#[derive(Clone)]
pub struct CareParts {
    /// The calls that are owed.
    pub follow_ups: Arc<dyn FollowUps>,
    /// The care calendar.
    pub touchpoints: Arc<dyn Touchpoints>,
    /// The tickets.
    pub tickets: Arc<dyn Tickets>,
    /// Who is called.
    pub customers: Arc<dyn Customers>,
    /// Who is followed up, when, and what is asked.
    pub centers: Arc<CenterCache>,
    /// The way to the agents.
    pub floors: Arc<Floors>,
    /// Who changed or read what.
    pub audit: Arc<dyn Audit>,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service.
pub fn follow_up_service(parts: CareParts) -> FollowUpServiceServer<impl FollowUpService> {
    FollowUpServiceServer::new(api::FollowUpRpcs { parts })
}

/// Decides on closings, fires days of the care calendar, calls and concludes, for ever.
///
/// Any number of processes may do so: a closing is decided on once, and whatever changes does so only
/// in the version that was looked at. To be dropped at any moment is fine.
pub async fn keep_in_touch(parts: CareParts, tenants: Arc<dyn Tenants>) {
    each_tenant(&*tenants, "follow-ups cannot be made", |tenant| {
        let parts = parts.clone();
        async move { once(&parts, &tenant).await }
    })
    .await;
}

async fn once(parts: &CareParts, tenant: &TenantId) -> Result<(), StoreError> {
    decide(parts, tenant).await?;
    touchpoints::fire_due(parts, tenant).await?;
    call_due(parts, tenant).await?;
    conclude(parts, tenant).await
}

impl CareParts {
    /// Gives the center in force; none while it cannot be read, or was never applied.
    pub(crate) async fn center(&self, tenant: &TenantId) -> Option<Arc<Center>> {
        match self.centers.get(tenant).await {
            Ok(center) => Some(center),
            Err(CacheError::NoCenter(_)) => None,
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "follow-ups wait for the center");
                None
            }
        }
    }

    /// Keeps what the program made of a follow-up; whoever was faster did the same or knew better.
    async fn keep(&self, tenant: &TenantId, after: FollowUp) -> Result<bool, StoreError> {
        let note = after.told();
        let change = FollowUpChange { follow_up: after, actor: PROGRAM.to_owned(), note };
        match self.follow_ups.save(tenant, &change).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Gives why a call could not be ordered, in a word for the log.
fn cause(error: &RoutingError) -> &'static str {
    match error {
        RoutingError::Floor(FloorError::Rejected(rejection)) => rejection.code(),
        RoutingError::Floor(_) => "LIVE_STORE_UNAVAILABLE",
        RoutingError::Center(_) | RoutingError::Store(_) => "STORE_UNAVAILABLE",
    }
}
