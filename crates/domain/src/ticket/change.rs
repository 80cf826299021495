//! Moving a ticket: the state machine, plus what each move must say.

use thiserror::Error;

use crate::ids::{AgentId, CustomerId, QueueId, TicketId, TicketKindId};
use crate::time::Timestamp;

use super::link::{numbers, wait_for_children};
use super::{
    Category, Checkpoint, EntryName, FillError, Filled, Filling, Gap, Informed, Medium, Terms,
    Ticket, TicketMove, TicketPriority, TicketRejection, TicketState,
};

/// What accompanies a move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveDetails {
    /// Who moves the ticket.
    pub actor: String,
    /// Why, in the actor's words; required to escalate, hold, reopen, cancel and note.
    pub note: Option<String>,
    /// The department to dispatch to.
    pub department: Option<String>,
    /// The queue to dispatch to.
    pub queue: Option<QueueId>,
    /// The agent to dispatch to, or who starts.
    pub assignee: Option<AgentId>,
    /// How it was handled; required to resolve.
    pub resolution: Option<String>,
    /// How the customer was told; required to reply and to inform.
    pub medium: Option<Medium>,
    /// The ticket that goes on; required to merge.
    pub merged_into: Option<TicketId>,
    /// What is corrected and filled in; required to revise.
    pub revision: Revision,
}

/// What is corrected of a ticket, and filled in of its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// What it is about from now on, in one line.
    pub subject: Option<String>,
    /// What it is about from now on, at length; may be empty.
    pub body: Option<String>,
    /// What kind of issue it is from now on.
    pub kind: Option<TicketKindId>,
    /// Whose issue it is from now on.
    pub customer: Option<CustomerId>,
    /// What it is filed under from now on.
    pub category: Option<Category>,
    /// How urgent it is from now on.
    pub priority: Option<TicketPriority>,
    /// What changes in its form.
    pub filling: Filling,
}

/// One move of one ticket, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketChange {
    /// The ticket after the move; its version is one higher than before.
    pub ticket: Ticket,
    /// Where the ticket stood.
    pub from: TicketState,
    /// What was done.
    pub applied: TicketMove,
    /// Who did it.
    pub actor: String,
    /// Why.
    pub note: Option<String>,
    /// What is filled in of its form after the move; none when the move does not touch it.
    pub filled: Option<Filled>,
    /// What the move corrects.
    pub revision: Revision,
}

impl MoveDetails {
    /// Says what a move needs and these do not say.
    pub(super) fn check(&self, attempted: TicketMove) -> Result<(), TicketError> {
        let said =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let goes_somewhere =
            said(&self.department) || self.queue.is_some() || self.assignee.is_some();
        let (field, is_there) = match attempted {
            TicketMove::Dispatch => (DESTINATION, goes_somewhere),
            TicketMove::Escalate if !goes_somewhere => (DESTINATION, false),
            TicketMove::Escalate
            | TicketMove::Hold
            | TicketMove::Reopen
            | TicketMove::Cancel
            | TicketMove::Note
            | TicketMove::Alarm => ("note", said(&self.note)),
            TicketMove::Resolve => ("resolution", said(&self.resolution)),
            TicketMove::Reply | TicketMove::Inform => ("medium", self.medium.is_some()),
            TicketMove::Merge => ("merged_into", self.merged_into.is_some()),
            TicketMove::Revise => ("revision", !self.revision.is_empty()),
            TicketMove::Accept
            | TicketMove::Start
            | TicketMove::WaitOnCustomer
            | TicketMove::Resume
            | TicketMove::Close => return Ok(()),
        };
        if is_there { Ok(()) } else { Err(TicketError::Missing { attempted, field }) }
    }
}

impl TicketChange {
    /// Gives the ticket in which this one goes on from now on.
    pub fn goes_on_in(&self) -> Option<&TicketId> {
        self.ticket.merged_into.as_ref().filter(|_| self.applied == TicketMove::Merge)
    }
}

/// What a ticket is given to.
const DESTINATION: &str = "department, queue or assignee";

