//! Macros: moves of a ticket that a center has prepared under a name, made all of them or none.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::caller::Role;
use crate::center::Localized;
use crate::ids::{AgentId, MacroId, QueueId, TicketKindId};
use crate::time::Timestamp;

use super::{
    Facts, Medium, MoveDetails, Placeholder, Revision, Terms, Ticket, TicketChange, TicketError,
    TicketMove, TicketState, Wording,
};

/// A prepared set of moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketMacro {
    /// Names it.
    pub id: MacroId,
    /// Its name for people.
    pub display_name: Localized,
    /// Only for tickets of these kinds; of every kind when empty.
    pub kinds: BTreeSet<TicketKindId>,
    /// Only for tickets for which one of these departments answers; for every ticket when empty.
    pub departments: BTreeSet<String>,
    /// Who may apply it.
    pub roles: BTreeSet<Role>,
    /// What it does, in order.
    pub steps: Vec<MacroStep>,
}

/// One move of a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroStep {
    /// What is done.
    pub applied: TicketMove,
    /// Why.
    pub note: Option<Wording>,
    /// How it was handled.
    pub resolution: Option<Wording>,
    /// The department to dispatch to.
    pub department: Option<String>,
    /// The queue to dispatch to.
    pub queue: Option<QueueId>,
    /// The agent to dispatch to.
    pub assignee: Option<AgentId>,
    /// How the customer was told.
    pub medium: Option<Medium>,
    /// What is corrected and filled in.
    pub revision: Revision,
}

/// Who applies a macro, and what is put into its texts besides what the ticket itself says.
#[derive(Clone, Copy, Debug)]
pub struct Applicant<'a> {
    /// For the ticket's life: `agent:<id>` and the like.
    pub actor: &'a str,
    /// In which role.
    pub role: Role,
    /// The applicant's name for people.
    pub name: &'a str,
    /// The name of the ticket's customer; none when it is nobody's.
    pub customer: Option<&'a str>,
}

/// Says why a macro is not applied; nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MacroError {
    /// It is for others.
    #[error("the macro `{id}` is only for the {what} {only}")]
    Misfit {
        /// The macro.
        id: MacroId,
        /// What does not fit: `kind`, `department` or `role`.
        what: &'static str,
        /// Which would fit.
        only: String,
    },
    /// The ticket lacks what is to be put into a text.
    #[error(
        "step {number} of the macro `{id}` ({applied}) says {{{placeholder}}}, which the ticket has not"
    )]
    Blank {
        /// The macro.
        id: MacroId,
        /// Which step, from 1.
        number: usize,
        /// The step's move.
        applied: TicketMove,
        /// What is missing.
        placeholder: Placeholder,
    },
    /// One of its moves is refused.
    #[error("step {number} of the macro `{id}` ({applied}): {fault}")]
    Refused {
        /// The macro.
        id: MacroId,
        /// Which step, from 1.
        number: usize,
        /// The step's move.
        applied: TicketMove,
        /// Why.
        fault: TicketError,
    },
}

