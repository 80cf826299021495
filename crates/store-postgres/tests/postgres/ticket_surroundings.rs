//! What stands beside tickets: read back whole, changed with its line or not at all, gone with its key.

use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{ConversationId, CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::{
    Attachment, Direction, MoveDetails, NewTicket, Party, SideClosed, SideConversation,
    SideMessage, Ticket, TicketChange, TicketKind, TicketMove,
};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::Subjects;
use switchboard_store::ticket_followers::{Follower, Following, TicketFollowers};
use switchboard_store::ticket_surroundings::{Surrounding, TicketSurroundings};
use switchboard_store::tickets::{Beside, TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

async fn a_ticket(store: &PostgresStore) -> Ticket {
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(store, &tenant("demo"), &li, "samples").await.unwrap();
    let order = TicketOrder {
        id: TicketId::parse("t-1").unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket {
            customer: Some(li.id),
            ..NewTicket::about(TicketKindId::REQUEST, "repair")
        },
    };
    Tickets::create(store, &tenant("demo"), &order).await.unwrap()
}

fn line(ticket: &Ticket) -> TicketChange {
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let details = MoveDetails { note: Some("changed".to_owned()), ..MoveDetails::default() };
    ticket.apply(TicketMove::Note, details, &kind, second(2)).unwrap()
}

async fn keep(store: &PostgresStore, ticket: &Ticket, change: Surrounding) -> Ticket {
    let line = line(ticket);
    store.keep_beside(&tenant("demo"), &line, &change).await.unwrap();
    line.ticket
}

async fn beside(store: &PostgresStore, ticket: &Ticket) -> Beside {
    store.beside(&tenant("demo"), ticket).await.unwrap()
}

fn a_file(id: &str) -> Attachment {
    Attachment {
        id: id.parse().unwrap(),
        name: "receipt".to_owned(),
        media_type: "application/pdf".parse().unwrap(),
        size: 7,
        sha256: "0123456789abcdef".repeat(4).parse().unwrap(),
        uri: "https://files.example/a.pdf".parse().unwrap(),
        added_by: "agent:wang".to_owned(),
        added_at: second(2),
    }
}

fn a_side(id: &str, party: Party) -> SideConversation {
    SideConversation {
        id: id.parse().unwrap(),
        subject: "spare part".to_owned(),
        party,
        medium: None,
        opened_by: "agent:wang".to_owned(),
        opened_at: second(2),
        closed: None,
        messages: vec![],
    }
}

fn a_message(id: &str, direction: Direction) -> SideMessage {
    SideMessage {
        id: id.parse().unwrap(),
        direction,
        text: format!("text of {id}"),
        noted_by: "agent:wang".to_owned(),
        noted_at: second(3),
    }
}

#[tokio::test]
async fn what_stands_beside_a_ticket_reads_back_whole() {
    let store = database().await.store;
    let mut ticket = a_ticket(&store).await;
    let mut side = a_side("s-1", Party::Other("Zhao".to_owned()));
    let other = a_side("s-2", Party::Department("repairs".to_owned()));
    let id: ConversationId = side.id.clone();
    let closed = SideClosed { by: "agent:li".to_owned(), at: second(4) };
    let messages = vec![a_message("m-2", Direction::Out), a_message("m-1", Direction::In)];
    for change in [
        Surrounding::Attached(a_file("a-1")),
        Surrounding::Attached(a_file("a-2")),
        Surrounding::Detached(a_file("a-1").id),
        Surrounding::Opened(side.clone()),
        Surrounding::Opened(other.clone()),
        Surrounding::Said(id.clone(), messages[0].clone()),
        Surrounding::Said(id.clone(), messages[1].clone()),
        Surrounding::Closed(id, closed.clone()),
    ] {
        ticket = keep(&store, &ticket, change).await;
    }

    let found = beside(&store, &ticket).await;

    (side.messages, side.closed) = (messages, Some(closed));
    assert_eq!(found.attachments, [a_file("a-2")]);
    assert_eq!(found.conversations, [side, other]);
    assert_eq!(Tickets::events(&store, &tenant("demo"), &ticket.id).await.unwrap().len(), 9);
    assert_eq!(store.beside(&tenant("other"), &ticket).await.unwrap(), Beside::default());
}

#[tokio::test]
async fn a_change_is_kept_with_its_line_or_not_at_all() {
    let store = database().await.store;
    let ticket = a_ticket(&store).await;
    let attached = Surrounding::Attached(a_file("a-1"));
    let now = keep(&store, &ticket, attached.clone()).await;

    let stale = store.keep_beside(&tenant("demo"), &line(&ticket), &attached).await;
    let twice = store.keep_beside(&tenant("demo"), &line(&now), &attached).await;
    let absent = Surrounding::Detached(a_file("a-9").id);
    let absent = store.keep_beside(&tenant("demo"), &line(&now), &absent).await;

    assert!(matches!(stale, Err(StoreError::Conflict { .. })), "{stale:?}");
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    assert!(matches!(absent, Err(StoreError::NotFound { .. })), "{absent:?}");
    assert_eq!(Tickets::get(&store, &tenant("demo"), &ticket.id).await.unwrap(), now);
}

#[tokio::test]
async fn beside_a_ticket_of_somebody_who_was_erased_nothing_is_left_and_nothing_comes() {
    let store = database().await.store;
    let ticket = a_ticket(&store).await;
    let ticket = keep(&store, &ticket, Surrounding::Attached(a_file("a-1"))).await;
    let ticket =
        keep(&store, &ticket, Surrounding::Opened(a_side("s-1", Party::Other("Zhao".to_owned()))))
            .await;

    let li = CustomerId::parse("li").unwrap();
    store.erase(&tenant("demo"), &li, "admin:chief", second(8)).await.unwrap();

    assert_eq!(beside(&store, &ticket).await, Beside::default());
    let late = Surrounding::Attached(a_file("a-2"));
    let late = store.keep_beside(&tenant("demo"), &line(&ticket), &late).await;
    assert!(matches!(late, Err(StoreError::Refused { .. })), "{late:?}");
}

#[tokio::test]
async fn people_follow_a_ticket_once_and_no_more_than_may() {
    let store = database().await.store;
    let ticket = a_ticket(&store).await;
    let follow = async |actor: String, at| {
        let follower = Follower { actor, since: second(at) };
        store.follow_ticket(&tenant("demo"), &ticket.id, &follower).await.unwrap()
    };
    for number in 0..50 {
        assert_eq!(follow(format!("agent:{number}"), number).await, Following::Follows);
    }

    assert_eq!(follow("agent:late".to_owned(), 99).await, Following::TicketFull);
    assert_eq!(follow("agent:0".to_owned(), 99).await, Following::Follows);
    let followers = beside(&store, &ticket).await.followers;
    assert_eq!((followers.len(), followers[0].since), (50, second(0)));
    store.unfollow_ticket(&tenant("demo"), &ticket.id, "agent:0").await.unwrap();
    assert_eq!(follow("agent:late".to_owned(), 99).await, Following::Follows);
}