/// Says why a ticket was not moved.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TicketError {
    /// The move is not allowed from where the ticket stands.
    #[error(transparent)]
    Rejected(#[from] TicketRejection),
    /// The move must say more.
    #[error("to {attempted} a ticket, `{field}` is required")]
    Missing {
        /// The move.
        attempted: TicketMove,
        /// What it must say.
        field: &'static str,
    },
    /// The ticket's kind asks for a department that answers for it.
    #[error(
        "a ticket of kind {kind} is resolved only once a department answers for it: dispatch it first"
    )]
    NoDepartment {
        /// The kind.
        kind: TicketKindId,
    },
    /// The ticket's kind asks that the customer is informed.
    #[error(
        "a ticket of kind {kind} is closed only once its customer is informed: use the move inform"
    )]
    NotInformed {
        /// The kind.
        kind: TicketKindId,
    },
    /// The ticket's kind asks that somebody looks over what somebody else did.
    #[error("a ticket of kind {kind} is closed by somebody other than {resolver}, who resolved it")]
    NotReviewed {
        /// The kind.
        kind: TicketKindId,
        /// Who resolved it.
        resolver: String,
    },
    /// Somebody else has the ticket.
    #[error("{agent} has the ticket")]
    Taken {
        /// Who.
        agent: AgentId,
    },
    /// A field of the form must have a value first.
    #[error("to {attempted} a ticket of kind {kind}, the field `{name}` needs {expected}")]
    FieldOpen {
        /// The move.
        attempted: TicketMove,
        /// The kind.
        kind: TicketKindId,
        /// The field.
        name: EntryName,
        /// What it takes.
        expected: String,
    },
    /// A step of the checklist must be ticked first.
    #[error("to {attempted} a ticket of kind {kind}, the step `{name}` must be ticked")]
    StepOpen {
        /// The move.
        attempted: TicketMove,
        /// The kind.
        kind: TicketKindId,
        /// The step.
        name: EntryName,
    },
    /// The form does not take what is filled in.
    #[error(transparent)]
    NotFilled(#[from] FillError),
    /// Its tasks must be over first.
    #[error("to {attempted} a ticket, its tasks must be over: {} open", numbers(children))]
    ChildrenOpen {
        /// The move.
        attempted: TicketMove,
        /// The numbers of the open tasks.
        children: Vec<u64>,
    },
    /// Other tickets are part of it, and would be part of nothing.
    #[error("an incident is not merged: resolve it, cancel it or link it")]
    IncidentMerged,
    /// A ticket cannot go on in its own place.
    #[error("a ticket cannot be merged into itself")]
    MergedIntoItself,
    /// A ticket goes on only where somebody still works on it.
    #[error("a ticket is merged only into an open one, and ticket {target} is {state}")]
    TargetNotOpen {
        /// The ticket that was to go on.
        target: TicketId,
        /// Where it stands.
        state: TicketState,
    },
}

impl Ticket {
    /// Gives the ticket after a move, or says why the lifecycle or its kind refuses the move.
    pub fn apply<'a>(
        &self,
        attempted: TicketMove,
        details: MoveDetails,
        terms: impl Into<Terms<'a>>,
        now: Timestamp,
    ) -> Result<TicketChange, TicketError> {
        let terms = terms.into();
        let state = self.state.after(attempted)?;
        details.check(attempted)?;
        wait_for_children(attempted, terms.open_children)?;
        self.satisfy(terms, attempted, &details)?;
        if details.merged_into.as_ref() == Some(&self.id) {
            return Err(TicketError::MergedIntoItself);
        }
        if attempted == TicketMove::Merge && self.is_incident {
            return Err(TicketError::IncidentMerged);
        }
        let filling = (attempted == TicketMove::Revise).then(|| details.revision.filling.clone());
        let filled = filling
            .filter(|filling| !filling.is_empty())
            .map(|filling| terms.kind.form.fill(terms.filled.clone(), filling))
            .transpose()?;
        if attempted == TicketMove::Revise {
            let filled = filled.as_ref().unwrap_or(terms.filled);
            self.admit_kind(Terms { filled, ..terms }, &details.revision)?;
        }
        let mut ticket = self.clone();
        ticket.state = state;
        ticket.changed_at = now;
        ticket.version += 1;
        take_details(&mut ticket, attempted, &details);
        ticket.reopened += u32::from(attempted == TicketMove::Reopen);
        ticket.bounced +=
            u32::from(attempted == TicketMove::Dispatch && self.is_taken_away(&ticket));
        let is_revised = attempted == TicketMove::Revise;
        let told = |revision: &Revision, note| revision.told(self, note);
        let note = match (attempted, details.medium) {
            _ if is_revised => told(&details.revision, details.note),
            (TicketMove::Reply, Some(by)) => Some(replied(by, details.note)),
            (_, _) => details.note,
        };
        Ok(TicketChange {
            ticket,
            from: self.state,
            applied: attempted,
            actor: details.actor,
            note,
            filled,
            revision: details.revision,
        })
    }
}

