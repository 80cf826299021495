//! Moves that are kept together: all of them or none, once per request.

use switchboard_domain::ids::{MacroId, TicketId, TicketKindId};
use switchboard_domain::ticket::{
    MoveDetails, NewTicket, Ticket, TicketChange, TicketKind, TicketMove,
};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_macros::{MacroRun, TicketMacros};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

async fn a_ticket(store: &PostgresStore) -> Ticket {
    let order = TicketOrder {
        id: TicketId::parse("t-1").unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    };
    Tickets::create(store, &tenant("demo"), &order).await.unwrap()
}

/// Gives moves that follow each other.
fn moves(ticket: &Ticket, moves: &[TicketMove]) -> Vec<TicketChange> {
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let mut ticket = ticket.clone();
    let mut changes = Vec::new();
    for applied in moves {
        let details = MoveDetails { note: Some("so".to_owned()), ..MoveDetails::default() };
        let change = ticket.apply(*applied, details, &kind, second(2)).unwrap();
        ticket = change.ticket.clone();
        changes.push(change);
    }
    changes
}

fn a_run(request_id: &str) -> MacroRun {
    MacroRun {
        request_id: request_id.to_owned(),
        ticket: TicketId::parse("t-1").unwrap(),
        applied: MacroId::parse("take").unwrap(),
        at: second(2),
    }
}

async fn kept(store: &PostgresStore) -> (u64, usize) {
    let (ticket, events) = store.life(&tenant("demo"), &a_run("").ticket).await.unwrap();
    (ticket.version, events.len())
}

#[tokio::test]
async fn moves_are_kept_together_with_the_request_that_made_them() {
    let store = database().await.store;
    let ticket = a_ticket(&store).await;
    let changes = moves(&ticket, &[TicketMove::Accept, TicketMove::Note]);

    store.apply_macro(&tenant("demo"), &changes, Some(&a_run("m-1"))).await.unwrap();

    assert_eq!(kept(&store).await, (3, 3));
    let run = store.macro_run(&tenant("demo"), "m-1").await.unwrap();
    assert_eq!(run, Some(a_run("m-1")));
    assert_eq!(store.macro_run(&tenant("other"), "m-1").await.unwrap(), None);
}

#[tokio::test]
async fn of_moves_that_cannot_all_be_kept_none_is() {
    let store = database().await.store;
    let ticket = a_ticket(&store).await;
    let first = moves(&ticket, &[TicketMove::Accept]);
    store.apply_macro(&tenant("demo"), &first, Some(&a_run("m-1"))).await.unwrap();
    let next = moves(&first[0].ticket, &[TicketMove::Start, TicketMove::Note]);
    // The second does not follow the first.
    let gap = [
        next[0].clone(),
        TicketChange { ticket: Ticket { version: 9, ..next[1].ticket.clone() }, ..next[1].clone() },
    ];

    let stale = store.apply_macro(&tenant("demo"), &first, Some(&a_run("m-2"))).await;
    let torn = store.apply_macro(&tenant("demo"), &gap, Some(&a_run("m-3"))).await;
    let repeated = store.apply_macro(&tenant("demo"), &next, Some(&a_run("m-1"))).await;

    for refused in [stale, torn, repeated] {
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(kept(&store).await, (2, 2));
    assert_eq!(store.macro_run(&tenant("demo"), "m-3").await.unwrap(), None);
}
