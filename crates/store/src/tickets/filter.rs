//! Which tickets are wanted, and in which order.

use switchboard_domain::customer::Tier;
use switchboard_domain::ids::{AgentId, ContactId, CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::{Category, Ticket, TicketState};
use switchboard_domain::time::Timestamp;

/// From how many times on a ticket counts as passed around.
pub const BOUNCED: u32 = 2;

/// The grades of customers who count as important.
pub const IMPORTANT: [Tier; 3] = [Tier::A1, Tier::A2, Tier::A3];

/// Which tickets are wanted; an empty filter wants them all.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is asked for by itself, in any combination"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only those in this state.
    pub state: Option<TicketState>,
    /// Only those of this customer.
    pub customer: Option<CustomerId>,
    /// Only those from this call, or that took up what came from it.
    pub interaction: Option<ContactId>,
    /// Only those of this agent.
    pub assignee: Option<AgentId>,
    /// Only those of this kind.
    pub kind: Option<TicketKindId>,
    /// Only those filed under this category or below it.
    pub category: Option<Category>,
    /// Only those of this department.
    pub department: Option<String>,
    /// Only open ones whose next deadline is then or later.
    pub due_from: Option<Timestamp>,
    /// Only open ones whose next deadline is before then.
    pub due_before: Option<Timestamp>,
    /// Only open ones on which nobody works.
    pub is_unassigned: bool,
    /// Only open ones that nobody touched since then.
    pub unchanged_since: Option<Timestamp>,
    /// Only open ones.
    pub is_open: bool,
    /// Only open ones that came back.
    pub is_reopened: bool,
    /// Only open ones that were passed around.
    pub is_bounced: bool,
    /// Only open ones of important customers.
    pub is_important: bool,
    /// Only those this person follows: `agent:<id>` and the like.
    pub follower: Option<String>,
    /// Only the tasks below this ticket.
    pub parent: Option<TicketId>,
    /// Only those that are part of this incident.
    pub incident: Option<TicketId>,
    /// Only incidents.
    pub is_incident: bool,
}

/// In which order tickets are listed; within the same time by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketSort {
    /// Those that were made last first.
    Newest,
    /// Those that are due first first.
    Due,
    /// Those that were touched longest ago first.
    Untouched,
    /// Those that were closed last first.
    Closed,
}

/// What tells besides the ticket itself whether it is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its next deadline.
    pub due_at: Option<Timestamp>,
    /// Up to when its deadlines were told, by the clock of whoever told them.
    pub told_until: Option<Timestamp>,
    /// What its customer is worth.
    pub tier: Option<Tier>,
    /// The record that leads for its customer's, if that is another one.
    pub leading_customer: Option<CustomerId>,
    /// From which calls it took up something.
    pub joined: Vec<ContactId>,
    /// Who follows it.
    pub followers: Vec<String>,
}

impl TicketFilter {
    /// Tells whether only open tickets can fit.
    pub const fn wants_open(&self) -> bool {
        self.is_open
            || self.due_from.is_some()
            || self.due_before.is_some()
            || self.is_unassigned
            || self.unchanged_since.is_some()
            || self.is_reopened
            || self.is_bounced
            || self.is_important
    }

    /// Gives the order in which these tickets are listed: what is due by its deadline, what waits or
    /// lies about longest first, what is closed by its end, all else by its making.
    pub fn sort(&self) -> TicketSort {
        if self.due_from.is_some() || self.due_before.is_some() {
            TicketSort::Due
        } else if self.unchanged_since.is_some()
            || self.state == Some(TicketState::WaitingOnCustomer)
        {
            TicketSort::Untouched
        } else if self.state == Some(TicketState::Closed) {
            TicketSort::Closed
        } else {
            TicketSort::Newest
        }
    }

    /// Tells whether a ticket fits, as the list of the same filter would.
    pub fn holds_of(&self, ticket: &Ticket, standing: &Standing) -> bool {
        self.holds_of_state(ticket)
            && self.holds_of_origin(ticket, standing)
            && self.holds_of_times(ticket, standing)
            && fits(self.assignee.as_ref(), ticket.assignee.as_ref())
            && fits(self.department.as_ref(), ticket.department.as_ref())
            && self.follower.as_ref().is_none_or(|who| standing.followers.contains(who))
            && (!self.is_unassigned || ticket.assignee.is_none())
            && (!self.is_reopened || ticket.reopened > 0)
            && (!self.is_bounced || ticket.bounced >= BOUNCED)
            && fits(self.parent.as_ref(), ticket.parent.as_ref())
            && fits(self.incident.as_ref(), ticket.incident.as_ref())
            && (!self.is_incident || ticket.is_incident)
    }

    fn holds_of_state(&self, ticket: &Ticket) -> bool {
        let under = |wanted: &Category| ticket.category.as_ref().is_some_and(|it| wanted.holds(it));
        fits(self.state.as_ref(), Some(&ticket.state))
            && (!self.wants_open() || ticket.state.is_open())
            && fits(self.kind.as_ref(), Some(&ticket.kind))
            && self.category.as_ref().is_none_or(under)
    }

    fn holds_of_origin(&self, ticket: &Ticket, standing: &Standing) -> bool {
        let owns = |wanted: &CustomerId| {
            [&ticket.customer, &standing.leading_customer]
                .into_iter()
                .any(|owner| owner.as_ref() == Some(wanted))
        };
        let led = |wanted: &ContactId| {
            ticket.interaction.as_ref() == Some(wanted) || standing.joined.contains(wanted)
        };
        self.customer.as_ref().is_none_or(owns)
            && self.interaction.as_ref().is_none_or(led)
            && (!self.is_important || standing.tier.is_some_and(|tier| IMPORTANT.contains(&tier)))
    }

    fn holds_of_times(&self, ticket: &Ticket, standing: &Standing) -> bool {
        let due = standing.due_at;
        self.due_from.is_none_or(|from| due.is_some_and(|due| due >= from))
            && self.due_before.is_none_or(|before| due.is_some_and(|due| due < before))
            && self.unchanged_since.is_none_or(|since| ticket.changed_at < since)
    }
}

fn fits<Value: PartialEq>(wanted: Option<&Value>, found: Option<&Value>) -> bool {
    wanted.is_none() || wanted == found
}
