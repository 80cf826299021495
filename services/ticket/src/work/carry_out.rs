//! Does what follows from how a ticket and its contact stand.

use std::time::Duration;

use switchboard_domain::center::CalendarState;
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Report};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason, Token};
use switchboard_domain::ids::{AgentId, GatewayId, TenantId};
use switchboard_domain::ticket::{MoveDetails, Ticket, TicketMove, WorkItem, WorkStep};
use switchboard_domain::time::Timestamp;
use switchboard_routing::RoutingError;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;

use super::routes::{details, way};
use super::{LOOK_AGAIN, RETRY, WorkParts};
use crate::policy::Policy;

/// Who moves tickets because of what happens on the floor.
const FLOOR: &str = "work";
/// When a ticket is queued anew that its queue could not keep.
const LATER: Duration = Duration::from_mins(5);
/// How many steps one look may take: from nothing to waiting, from accepted to bridged.
const STEPS: u32 = 4;

/// Brings one piece of work as far as it can be brought now.
pub(super) async fn item(
    parts: &WorkParts,
    tenant: &TenantId,
    token: Token,
    item: &WorkItem,
) -> Result<(), RoutingError> {
    let work = Work { parts, tenant, token };
    let mut item = item.clone();
    for _ in 0..STEPS {
        match work.step(&mut item).await {
            Ok(Next::Step) => {}
            Ok(Next::Look(at)) => {
                return Ok(parts.items.look_again(tenant, &item.contact, at).await?);
            }
            Ok(Next::Gone) => return Ok(()),
            Err(error) if is_race(&error) => break,
            Err(error) => return Err(error),
        }
    }
    let soon = parts.tickets.clock.now() + RETRY;
    Ok(parts.items.look_again(tenant, &item.contact, soon).await?)
}

/// What comes after a step.
enum Next {
    /// Another one.
    Step,
    /// Nothing before then.
    Look(Timestamp),
    /// Nothing any more under this name.
    Gone,
}

/// Says whether somebody was faster, or the center is about to change: another look tells.
fn is_race(error: &RoutingError) -> bool {
    let RoutingError::Floor(FloorError::Rejected(rejection)) = error else { return false };
    matches!(
        rejection,
        Rejection::WrongState { .. } | Rejection::UnknownContact | Rejection::NotInPlan { .. }
    )
}

struct Work<'a> {
    parts: &'a WorkParts,
    tenant: &'a TenantId,
    token: Token,
}

