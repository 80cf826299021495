//! Tickets that were over before they came here, from another system.

use crate::time::Timestamp;

use super::{MoveDetails, Ticket, TicketChange, TicketError, TicketKind, TicketMove};

/// How a ticket ended elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it was resolved.
    pub resolution: String,
    /// When it was resolved and closed.
    pub at: Timestamp,
}

impl Ticket {
    /// Gives the moves of a new ticket that was over elsewhere, in order.
    ///
    /// What happened in between is not known: it is begun with at its making, and resolved and closed at
    /// its end. What its kind asks here was nobody's to see to there.
    pub fn over(&self, ended: &Ended, actor: &str) -> Result<Vec<TicketChange>, TicketError> {
        let kind = TicketKind::undemanding(self.kind.clone());
        let moves = [
            (TicketMove::Accept, self.created_at),
            (TicketMove::Start, self.created_at),
            (TicketMove::Resolve, ended.at),
            (TicketMove::Close, ended.at),
        ];
        let mut changes: Vec<TicketChange> = Vec::new();
        for (attempted, at) in moves {
            let is_resolved = attempted == TicketMove::Resolve;
            let details = MoveDetails {
                actor: actor.to_owned(),
                resolution: is_resolved.then(|| ended.resolution.clone()),
                ..MoveDetails::default()
            };
            let before = changes.last().map_or(self, |change| &change.ticket);
            let change = before.apply(attempted, details, &kind, at)?;
            changes.push(change);
        }
        Ok(changes)
    }
}
