//! Service levels of tickets: what is owed to the customer by when, on the clock of a calendar.
//!
//! | clock | runs | until |
//! | --- | --- | --- |
//! | acceptance | from the making | somebody takes responsibility, or does anything else with the ticket |
//! | first response | from the making, not while the ticket is on hold | somebody answers the customer for the first time: replies, asks something and waits, or resolves |
//! | response | from each time it is our turn again: the customer answered, or the ticket came back | somebody replies, waits for the customer, holds or resolves |
//! | resolution | from the making, not while the ticket waits | it is resolved |
//!
//! Clocks are computed from the ticket's life alone, so they can be told at any time and never drift.

mod alarm;
mod clock;
mod escalation;
mod look;

pub use alarm::{Alarm, AlarmLevel, Due, OVERDUE, Outlook, Told, UNANSWERED};
pub use clock::{Clock, ClockKind, Clocks, Step};
pub use escalation::Escalation;
pub use look::first_look;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::customer::Tier;
use crate::ids::{CalendarId, QueueId, TicketKindId};

use super::{Medium, Ticket, TicketPriority};

/// What is owed for some tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaPolicy {
    /// Names it.
    pub id: String,
    /// The kinds it is about; empty for all.
    pub kinds: BTreeSet<TicketKindId>,
    /// The priorities it is about; empty for all.
    pub priorities: BTreeSet<TicketPriority>,
    /// The media it is about, by which tickets came; empty for all.
    pub media: BTreeSet<Medium>,
    /// The departments that answer for what it is about; empty for all, and for tickets without one.
    pub departments: BTreeSet<String>,
    /// The queues it is about, to whose agents tickets were sent; empty for all, and for tickets that were
    /// sent to none.
    pub queues: BTreeSet<QueueId>,
    /// The tiers of customers it is about; empty for all, and for tickets without a customer.
    pub tiers: BTreeSet<Tier>,
    /// The calendar by which time passes; none for every hour of every day.
    pub calendar: Option<CalendarId>,
    /// How soon somebody takes responsibility.
    pub acceptance: Option<Duration>,
    /// How soon the customer is answered for the first time.
    pub first_response: Option<Duration>,
    /// How soon somebody responds when it is our turn again.
    pub response: Option<Duration>,
    /// How soon it is resolved.
    pub resolution: Option<Duration>,
    /// How long before a deadline it is warned of; zero for no warning.
    pub warn_before: Duration,
    /// How long after a missed deadline it is told again, to the next level each time, and what that
    /// level does; ascending.
    pub escalations: Vec<Escalation>,
}

impl SlaPolicy {
    /// Says whether the policy is about a ticket of a customer of this tier.
    pub fn is_about(&self, ticket: &Ticket, tier: Option<Tier>) -> bool {
        self.takes(ticket) && fits(&self.tiers, tier.as_ref())
    }

    /// Says whether the policy is about a ticket as far as its customer's tier does not matter.
    fn takes(&self, ticket: &Ticket) -> bool {
        fits(&self.kinds, Some(&ticket.kind))
            && fits(&self.priorities, Some(&ticket.priority))
            && fits(&self.media, Some(&ticket.medium))
            && fits(&self.departments, ticket.department.as_ref())
            && fits(&self.queues, ticket.queue.as_ref())
    }

    /// Gives how long a clock may run; none when nothing is owed by it.
    pub const fn target(&self, clock: ClockKind) -> Option<Duration> {
        match clock {
            ClockKind::Acceptance => self.acceptance,
            ClockKind::FirstResponse => self.first_response,
            ClockKind::Response => self.response,
            ClockKind::Resolution => self.resolution,
        }
    }
}

/// Says whether something is among what is wanted, or nothing in particular is.
fn fits<T: Ord>(wanted: &BTreeSet<T>, found: Option<&T>) -> bool {
    wanted.is_empty() || found.is_some_and(|found| wanted.contains(found))
}

/// Gives the policy for a ticket: the first that is about it.
pub fn policy_for<'a>(
    policies: &'a [SlaPolicy],
    ticket: &Ticket,
    tier: Option<Tier>,
) -> Option<&'a SlaPolicy> {
    policies.iter().find(|policy| policy.is_about(ticket, tier))
}

#[cfg(test)]
mod tests;