impl Ticket {
    /// Refuses that others are merged into a ticket on which nobody works any more: what they are about
    /// would be lost.
    pub fn admit_merge(&self) -> Result<(), TicketError> {
        if self.state.is_open() {
            return Ok(());
        }
        Err(TicketError::TargetNotOpen { target: self.id.clone(), state: self.state })
    }

    /// Gives the move by which an agent takes the ticket: nothing when the agent has it already.
    ///
    /// One that came back is nobody's, whoever handled it before.
    pub fn taking(&self, agent: &AgentId) -> Result<Option<TicketMove>, TicketError> {
        let holder = self.assignee.as_ref().filter(|_| self.state != TicketState::Reopened);
        if let Some(other) = holder.filter(|holder| *holder != agent) {
            return Err(TicketError::Taken { agent: other.clone() });
        }
        let is_begun = matches!(
            self.state,
            TicketState::InProgress | TicketState::WaitingOnCustomer | TicketState::OnHold
        );
        match (holder.is_some() && is_begun, self.state) {
            (true, _) => Ok(None),
            (false, TicketState::New) => Ok(Some(TicketMove::Accept)),
            (false, _) => Ok(Some(TicketMove::Start)),
        }
    }

    /// Tells whether whoever had the ticket to handle has it no longer.
    ///
    /// Whoever accepted it and sends it on had it only to send it on.
    fn is_taken_away(&self, after: &Self) -> bool {
        let was_handled = matches!(self.state, TicketState::Dispatched | TicketState::InProgress);
        let has_left = |before: bool, is_same: bool| before && !is_same;
        was_handled
            && (has_left(self.department.is_some(), self.department == after.department)
                || has_left(self.assignee.is_some(), self.assignee == after.assignee))
    }

    /// Sees to what the ticket's kind asks of a move.
    fn satisfy(
        &self,
        terms: Terms<'_>,
        attempted: TicketMove,
        details: &MoveDetails,
    ) -> Result<(), TicketError> {
        let kind = terms.kind;
        let id = || kind.id.clone();
        let is_resolved = attempted == TicketMove::Resolve;
        let is_closed = attempted == TicketMove::Close;
        if is_resolved && kind.needs_department && self.department.is_none() {
            return Err(TicketError::NoDepartment { kind: id() });
        }
        let has_to_learn = self.customer.is_some() && self.informed.is_none();
        if is_closed && kind.needs_informing && has_to_learn {
            return Err(TicketError::NotInformed { kind: id() });
        }
        let resolver = self.resolved_by.as_ref().filter(|resolver| **resolver == details.actor);
        match resolver {
            Some(resolver) if is_closed && kind.needs_review => {
                Err(TicketError::NotReviewed { kind: id(), resolver: resolver.clone() })
            }
            Some(_) | None => fill_gap(terms, attempted, Checkpoint::of(attempted)),
        }
    }

    /// Sees to it that a ticket that is to be of another kind has what that kind asks for where the
    /// ticket has passed already.
    fn admit_kind(&self, terms: Terms<'_>, revision: &Revision) -> Result<(), TicketError> {
        if revision.kind.as_ref().is_none_or(|kind| *kind == self.kind) {
            return Ok(());
        }
        let kind = terms.kind;
        if self.state == TicketState::Resolved && kind.needs_department && self.department.is_none()
        {
            return Err(TicketError::NoDepartment { kind: kind.id.clone() });
        }
        fill_gap(terms, TicketMove::Revise, Checkpoint::passed_by(self.state))
    }
}

