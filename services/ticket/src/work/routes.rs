//! Where a ticket waits, and what agents are told of it.

use switchboard_domain::center::{Language, RoutePlan, RouteRequest};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::{Ticket, WorkItem};
use switchboard_domain::time::Timestamp;
use switchboard_routing::Planned;
use switchboard_store::error::StoreError;

use super::WorkParts;
use crate::segments;

/// Decides where a ticket waits; nothing when the center has no such queue.
pub(super) fn way(
    planned: &Planned,
    item: &WorkItem,
    ticket: &Ticket,
    details: &Details,
    now: Timestamp,
) -> Option<(RoutePlan, Route)> {
    let center = planned.center();
    let language = details.get("language").and_then(|tag| Language::parse(tag).ok());
    let segments = details.segments();
    let request = RouteRequest {
        queue: &item.queue,
        language: language.as_ref().filter(|language| center.languages.contains_key(*language)),
        tier: details.get("tier").and_then(|tier| tier.parse().ok()),
        segments: &segments,
        skills: &[],
        priority_boost: ticket.priority.points(),
    };
    planned.route(request, Wish { channel: Channel::Task, known: None, now })
}

/// Gives what agents see of a ticket that they are offered, and what it is routed by.
pub(super) async fn details(
    parts: &WorkParts,
    tenant: &TenantId,
    ticket: &Ticket,
) -> Result<Details, StoreError> {
    let mut details = Details::new()
        // What agents see, as if it had been keyed in.
        .with("field.ticket", ticket.id.as_str())
        .with("field.ticket_number", &ticket.number.to_string());
    let Some(id) = &ticket.customer else { return Ok(details) };
    let leading = parts.tickets.customers.leading(tenant, id).await?;
    let Some(customer) = leading else { return Ok(details) };
    details.set("customer", customer.id.as_str());
    details.set("tier", &customer.tier.to_string());
    if let Some(language) = &customer.language {
        details.set("language", language);
    }
    if let Ok(center) = parts.tickets.centers.get(tenant).await {
        let of_customer = segments::of(&*parts.tickets.customers, tenant, &center, &customer.id);
        details.set_segments(&of_customer.await?);
    }
    Ok(details)
}
