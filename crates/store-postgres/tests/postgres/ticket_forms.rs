//! What was filled in for tickets: sealed, changed with its ticket or not at all.

use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::{Filled, MoveDetails, NewTicket, Ticket, TicketKind, TicketMove};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{contact, database, second, tenant};

fn plate(text: &str) -> Filled {
    let value = ProfileValue::Text(text.to_owned());
    Filled { values: [("plate".parse().unwrap(), value)].into(), ..Filled::default() }
}

fn order(id: &str, ticket: NewTicket) -> TicketOrder {
    TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket { filled: plate(id), ..ticket },
    }
}

fn issue() -> NewTicket {
    NewTicket::about(TicketKindId::REQUEST, "repair")
}

async fn make(store: &PostgresStore, order: &TicketOrder) -> Ticket {
    Tickets::create(store, &tenant("demo"), order).await.unwrap()
}

async fn filled(store: &PostgresStore, ticket: &Ticket) -> Filled {
    store.filled(&tenant("demo"), ticket).await.unwrap()
}

#[tokio::test]
async fn what_is_filled_in_reads_back_whoever_the_ticket_is_about() {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    let of_li = NewTicket { customer: Some(li.id), ..issue() };
    let of_call = NewTicket { interaction: Some(contact("c-1")), ..issue() };

    for (id, ticket) in [("t-1", of_li), ("t-2", of_call), ("t-3", issue())] {
        let made = make(&store, &order(id, ticket)).await;
        assert_eq!(filled(&store, &made).await, plate(id));
    }
}

#[tokio::test]
async fn a_form_changes_with_its_ticket_or_not_at_all() {
    let store = database().await.store;
    let ticket = make(&store, &order("t-1", issue())).await;
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let note = MoveDetails { note: Some("seen".to_owned()), ..MoveDetails::default() };
    let mut change = ticket.apply(TicketMove::Note, note, &kind, second(2)).unwrap();
    change.filled = Some(plate("AB1234"));
    let mut stale = change.clone();
    stale.filled = Some(plate("CD5678"));

    Tickets::save(&store, &tenant("demo"), &change).await.unwrap();
    let refused = Tickets::save(&store, &tenant("demo"), &stale).await.unwrap_err();

    assert!(matches!(refused, StoreError::Conflict { .. }), "{refused:?}");
    assert_eq!(filled(&store, &ticket).await, plate("AB1234"));
}

#[tokio::test]
async fn a_ticket_that_takes_up_an_issue_takes_what_it_lacks() {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    let of_li = || NewTicket { customer: CustomerId::parse("li").ok(), ..issue() };
    let open = make(&store, &order("t-1", of_li())).await;
    let mut again = order("t-2", of_li());
    again.joins_since = Some(second(0));
    let place = "place".parse().unwrap();
    again.ticket.filled.values.insert(place, ProfileValue::Text("hall 2".to_owned()));

    let joined = make(&store, &again).await;

    assert_eq!(joined.id, open.id);
    let values: Vec<String> =
        filled(&store, &open).await.values.values().map(ToString::to_string).collect();
    assert_eq!(values, ["hall 2", "t-1"]);
}
