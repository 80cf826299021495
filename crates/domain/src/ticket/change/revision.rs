//! What is corrected of a ticket, and what the kind it is of from then on asks for.

use crate::ids::{CustomerId, TicketKindId};

use super::{TicketError, fill_gap};
use crate::ticket::{
    Category, Checkpoint, Filling, Terms, Ticket, TicketMove, TicketPriority, TicketState,
};

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
    pub(super) fn told(&self, before: &Ticket, said: Option<String>) -> Option<String> {
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

    /// Corrects a ticket.
    pub(super) fn correct(self, ticket: &mut Ticket) {
        let Self { subject, body, kind, customer, category, priority, .. } = self;
        ticket.subject = subject.unwrap_or_else(|| std::mem::take(&mut ticket.subject));
        ticket.body = body.unwrap_or_else(|| std::mem::take(&mut ticket.body));
        ticket.kind = kind.unwrap_or_else(|| ticket.kind.clone());
        ticket.customer = customer.or_else(|| ticket.customer.take());
        ticket.category = category.or_else(|| ticket.category.take());
        ticket.priority = priority.unwrap_or(ticket.priority);
    }
}

impl Ticket {
    /// Sees to it that a ticket that is to be of another kind has what that kind asks for where the
    /// ticket has passed already.
    pub(super) fn admit_kind(
        &self,
        terms: Terms<'_>,
        revision: &Revision,
    ) -> Result<(), TicketError> {
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

#[cfg(test)]
mod tests;