impl TicketMacro {
    /// Says whether it is for people in a role.
    pub fn is_for(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Says whether it is for tickets of a department.
    pub fn is_of(&self, department: Option<&str>) -> bool {
        self.departments.is_empty()
            || department.is_some_and(|name| self.departments.contains(name))
    }

    /// Says whether a text of it needs something of the ticket.
    pub fn says(&self, name: Placeholder) -> bool {
        let texts = self.steps.iter().flat_map(|step| [&step.note, &step.resolution]);
        texts.flatten().any(|text| text.says(name))
    }

    /// Refuses a ticket and a role for which it was not prepared.
    pub fn admit(&self, ticket: &Ticket, role: Role) -> Result<(), MacroError> {
        let misfit = |what, only: Vec<&str>| {
            Err(MacroError::Misfit { id: self.id.clone(), what, only: only.join(", ") })
        };
        if !self.is_for(role) {
            return misfit("role", self.roles.iter().map(|known| known.as_str()).collect());
        }
        if !self.kinds.is_empty() && !self.kinds.contains(&ticket.kind) {
            return misfit("kind", self.kinds.iter().map(TicketKindId::as_str).collect());
        }
        if !self.is_of(ticket.department.as_deref()) {
            return misfit("department", self.departments.iter().map(String::as_str).collect());
        }
        Ok(())
    }

    /// Gives every move of a ticket, each made of what the one before leaves, or says which step is
    /// refused and why.
    pub fn apply(
        &self,
        ticket: &Ticket,
        applicant: Applicant<'_>,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<Vec<TicketChange>, MacroError> {
        self.admit(ticket, applicant.role)?;
        let (mut ticket, mut filled) = (ticket.clone(), terms.filled.clone());
        let mut changes = Vec::with_capacity(self.steps.len());
        for (number, step) in (1..).zip(&self.steps) {
            let (id, applied) = (self.id.clone(), step.applied);
            let details = step.details(&ticket, applicant).map_err(|placeholder| {
                MacroError::Blank { id: id.clone(), number, applied, placeholder }
            })?;
            let so_far = Terms { filled: &filled, ..terms };
            let change = ticket
                .apply(applied, details, so_far, now)
                .map_err(|fault| MacroError::Refused { id, number, applied, fault })?;
            ticket = change.ticket.clone();
            filled = change.filled.clone().unwrap_or(filled);
            changes.push(change);
        }
        Ok(changes)
    }

    /// Gives the first step, from 1, that no ticket can take after those before it.
    pub fn dead_end(&self) -> Option<usize> {
        let mut states: BTreeSet<TicketState> = TicketState::ALL.into();
        for (number, step) in (1..).zip(&self.steps) {
            states = states.iter().filter_map(|state| state.after(step.applied).ok()).collect();
            if states.is_empty() {
                return Some(number);
            }
        }
        None
    }
}

impl MacroStep {
    /// The moves that can be prepared: what names another ticket is for a person, what tells of time
    /// for the program.
    pub const MOVES: [TicketMove; 15] = [
        TicketMove::Accept,
        TicketMove::Dispatch,
        TicketMove::Escalate,
        TicketMove::Start,
        TicketMove::WaitOnCustomer,
        TicketMove::Hold,
        TicketMove::Resume,
        TicketMove::Resolve,
        TicketMove::Reply,
        TicketMove::Inform,
        TicketMove::Close,
        TicketMove::Reopen,
        TicketMove::Cancel,
        TicketMove::Note,
        TicketMove::Revise,
    ];

    /// Begins a step that says nothing besides its move.
    pub fn of(applied: TicketMove) -> Self {
        Self {
            applied,
            note: None,
            resolution: None,
            department: None,
            queue: None,
            assignee: None,
            medium: None,
            revision: Revision::default(),
        }
    }

    /// Says what the step's move needs and the step does not say.
    pub fn check(&self) -> Result<(), TicketError> {
        let written = |text: &Option<Wording>| text.as_ref().map(|text| text.as_str().to_owned());
        self.with(written(&self.note), written(&self.resolution)).check(self.applied)
    }

    /// Gives what accompanies the move of a ticket, or what the ticket lacks for its texts.
    fn details(
        &self,
        ticket: &Ticket,
        applicant: Applicant<'_>,
    ) -> Result<MoveDetails, Placeholder> {
        let facts = Facts {
            number: ticket.number,
            customer: applicant.customer,
            agent: applicant.name,
            department: ticket.department.as_deref(),
        };
        let fill = |text: &Option<Wording>| text.as_ref().map(|it| it.filled(&facts)).transpose();
        let details = self.with(fill(&self.note)?, fill(&self.resolution)?);
        Ok(MoveDetails { actor: applicant.actor.to_owned(), ..details })
    }

    fn with(&self, note: Option<String>, resolution: Option<String>) -> MoveDetails {
        MoveDetails {
            actor: String::new(),
            note,
            department: self.department.clone(),
            queue: self.queue.clone(),
            assignee: self.assignee.clone(),
            resolution,
            medium: self.medium,
            merged_into: None,
            revision: self.revision.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
