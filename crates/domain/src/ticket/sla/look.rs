//! Looks at the deadlines of a ticket: what is to be told, and when to look again.

use crate::center::Calendar;
use crate::ticket::Ticket;
use crate::time::Timestamp;

use super::{Clocks, Due, Outlook, SlaPolicy, Step, Told};

impl SlaPolicy {
    /// Looks at the deadlines of a ticket, from its life by the calendar of the policy.
    pub fn look(
        &self,
        calendar: Option<&Calendar>,
        life: &[Step],
        told: &Told,
        now: Timestamp,
    ) -> Due {
        Due::of(&self.alarms(&Clocks::of(self, calendar, life)), told, now)
    }
}

/// Looks at the deadlines of a ticket as it is made, so that nobody need look before its first alarm; none
/// if what is owed depends on what its customer is worth, which may change at this very moment.
///
/// There is never anything to be told yet: what came due before a clock began to run was never to come.
pub fn first_look<'a>(
    policies: &'a [SlaPolicy],
    ticket: &Ticket,
    calendar: impl FnOnce(&'a SlaPolicy) -> Option<&'a Calendar>,
) -> Option<Outlook> {
    let may_be = |policy: &&SlaPolicy| {
        policy.takes(ticket) && (policy.tiers.is_empty() || ticket.customer.is_some())
    };
    let Some(owed) = policies.iter().find(may_be) else { return Some(Outlook::default()) };
    if !owed.tiers.is_empty() {
        return None;
    }
    let made = (None, ticket.state, ticket.created_at);
    let told = Told { until: ticket.created_at, lines: vec![] };
    Some(owed.look(calendar(owed), &[made], &told, ticket.created_at).outlook)
}

#[cfg(test)]
mod tests;
