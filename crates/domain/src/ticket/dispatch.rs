//! Where tickets go: the first rule whose condition holds says it.

use std::collections::BTreeMap;
use std::fmt;

use crate::center::{Language, Weekday, Zone};
use crate::channel::Channel;
use crate::customer::Verification;
use crate::flow::KnownCustomer;
use crate::flow::expression::{Expression, Facts};
use crate::ids::{AgentId, QueueId};
use crate::time::Timestamp;

use super::{MoveDetails, Ticket, TicketState};

/// One rule of one center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchRule {
    /// The rule's name, as the ticket's life tells it.
    pub id: String,
    /// Which tickets it takes.
    pub when: Expression,
    /// Whether it accepts those that nobody has accepted yet.
    pub accepts: bool,
    /// Where they go.
    pub to: Destination,
}

/// Where a ticket goes: at least one of the three; a queue or an agent, never both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destination {
    /// The department that answers for it from now on; none to leave that as it is.
    pub department: Option<String>,
    /// The queue whose agents it is offered to.
    pub queue: Option<QueueId>,
    /// The agent who is to handle it.
    pub agent: Option<AgentId>,
}

/// What rules may know of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// The ticket.
    pub ticket: Ticket,
    /// What it is filed under and every level above that, from the root down.
    pub categories: Vec<String>,
    /// The hour the clock on the center's wall shows.
    pub hour: i64,
    /// The day of the week where the center is.
    pub weekday: Weekday,
}

/// What became of the rules for one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// Every rule that was looked at, in order; the last one is that which takes the ticket, if one does.
    pub looked_at: Vec<Finding<'a>>,
}

/// What one rule made of one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<'a> {
    /// The rule.
    pub rule: &'a DispatchRule,
    /// Whether its condition holds; none when that depends on something unknown.
    pub holds: Option<bool>,
    /// What it looked at: the name, and the value if it is known.
    pub readings: Vec<(&'static str, Option<String>)>,
}

impl TicketFacts {
    /// Gathers what rules may know of a ticket at a point in time, where a zone is.
    pub fn of(ticket: Ticket, zone: &Zone, now: Timestamp) -> Self {
        let path = ticket.category.as_ref().map_or("", |category| category.as_str());
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let categories = ends.filter(|at| *at > 0).map(|at| path[..at].to_owned()).collect();
        let hour = i64::from(zone.second_at(now) / 3_600);
        let weekday = Weekday::at(now, zone);
        Self { ticket, categories, hour, weekday }
    }
}

/// Says which rule takes a ticket, and what became of those before it.
///
/// `language` is the center's own; conditions about tickets never look at it.
pub fn verdict<'a>(
    rules: &'a [DispatchRule],
    ticket: &TicketFacts,
    customer: Option<&KnownCustomer>,
    language: &Language,
) -> Verdict<'a> {
    let facts = Facts {
        fields: &BTreeMap::new(),
        language,
        channel: Channel::Task,
        called_number: None,
        calling_number: None,
        caller_lists: &[],
        verification: Verification::default(),
        today: "",
        customer,
        standing: None,
        staffing: None,
        ticket: Some(ticket),
    };
    let mut looked_at = Vec::new();
    for rule in rules {
        let read = rule.when.facts().into_iter();
        let readings = read.map(|fact| (fact.path(), fact.told(&facts))).collect();
        let holds = rule.when.outcome(&facts);
        looked_at.push(Finding { rule, holds, readings });
        if holds == Some(true) {
            break;
        }
    }
    Verdict { looked_at }
}

impl<'a> Verdict<'a> {
    /// Gives the finding of the rule that takes the ticket.
    pub fn taken_by(&self) -> Option<&Finding<'a>> {
        self.looked_at.last().filter(|finding| finding.holds == Some(true))
    }
}

impl Finding<'_> {
    /// Gives what the rule says of a new ticket as it accepts it.
    pub fn acceptance(&self) -> MoveDetails {
        let MoveDetails { actor, note, .. } = self.details();
        MoveDetails { actor, note, ..MoveDetails::default() }
    }

    /// Gives the move that the rule makes, as the ticket's life will tell it.
    pub fn details(&self) -> MoveDetails {
        let Destination { department, queue, agent } = self.rule.to.clone();
        MoveDetails {
            actor: format!("dispatch:{}", self.rule.id),
            note: Some(self.to_string()),
            department,
            queue,
            assignee: agent,
            ..MoveDetails::default()
        }
    }
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.holds {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "is not known to hold",
        };
        write!(formatter, "{} {verb}", self.rule.when.source())?;
        for (number, (name, value)) in self.readings.iter().enumerate() {
            let joint = if number == 0 { ": " } else { ", " };
            match value {
                Some(value) => write!(formatter, "{joint}{name} is {value}")?,
                None => write!(formatter, "{joint}{name} is unknown")?,
            }
        }
        Ok(())
    }
}

impl Destination {
    /// Says whether it leads nowhere.
    pub const fn is_nowhere(&self) -> bool {
        self.department.is_none() && self.queue.is_none() && self.agent.is_none()
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let department = self.department.as_ref().map(|name| format!("department {name}"));
        let queue = self.queue.as_ref().map(|queue| format!("queue {queue}"));
        let agent = self.agent.as_ref().map(|agent| format!("agent {agent}"));
        let parts: Vec<String> = [department, queue, agent].into_iter().flatten().collect();
        formatter.write_str(&parts.join(", "))
    }
}

impl Ticket {
    /// Says whether a rule may send the ticket somewhere: somebody took responsibility for it or it came
    /// back, or the rule itself accepts what is new, and nobody has said who is to handle it.
    ///
    /// Who accepted a ticket for themselves keeps it. One that came back is nobody's until somebody
    /// says so, whoever handled it before.
    pub fn awaits_dispatch_by(&self, rule: &DispatchRule) -> bool {
        match self.state {
            TicketState::New => rule.accepts,
            TicketState::Accepted => self.assignee.is_none(),
            TicketState::Reopened => true,
            TicketState::Dispatched
            | TicketState::InProgress
            | TicketState::WaitingOnCustomer
            | TicketState::OnHold
            | TicketState::Resolved
            | TicketState::Closed
            | TicketState::Merged
            | TicketState::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests;
