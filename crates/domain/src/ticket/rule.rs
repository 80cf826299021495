//! Ticket rules: which outcome of a call leaves which ticket behind.
//!
//! A rule makes at most one ticket per interaction, whatever is repeated; (interaction, rule) is
//! the key that sees to it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::channel::Channel;
use crate::ids::{QueueId, TicketKindId};
use crate::interaction::{Interaction, Origin};

use super::{Category, Medium, NewTicket, TicketPriority};

/// How a call ended, seen by the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// An agent answered.
    Answered,
    /// The caller left while waiting.
    Abandoned,
    /// The caller left in the menu.
    LeftMenu,
    /// The menu served the caller.
    SelfServed,
    /// The queue could not take or keep the caller.
    Overflowed,
    /// We lost the call: a gateway or we ourselves were away.
    Lost,
    /// We refused the call: its number is blocked.
    Refused,
    /// The caller asked to be called back instead of waiting.
    CallbackBooked,
    /// We called back, or as agreed, and reached nobody in time.
    Unreached,
    /// It was not needed any more: the caller came back before, or somebody took it back.
    Withdrawn,
}

/// Says that a text names no outcome.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "an outcome is answered, abandoned, left_menu, self_served, overflowed, lost, refused, \
     callback_booked, unreached or withdrawn, not {0:?}"
)]
pub struct OutcomeError(pub String);

/// One rule of one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRule {
    /// The rule's name, part of the key of every ticket it makes.
    pub id: String,
    /// The outcome it waits for.
    pub on: Outcome,
    /// The queue it is about; none for every call.
    pub queue: Option<QueueId>,
    /// The subject of the ticket; `{queue}` stands for the queue's name.
    pub subject: String,
    /// What kind of ticket it is.
    pub kind: TicketKindId,
    /// How long after its making an open ticket takes up what the rule would make; none to make a
    /// ticket each time.
    pub joins_within: Option<Duration>,
    /// What it is filed under.
    pub category: Option<Category>,
    /// How urgent the ticket is.
    pub priority: TicketPriority,
    /// The department that is responsible.
    pub department: Option<String>,
    /// The call that its tickets ask for; none where nobody is called.
    pub call_back: Option<CallBackPlan>,
}

/// Which agents call who left a ticket behind, and how soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBackPlan {
    /// The queue whose agents call.
    pub queue: QueueId,
    /// How long after the ticket was made they call at the earliest.
    pub after: Duration,
}

impl TicketRule {
    /// Makes the rule by which every call that ends so leaves a request.
    pub fn after(on: Outcome, id: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            on,
            queue: None,
            subject: subject.into(),
            kind: TicketKindId::REQUEST,
            joins_within: None,
            category: None,
            priority: TicketPriority::default(),
            department: None,
            call_back: None,
        }
    }
}

/// Gives the tickets that an ended interaction leaves behind, with the rule of each.
pub fn due_tickets<'rules>(
    interaction: &Interaction,
    rules: &'rules [TicketRule],
) -> Vec<(&'rules TicketRule, NewTicket)> {
    let Some(outcome) = interaction.outcome() else {
        return vec![];
    };
    if !may_leave_tickets(interaction) {
        return vec![];
    }
    rules
        .iter()
        .filter(|rule| rule.on == outcome)
        .filter(|rule| rule.queue.is_none() || rule.queue == interaction.queue)
        .map(|rule| (rule, ticket_by(rule, interaction)))
        .collect()
}

/// Work on a ticket leaves no further ones; nor do a call that is owed because of one, what agents ask
/// each other, the center's own tests and mystery callers.
fn may_leave_tickets(interaction: &Interaction) -> bool {
    let is_ours = match interaction.origin {
        Origin::Owed | Origin::Consult => true,
        Origin::Arrived | Origin::Callback => false,
    };
    !is_ours && !interaction.is_work() && !interaction.is_uncounted()
}

fn medium_of(channel: Channel) -> Medium {
    match channel {
        Channel::Voice | Channel::Callback | Channel::Task => Medium::Phone,
        Channel::Chat => Medium::Chat,
        Channel::Message => Medium::Email,
    }
}