/// Sees to what the form of the ticket's kind asks of a move.
fn fill_gap(
    terms: Terms<'_>,
    attempted: TicketMove,
    checkpoint: Option<Checkpoint>,
) -> Result<(), TicketError> {
    let Terms { kind, filled, .. } = terms;
    let gap = checkpoint.and_then(|at| kind.form.gap(at, filled));
    let kind = kind.id.clone();
    match gap {
        Some(Gap::Field { name, expected }) => {
            Err(TicketError::FieldOpen { attempted, kind, name, expected })
        }
        Some(Gap::Step { name }) => Err(TicketError::StepOpen { attempted, kind, name }),
        None => Ok(()),
    }
}

impl Revision {
    /// Says whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        let Self { subject, body, kind, customer, category, priority, filling } = self;
        let is_text_left = subject.is_none() && body.is_none();
        let is_left = kind.is_none() && customer.is_none() && category.is_none();
        is_text_left && is_left && priority.is_none() && filling.is_empty()
    }

    /// Tells what is changed, before what was said of it; values of the form are not repeated, and of
    /// texts it is told what they were.
    fn told(&self, before: &Ticket, said: Option<String>) -> Option<String> {
        let kind = self.kind.as_ref().map(|kind| format!("kind {kind}"));
        let customer = self.customer.as_ref().map(|customer| match &before.customer {
            Some(other) => format!("customer {customer}, was {other}"),
            None => format!("customer {customer}"),
        });
        let category = self.category.as_ref().map(|category| format!("category {category}"));
        let priority = self.priority.map(|priority| format!("priority {priority}"));
        let changes = [kind, customer, category, priority].into_iter().flatten();
        let changes: Vec<String> = changes.chain(self.filling.told()).collect();
        let changes = Some(changes.join("; ")).filter(|changes| !changes.is_empty());
        let subject = self.subject.as_ref().map(|_| format!("subject was: {}", before.subject));
        let body = self.body.as_ref().map(|_| format!("description was: {}", before.body));
        let texts = subject.into_iter().chain(body).map(|text| text.trim_end().to_owned());
        let lines: Vec<String> = changes.into_iter().chain(texts).chain(said).collect();
        Some(lines.join("\n")).filter(|text| !text.is_empty())
    }
}

/// Tells how the customer was answered, and what was said.
fn replied(by: Medium, said: Option<String>) -> String {
    let by = format!("by {by}");
    [Some(by), said].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn take_details(ticket: &mut Ticket, attempted: TicketMove, details: &MoveDetails) {
    match attempted {
        TicketMove::Dispatch | TicketMove::Escalate => {
            if attempted == TicketMove::Escalate {
                ticket.priority = ticket.priority.raised();
            }
            // A department takes over as a whole: whoever worked on it before is free of it.
            ticket.department = details.department.clone().or_else(|| ticket.department.take());
            ticket.queue.clone_from(&details.queue);
            ticket.assignee.clone_from(&details.assignee);
        }
        TicketMove::Accept | TicketMove::Start => {
            ticket.assignee = details.assignee.clone().or_else(|| ticket.assignee.take());
        }
        TicketMove::Resolve => {
            ticket.resolution.clone_from(&details.resolution);
            ticket.resolved_by = Some(details.actor.clone());
        }
        TicketMove::Inform => {
            ticket.informed = details.medium.map(|by| Informed { at: ticket.changed_at, by });
        }
        TicketMove::Reopen => {
            (ticket.resolution, ticket.resolved_by, ticket.informed) = (None, None, None);
        }
        TicketMove::Merge => ticket.merged_into.clone_from(&details.merged_into),
        TicketMove::Revise => {
            let Revision { subject, body, kind, customer, category, priority, .. } =
                details.revision.clone();
            ticket.subject = subject.unwrap_or_else(|| std::mem::take(&mut ticket.subject));
            ticket.body = body.unwrap_or_else(|| std::mem::take(&mut ticket.body));
            ticket.kind = kind.unwrap_or_else(|| ticket.kind.clone());
            ticket.customer = customer.or_else(|| ticket.customer.take());
            ticket.category = category.or_else(|| ticket.category.take());
            ticket.priority = priority.unwrap_or(ticket.priority);
        }
        TicketMove::WaitOnCustomer
        | TicketMove::Hold
        | TicketMove::Resume
        | TicketMove::Reply
        | TicketMove::Close
        | TicketMove::Cancel
        | TicketMove::Note
        | TicketMove::Alarm => {}
    }
}

#[cfg(test)]
mod tests;
