//! Moving a ticket: the state machine, plus what each move must say.

mod error;
mod revision;

use crate::ids::{AgentId, QueueId, TicketId};
use crate::time::Timestamp;

use super::link::wait_for_children;
use super::{Checkpoint, Filled, Gap, Informed, Medium, Terms, Ticket, TicketMove, TicketState};

pub use error::TicketError;
pub use revision::Revision;

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

    /// Gives the agent who resolved the ticket; none where nobody did, or somebody who is no agent.
    pub fn resolver(&self) -> Option<AgentId> {
        let agent = self.resolved_by.as_deref()?.strip_prefix("agent:")?;
        AgentId::parse(agent).ok()
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
        TicketMove::Revise => details.revision.clone().correct(ticket),
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
