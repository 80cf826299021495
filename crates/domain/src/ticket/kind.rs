//! The kinds of tickets, and what each asks of those who handle it.

use std::time::Duration;

use crate::ids::TicketKindId;

use super::TicketForm;

/// What holds for the tickets of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketKind {
    /// Names it.
    pub id: TicketKindId,
    /// Whether a department must answer for the ticket before it is resolved.
    pub needs_department: bool,
    /// Whether the customer, if there is one, must be informed of the resolution before the ticket
    /// is closed.
    pub needs_informing: bool,
    /// Whether somebody other than who resolved it must close it.
    pub needs_review: bool,
    /// How long after its making an open ticket takes up what comes in for the same customer under
    /// the same category, instead of another ticket; none to make a ticket each time.
    pub joins_within: Option<Duration>,
    /// What is filled in and ticked before a ticket goes on.
    pub form: TicketForm,
}

/// The kinds of a center, in the order of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketKinds(Vec<TicketKind>);

/// The kinds of a center that names none: their ids; whether they need a department, informing and
/// review.
const STANDARD: [(&str, bool, bool, bool); 7] = [
    ("request", false, false, false),
    ("complaint", true, true, true),
    ("repair", true, true, false),
    ("suggestion", false, false, false),
    ("field-service", true, true, false),
    ("defect", true, false, true),
    ("inspection", true, false, true),
];

impl TicketKinds {
    /// Makes the kinds of a center; with none named, the standard ones.
    pub fn new(named: Vec<TicketKind>) -> Self {
        if named.is_empty() { Self::default() } else { Self(named) }
    }

    /// Gives a kind by its id.
    pub fn get(&self, id: &TicketKindId) -> Option<&TicketKind> {
        self.0.iter().find(|kind| kind.id == *id)
    }

    /// Gives what holds for a ticket, also when its kind is no longer one of the center's: then
    /// nothing is asked beyond the state machine.
    pub fn of(&self, id: &TicketKindId) -> TicketKind {
        self.get(id).cloned().unwrap_or_else(|| TicketKind::undemanding(id.clone()))
    }

    /// Gives the kind of a ticket of which nobody says the kind: the first of the file.
    pub fn usual(&self) -> TicketKindId {
        self.0.first().map_or(TicketKindId::REQUEST, |kind| kind.id.clone())
    }

    /// Gives every kind, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &TicketKind> {
        self.0.iter()
    }
}

impl Default for TicketKinds {
    fn default() -> Self {
        let kinds = STANDARD.into_iter().filter_map(|(id, department, informing, review)| {
            Some(TicketKind {
                id: TicketKindId::parse(id).ok()?,
                needs_department: department,
                needs_informing: informing,
                needs_review: review,
                joins_within: None,
                form: TicketForm::default(),
            })
        });
        Self(kinds.collect())
    }
}

impl TicketKind {
    /// Makes a kind that asks for nothing.
    pub const fn undemanding(id: TicketKindId) -> Self {
        Self {
            id,
            needs_department: false,
            needs_informing: false,
            needs_review: false,
            joins_within: None,
            form: TicketForm { fields: Vec::new(), steps: Vec::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> TicketKindId {
        TicketKindId::parse(text).expect("an id")
    }

    #[test]
    fn a_center_that_names_no_kinds_has_the_standard_ones() {
        let kinds = TicketKinds::new(vec![]);

        assert_eq!(kinds.iter().count(), STANDARD.len());
        assert_eq!(kinds.usual(), TicketKindId::REQUEST);
        assert!(kinds.of(&id("complaint")).needs_review);
    }

    #[test]
    fn a_ticket_of_a_kind_that_is_gone_can_still_be_finished() {
        let kinds = TicketKinds::new(vec![TicketKind::undemanding(id("outage"))]);

        assert_eq!(kinds.get(&id("complaint")), None);
        assert_eq!(kinds.of(&id("complaint")), TicketKind::undemanding(id("complaint")));
    }
}
