//! Many customers in one transaction.

use std::sync::Arc;

use switchboard_domain::caller::Role;
use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::search::{NameQuery, NumberEnding};
use switchboard_domain::customer::{Change, Customer, CustomerNumber, Evidence, ExternalId, Tier};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_store::callers::Callers;
use switchboard_store::customer_search::{CustomerFinder, CustomerSearch, SearchBy};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::transfers::{CustomerRow, CustomerTransfers, RowOutcome, UpsertOrder};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

#[tokio::test]
async fn new_customers_read_back_are_found_by_number_ending_and_name_and_have_a_life() {
    let store = database().await.store;
    let rows = vec![row("a", "A", &["+8613800000001", "+862160000001"]), row("b", "B", &[])];

    let outcomes = upsert(&store, rows, second(5), true).await;

    assert_eq!(outcomes, [RowOutcome::Made, RowOutcome::Made]);
    let kept = get(&store, "a").await;
    let numbers: Vec<&str> = kept.numbers.iter().map(|it| it.e164.as_str()).collect();
    assert_eq!(numbers, ["+8613800000001", "+862160000001"]);
    assert_eq!((kept.name.as_str(), kept.tier, kept.created_at), ("A", Tier::B1, second(5)));
    let found = holders(&store, "+862160000001").await;
    assert_eq!(found[0].customer, kept);
    for by in [
        SearchBy::Number(NumberEnding::parse("0001").unwrap()),
        SearchBy::Name(NameQuery::parse("a").unwrap()),
    ] {
        let search = CustomerSearch { by, owner: None, tier: None, finding: None, segment: None };
        let page = store.search(&tenant("demo"), &search, 50, None).await.unwrap();
        assert_eq!((page.records.len(), &page.records[0]), (1, &kept), "{search:?}");
    }
    assert_eq!(life(&store, "a").await, [(1, String::new(), "admin:wu".to_owned())]);
    assert_eq!(life(&store, "b").await.len(), 1);
}

#[tokio::test]
async fn rows_that_are_there_change_nothing_and_others_change_what_they_say() {
    let store = database().await.store;
    let rows = || vec![row("a", "A", &["+8613800000001"]), row("b", "B", &["+8613800000002"])];
    upsert(&store, rows(), second(5), true).await;

    assert_eq!(upsert(&store, rows(), second(6), true).await, [const { RowOutcome::Unchanged }; 2]);
    let changed = vec![
        row("b", "B", &["+8613800000003"]),
        CustomerRow {
            id: id("a"),
            holder_of: None,
            changes: vec![Change::Alert(Some("VIP".to_owned()))],
        },
    ];
    assert_eq!(upsert(&store, changed, second(7), true).await, [const { RowOutcome::Changed }; 2]);

    let (a, b) = (get(&store, "a").await, get(&store, "b").await);
    assert_eq!((a.alert.as_deref(), a.numbers.len(), a.version), (Some("VIP"), 1, 2));
    assert_eq!((b.numbers[0].e164.as_str(), b.created_at), ("+8613800000003", second(5)));
    assert_eq!(life(&store, "a").await[1].1, "alert");
    assert_eq!(life(&store, "b").await[1].1, "numbers");
    assert_eq!(holders(&store, "+8613800000002").await, []);
}

