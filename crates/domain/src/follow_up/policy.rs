//! Which closed tickets are followed up, when and by whom.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::{PurposeId, QueueId, SurveyId, TenantId, TicketKindId};
use crate::share;
use crate::ticket::{Category, Ticket, TicketPriority};

/// Which closed tickets are followed up; the first policy that is about a ticket holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpPolicy {
    /// The policy's name.
    pub id: String,
    /// The kinds it is about; empty for every kind.
    pub kinds: BTreeSet<TicketKindId>,
    /// The categories it is about, with all below them; empty for every category.
    pub categories: BTreeSet<Category>,
    /// The priorities it is about; empty for every priority.
    pub priorities: BTreeSet<TicketPriority>,
    /// How many of a hundred tickets are followed up.
    pub percent: u8,
    /// How long after the closing the customer is called.
    pub after: Duration,
    /// The queue whose agents call, by its rules of callbacks.
    pub queue: QueueId,
    /// What the customer is asked.
    pub survey: Option<SurveyId>,
    /// What it is for: who does not agree to that is not called. None where nobody can object.
    pub purpose: Option<PurposeId>,
}

impl FollowUpPolicy {
    /// Says whether a ticket is one of those that the policy picks.
    ///
    /// It depends on the tenant and the number of the ticket alone: every replica picks the same, and
    /// a ticket that is closed again is picked again.
    pub fn picks(&self, tenant: &TenantId, ticket: &Ticket) -> bool {
        let name = tenant.as_str().bytes().chain([0xff]).chain(ticket.number.to_be_bytes());
        share::takes(self.percent, name)
    }

    fn is_about(&self, ticket: &Ticket) -> bool {
        let category = ticket.category.as_ref();
        let in_category = |held: &Category| category.is_some_and(|category| held.holds(category));
        (self.kinds.is_empty() || self.kinds.contains(&ticket.kind))
            && (self.categories.is_empty() || self.categories.iter().any(in_category))
            && (self.priorities.is_empty() || self.priorities.contains(&ticket.priority))
    }
}

/// Gives the policy for a ticket.
pub fn policy_for<'a>(
    policies: &'a [FollowUpPolicy],
    ticket: &Ticket,
) -> Option<&'a FollowUpPolicy> {
    policies.iter().find(|policy| policy.is_about(ticket))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::{Cause, FollowUp, FollowUpState};
    use crate::ids::{AgentId, CustomerId, FollowUpId, TicketId};
    use crate::ticket::{NewTicket, TicketState};
    use crate::time::Timestamp;

    fn policy(percent: u8) -> FollowUpPolicy {
        FollowUpPolicy {
            id: "usual".to_owned(),
            kinds: BTreeSet::new(),
            categories: BTreeSet::new(),
            priorities: BTreeSet::new(),
            percent,
            after: Duration::from_hours(24),
            queue: QueueId::parse("care").expect("an id"),
            survey: None,
            purpose: None,
        }
    }

    fn ticket(number: u64) -> Ticket {
        let new = NewTicket {
            category: "billing/refund".parse().ok(),
            customer: CustomerId::parse("li").ok(),
            department: Some("refunds".to_owned()),
            ..NewTicket::about(TicketKindId::REQUEST, "")
        };
        let id = TicketId::parse(format!("t-{number}")).expect("an id");
        Ticket {
            state: TicketState::Closed,
            assignee: AgentId::parse("wang").ok(),
            resolved_by: Some("agent:chen".to_owned()),
            version: 7,
            ..new.ticket(id, number, Timestamp::ZERO)
        }
    }

    fn tenant(name: &str) -> TenantId {
        TenantId::parse(name).expect("an id")
    }

    fn picked(percent: u8, of: &str) -> BTreeSet<u64> {
        let of = tenant(of);
        (1..=2_000).filter(|number| policy(percent).picks(&of, &ticket(*number))).collect()
    }

    #[test]
    fn a_share_is_about_as_great_as_it_says_and_the_same_each_time() {
        assert_eq!((picked(0, "demo").len(), picked(100, "demo").len()), (0, 2_000));
        let share = picked(30, "demo");

        assert!((500..700).contains(&share.len()), "{}", share.len());
        assert_eq!(share, picked(30, "demo"));
        assert_ne!(share, picked(30, "other"));
        assert!(share.is_subset(&picked(31, "demo")), "a greater share keeps those of a smaller");
    }

    #[test]
    fn the_first_policy_that_is_about_a_ticket_holds() {
        let billing = "billing".parse::<Category>().expect("a category");
        let urgent = FollowUpPolicy { priorities: [TicketPriority::Urgent].into(), ..policy(1) };
        let of_billing = FollowUpPolicy { categories: [billing].into(), ..policy(2) };
        let repair = TicketKindId::parse("repair").expect("an id");
        let repairs = FollowUpPolicy { kinds: [repair].into(), ..policy(3) };
        let percent = |policies: &[FollowUpPolicy]| {
            policy_for(policies, &ticket(1)).map(|policy| policy.percent)
        };

        assert_eq!(percent(&[urgent.clone(), of_billing.clone(), policy(9)]), Some(2));
        assert_eq!(percent(&[repairs.clone(), policy(9), of_billing]), Some(9));
        assert_eq!(percent(&[urgent, repairs]), None);
    }

    #[test]
    fn whoever_handled_or_resolved_a_ticket_does_not_follow_it_up() {
        let id = FollowUpId::parse("f-1").expect("an id");
        let made = FollowUp::after((&ticket(1), 7), &policy(100), id, Timestamp::ZERO);

        let spared: Vec<&str> = made.spared.iter().map(AgentId::as_str).collect();
        assert_eq!(spared, ["chen", "wang"]);
        assert_eq!(made.state, FollowUpState::Due);
        let cause = Cause::Closing { ticket: ticket(1).id, version: 7 };
        assert_eq!(made.cause, cause);
        assert_eq!(made.due_at, Timestamp::ZERO + Duration::from_hours(24));
    }

    #[test]
    fn nobody_is_called_who_is_not_known() {
        let id = FollowUpId::parse("f-1").expect("an id");
        let nobodys = Ticket { customer: None, ..ticket(1) };

        let made = FollowUp::after((&nobodys, 7), &policy(100), id, Timestamp::ZERO);

        assert_eq!(
            (made.state, made.reason.as_deref()),
            (FollowUpState::Skipped, Some("no-customer"))
        );
    }
}
