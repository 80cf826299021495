//! Follow-ups: decided on after each closing, called through the live floor, answered by agents; what
//! callers keyed at the end of a call is one of them.

mod answer;
mod api;
mod ask;
mod calls;
mod conclude;
mod decide;
mod hear;
mod settle;
mod take_back;

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::followup::v1::follow_up_service_server::{
    FollowUpService, FollowUpServiceServer,
};
use switchboard_center::{CacheError, CenterCache};
use switchboard_domain::center::Center;
use switchboard_domain::consent::NoConsent;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::{CustomerId, PurposeId, TenantId};
use switchboard_domain::ticket::Medium;
use switchboard_routing::{Floors, RoutingError};
use switchboard_runtime::clock::{Clock, Ids};
use switchboard_runtime::read_log::ReadLog;
use switchboard_store::audit::Audit;
use switchboard_store::consents::Consents;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{FollowUpChange, FollowUps};
use switchboard_store::history::History;
use switchboard_store::live_floor::FloorError;
use switchboard_store::tenants::Tenants;
use switchboard_store::tickets::Tickets;
use switchboard_store::touchpoints::Touchpoints;

use crate::rounds::each_tenant;
use crate::touchpoints;

pub use calls::call_due;
pub use conclude::conclude;
pub use decide::decide;
pub use hear::hear;

/// How many are taken before others are asked for.
pub(crate) const BATCH: u32 = 100;
/// When what could not be done is tried again, and when a call that was ordered is looked for.
const RETRY: Duration = Duration::from_mins(5);
/// Who does what no person does.
const PROGRAM: &str = "follow-up";

/// What calls that are owed, and the care calendar, work with.
#[derive(Clone)]
pub struct CareParts {
    /// The calls that are owed.
    pub follow_ups: Arc<dyn FollowUps>,
    /// The care calendar.
    pub touchpoints: Arc<dyn Touchpoints>,
    /// What customers agreed to.
    pub consents: Arc<dyn Consents>,
    /// The tickets.
    pub tickets: Arc<dyn Tickets>,
    /// The calls that left tickets: who is called where nobody knows the customer.
    pub history: Arc<dyn History>,
    /// Who is called.
    pub customers: Arc<dyn Customers>,
    /// Who is followed up, when, and what is asked.
    pub centers: Arc<CenterCache>,
    /// The way to the agents.
    pub floors: Arc<Floors>,
    /// Who changed or read what.
    pub audit: Arc<dyn Audit>,
    /// Who read lists.
    pub reads: ReadLog,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service.
pub fn follow_up_service(parts: CareParts) -> FollowUpServiceServer<impl FollowUpService> {
    FollowUpServiceServer::new(api::FollowUpRpcs { parts })
}

/// Decides on closings, hears what callers keyed, fires days of the care calendar, calls and concludes, for ever.
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
    // What stops one step stops no other; the first of them is told.
    let steps = [
        decide(parts, tenant).await,
        hear(parts, tenant).await,
        touchpoints::fire_due(parts, tenant).await,
        call_due(parts, tenant).await,
        conclude(parts, tenant).await,
    ];
    steps.into_iter().collect()
}

impl CareParts {
    /// Gives the center in force; none while it cannot be read, or was never applied.
    pub(crate) async fn center(&self, tenant: &TenantId) -> Option<Arc<Center>> {
        match self.centers.get(tenant).await {
            Ok(center) => Some(center),
            Err(CacheError::NoCenter(_)) => None,
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "keeping in touch waits for the center");
                None
            }
        }
    }

    /// Says why a customer is not to be approached for a purpose; nothing if nothing forbids it.
    pub(crate) async fn refusal(
        &self,
        tenant: &TenantId,
        center: &Center,
        (purpose, medium): (&PurposeId, Option<Medium>),
        customer: &CustomerId,
    ) -> Result<Option<NoConsent>, StoreError> {
        let said = self.consents.last_words(tenant, customer).await?;
        Ok(center.purposes.refusal(purpose, medium, &said))
    }

    /// Brings a follow-up to its end.
    async fn end(
        &self,
        tenant: &TenantId,
        follow_up: &FollowUp,
        (attempted, reason): (FollowUpMove, &str),
    ) -> Result<(), StoreError> {
        if let Ok(ended) = follow_up.apply(attempted, self.clock.now()) {
            self.keep(tenant, ended.because(reason)).await?;
        }
        Ok(())
    }

    /// Looks at a follow-up again after a while; what is with the agents stays with them.
    async fn wait(
        &self,
        tenant: &TenantId,
        follow_up: &FollowUp,
        span: Duration,
    ) -> Result<(), StoreError> {
        if follow_up.state != FollowUpState::Calling {
            return self.wait_as_due(tenant, follow_up, span).await;
        }
        let now = self.clock.now();
        if let Ok(waits) = follow_up.call(now, now + span) {
            self.keep(tenant, waits).await?;
        }
        Ok(())
    }

    /// Calls again after a while.
    async fn wait_as_due(
        &self,
        tenant: &TenantId,
        follow_up: &FollowUp,
        span: Duration,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        if let Ok(due) = follow_up.put_off(now, now + span) {
            self.keep(tenant, due).await?;
        }
        Ok(())
    }

    /// Lets a follow-up wait whose records cannot be read, so that it stops no other; a store that is
    /// away stops them all.
    async fn or_later(
        &self,
        tenant: &TenantId,
        follow_up: &FollowUp,
        outcome: Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match outcome {
            Err(error) if !error.is_transient() => {
                let id = follow_up.id.as_str();
                tracing::error!(tenant.id = %tenant, follow_up.id = id, %error, "a follow-up waits");
                self.wait(tenant, follow_up, RETRY).await
            }
            outcome => outcome,
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
