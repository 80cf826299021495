//! Where tickets were sent: as work of the floor in the transaction of the move, and how far the rules
//! have looked.

use std::time::Duration;

use switchboard_domain::ids::{AgentId, ContactId, QueueId, TicketId, TicketKindId};
use switchboard_domain::ticket::{
    MoveDetails, NewTicket, Ticket, TicketChange, TicketKinds, TicketMove, TicketPriority, WorkItem,
};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_dispatch::{DispatchMark, DispatchMarks};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store::work_items::WorkItems;
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

/// A store with the accepted ticket `t-1`.
async fn furnished() -> (PostgresStore, Ticket) {
    let store = database().await.store;
    let order = TicketOrder {
        id: TicketId::parse("t-1").unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    };
    let made = Tickets::create(&store, &tenant("demo"), &order).await.unwrap();
    let accepted = moved(&store, &made, TicketMove::Accept, MoveDetails::default()).await;
    (store, accepted)
}

fn change(ticket: &Ticket, attempted: TicketMove, details: MoveDetails) -> TicketChange {
    let kind = TicketKinds::default().of(&ticket.kind);
    let at = ticket.changed_at + Duration::from_secs(1);
    let details = MoveDetails { actor: "agent:wang".to_owned(), ..details };
    ticket.apply(attempted, details, &kind, at).unwrap()
}

async fn moved(
    store: &PostgresStore,
    ticket: &Ticket,
    attempted: TicketMove,
    details: MoveDetails,
) -> Ticket {
    let change = change(ticket, attempted, details);
    Tickets::save(store, &tenant("demo"), &change).await.unwrap();
    change.ticket
}

fn to_queue(name: &str) -> MoveDetails {
    MoveDetails {
        queue: QueueId::parse(name).ok(),
        note: Some("why".to_owned()),
        ..MoveDetails::default()
    }
}

async fn due(store: &PostgresStore, at: i64) -> Vec<(String, bool)> {
    let due = WorkItems::due(store, &tenant("demo"), second(at), 10).await.unwrap();
    due.into_iter().map(|item| (item.contact.to_string(), item.is_withdrawn)).collect()
}

async fn only(store: &PostgresStore) -> WorkItem {
    let mut all = WorkItems::after(store, &tenant("demo"), None, 10).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[tokio::test]
async fn a_ticket_becomes_work_with_its_dispatch_and_is_due_with_each_move() {
    let (store, accepted) = furnished().await;
    let demo = tenant("demo");

    let sent = moved(&store, &accepted, TicketMove::Dispatch, to_queue("refunds")).await;
    let item = only(&store).await;
    assert_eq!(Some(&item), WorkItem::of(&sent).as_ref());
    assert_eq!(Tickets::get(&store, &demo, &sent.id).await.unwrap(), sent);
    WorkItems::look_again(&store, &demo, &item.contact, second(100)).await.unwrap();
    assert_eq!(due(&store, 50).await, []);
    let started = moved(&store, &sent, TicketMove::Start, MoveDetails::default()).await;
    assert_eq!(due(&store, 50).await, [("ticket-1.3".to_owned(), false)]);

    let raised = moved(&store, &started, TicketMove::Escalate, to_queue("experts")).await;
    let both = [("ticket-1.3".to_owned(), true), ("ticket-1.5".to_owned(), false)];
    assert_eq!(due(&store, 50).await, both);
    assert_eq!(Tickets::get(&store, &demo, &raised.id).await.unwrap(), raised);
    assert_eq!(raised.priority, TicketPriority::High);
    WorkItems::finish(&store, &demo, &item.contact).await.unwrap();
    assert_eq!(WorkItems::find(&store, &demo, &item.contact).await.unwrap(), None);
    assert_eq!(only(&store).await.contact.as_str(), "ticket-1.5");
}

#[tokio::test]
async fn work_is_handed_out_given_back_and_renamed_under_one_row() {
    let (store, accepted) = furnished().await;
    let (demo, li) = (tenant("demo"), AgentId::parse("li").unwrap());
    let sent = moved(&store, &accepted, TicketMove::Dispatch, to_queue("refunds")).await;
    let contact = only(&store).await.contact;

    WorkItems::hand_to(&store, &demo, &contact, &li).await.unwrap();
    assert_eq!(only(&store).await.agent, Some(li));
    let started = moved(&store, &sent, TicketMove::Start, MoveDetails::default()).await;
    let back = change(&started, TicketMove::Dispatch, to_queue("refunds"));
    WorkItems::give_back(&store, &demo, &contact, &back).await.unwrap();
    let item = only(&store).await;
    assert_eq!((item.contact.as_str(), item.agent.as_ref()), ("ticket-1.3", None));
    let late = WorkItems::give_back(&store, &demo, &contact, &back).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");

    let name = item.next_contact().unwrap();
    WorkItems::rename(&store, &demo, &item, &name, second(9)).await.unwrap();
    let renamed = only(&store).await;
    assert_eq!((renamed.contact, renamed.attempt), (name, 2));
    let after = ContactId::parse("ticket-1.3").unwrap();
    assert_eq!(WorkItems::after(&store, &demo, Some(&after), 10).await.unwrap().len(), 1);
    let others = WorkItems::after(&store, &tenant("other"), None, 10).await.unwrap();
    assert_eq!(others, [], "nobody sees the work of another tenant");
}

#[tokio::test]
async fn everything_is_due_when_it_is_to_be_looked_at_again() {
    let (store, accepted) = furnished().await;
    let demo = tenant("demo");
    moved(&store, &accepted, TicketMove::Dispatch, to_queue("refunds")).await;
    let contact = only(&store).await.contact;
    WorkItems::look_again(&store, &demo, &contact, second(100)).await.unwrap();

    WorkItems::look_at_all(&store, &demo, second(10)).await.unwrap();

    assert_eq!(due(&store, 9).await, []);
    assert_eq!(due(&store, 10).await.len(), 1);
}

#[tokio::test]
async fn who_looked_further_is_not_set_back() {
    let (store, _) = furnished().await;
    let demo = tenant("demo");
    let advance = async |center, change| {
        DispatchMarks::advance(&store, &demo, DispatchMark { center, change }).await.unwrap();
        DispatchMarks::mark(&store, &demo).await.unwrap().unwrap()
    };

    assert_eq!(DispatchMarks::mark(&store, &demo).await.unwrap(), None);
    assert_eq!(advance(1, 5).await, DispatchMark { center: 1, change: 5 });
    assert_eq!(advance(1, 3).await, DispatchMark { center: 1, change: 5 });
    assert_eq!(advance(2, 4).await, DispatchMark { center: 2, change: 4 });
    assert_eq!(advance(1, 9).await, DispatchMark { center: 2, change: 4 });
}
