//! Every change of tickets, once and in order, whoever makes it.

use std::time::Duration;

use switchboard_domain::customer::{Change, Customer, Tier};
use switchboard_domain::ids::{AgentId, CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::sla::Outlook;
use switchboard_domain::ticket::{
    MoveDetails, NewTicket, Ticket, TicketKind, TicketMove, TicketState,
};
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::page::PageRequest;
use switchboard_store::ticket_feed::{ChangedTicket, TicketFeed};
use switchboard_store::tickets::{TicketFilter, TicketOrder, Tickets, ToldAlarms};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::store_at;

use crate::support::{Database, contact, database, second, tenant};

const LONG: Duration = Duration::from_mins(1);

fn order(id: &str) -> TicketOrder {
    TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    }
}

async fn make(store: &PostgresStore, id: &str) -> Ticket {
    Tickets::create(store, &tenant("demo"), &order(id)).await.unwrap()
}

async fn accept(store: &PostgresStore, ticket: &Ticket) -> Ticket {
    let details = MoveDetails { actor: "agent:wang".to_owned(), ..MoveDetails::default() };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let change = ticket.apply(TicketMove::Accept, details, &kind, second(2)).unwrap();
    Tickets::save(store, &tenant("demo"), &change).await.unwrap();
    change.ticket
}

async fn after(store: &PostgresStore, change: u64, most: u32) -> Vec<ChangedTicket> {
    store.changes_after(&tenant("demo"), change, most, Duration::ZERO).await.unwrap()
}

fn told(changes: &[ChangedTicket]) -> Vec<(u64, &str, u64)> {
    changes.iter().map(|it| (it.change, it.ticket.id.as_str(), it.ticket.version)).collect()
}

#[tokio::test]
async fn each_ticket_is_told_once_as_it_is_in_the_order_of_last_changes() {
    let store = database().await.store;
    let first = make(&store, "t-1").await;
    make(&store, "t-2").await;
    accept(&store, &first).await;

    let all = after(&store, 0, 9).await;

    assert_eq!(told(&all), [(2, "t-2", 1), (3, "t-1", 2)]);
    assert_eq!(told(&after(&store, 0, 1).await), [(2, "t-2", 1)]);
    assert_eq!(told(&after(&store, 2, 9).await), [(3, "t-1", 2)]);
    assert_eq!(store.last_change(&tenant("demo")).await.unwrap(), 3);
    assert_eq!(store.last_change(&tenant("other")).await.unwrap(), 0);
    let elsewhere = store.changes_after(&tenant("other"), 0, 9, Duration::ZERO).await.unwrap();
    assert_eq!(elsewhere, []);
}

