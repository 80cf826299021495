//! The care calendar: days are planned from an anchor, and become calls and tickets when they come.

mod api;
mod fire;
mod import;
mod plan;

use switchboard_api::touchpoint::v1::touchpoint_service_server::{
    TouchpointService, TouchpointServiceServer,
};
use switchboard_domain::center::{Center, Zone};
use switchboard_domain::flow::CivilDate;
use switchboard_domain::ids::{CustomerId, TouchpointId};
use switchboard_domain::touchpoint::{PlannedDay, Touchpoint, TouchpointPlan, TouchpointState};

use crate::CareParts;

pub use fire::fire_due;

/// Makes the service.
pub fn touchpoint_service(parts: CareParts) -> TouchpointServiceServer<impl TouchpointService> {
    TouchpointServiceServer::new(api::TouchpointRpcs { parts })
}

/// Makes the touchpoint of a day.
fn touchpoint(
    parts: &CareParts,
    plan: &TouchpointPlan,
    (customer, anchor_on): (&CustomerId, CivilDate),
    planned: PlannedDay,
) -> Option<Touchpoint> {
    let PlannedDay { month, day, opens_at, closes_at } = planned;
    Some(Touchpoint {
        id: TouchpointId::parse(parts.ids.uuid().to_string()).ok()?,
        customer: customer.clone(),
        plan: plan.id.clone(),
        anchor_on,
        month,
        day,
        opens_at,
        closes_at,
        state: TouchpointState::Planned,
        reason: None,
        follow_up: None,
        ticket: None,
        version: 1,
    })
}

/// Makes the touchpoint that takes the place of one at the end of the horizon, for a plan that goes on.
fn successor(parts: &CareParts, center: &Center, of: &Touchpoint) -> Option<Touchpoint> {
    let plan = center.touchpoints.iter().find(|plan| plan.id == of.plan)?;
    let zone = Zone::parse(&center.time_zone).ok()?;
    let next = of.successor(plan, &zone)?;
    touchpoint(parts, plan, (&of.customer, of.anchor_on), next)
}
