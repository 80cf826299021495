//! What a level of escalation does to a ticket besides being told.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::AgentId;
use crate::ticket::{
    Destination, MoveDetails, Revision, Terms, Ticket, TicketChange, TicketError, TicketMove,
    TicketState,
};
use crate::time::Timestamp;

/// One level of escalation of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escalation {
    /// How long after the missed deadline.
    pub after: Duration,
    /// Where the ticket goes, a grade more urgent; nowhere when it stays.
    pub to: Destination,
    /// Whether a ticket that stays is a grade more urgent.
    pub raises: bool,
    /// The agents who follow the ticket from then on.
    pub notifies: BTreeSet<AgentId>,
}

impl Escalation {
    /// Makes a level that is told, and does nothing.
    pub fn told(after: Duration) -> Self {
        Self { after, ..Self::default() }
    }

    /// Gives the moves that the level makes of an open ticket, or says what refuses them.
    ///
    /// A new ticket is accepted first, for nobody else did.
    pub fn moves(
        &self,
        ticket: &Ticket,
        (actor, note): (&str, &str),
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<Vec<TicketChange>, TicketError> {
        let said = || MoveDetails {
            actor: actor.to_owned(),
            note: Some(note.to_owned()),
            ..MoveDetails::default()
        };
        if self.to.is_nowhere() {
            let priority = Some(ticket.priority.raised());
            if !self.raises || priority == Some(ticket.priority) {
                return Ok(vec![]);
            }
            let revision = Revision { priority, ..Revision::default() };
            let details = MoveDetails { revision, ..said() };
            return Ok(vec![ticket.apply(TicketMove::Revise, details, terms, now)?]);
        }
        let Destination { department, queue, agent } = self.to.clone();
        let details = MoveDetails { department, queue, assignee: agent, ..said() };
        if ticket.state != TicketState::New {
            return Ok(vec![ticket.apply(TicketMove::Escalate, details, terms, now)?]);
        }
        let accepted = ticket.apply(TicketMove::Accept, said(), terms, now)?;
        let raised = accepted.ticket.apply(TicketMove::Escalate, details, terms, now)?;
        Ok(vec![accepted, raised])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{QueueId, TicketId, TicketKindId};
    use crate::ticket::{NewTicket, TicketKind, TicketPriority};

    fn moved(level: &Escalation, ticket: &Ticket) -> Vec<TicketChange> {
        let kind = TicketKind::undemanding(TicketKindId::REQUEST);
        let line = ("sla:usual", "acceptance is overdue");
        level.moves(ticket, line, Terms::from(&kind), Timestamp::ZERO).expect("moves")
    }

    fn a_ticket() -> Ticket {
        let id = TicketId::parse("t-1").expect("an id");
        NewTicket::about(TicketKindId::REQUEST, "late").ticket(id, 1, Timestamp::ZERO)
    }

    #[test]
    fn a_new_ticket_is_accepted_on_its_way() {
        let queue = QueueId::parse("experts").ok();
        let to = Destination { queue: queue.clone(), ..Destination::default() };

        let changes = moved(&Escalation { to, ..Escalation::default() }, &a_ticket());

        let applied: Vec<_> = changes.iter().map(|change| change.applied).collect();
        assert_eq!(applied, [TicketMove::Accept, TicketMove::Escalate]);
        let after = &changes[1].ticket;
        assert_eq!((&after.queue, after.priority), (&queue, TicketPriority::High));
        assert_eq!(changes[1].actor, "sla:usual");
    }

    #[test]
    fn a_ticket_that_stays_is_raised_until_it_is_urgent() {
        let level = Escalation { raises: true, ..Escalation::default() };
        let urgent = Ticket { priority: TicketPriority::Urgent, ..a_ticket() };

        let raised = moved(&level, &a_ticket());

        assert_eq!(raised[0].ticket.priority, TicketPriority::High);
        assert_eq!(raised[0].ticket.state, TicketState::New);
        assert_eq!(moved(&level, &urgent), []);
        assert_eq!(moved(&Escalation::default(), &a_ticket()), []);
    }
}
