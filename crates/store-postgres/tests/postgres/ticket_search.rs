//! Finding tickets by words, by number and by the names of customers, from an index.

use sqlx::Row;
use switchboard_domain::customer::search::NameQuery;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, PromiseId, TicketId, TicketKindId};
use switchboard_domain::promise::{Promise, PromiseState};
use switchboard_domain::ticket::search::TextQuery;
use switchboard_domain::ticket::{MoveDetails, NewTicket, TicketKind, TicketMove};
use switchboard_store::customers::Customers;
use switchboard_store::promises::{PromiseLine, Promises};
use switchboard_store::ticket_search::{TicketFinder, TicketSearch};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

async fn make(store: &PostgresStore, id: &str, subject: &str, customer: Option<&str>) {
    let mut ticket = NewTicket::about(TicketKindId::REQUEST, subject);
    ticket.customer = customer.map(|owner| CustomerId::parse(owner).unwrap());
    let order = TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket,
    };
    Tickets::create(store, &tenant("demo"), &order).await.unwrap();
}

fn search(text: &str) -> TicketSearch {
    let texts = TextQuery::parse(text).unwrap();
    TicketSearch { texts, customer: NameQuery::parse(text).ok() }
}

async fn found(store: &PostgresStore, text: &str) -> Vec<String> {
    let page = store.search(&tenant("demo"), &search(text), 50, None).await.unwrap();
    page.records.into_iter().map(|ticket| ticket.id.to_string()).collect()
}

#[tokio::test]
async fn tickets_are_found_by_what_was_written_the_newest_first() {
    let store = database().await.store;
    make(&store, "t-1", "Refund of a late train", None).await;
    make(&store, "t-2", "退还手续费", None).await;
    make(&store, "t-3", "Refunds for the group", None).await;
    let ticket = Tickets::get(&store, &tenant("demo"), &TicketId::parse("t-1").unwrap()).await;
    let details = MoveDetails {
        actor: "agent:wang".to_owned(),
        note: Some("Luggage was lost as well".to_owned()),
        ..MoveDetails::default()
    };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let noted = ticket.unwrap().apply(TicketMove::Note, details, &kind, second(2)).unwrap();
    Tickets::save(&store, &tenant("demo"), &noted).await.unwrap();

    assert_eq!(found(&store, "refund").await, ["t-3", "t-1"]);
    assert_eq!(found(&store, "REFUND train").await, ["t-1"]);
    assert_eq!(found(&store, "luggage refund").await, ["t-1"]);
    assert_eq!(found(&store, "手续费").await, ["t-2"]);
    assert_eq!(found(&store, "费").await, ["t-2"]);
    assert_eq!(found(&store, "3").await, ["t-3"]);
    assert_eq!(found(&store, "refund bus").await, [""; 0]);
    let elsewhere = store.search(&tenant("other"), &search("refund"), 9, None).await.unwrap();
    assert_eq!(elsewhere.records, []);
}

#[tokio::test]
async fn what_was_promised_is_found_too() {
    let store = database().await.store;
    make(&store, "t-1", "Refund of a late train", None).await;
    let promise = Promise {
        id: PromiseId::parse("p-1").unwrap(),
        ticket: TicketId::parse("t-1").ok(),
        customer: None,
        what: "a voucher".to_owned(),
        owner: None,
        due_at: second(9),
        state: PromiseState::Open,
        made_by: "agent:wang".to_owned(),
        made_at: second(2),
        ended: None,
        version: 1,
    };
    let line = PromiseLine {
        applied: TicketMove::Note,
        actor: promise.made_by.clone(),
        note: "promised: a voucher".to_owned(),
        at: second(2),
    };

    Promises::make(&store, &tenant("demo"), &promise, &line).await.unwrap();

    assert_eq!(found(&store, "voucher").await, ["t-1"]);
}

