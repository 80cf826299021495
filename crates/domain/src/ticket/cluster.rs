//! Clusters: many tickets about the same within a short time are one incident.

use std::time::Duration;

use crate::ids::{QueueId, TicketKindId};

use super::{Category, MoveDetails, NewTicket, Ticket, TicketMove, TicketPriority, TicketState};

/// The most tickets that a rule may wait for.
pub const MAX_CLUSTER_TICKETS: u32 = 500;
/// The longest time over which tickets are counted.
pub const MAX_CLUSTER_WINDOW: Duration = Duration::from_hours(24);

/// Which tickets together are the signs of an incident, and how it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterRule {
    /// The rule's name, as the incident tells it.
    pub id: String,
    /// Only tickets of these kinds; empty for every kind.
    pub kinds: Vec<TicketKindId>,
    /// Only tickets filed under this category or below it.
    pub category: Option<Category>,
    /// Only tickets this department answers for.
    pub department: Option<String>,
    /// From how many tickets on.
    pub tickets: u32,
    /// From how many different customers on; 0 where that does not matter.
    pub customers: u32,
    /// Within which time they are made.
    pub within: Duration,
    /// What is opened.
    pub incident: IncidentPlan,
}

/// How an incident is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentPlan {
    /// What it is about, in one line.
    pub subject: String,
    /// What kind of ticket it is.
    pub kind: TicketKindId,
    /// What it is filed under.
    pub category: Option<Category>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// The department that answers for it.
    pub department: Option<String>,
    /// The queue whose agents it is offered to; none to leave that to people and the rules of dispatch.
    pub queue: Option<QueueId>,
}

impl ClusterRule {
    /// Tells whether a ticket may be a sign, as the store counts signs.
    ///
    /// What people took out of an incident is none, but that the store alone knows. Tasks and incidents
    /// are none either; what was merged counts with the ticket that goes on, and what was
    /// cancelled not at all. One that is part of an incident was counted.
    pub fn takes(&self, ticket: &Ticket) -> bool {
        let is_new_sign = ticket.incident.is_none()
            && ticket.parent.is_none()
            && !ticket.is_incident
            && !matches!(ticket.state, TicketState::Merged | TicketState::Cancelled);
        let is_below = |wanted: &Category| {
            ticket.category.as_ref().is_some_and(|category| wanted.holds(category))
        };
        is_new_sign
            && (self.kinds.is_empty() || self.kinds.contains(&ticket.kind))
            && self.category.as_ref().is_none_or(is_below)
            && (self.department.is_none() || self.department == ticket.department)
    }

    /// Tells whether so many tickets of so many customers are an incident.
    pub const fn is_met_by(&self, tickets: u64, customers: u64) -> bool {
        tickets >= self.tickets as u64 && customers >= self.customers as u64
    }

    /// Gives the incident that is opened.
    pub fn incident(&self) -> NewTicket {
        let plan = self.incident.clone();
        NewTicket {
            category: plan.category,
            priority: plan.priority,
            department: plan.department,
            ..NewTicket::about(plan.kind, plan.subject)
        }
    }

    /// Gives the name under which the rule acts.
    pub fn actor(&self) -> String {
        format!("cluster:{}", self.id)
    }

    /// Gives the moves by which a new incident goes to its queue; none where it has no queue.
    pub fn sending(&self) -> Vec<(TicketMove, MoveDetails)> {
        let Some(queue) = &self.incident.queue else { return vec![] };
        let by_rule = || MoveDetails { actor: self.actor(), ..MoveDetails::default() };
        let sent = MoveDetails { queue: Some(queue.clone()), ..by_rule() };
        vec![(TicketMove::Accept, by_rule()), (TicketMove::Dispatch, sent)]
    }

    /// Gives the alarm, as the incident's life tells it.
    pub fn alarm(&self, tickets: u64, customers: u64) -> String {
        let minutes = self.within.as_secs().div_ceil(60);
        format!(
            "cluster alarm: {tickets} tickets of {customers} customers within {minutes} minutes"
        )
    }
}

impl Ticket {
    /// Gives the moves that resolve a member of an incident wherever it stands, for a department that
    /// answers for it if none does yet; nothing when it is over.
    pub fn way_to_resolution(&self, department: Option<&str>) -> Vec<TicketMove> {
        let is_sent = self.department.is_none() && department.is_some();
        let (first, has_begun) = match self.state {
            TicketState::New => (Some(TicketMove::Accept), false),
            TicketState::Accepted | TicketState::Dispatched | TicketState::Reopened => {
                (None, false)
            }
            TicketState::InProgress => (None, true),
            TicketState::WaitingOnCustomer => (is_sent.then_some(TicketMove::Resume), true),
            TicketState::OnHold => (Some(TicketMove::Resume), true),
            TicketState::Resolved
            | TicketState::Closed
            | TicketState::Merged
            | TicketState::Cancelled => return vec![],
        };
        let sent = is_sent.then_some(TicketMove::Dispatch);
        let begun = (is_sent || !has_begun).then_some(TicketMove::Start);
        [first, sent, begun, Some(TicketMove::Resolve)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
