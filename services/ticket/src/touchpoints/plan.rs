//! Plans the days that count from an anchor.

use std::collections::BTreeSet;
use std::sync::Arc;

use switchboard_api::convert::customer as customers;
use switchboard_api::convert::touchpoint as convert;
use switchboard_api::touchpoint::v1::PlanTouchpointsRequest;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::center::{Center, Zone};
use switchboard_domain::flow::CivilDate;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::touchpoint::{Touchpoint, TouchpointPlan, latest_anchor};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use super::touchpoint;
use crate::CareParts;

/// The plans of a center as they are now, on whose clock.
pub(super) struct Calendar {
    center: Arc<Center>,
    zone: Zone,
}

/// A day from which days count.
pub(super) struct Anchored {
    anchor: String,
    on: CivilDate,
}

impl Anchored {
    /// Reads an anchor.
    pub(super) fn read(anchor: String, date: &str) -> Result<Self, ApiError> {
        Ok(Self {
            anchor: field::required_word("anchor", anchor)?,
            on: convert::day_field("anchor_date", date)?,
        })
    }
}

impl Calendar {
    /// Reads the plans of a center.
    pub(super) async fn of(parts: &CareParts, tenant: &TenantId) -> Result<Self, ApiError> {
        let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
        let zone = Zone::parse(&center.time_zone).map_err(ApiError::internal)?;
        Ok(Self { center, zone })
    }

    /// Gives the days that count from an anchor of a customer.
    pub(super) async fn days(
        &self,
        parts: &CareParts,
        tenant: &TenantId,
        (customer, anchored): (&CustomerId, &Anchored),
    ) -> Result<Vec<Touchpoint>, ApiError> {
        let (now, on) = (parts.clock.now(), anchored.on);
        check_day(on, self.zone.day_at(now))?;
        let plans = self.plans(&anchored.anchor)?;
        let found = parts.customers.get(tenant, customer).await?;
        if let Some(leading) = &found.merged_into {
            return Err(customers::merged(customer, leading));
        }
        let days = plans.into_iter().flat_map(|plan| {
            let days = plan.days(on, &self.zone, now);
            days.into_iter().filter_map(|day| touchpoint(parts, plan, (customer, on), day))
        });
        Ok(days.collect())
    }

    fn plans(&self, anchor: &str) -> Result<Vec<&TouchpointPlan>, ApiError> {
        let all = &self.center.touchpoints;
        let plans: Vec<_> = all.iter().filter(|plan| plan.anchor == anchor).collect();
        if !plans.is_empty() {
            return Ok(plans);
        }
        let known: BTreeSet<&str> = all.iter().map(|plan| plan.anchor.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let expected = match known.join(", ") {
            none if none.is_empty() => "a plan in touchpoints.yaml".to_owned(),
            anchors => format!("one of {anchors}"),
        };
        let message = "no plan of the care calendar counts from such an anchor";
        Err(ApiError::failed_precondition("NO_PLAN", message)
            .with("field", "anchor")
            .with("anchor", anchor)
            .with("expected", expected))
    }
}

/// Plans the days of one anchor.
pub(super) async fn one(
    parts: &CareParts,
    caller: &Caller,
    request: &PlanTouchpointsRequest,
) -> Result<Vec<Touchpoint>, ApiError> {
    let customer: CustomerId = field::id("customer_id", &request.customer_id)?;
    let anchored = Anchored::read(request.anchor.clone(), &request.anchor_date)?;
    let calendar = Calendar::of(parts, &caller.tenant).await?;
    let days = calendar.days(parts, &caller.tenant, (&customer, &anchored)).await?;
    let line = AuditRecord {
        detail: Some(format!("{} days after {}", days.len(), anchored.anchor)),
        ..AuditRecord::of(
            caller,
            "touchpoint.plan",
            format!("customer/{customer}"),
            parts.clock.now(),
        )
    };
    parts.audit.append(&caller.tenant, &line).await?;
    Ok(parts.touchpoints.plan(&caller.tenant, &customer, &days).await?)
}

fn check_day(on: CivilDate, today: CivilDate) -> Result<(), ApiError> {
    let latest = latest_anchor(today);
    if on <= latest {
        return Ok(());
    }
    Err(ApiError::invalid("anchor_date", &on.to_string(), format!("a day until {latest}")))
}
