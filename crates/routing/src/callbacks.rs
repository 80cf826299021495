//! Promises callers a call.

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::center::{CalendarState, Center, RouteRequest};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Agreed, Command};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::{AgentId, ContactId, IdError, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::error::RoutingError;
use crate::floors::Floors;

/// What a callback adds to the id of the contact it is for.
const SUFFIX: &str = ".callback";

/// What is wanted of a callback.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Its id; none for the contact's with `.callback` added.
    pub id: Option<ContactId>,
    /// In how long the caller may be called at the earliest.
    pub opens_in: Duration,
    /// In how long the caller may be called at the latest; none for as long as the queue says.
    pub closes_in: Option<Duration>,
    /// Who asked for it.
    pub by: &'a str,
}

/// What a caller in the menu and the flow agreed on.
pub struct Promise<'a> {
    /// Where the callback waits, and how urgent it is.
    pub route: RouteRequest<'a>,
    /// Who is called, in E.164.
    pub number: &'a str,
    /// What is known of the caller.
    pub details: &'a Details,
    /// Who promised it.
    pub by: &'a str,
}

/// Names the callback of a contact.
pub fn id_for(contact: &ContactId) -> Result<ContactId, IdError> {
    ContactId::parse(format!("{contact}{SUFFIX}"))
}

/// Says from when the customer of a callback may be called, by the hours of its queue; nothing for a
/// contact that is no callback.
pub fn opens_at(center: &Center, contact: &Contact, now: Timestamp) -> Option<Timestamp> {
    contact.callback?;
    window_opens(center, &contact.place.as_ref()?.queue, now)
}

/// Says from when a queue may call customers, by its hours; nothing where they never open, or do not
/// matter.
pub fn window_opens(center: &Center, queue: &QueueId, now: Timestamp) -> Option<Timestamp> {
    let hours = center.queue(queue)?.callback.as_ref()?.hours.as_ref()?;
    match center.calendars.get(hours)?.state_at(now) {
        CalendarState::Open { .. } => Some(now),
        CalendarState::Closed { opens_at } => opens_at,
    }
}

/// Promises a waiting caller a call that keeps the place; gives its id.
///
/// Who has an open callback in the same queue already keeps that one.
pub async fn request(
    floors: &Floors,
    tenant: &TenantId,
    id: &ContactId,
    contact: &Contact,
    wanted: Wanted<'_>,
) -> Result<ContactId, RoutingError> {
    let wrong = || Rejection::WrongState { state: contact.state.name().to_owned() };
    let refused = |rejection: Rejection| RoutingError::Floor(FloorError::Rejected(rejection));
    let place = contact.place.as_ref().ok_or_else(|| refused(wrong()))?;
    let callback = match wanted.id.clone() {
        Some(callback) => callback,
        None => id_for(id).map_err(|_| refused(Rejection::NoCallback { why: "id".to_owned() }))?,
    };
    let details = Details::decode(&contact.details);
    let now = floors.clock().now();
    let prepare = |planned: &crate::Planned| {
        let opens_at = window_opens(planned.center(), &place.queue, now);
        let until_open = opens_at.map(|at| at.since(now)).unwrap_or_default();
        let wish = Wish { channel: Channel::Callback, known: None, now };
        let (_, route) = planned.route_known(&place.queue, &details, wish)?;
        Some(Command::RequestCallback {
            contact: id.clone(),
            callback: callback.clone(),
            plan_version: planned.version(),
            route,
            opens_in: wanted.opens_in.max(until_open),
            closes_in: wanted.closes_in,
            by: wanted.by.to_owned(),
            agreed: None,
        })
    };
    let applied = floors.apply_planned(tenant, prepare).await?;
    applied.ok_or_else(|| refused(Rejection::NoCallback { why: "queue".to_owned() }))?;
    Ok(callback)
}

/// Promises a caller who is still in the menu a call; the caller stays there. Gives its id.
///
/// Asked again for the same contact it is the same callback.
pub async fn promise(
    floors: &Floors,
    tenant: &TenantId,
    id: &ContactId,
    promise: Promise<'_>,
) -> Result<ContactId, RoutingError> {
    let refused = |why: &str| {
        let rejection = Rejection::NoCallback { why: why.to_owned() };
        RoutingError::Floor(FloorError::Rejected(rejection))
    };
    let callback = id_for(id).map_err(|_| refused("id"))?;
    let now = floors.clock().now();
    let prepare = |planned: &crate::Planned| {
        let opens_at = window_opens(planned.center(), promise.route.queue, now);
        let wish = Wish { channel: Channel::Callback, known: None, now };
        let (plan, route) = planned.route(promise.route, wish)?;
        Some(Command::RequestCallback {
            contact: id.clone(),
            callback: callback.clone(),
            plan_version: planned.version(),
            route,
            opens_in: opens_at.map(|at| at.since(now)).unwrap_or_default(),
            closes_in: None,
            by: promise.by.to_owned(),
            agreed: Some(Agreed {
                caller: promise.number.to_owned(),
                priority: i32::try_from(plan.priority).unwrap_or(i32::MAX),
                credit: planned.center().priority_credit,
                details: promise.details.encode(),
            }),
        })
    };
    let applied = floors.apply_planned(tenant, prepare).await?;
    applied.ok_or_else(|| refused("queue"))?;
    Ok(callback)
}

/// A call that the center owes somebody.
pub struct Owed<'a> {
    /// The queue whose agents call.
    pub queue: &'a QueueId,
    /// Who is called, in E.164.
    pub number: &'a str,
    /// What is known of who is called.
    pub details: &'a Details,
    /// The agents it is never offered to.
    pub spared: &'a BTreeSet<AgentId>,
    /// Until when it may be made, at most for as long as the queue says.
    pub until: Timestamp,
    /// Who decided it.
    pub by: &'a str,
}

/// Lets the agents of a queue call somebody who did not ask for it, within the hours of the queue.
///
/// Asked again with the same id it is the same call. Refused while the queue calls that number anyway.
pub async fn owe(
    floors: &Floors,
    tenant: &TenantId,
    callback: &ContactId,
    owed: &Owed<'_>,
) -> Result<(), RoutingError> {
    let refused = |rejection: Rejection| RoutingError::Floor(FloorError::Rejected(rejection));
    let gateway = floors.any_gateway(tenant).await?;
    let gateway = gateway.ok_or_else(|| refused(Rejection::UnknownGateway))?;
    let now = floors.clock().now();
    let prepare = |planned: &crate::Planned| {
        let center = planned.center();
        let opens_at = window_opens(center, owed.queue, now);
        let wish = Wish { channel: Channel::Callback, known: None, now };
        let (plan, route) = planned.route_known(owed.queue, owed.details, wish)?;
        Some(Command::StartCallback {
            callback: callback.clone(),
            gateway: gateway.clone(),
            plan_version: planned.version(),
            route,
            opens_in: opens_at.map(|at| at.since(now)).unwrap_or_default(),
            closes_in: owed.until.since(now),
            by: owed.by.to_owned(),
            agreed: Agreed {
                caller: owed.number.to_owned(),
                priority: i32::try_from(plan.priority).unwrap_or(i32::MAX),
                credit: center.priority_credit,
                details: owed.details.encode(),
            },
            spared: owed.spared.clone(),
        })
    };
    let applied = floors.apply_planned(tenant, prepare).await?;
    let gone = || refused(Rejection::NoCallback { why: "queue".to_owned() });
    applied.map(|_| ()).ok_or_else(gone)
}