impl Work<'_> {
    async fn step(&self, item: &mut WorkItem) -> Result<Next, RoutingError> {
        let floor = self.parts.floors.floor();
        let contact = floor.contact(self.tenant, &item.contact).await?;
        let ticket = self.parts.tickets.tickets.get(self.tenant, &item.ticket).await?;
        let sequence = contact.as_ref().map_or(0, |contact| contact.call_sequence) + 1;
        let state = contact.as_ref().map(|contact| &contact.state);
        let step = item.next(&ticket, state);
        if step.is_last() && self.has_changed(item).await? {
            return Ok(Next::Step);
        }
        match step {
            WorkStep::Nothing => Ok(Next::Look(self.now() + LOOK_AGAIN)),
            WorkStep::Start => self.start(item, &ticket).await,
            WorkStep::Route => self.route(item, &ticket, sequence).await,
            WorkStep::HandTo(agent) => self.hand_to(item, &ticket, agent).await,
            WorkStep::Bridge(offer) => {
                let report = self.report(item, sequence);
                self.apply(Command::ReportBridged { report, offer }).await
            }
            WorkStep::GiveBack => self.give_back(item, &ticket, contact.as_ref()).await,
            WorkStep::Renew => self.renew(item, state).await,
            WorkStep::HangUp => {
                let report = self.report(item, sequence);
                self.apply(Command::HangUp { report, served: true }).await
            }
            WorkStep::Finish => {
                self.parts.items.finish(self.tenant, &item.contact).await?;
                Ok(Next::Gone)
            }
        }
    }

    /// Reads the work again, and says whether it is no longer as it was read before its ticket.
    ///
    /// A ticket that another process has just given to its agent, or has just taken back, looks beside
    /// older work like one that went elsewhere.
    async fn has_changed(&self, item: &mut WorkItem) -> Result<bool, StoreError> {
        match self.parts.items.find(self.tenant, &item.contact).await? {
            Some(now) if now != *item => {
                *item = now;
                Ok(true)
            }
            Some(_) | None => Ok(false),
        }
    }

    fn now(&self) -> Timestamp {
        self.parts.tickets.clock.now()
    }

    fn report(&self, item: &WorkItem, call_sequence: u64) -> Report {
        let (contact, gateway) = (item.contact.clone(), GatewayId::TICKETS);
        Report { contact, gateway, token: self.token, call_sequence }
    }

    async fn apply(&self, command: Command) -> Result<Next, RoutingError> {
        self.parts.floors.apply(self.tenant, command).await?;
        Ok(Next::Step)
    }

    /// Begins a contact for it, unless its queue is closed: then it waits for the hours.
    async fn start(&self, item: &WorkItem, ticket: &Ticket) -> Result<Next, RoutingError> {
        let planned = self.parts.floors.planned(self.tenant).await?;
        let now = self.now();
        let Some(queue) = planned.center().queue(&item.queue) else {
            tracing::warn!(tenant.id = %self.tenant, ticket.id = %ticket.id, queue.id = %item.queue,
                "a ticket waits for a queue that the center does not have");
            return Ok(Next::Look(now + LATER));
        };
        if let CalendarState::Closed { opens_at } = planned.center().hours_of(queue, now) {
            return Ok(Next::Look(opens_at.unwrap_or(now + LATER)));
        }
        let details = details(self.parts, self.tenant, ticket).await?.encode();
        let report = self.report(item, 1);
        let start = self.parts.floors.apply_planned(self.tenant, |current| {
            Some(Command::StartContact {
                report: report.clone(),
                channel: Channel::Task,
                caller: String::new(),
                plan_version: current.version(),
                fallback: None,
                details: details.clone(),
            })
        });
        start.await?;
        Ok(Next::Step)
    }

    async fn route(
        &self,
        item: &WorkItem,
        ticket: &Ticket,
        sequence: u64,
    ) -> Result<Next, RoutingError> {
        let details = details(self.parts, self.tenant, ticket).await?;
        let (encoded, report) = (details.encode(), self.report(item, sequence));
        let now = self.now();
        let routed = self.parts.floors.apply_planned(self.tenant, |planned| {
            let (plan, route) = way(planned, item, ticket, &details, now)?;
            Some(Command::RouteContact {
                report: report.clone(),
                plan_version: planned.version(),
                route,
                priority: i32::try_from(plan.priority).unwrap_or(i32::MAX),
                credit: planned.center().priority_credit,
                details: encoded.clone(),
            })
        });
        Ok(if routed.await?.is_some() { Next::Step } else { Next::Look(now + LATER) })
    }

    /// Gives the ticket to the agent who accepted it. First it is written down that the floor did so:
    /// otherwise it would look as if the agent had taken it from a list.
    async fn hand_to(
        &self,
        item: &mut WorkItem,
        ticket: &Ticket,
        agent: AgentId,
    ) -> Result<Next, RoutingError> {
        self.parts.items.hand_to(self.tenant, &item.contact, &agent).await?;
        item.agent = Some(agent.clone());
        let details = MoveDetails {
            actor: format!("agent:{agent}"),
            note: Some(format!("accepted from queue {}", item.queue)),
            assignee: Some(agent),
            ..MoveDetails::default()
        };
        let policy = Policy::of(&self.parts.tickets, self.tenant).await;
        let kind = policy.kinds().of(&ticket.kind);
        if let Ok(change) = ticket.apply(TicketMove::Start, details, &kind, self.now()) {
            known_race(self.parts.tickets.tickets.save(self.tenant, &change).await)?;
        }
        Ok(Next::Step)
    }

    /// Lets the ticket wait again, where the agent has sent the work on to.
    async fn give_back(
        &self,
        item: &mut WorkItem,
        ticket: &Ticket,
        contact: Option<&Contact>,
    ) -> Result<Next, RoutingError> {
        let place = contact.and_then(|contact| contact.place.as_ref());
        let queue = place.map_or_else(|| item.queue.clone(), |place| place.queue.clone());
        let agent = item.agent.as_ref().map_or("nobody", AgentId::as_str);
        let details = MoveDetails {
            actor: FLOOR.to_owned(),
            note: Some(format!("{agent} passed it on to queue {queue}")),
            queue: Some(queue),
            ..MoveDetails::default()
        };
        let policy = Policy::of(&self.parts.tickets, self.tenant).await;
        let kind = policy.kinds().of(&ticket.kind);
        if let Ok(change) = ticket.apply(TicketMove::Dispatch, details, &kind, self.now()) {
            let kept = self.parts.items.give_back(self.tenant, &item.contact, &change).await;
            known_race(kept)?;
        }
        item.agent = None;
        Ok(Next::Step)
    }

    /// Queues it anew under another name: at once, or later if its queue could not keep it.
    async fn renew(
        &self,
        item: &WorkItem,
        ended: Option<&ContactState>,
    ) -> Result<Next, RoutingError> {
        let overflowed = ContactState::Ended { reason: EndReason::Overflow };
        let at = if ended == Some(&overflowed) { self.now() + LATER } else { self.now() };
        let name = item.next_contact().map_err(|error| StoreError::corrupt("work", error))?;
        self.parts.items.rename(self.tenant, item, &name, at).await?;
        Ok(Next::Gone)
    }
}

/// Whoever moved the ticket at this very moment is seen at the next step.
fn known_race(outcome: Result<(), StoreError>) -> Result<(), StoreError> {
    match outcome {
        Err(StoreError::Conflict { .. }) => Ok(()),
        outcome => outcome,
    }
}