fn ticket_by(rule: &TicketRule, interaction: &Interaction) -> NewTicket {
    let queue = interaction.queue.as_ref().map_or("", QueueId::as_str);
    NewTicket {
        category: rule.category.clone(),
        priority: rule.priority,
        medium: medium_of(interaction.channel),
        customer: interaction.customer.clone(),
        interaction: Some(interaction.id.clone()),
        department: rule.department.clone(),
        ..NewTicket::about(rule.kind.clone(), rule.subject.replace("{queue}", queue))
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 10] = [
        Self::Answered,
        Self::Abandoned,
        Self::LeftMenu,
        Self::SelfServed,
        Self::Overflowed,
        Self::Lost,
        Self::Refused,
        Self::CallbackBooked,
        Self::Unreached,
        Self::Withdrawn,
    ];

    /// Gives the word used in records and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
            Self::LeftMenu => "left_menu",
            Self::SelfServed => "self_served",
            Self::Overflowed => "overflowed",
            Self::Lost => "lost",
            Self::Refused => "refused",
            Self::CallbackBooked => "callback_booked",
            Self::Unreached => "unreached",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Outcome {
    type Err = OutcomeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| OutcomeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::ids::{ContactId, GatewayId};
    use crate::interaction::Fact;
    use crate::time::Timestamp;

    fn a_rule(id: &str, on: Outcome, queue: Option<&str>) -> TicketRule {
        TicketRule {
            queue: queue.map(|queue| QueueId::parse(queue).expect("an id")),
            priority: TicketPriority::High,
            ..TicketRule::after(on, id, "Missed call in {queue}")
        }
    }

    fn fields<const COUNT: usize>(told: [(&str, &str); COUNT]) -> BTreeMap<String, String> {
        told.map(|(field, text)| (field.to_owned(), text.to_owned())).into()
    }

    fn an_abandoned_call() -> Interaction {
        let id = ContactId::parse("c-1").expect("an id");
        let mut call = Interaction::begin(id, Timestamp::ZERO);
        let queued = fields([("queue", "booking"), ("state", "queued")]);
        let ended = fields([("reason", "abandoned"), ("state", "ended")]);
        let wall = Timestamp::from_millis(1);
        call.fold(&Fact { kind: "contact_queued", fields: &queued, wall }).expect("a queue");
        call.fold(&Fact { kind: "contact_ended", fields: &ended, wall }).expect("a reason");
        call
    }

    #[test]
    fn a_missed_call_leaves_the_ticket_its_rule_describes() {
        let rules = [a_rule("missed", Outcome::Abandoned, None)];

        let due = due_tickets(&an_abandoned_call(), &rules);

        assert_eq!(due.len(), 1);
        assert_eq!(due[0].1.subject, "Missed call in booking");
        assert_eq!(due[0].1.interaction.as_ref().map(ContactId::as_str), Some("c-1"));
    }

    #[test]
    fn rules_for_other_outcomes_or_queues_leave_nothing() {
        let rules = [
            a_rule("answered", Outcome::Answered, None),
            a_rule("refunds", Outcome::Abandoned, Some("refund")),
        ];

        assert!(due_tickets(&an_abandoned_call(), &rules).is_empty());
    }

    #[test]
    fn work_on_a_ticket_leaves_no_further_ticket() {
        let work = Interaction { gateway: Some(GatewayId::TICKETS), ..an_abandoned_call() };

        assert!(due_tickets(&work, &[a_rule("missed", Outcome::Abandoned, None)]).is_empty());
    }

    #[test]
    fn a_call_back_that_reaches_nobody_leaves_what_its_rule_says_and_is_no_missed_call() {
        let rules = [
            a_rule("missed", Outcome::Abandoned, None),
            a_rule("unreached", Outcome::Unreached, None),
        ];
        let end_reason = Some("unreached".to_owned());
        let callback = Interaction { end_reason, origin: Origin::Callback, ..an_abandoned_call() };

        let due = due_tickets(&callback, &rules);

        assert_eq!(due.iter().map(|(rule, _)| rule.id.as_str()).collect::<Vec<_>>(), ["unreached"]);
    }

    #[test]
    fn what_no_customer_came_for_leaves_no_ticket() {
        let rules = [a_rule("missed", Outcome::Abandoned, None)];
        let listed = |name: &str| vec![name.to_owned()];
        let left = [
            Interaction { origin: Origin::Consult, ..an_abandoned_call() },
            Interaction { origin: Origin::Owed, ..an_abandoned_call() },
            Interaction { caller_lists: listed("test"), ..an_abandoned_call() },
            Interaction { caller_lists: listed("mystery"), ..an_abandoned_call() },
        ];

        for call in left {
            assert_eq!(due_tickets(&call, &rules), [], "{call:?}");
        }
    }

    #[test]
    fn the_ticket_of_a_chat_says_that_the_customer_wrote() {
        let rules = [a_rule("missed", Outcome::Abandoned, None)];
        let chat = Interaction { channel: Channel::Chat, ..an_abandoned_call() };

        let due = due_tickets(&chat, &rules);

        assert_eq!(due[0].1.medium, Medium::Chat);
    }

    #[test]
    fn a_call_that_goes_on_leaves_nothing_yet() {
        let call = Interaction::begin(ContactId::parse("c-1").expect("an id"), Timestamp::ZERO);

        assert!(due_tickets(&call, &[a_rule("all", Outcome::Lost, None)]).is_empty());
    }
}
