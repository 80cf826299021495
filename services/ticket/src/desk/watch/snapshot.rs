//! What there is when a watch begins: so many tickets, and so much text, as one answer holds.

use std::collections::BTreeSet;

use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::Ticket;
use switchboard_store::page::{Page, fitting};
use switchboard_store::tickets::weight;

/// The most tickets of a snapshot, and the most whose showing a watch remembers.
pub(super) const MAX_SNAPSHOT: usize = 1_000;

/// What there is when a watch begins.
pub(super) struct Snapshot {
    pub(super) tickets: Vec<Ticket>,
    /// The ids of the tickets; of more than these when there are more.
    pub(super) ids: BTreeSet<TicketId>,
    /// Whether there are more than it holds.
    pub(super) more: bool,
    /// The last change before it was taken.
    pub(super) last: u64,
}

impl Snapshot {
    /// Makes one without tickets.
    pub(super) const fn after(last: u64) -> Self {
        Self { tickets: Vec::new(), ids: BTreeSet::new(), more: false, last }
    }

    /// Takes in a page of the list, as far as there is room.
    ///
    /// A ticket that moves down the list while its pages are read comes again, and is taken once.
    pub(super) fn take(&mut self, page: Page<Ticket>) {
        for ticket in page.records {
            if self.ids.insert(ticket.id.clone()) {
                self.tickets.push(ticket);
            }
        }
        let room = fitting(self.tickets.iter().map(weight)).min(MAX_SNAPSHOT);
        let is_full = self.tickets.len() >= MAX_SNAPSHOT && !page.next.is_empty();
        self.more = is_full || self.tickets.len() > room;
        self.tickets.truncate(room);
    }
}

#[cfg(test)]
mod tests {
    use switchboard_domain::ids::TicketKindId;
    use switchboard_domain::ticket::NewTicket;
    use switchboard_domain::time::Timestamp;
    use switchboard_store::tickets::TicketOrder;

    use super::*;

    /// A page of tickets of some length.
    fn page(ids: impl IntoIterator<Item = usize>, next: &str, length: usize) -> Page<Ticket> {
        let ticket = |id: usize| {
            let order = TicketOrder {
                id: TicketId::parse(format!("t-{id}")).expect("an id"),
                request_id: String::new(),
                actor: String::new(),
                at: Timestamp::ZERO,
                joins_since: None,
                ticket: NewTicket::about(TicketKindId::REQUEST, "x".repeat(length)),
            };
            order.ticket(1)
        };
        Page { records: ids.into_iter().map(ticket).collect(), next: next.to_owned() }
    }

    #[test]
    fn a_ticket_that_moved_while_pages_were_read_is_there_once() {
        let mut snapshot = Snapshot::after(7);

        snapshot.take(page([1, 2], "2", 10));
        snapshot.take(page([2, 3], "", 10));

        let ids: Vec<&str> = snapshot.tickets.iter().map(|ticket| ticket.id.as_str()).collect();
        assert_eq!((ids, snapshot.more), (vec!["t-1", "t-2", "t-3"], false));
    }

    #[test]
    fn a_snapshot_holds_so_many_tickets_and_so_much_text() {
        let (mut many, mut long, mut all) =
            (Snapshot::after(0), Snapshot::after(0), Snapshot::after(0));

        many.take(page(0..MAX_SNAPSHOT, "1000", 10));
        long.take(page(0..5, "", 1 << 20));
        all.take(page(0..MAX_SNAPSHOT, "", 10));

        assert_eq!((many.tickets.len(), many.more), (MAX_SNAPSHOT, true));
        assert_eq!((long.tickets.len(), long.more), (2, true));
        assert_eq!((all.tickets.len(), all.more), (MAX_SNAPSHOT, false));
    }
}
