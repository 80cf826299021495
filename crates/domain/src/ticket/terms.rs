//! What holds for a move of one ticket.

use std::collections::{BTreeMap, BTreeSet};

use super::{Filled, TicketKind};

/// What a move is judged by, besides the ticket itself.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// What the ticket's kind asks for; when it is to be of another kind, that one.
    pub kind: &'a TicketKind,
    /// What was filled in of its form.
    pub filled: &'a Filled,
    /// The numbers of its tasks that are open.
    pub open_children: &'a [u64],
}

static NOTHING: Filled = Filled { values: BTreeMap::new(), ticked: BTreeSet::new() };

/// The terms of a ticket of which nothing was filled in, and that has no tasks.
impl<'a> From<&'a TicketKind> for Terms<'a> {
    fn from(kind: &'a TicketKind) -> Self {
        Self { kind, filled: &NOTHING, open_children: &[] }
    }
}