#[tokio::test]
async fn rows_of_one_customer_follow_one_another() {
    let store = database().await.store;
    let alert = |text: &str| CustomerRow {
        id: id("a"),
        holder_of: None,
        changes: vec![Change::Alert(Some(text.to_owned()))],
    };
    let rows = vec![alert("early"), row("a", "A", &[]), alert("x"), alert("x"), alert("y")];

    let outcomes = upsert(&store, rows, second(5), true).await;

    let expected = [
        RowOutcome::Lacks("display_name"),
        RowOutcome::Made,
        RowOutcome::Changed,
        RowOutcome::Unchanged,
        RowOutcome::Changed,
    ];
    assert_eq!(outcomes, expected);
    let kept = get(&store, "a").await;
    assert_eq!((kept.alert.as_deref(), kept.version), (Some("y"), 3));
    let lines: Vec<u64> = life(&store, "a").await.iter().map(|line| line.0).collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[tokio::test]
async fn what_is_only_tried_leaves_no_trace() {
    let store = database().await.store;
    upsert(&store, vec![row("a", "A", &[])], second(5), true).await;

    let tried =
        upsert(&store, vec![row("a", "B", &[]), row("c", "C", &[])], second(6), false).await;

    assert_eq!(tried, [RowOutcome::Changed, RowOutcome::Made]);
    assert_eq!(get(&store, "a").await.name, "A");
    let all = Customers::list(&store, &tenant("demo"), &PageRequest::default()).await.unwrap();
    assert_eq!(all.records.len(), 1);
}

#[tokio::test]
async fn nobody_is_made_anew_whose_key_was_destroyed() {
    let database = database().await;
    let store = &database.store;
    upsert(store, vec![row("a", "A", &["+8613800000001"])], second(5), true).await;
    let mut owner = database.owner().await;
    sqlx::query("UPDATE data_keys SET wrapped = NULL WHERE subject = 'customer/a'")
        .execute(&mut owner)
        .await
        .unwrap();
    for table in ["customer_numbers", "customer_events", "customer_words", "customers"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}")))
            .execute(&mut owner)
            .await
            .unwrap();
    }

    let rows = vec![row("a", "A", &["+8613800000001"]), row("b", "B", &[])];
    let outcomes = upsert(store, rows, second(6), true).await;

    assert_eq!(outcomes, [RowOutcome::Erased, RowOutcome::Made]);
    let gone = Customers::get(store, &tenant("demo"), &id("a")).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn an_external_id_that_was_given_up_is_free_for_the_rows_to_come() {
    let store = database().await.store;
    upsert(&store, vec![named("a", "A", "erp/1")], second(5), true).await;

    let rows = vec![named("a", "A", "erp/2"), named("b", "Bo", "erp/1")];
    let outcomes = upsert(&store, rows, second(6), true).await;

    assert_eq!(outcomes, [RowOutcome::Changed, RowOutcome::Made]);
    assert_eq!(
        (get(&store, "a").await.name, get(&store, "b").await.name),
        ("A".into(), "Bo".into())
    );
    assert_eq!(get(&store, "a").await.external_ids, [external("erp/2")]);
    assert_eq!(get(&store, "b").await.external_ids, [external("erp/1")]);
}

#[tokio::test]
async fn two_who_make_the_same_customers_at_once_make_each_once() {
    let store = database().await.store;
    let rows = |_: &str| (0..50).map(|n| row(&format!("c-{n}"), "C", &[])).collect();

    assert_eq!(made_by_two(&store, rows).await, 50);
}

#[tokio::test]
async fn two_who_give_the_same_external_ids_at_once_make_each_customer_once() {
    let store = database().await.store;
    let one = |who: &str, n: u32| named(&format!("{who}-{n}"), "C", &format!("erp/{n}"));
    let rows = |who: &str| (0..50).map(|n| one(who, n)).collect();

    assert_eq!(made_by_two(&store, rows).await, 50);
}

/// Has two make customers at once, each as often as it takes, and gives how many they made.
async fn made_by_two(store: &PostgresStore, rows: impl Fn(&str) -> Vec<CustomerRow>) -> usize {
    let again = async |who: &str| {
        loop {
            let (demo, order) = (tenant("demo"), order(second(5), true));
            match store.upsert(&demo, rows(who), &order).await {
                Ok(outcomes) => return outcomes,
                Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => {}
                Err(error) => assert!(error.is_transient(), "{error:?}"),
            }
        }
    };
    let (one, other) = tokio::join!(again("one"), again("other"));
    one.iter().chain(&other).filter(|it| **it == RowOutcome::Made).count()
}

async fn upsert(
    store: &PostgresStore,
    rows: Vec<CustomerRow>,
    at: switchboard_domain::time::Timestamp,
    keep: bool,
) -> Vec<RowOutcome> {
    store.upsert(&tenant("demo"), rows, &order(at, keep)).await.unwrap()
}

fn order(at: switchboard_domain::time::Timestamp, keep: bool) -> UpsertOrder {
    UpsertOrder {
        actor: "admin:wu".to_owned(),
        role: Role::Admin,
        at,
        rules: CustomerRules::default(),
        schema: Arc::default(),
        keep,
    }
}

fn row(name: &str, called: &str, numbers: &[&str]) -> CustomerRow {
    let numbers = numbers.iter().map(|text| number(text)).collect();
    CustomerRow {
        id: id(name),
        holder_of: None,
        changes: vec![
            Change::Name(called.to_owned()),
            Change::Tier(Tier::B1),
            Change::Numbers(numbers),
        ],
    }
}

/// A row that is found by an external id, and has it.
fn named(name: &str, called: &str, external_id: &str) -> CustomerRow {
    let mut row = row(name, called, &[]);
    row.holder_of = Some(external(external_id));
    row.changes.push(Change::ExternalIds(vec![external(external_id)]));
    row
}

fn external(text: &str) -> ExternalId {
    let (system, id) = text.split_once('/').unwrap();
    ExternalId::new(system, id).unwrap()
}

fn number(text: &str) -> CustomerNumber {
    CustomerNumber::new(E164::parse(text).unwrap(), "mobile")
}

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}

async fn holders(store: &PostgresStore, number: &str) -> Vec<Evidence> {
    let address = PhoneAddress::parse(number, Country::parse("CN").unwrap()).unwrap();
    store.lookup(&tenant("demo"), &address).await.unwrap().evidence
}

async fn get(store: &PostgresStore, name: &str) -> Customer {
    Customers::get(store, &tenant("demo"), &id(name)).await.unwrap()
}

async fn life(store: &PostgresStore, name: &str) -> Vec<(u64, String, String)> {
    let events = Customers::events(store, &tenant("demo"), &id(name)).await.unwrap();
    events.into_iter().map(|it| (it.version, it.fields.join(" "), it.actor)).collect()
}