#[tokio::test]
async fn a_name_finds_the_tickets_of_its_customers_among_the_others() {
    let store = database().await.store;
    for (id, name) in [("c-1", "周海涛"), ("c-2", "Grace Lane")] {
        let customer = Customer::new(CustomerId::parse(id).unwrap(), name, Tier::B1, second(0));
        Customers::create(&store, &tenant("demo"), &customer, "samples").await.unwrap();
    }
    make(&store, "t-1", "lost luggage", Some("c-1")).await;
    make(&store, "t-2", "grace period", None).await;
    make(&store, "t-3", "seat", Some("c-2")).await;

    assert_eq!(found(&store, "周海涛").await, ["t-1"]);
    assert_eq!(found(&store, "zht").await, ["t-1"]);
    assert_eq!(found(&store, "grace").await, ["t-3", "t-2"]);
}

#[tokio::test]
async fn every_match_comes_once_however_the_pages_are_cut() {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Anna", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    for number in 0..9 {
        let owner = (number % 2 == 0).then_some("li");
        let subject = if number % 3 == 0 { "anna and annette" } else { "something" };
        make(&store, &format!("t-{number}"), subject, owner).await;
    }

    for size in [1, 2, 3, 200] {
        let (mut ids, mut before) = (Vec::new(), None);
        loop {
            let page = store.search(&tenant("demo"), &search("ann"), size, before).await.unwrap();
            ids.extend(page.records.into_iter().map(|ticket| ticket.number));
            if page.next.is_empty() {
                break;
            }
            before = page.next.parse().ok();
        }
        assert_eq!(ids, [9, 7, 5, 4, 3, 1], "by {size}");
    }
}

#[tokio::test]
async fn no_search_reads_a_whole_table() {
    let database = database().await;
    let mut owner = database.owner().await;
    for statement in [
        // Nobody follows them, and as one transaction they would be slow to number.
        "SET session_replication_role = replica",
        "INSERT INTO tickets
             (tenant_id, id, number, state, subject, priority, created_at, changed_at, version)
         SELECT 'demo', 't-' || n, n, 'new', '', 'normal', now(), now(), 1
         FROM generate_series(1, 20000) AS n",
        "INSERT INTO ticket_words (tenant_id, word, number, ticket_id)
         SELECT 'demo', word, n, 't-' || n
         FROM generate_series(1, 20000) AS n, unnest(ARRAY['common', 'w' || n]) AS word",
        "ANALYZE tickets, ticket_words, ticket_changes",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    let mut serving = database.serving().await;
    let set = "SELECT set_config('app.tenant', 'demo', false)";
    sqlx::query(set).execute(&mut serving).await.unwrap();

    let terms = concat!("EXPLAIN ", include_str!("../../queries/ticket_terms.sql"));
    let terms = sqlx::query(terms)
        .bind("demo")
        .bind(vec!["common", "w12"])
        .bind(vec!["common\u{1}", "w12\u{10ffff}"])
        .bind(16_i32)
        .bind(1_000_i64)
        .fetch_all(&mut serving)
        .await;
    let by_word = concat!("EXPLAIN ", include_str!("../../queries/tickets_by_word.sql"));
    let by_word = sqlx::query(by_word)
        .bind("demo")
        .bind(vec!["w12", "w123"])
        .bind(vec!["common"])
        .bind(i64::MAX)
        .bind(1_000_i64)
        .fetch_all(&mut serving)
        .await;
    let by_name = concat!("EXPLAIN ", include_str!("../../queries/tickets_by_customer_name.sql"));
    let by_name = sqlx::query(by_name)
        .bind("demo")
        .bind(vec!["li", "wu"])
        .bind(i64::MAX)
        .bind(51_i64)
        .fetch_all(&mut serving)
        .await;

    for rows in [terms, by_word, by_name] {
        let plan: Vec<String> = rows.unwrap().iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(!plan.contains("Seq Scan on ticket"), "{plan}");
        assert!(plan.contains("Index"), "{plan}");
    }
    let store = database.store;
    assert_eq!(found(&store, "common w12345").await, ["t-12345"]);
    let mut rest = store.search(&tenant("demo"), &search("common w199"), 200, None).await.unwrap();
    // Sixteen spellings of `w199…` count, in the order of their letters.
    assert_eq!(rest.records.len(), 16);
    rest.records.truncate(0);
}
