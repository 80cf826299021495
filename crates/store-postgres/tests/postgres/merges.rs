//! Records of one customer, brought together and parted again, and what happened with them.

use std::collections::BTreeSet;

use switchboard_domain::customer::{Customer, CustomerNumber, Duplicate, ExternalId, Tier};
use switchboard_domain::ids::{CustomerId, TicketKindId};
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_domain::promise::{Promise, PromiseState};
use switchboard_domain::ticket::{NewTicket, TicketMove};
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_store::callers::Callers;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customer_timeline::{
    CustomerTimeline, Happening, TimelineEntry, TimelineRequest,
};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::occurrences::Occurrences;
use switchboard_store::page::{Page, PageRequest};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::promises::{PromiseLine, Promises};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store::touchpoints::{Firing, Touchpoints};
use switchboard_store_postgres::PostgresStore;

use crate::occurrences::occurrence;
use crate::support::{database, second, tenant, told};

#[tokio::test]
async fn what_the_loser_has_leads_to_the_winner() {
    let store = database().await.store;
    let crm = ExternalId::new("crm", "1").unwrap();
    keep(&store, &customer("winner", "Li Wei", &["+8613800000001"])).await;
    let wei = customer("loser", "Wei Li", &["+8613800000002"]);
    keep(&store, &Customer { external_ids: vec![crm.clone()], ..wei }).await;
    call_and_ticket(&store).await;

    merge(&store, "winner", "loser").await.unwrap();

    let demo = tenant("demo");
    let number = PhoneAddress::parse("+8613800000002", Country::parse("CN").unwrap()).unwrap();
    let found = Callers::lookup(&store, &demo, &number).await.unwrap();
    let evidence: Vec<_> = found
        .evidence
        .iter()
        .map(|it| (it.customer.id.as_str(), it.open_tickets, it.last_agent.is_some()))
        .collect();
    assert_eq!(evidence, [("winner", 1, true)]);
    let nobodys = E164::parse("+10000000000").unwrap();
    let talk = Callers::last_talk(&store, &demo, &nobodys, Some(&id("winner"))).await.unwrap();
    assert!(talk.is_some());
    let by_external_id = store.find_by_external_id(&demo, &crm).await.unwrap();
    assert_eq!(by_external_id.map(|it| it.id), Some(id("winner")));
    let listed = Customers::list(&store, &demo, &PageRequest::default()).await.unwrap();
    let listed: Vec<_> = listed.records.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(listed, ["winner"]);
    let filter = InteractionFilter { customer: Some(id("winner")), ..Default::default() };
    let calls = History::interactions(&store, &demo, &filter, &PageRequest::default()).await;
    assert_eq!(calls.unwrap().records.len(), 1);
    let [winner, loser] = both(&store).await;
    assert_eq!((winner.merged, winner.merged_into), (vec![id("loser")], None));
    assert_eq!((loser.merged_into, loser.numbers.len()), (Some(id("winner")), 1));
}

#[tokio::test]
async fn whatever_is_merged_and_parted_in_whatever_order_is_as_before() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    // A chain, a chain from the other end, and two into one.
    let shapes = [
        [("b", "a"), ("c", "b"), ("d", "c")],
        [("c", "d"), ("b", "c"), ("a", "b")],
        [("b", "a"), ("b", "c"), ("d", "b")],
    ];
    let store = database().await.store;
    for (index, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        keep(&store, &customer(name, name, &[&format!("+861380000000{index}")])).await;
    }
    let before = all(&store).await;

    for chain in shapes {
        for order in orders {
            for (winner, loser) in chain {
                merge(&store, winner, loser).await.unwrap();
            }
            let root = chain[2].0;
            for customer in all(&store).await {
                let leader = (customer.id != id(root)).then(|| id(root));
                assert_eq!(customer.merged_into, leader, "{} of {chain:?}", customer.id);
            }
            for index in order {
                unmerge(&store, chain[index].1).await.unwrap();
            }
            assert_eq!(all(&store).await, before, "{chain:?} {order:?}");
        }
    }
}

