//! Promises to customers, and the lines they leave in the lives of tickets.

use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{AgentId, CustomerId, PromiseId, TicketId, TicketKindId};
use switchboard_domain::promise::{Promise, PromiseEnd, PromiseEnded, PromiseState};
use switchboard_domain::ticket::{NewTicket, TicketMove};
use switchboard_store::callers::Callers;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::promises::{PromiseFilter, PromiseLine, Promises};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

/// A store with the customer `li` and the ticket `t-1`.
async fn furnished() -> PostgresStore {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    let order = TicketOrder {
        id: TicketId::parse("t-1").unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    };
    Tickets::create(&store, &tenant("demo"), &order).await.unwrap();
    store
}

fn a_promise(id: &str, due: i64) -> Promise {
    Promise {
        id: PromiseId::parse(id).unwrap(),
        ticket: TicketId::parse("t-1").ok(),
        customer: CustomerId::parse("li").ok(),
        what: format!("call back, {id}"),
        owner: AgentId::parse("wang").ok(),
        due_at: second(due),
        state: PromiseState::Open,
        made_by: "agent:wang".to_owned(),
        made_at: second(2),
        ended: None,
        version: 1,
    }
}

fn line(applied: TicketMove, at: i64) -> PromiseLine {
    let (actor, note) = ("agent:wang".to_owned(), "of a promise".to_owned());
    PromiseLine { applied, actor, note, at: second(at) }
}

async fn make(store: &PostgresStore, promise: &Promise) -> Result<Promise, StoreError> {
    Promises::make(store, &tenant("demo"), promise, &line(TicketMove::Note, 2)).await
}

fn broken(promise: &Promise, at: i64) -> Promise {
    let ended = PromiseEnded { at: second(at), by: "promise:due".to_owned(), note: None };
    promise.ended(PromiseEnd::Break, ended).unwrap()
}

#[tokio::test]
async fn a_promise_reads_back_and_the_same_one_twice_is_one() {
    let store = furnished().await;
    let promise = a_promise("p-1", 50);

    assert_eq!(make(&store, &promise).await.unwrap(), promise);
    assert_eq!(make(&store, &promise).await.unwrap(), promise);
    let other = Promise { what: "something else".to_owned(), ..promise.clone() };
    assert!(matches!(make(&store, &other).await, Err(StoreError::Conflict { .. })));

    assert_eq!(store.promise(&tenant("demo"), &promise.id).await.unwrap(), promise);
    let elsewhere = store.promise(&tenant("other"), &promise.id).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })));
    let ticket = TicketId::parse("t-1").unwrap();
    let life = Tickets::events(&store, &tenant("demo"), &ticket).await.unwrap();
    assert_eq!(life.len(), 2);
    assert_eq!((life[1].applied, life[1].at), (Some(TicketMove::Note), second(2)));
}

#[tokio::test]
async fn nothing_is_promised_to_nobody() {
    let store = furnished().await;
    let unknown = CustomerId::parse("nobody").ok();

    let refused = make(&store, &Promise { customer: unknown, ..a_promise("p-1", 50) }).await;

    assert_eq!(refused.unwrap_err().to_string(), "there is no customer to promise something to");
}

#[tokio::test]
async fn a_promise_ends_once_and_its_ticket_is_told_but_not_touched_by_an_alarm() {
    let store = furnished().await;
    let promise = a_promise("p-1", 50);
    make(&store, &promise).await.unwrap();
    let ended = broken(&promise, 51);
    let alarm = line(TicketMove::Alarm, 51);

    store.end(&tenant("demo"), &ended, &alarm).await.unwrap();
    let again = store.end(&tenant("demo"), &ended, &alarm).await;

    assert!(matches!(again, Err(StoreError::Conflict { .. })));
    assert_eq!(store.promise(&tenant("demo"), &promise.id).await.unwrap(), ended);
    let ticket = Tickets::get(&store, &tenant("demo"), &TicketId::parse("t-1").unwrap()).await;
    let ticket = ticket.unwrap();
    assert_eq!((ticket.version, ticket.changed_at), (3, second(2)));
}

#[tokio::test]
async fn promises_are_listed_by_what_they_say_those_due_first_first() {
    let store = furnished().await;
    let alone = Promise { ticket: None, owner: None, ..a_promise("p-3", 30) };
    for promise in [&a_promise("p-1", 50), &a_promise("p-2", 40), &alone] {
        make(&store, promise).await.unwrap();
    }
    let over = broken(&a_promise("p-2", 40), 41);
    store.end(&tenant("demo"), &over, &line(TicketMove::Alarm, 41)).await.unwrap();
    let found = async |filter: PromiseFilter| {
        let (mut ids, mut token) = (Vec::new(), String::new());
        loop {
            let page = PageRequest::parse(1, &token).unwrap();
            let listed = store.promises(&tenant("demo"), &filter, &page).await.unwrap();
            ids.extend(listed.records.into_iter().map(|promise| promise.id.to_string()));
            token = listed.next;
            if token.is_empty() {
                return ids;
            }
        }
    };
    let none = PromiseFilter::default;

    assert_eq!(found(none()).await, ["p-3", "p-2", "p-1"]);
    let open = PromiseFilter { state: Some(PromiseState::Open), ..none() };
    assert_eq!(found(open.clone()).await, ["p-3", "p-1"]);
    assert_eq!(found(PromiseFilter { due_before: Some(second(50)), ..open }).await, ["p-3"]);
    let ticket = TicketId::parse("t-1").ok();
    assert_eq!(found(PromiseFilter { ticket, ..none() }).await, ["p-2", "p-1"]);
    let customer = CustomerId::parse("li").ok();
    assert_eq!(found(PromiseFilter { customer, ..none() }).await.len(), 3);
    let owner = AgentId::parse("wu").ok();
    assert_eq!(found(PromiseFilter { owner, ..none() }).await, [""; 0]);
}

#[tokio::test]
async fn who_calls_is_told_with_the_open_promises() {
    let store = furnished().await;
    for (id, due) in [("p-1", 50), ("p-2", 40), ("p-3", 60), ("p-4", 70), ("p-5", 10)] {
        make(&store, &a_promise(id, due)).await.unwrap();
    }
    let over = broken(&a_promise("p-5", 10), 11);
    store.end(&tenant("demo"), &over, &line(TicketMove::Alarm, 11)).await.unwrap();
    let li = CustomerId::parse("li").unwrap();

    let all = store.backgrounds(&tenant("demo"), std::slice::from_ref(&li)).await.unwrap();

    let told: Vec<&str> = all[&li].promises.iter().map(|promise| promise.id.as_str()).collect();
    assert_eq!(told, ["p-2", "p-1", "p-3"]);
    assert_eq!(all[&li].promises[0].owner, AgentId::parse("wang").ok());
}