#[tokio::test]
async fn nobody_ever_sees_a_number_below_one_already_seen() {
    let store = database().await.store;
    let mut making = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = store.clone();
        making.spawn(async move { make(&store, &format!("t-{number}")).await });
    }

    // A reader that reads while others write, and goes on from what it has seen.
    let mut seen = Vec::new();
    while seen.len() < 40 {
        let last = seen.last().copied().unwrap_or(0);
        seen.extend(after(&store, last, 7).await.into_iter().map(|changed| changed.change));
    }
    making.join_all().await;

    assert_eq!(seen, (1..=40).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_change_of_another_process_ends_the_wait() {
    let Database { url, store } = database().await;
    let other = store_at(&url).unwrap();
    let listener = other.clone();
    let waiting = async {
        let demo = tenant("demo");
        let (changes, _) =
            tokio::join!(other.changes_after(&demo, 0, 9, LONG), make(&store, "t-1"));
        assert_eq!(told(&changes.unwrap()), [(1, "t-1", 1)]);
    };
    tokio::select! {
        () = listener.listen() => unreachable!("listening never ends"),
        () = waiting => {}
    }
}

#[tokio::test]
async fn what_is_told_fits_a_filter_exactly_when_the_list_shows_it() {
    let store = database().await.store;
    furnish(&store).await;

    let changes = after(&store, 0, 99).await;
    for (filter, expected) in filters() {
        let page = PageRequest::default();
        let listed = Tickets::list(&store, &tenant("demo"), &filter, &page).await.unwrap().records;
        let mut listed: Vec<&str> = listed.iter().map(|ticket| ticket.id.as_str()).collect();
        let fits = |it: &&ChangedTicket| filter.holds_of(&it.ticket, &it.standing);
        let mut held: Vec<&str> =
            changes.iter().filter(fits).map(|it| it.ticket.id.as_str()).collect();
        listed.sort_unstable();
        held.sort_unstable();
        assert_eq!((&*held, &*listed), (expected, expected), "{filter:?}");
    }
}

/// Tickets of which each filter shows some and leaves some out.
async fn furnish(store: &PostgresStore) {
    let demo = tenant("demo");
    for (id, tier) in [("li", Tier::A2), ("wu", Tier::B1), ("old", Tier::B1)] {
        let customer = Customer::new(CustomerId::parse(id).unwrap(), id, tier, second(0));
        Customers::create(store, &demo, &customer, "samples").await.unwrap();
    }
    let made = [
        ("late", "li", "trains/late"),
        ("train", "wu", "trains"),
        ("luggage", "li", "luggage"),
        ("merged", "old", "luggage"),
        ("back", "li", "meals"),
        ("bounced", "wu", "meals"),
    ];
    for (id, customer, category) in made {
        let mut order = order(id);
        order.ticket.customer = CustomerId::parse(customer).ok();
        order.ticket.category = category.parse().ok();
        order.ticket.interaction = Some(contact(&format!("c-{id}")));
        order.ticket.department = Some(customer.to_owned());
        if id == "luggage" {
            order.ticket.kind = TicketKindId::parse("complaint").unwrap();
        }
        Tickets::create(store, &demo, &order).await.unwrap();
    }
    let merge = MergeOrder {
        winner: CustomerId::parse("wu").unwrap(),
        winner_version: 1,
        loser: CustomerId::parse("old").unwrap(),
        loser_version: 1,
        actor: "admin".to_owned(),
        at: second(1),
    };
    store.merge(&demo, &merge).await.unwrap();
    // A second call about what is late.
    let mut again = order("again");
    again.ticket.customer = CustomerId::parse("li").ok();
    again.ticket.category = "trains/late".parse().ok();
    again.ticket.interaction = Some(contact("c-again"));
    let again = TicketOrder { joins_since: Some(second(0)), ..again };
    Tickets::create(store, &demo, &again).await.unwrap();
    let handled = [TicketMove::Accept, TicketMove::Start];
    live(store, "late", &handled).await;
    live(store, "back", &[&handled[..], &[TicketMove::Resolve, TicketMove::Reopen]].concat()).await;
    live(store, "bounced", &[&handled[..1], &[TicketMove::Dispatch; 3]].concat()).await;
    let due = ToldAlarms {
        changes: vec![],
        followers: vec![],
        ticket: TicketId::parse("train").unwrap(),
        version: 1,
        events: vec![],
        until: second(2),
        outlook: Outlook { next: None, deadline: Some(second(5)) },
    };
    store.tell_alarms(&demo, &due).await.unwrap();
}

/// Moves a ticket, each time a second later; it is dispatched to another department each time.
async fn live(store: &PostgresStore, id: &str, moves: &[TicketMove]) {
    let demo = tenant("demo");
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    for (at, applied) in (2..).zip(moves) {
        let ticket = Tickets::get(store, &demo, &TicketId::parse(id).unwrap()).await.unwrap();
        let details = MoveDetails {
            actor: "agent:wang".to_owned(),
            note: Some("why".to_owned()),
            resolution: Some("done".to_owned()),
            department: Some(format!("d-{at}")),
            assignee: AgentId::parse("wang").ok().filter(|_| id == "late"),
            ..MoveDetails::default()
        };
        let change = ticket.apply(*applied, details, &kind, second(at)).unwrap();
        Tickets::save(store, &demo, &change).await.unwrap();
    }
}

/// Filters, with the tickets that each shows.
fn filters() -> Vec<(TicketFilter, &'static [&'static str])> {
    let none = TicketFilter::default;
    let customer = |id: &str| TicketFilter { customer: CustomerId::parse(id).ok(), ..none() };
    vec![
        (none(), &["back", "bounced", "late", "luggage", "merged", "train"]),
        (TicketFilter { is_important: true, ..none() }, &["back", "late", "luggage"]),
        (TicketFilter { is_open: true, department: Some("wu".to_owned()), ..none() }, &["train"]),
        (TicketFilter { category: "trains".parse().ok(), ..none() }, &["late", "train"]),
        (TicketFilter { kind: TicketKindId::parse("complaint").ok(), ..none() }, &["luggage"]),
        (customer("li"), &["back", "late", "luggage"]),
        (customer("wu"), &["bounced", "merged", "train"]),
        (customer("old"), &["merged"]),
        (TicketFilter { interaction: Some(contact("c-again")), ..none() }, &["late"]),
        (TicketFilter { interaction: Some(contact("c-late")), ..none() }, &["late"]),
        (TicketFilter { state: Some(TicketState::InProgress), ..none() }, &["late"]),
        (TicketFilter { assignee: AgentId::parse("wang").ok(), ..none() }, &["late"]),
        (
            TicketFilter { is_unassigned: true, unchanged_since: Some(second(2)), ..none() },
            &["luggage", "merged", "train"],
        ),
        (TicketFilter { due_before: Some(second(6)), ..none() }, &["train"]),
        (TicketFilter { due_before: Some(second(5)), ..none() }, &[]),
        (TicketFilter { due_from: Some(second(5)), ..none() }, &["train"]),
        (TicketFilter { is_reopened: true, ..none() }, &["back"]),
        (TicketFilter { is_bounced: true, ..none() }, &["bounced"]),
    ]
}

#[tokio::test]
async fn a_new_tier_is_told_and_looked_at_and_the_look_at_deadlines_is_not_told() {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    let mut order = order("t-1");
    order.ticket.customer = Some(li.id.clone());
    Tickets::create(&store, &tenant("demo"), &order).await.unwrap();
    let waiting = store.to_alarm(&tenant("demo"), second(9), 9).await.unwrap();
    let told = ToldAlarms {
        changes: vec![],
        followers: vec![],
        ticket: waiting[0].ticket.id.clone(),
        version: 1,
        events: vec![],
        until: second(9),
        outlook: Outlook::default(),
    };

    store.tell_alarms(&tenant("demo"), &told).await.unwrap();
    assert_eq!(after(&store, 1, 9).await, []);
    let better = li.change(vec![Change::Tier(Tier::A1)]).unwrap();
    Customers::save(&store, &tenant("demo"), &better, "admin", second(3)).await.unwrap();

    let changes = after(&store, 1, 9).await;
    assert_eq!(changes[0].standing.tier, Some(Tier::A1));
    // What is owed depends on it.
    let again = store.to_alarm(&tenant("demo"), second(9), 9).await.unwrap();
    assert_eq!(again[0].tier, Some(Tier::A1));
}