#[tokio::test]
async fn a_record_that_changed_or_is_merged_is_not_merged() {
    let store = database().await.store;
    for name in ["winner", "loser", "third"] {
        keep(&store, &customer(name, name, &[])).await;
    }
    let stale = store.merge(&tenant("demo"), &order(("winner", 1), ("loser", 2))).await;
    merge(&store, "winner", "loser").await.unwrap();

    let again = merge(&store, "third", "loser").await;
    let into_loser = merge(&store, "loser", "third").await;
    let never = unmerge(&store, "third").await;
    let elsewhere = store.merge(&tenant("other"), &order(("winner", 2), ("third", 1))).await;

    for refused in [stale, again, into_loser, never, elsewhere] {
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
    for (name, field) in [("loser", "merged_into"), ("winner", "merged_customer_ids")] {
        let life = Customers::events(&store, &tenant("demo"), &id(name)).await.unwrap();
        assert_eq!(life.last().unwrap().fields, [field]);
    }
}

#[tokio::test]
async fn records_with_a_number_or_a_name_in_common_are_found_once() {
    let store = database().await.store;
    for (name, called, number) in [
        ("a", "Li Wei", "+8613800000001"),
        ("b", "LI WEI", "+8613800000002"),
        ("c", "Wang", "+8613800000001"),
        ("d", "Li", "+8613800000004"),
    ] {
        keep(&store, &customer(name, called, &[number])).await;
    }
    let (pairs, pages) = look_alikes(&store, 1).await;
    let of_b = store.look_alikes_of(&tenant("demo"), &id("b")).await.unwrap().pairs;

    let pairs = pairs.into_iter().filter_map(|(one, other)| Duplicate::of(one, other));
    let pairs: Vec<_> = pairs.collect();
    let pairs: Vec<_> =
        pairs.iter().map(|it| (it.older.id.as_str(), it.younger.id.as_str(), it.score)).collect();
    assert_eq!((pairs, pages), (vec![("a", "b", 50), ("a", "c", 80)], 5));
    let of_b: Vec<_> = of_b.iter().map(|(_, other)| other.id.as_str()).collect();
    assert_eq!(of_b, ["a"]);
}

#[tokio::test]
async fn nobody_is_passed_over_where_many_share_a_number() {
    let store = database().await.store;
    for n in 0..60 {
        keep(&store, &customer(&format!("c-{n:02}"), &format!("C {n}"), &["+862160000001"])).await;
    }
    for name in ["y", "z"] {
        keep(&store, &customer(name, "Li Wei", &[])).await;
    }

    let (pairs, _) = look_alikes(&store, 200).await;

    let named = |(one, other): &(Customer, Customer)| (one.id.clone(), other.id.clone());
    let different: BTreeSet<_> = pairs.iter().map(named).collect();
    assert_eq!((pairs.len(), different.len()), (60 * 59 / 2 + 1, 60 * 59 / 2 + 1));
    assert!(different.contains(&(id("y"), id("z"))));
}

/// Gives all that look alike, page by page, and how many pages there are.
async fn look_alikes(store: &PostgresStore, at_most: u32) -> (Vec<(Customer, Customer)>, u32) {
    let (mut pairs, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let found = store.look_alikes(&tenant("demo"), after.as_ref(), at_most).await.unwrap();
        pairs.extend(found.pairs);
        pages += 1;
        after = found.next;
        if after.is_none() {
            return (pairs, pages);
        }
    }
}

#[tokio::test]
async fn the_timeline_tells_everything_once_and_the_latest_first() {
    let store = database().await.store;
    keep(&store, &customer("winner", "Li", &[])).await;
    keep(&store, &customer("loser", "Li", &[])).await;
    call_and_ticket(&store).await;
    // Two at one moment are told apart by their names.
    for name in ["o-1", "o-2"] {
        store.record(&tenant("demo"), &id("loser"), &occurrence(name, 2)).await.unwrap();
    }
    merge(&store, "winner", "loser").await.unwrap();

    for size in [1, 2, 200] {
        let (mut told, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = timeline(&store, size, after.as_deref(), None).await.unwrap();
            told.extend(page.records.into_iter().map(|entry| (entry.at, what(&entry.what))));
            if page.next.is_empty() {
                break;
            }
            after = Some(page.next);
        }
        assert!(told.is_sorted_by(|(one, _), (other, _)| one >= other), "{told:?}");
        let told: Vec<_> = told.iter().map(|(_, what)| what.as_str()).collect();
        let expected = [
            "record winner 2",
            "record loser 2",
            "ticket refund",
            "order o-2",
            "order o-1",
            "contact c-1",
            "record winner 1",
            "record loser 1",
        ];
        assert_eq!(told, expected, "by {size}");
    }
    let refused = timeline(&store, 9, Some("x"), None).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn promises_are_in_the_timeline_and_days_of_the_calendar_for_those_who_may_know_them() {
    let store = database().await.store;
    let demo = tenant("demo");
    keep(&store, &customer("winner", "Li", &[])).await;
    let promise = Promise { made_at: second(20), ..promise("p-1") };
    store.make(&demo, &promise, &line()).await.unwrap();
    let days = [("d-1", 30), ("d-2", 40), ("d-3", 99)].map(|(day, at)| touchpoint(day, at));
    Touchpoints::plan(&store, &demo, &id("winner"), &days).await.unwrap();
    for day in [&days[0], &days[2]] {
        let touchpoint = day.settle(TouchpointState::Skipped, Some("ill".to_owned())).unwrap();
        let firing = Firing { touchpoint, follow_up: None, ticket: None, successor: None };
        store.fire(&demo, &firing).await.unwrap();
    }

    let agent = timeline(&store, 9, None, None).await.unwrap().records;
    let office = timeline(&store, 9, None, Some(second(50))).await.unwrap().records;

    let told = |entries: &[TimelineEntry]| -> Vec<String> {
        entries.iter().map(|entry| what(&entry.what)).collect()
    };
    assert_eq!(told(&agent), ["promise call back open", "record winner 1"]);
    let day = "day d-1 skipped Some(\"ill\")";
    assert_eq!(told(&office), [day, "promise call back open", "record winner 1"]);
}

async fn timeline(
    store: &PostgresStore,
    size: u32,
    after: Option<&str>,
    days_until: Option<Timestamp>,
) -> Result<Page<TimelineEntry>, StoreError> {
    let customer = &id("winner");
    store.timeline(&tenant("demo"), TimelineRequest { customer, size, after, days_until }).await
}

fn promise(name: &str) -> Promise {
    Promise {
        id: name.parse().unwrap(),
        ticket: None,
        customer: Some(id("winner")),
        what: "call back".to_owned(),
        owner: None,
        due_at: second(60),
        state: PromiseState::Open,
        made_by: "zhang".to_owned(),
        made_at: second(0),
        ended: None,
        version: 1,
    }
}

fn line() -> PromiseLine {
    PromiseLine {
        applied: TicketMove::Note,
        actor: "zhang".to_owned(),
        note: "promised".to_owned(),
        at: second(20),
    }
}

fn touchpoint(name: &str, opens: i64) -> Touchpoint {
    Touchpoint {
        id: name.parse().unwrap(),
        customer: id("winner"),
        plan: "care".to_owned(),
        anchor_on: "2026-01-31".parse().unwrap(),
        month: u16::try_from(opens).unwrap(),
        day: "2026-02-28".parse().unwrap(),
        opens_at: second(opens),
        closes_at: second(opens + 100),
        state: TouchpointState::Planned,
        reason: None,
        follow_up: None,
        ticket: None,
        version: 1,
    }
}

fn what(happening: &Happening) -> String {
    match happening {
        Happening::Contact { id, .. } => format!("contact {id}"),
        Happening::Ticket { subject, .. } => format!("ticket {subject}"),
        Happening::FollowUp { id, state, .. } => format!("follow-up {id} {state}"),
        Happening::Promise { what, state, .. } => format!("promise {what} {state}"),
        Happening::Touchpoint { id, state, reason, .. } => format!("day {id} {state} {reason:?}"),
        Happening::Occurrence { id, kind, .. } => format!("{kind} {id}"),
        Happening::Record { customer, event } => format!("record {customer} {}", event.version),
    }
}

/// A call of the loser at second 2, and a ticket at second 4.
async fn call_and_ticket(store: &PostgresStore) {
    let entries = vec![
        told(1, 2, "c-1", "contact_started", &[("customer", "loser")]),
        told(1, 3, "c-1", "contact_connected", &[("agent", "zhang"), ("state", "connected")]),
    ];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(3) };
    store.commit(&tenant("demo"), &batch).await.unwrap();
    let order = TicketOrder {
        id: "t-1".parse().unwrap(),
        request_id: "r-1".to_owned(),
        actor: "zhang".to_owned(),
        at: second(4),
        joins_since: None,
        ticket: NewTicket {
            customer: Some(id("loser")),
            ..NewTicket::about(TicketKindId::REQUEST, "refund")
        },
    };
    Tickets::create(store, &tenant("demo"), &order).await.unwrap();
}

async fn merge(store: &PostgresStore, winner: &str, loser: &str) -> Result<(), StoreError> {
    let demo = tenant("demo");
    let version = async |name| Customers::get(store, &demo, &id(name)).await.unwrap().version;
    let order = order((winner, version(winner).await), (loser, version(loser).await));
    store.merge(&demo, &order).await
}

fn order((winner, winner_version): (&str, u64), (loser, loser_version): (&str, u64)) -> MergeOrder {
    MergeOrder {
        winner: id(winner),
        winner_version,
        loser: id(loser),
        loser_version,
        actor: "admin:wu".to_owned(),
        at: second(9),
    }
}

async fn unmerge(store: &PostgresStore, loser: &str) -> Result<(), StoreError> {
    store.unmerge(&tenant("demo"), &id(loser), "admin:wu", second(10)).await
}

/// Gives every record, but for its version, which only grows.
async fn all(store: &PostgresStore) -> Vec<Customer> {
    let mut found = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let customer = Customers::get(store, &tenant("demo"), &id(name)).await.unwrap();
        found.push(Customer { version: 1, ..customer });
    }
    found
}

async fn both(store: &PostgresStore) -> [Customer; 2] {
    let demo = tenant("demo");
    let (winner, loser) = (id("winner"), id("loser"));
    [
        Customers::get(store, &demo, &winner).await.unwrap(),
        Customers::get(store, &demo, &loser).await.unwrap(),
    ]
}

async fn keep(store: &PostgresStore, customer: &Customer) {
    Customers::create(store, &tenant("demo"), customer, "admin").await.unwrap();
}

fn customer(name: &str, called: &str, numbers: &[&str]) -> Customer {
    let number = |text: &&str| CustomerNumber::new(E164::parse(text).unwrap(), "");
    Customer {
        numbers: numbers.iter().map(number).collect(),
        ..Customer::new(id(name), called, Tier::B1, second(1))
    }
}

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}
