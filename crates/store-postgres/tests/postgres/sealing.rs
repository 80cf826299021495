//! Personal data at rest: sealed everywhere, found by blind index, gone with its key.

use std::sync::Arc;

use sqlx::Row;
use sqlx::postgres::PgConnection;
use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::{Customer, CustomerNumber, ExternalId, NumberMatch, Tier};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_sealing::KeyRing;
use switchboard_store::callers::Callers;
use switchboard_store::customers::Customers;
use switchboard_store::data_keys::{DataKeys, KeyStanding};
use switchboard_store::dead_events::DeadEvents;
use switchboard_store::error::StoreError;
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, DeadEntry, Projection};
use switchboard_store_postgres::{PostgresSettings, PostgresStore, seal_existing};

use crate::support::{Database, contact, database, dump, second, tenant, told, ways_to_write};

const NUMBER: &str = "+8613812345678";
const NATIONAL: &str = "138 1234 5678";

/// What must not be read in the database; the last nine digits stand for every way to write it.
const CANARIES: [&str; 9] = [
    "812345678",
    "1234 5678",
    "CNAM Canary",
    "Canary Finch",
    "canary-alert",
    "777888999",
    "canary-note",
    "canary-member",
    "canary-hobby",
];

#[tokio::test]
async fn no_number_and_no_word_of_a_caller_stands_in_the_database() {
    let database = database().await;
    let store = &database.store;
    let external_ids = vec![ExternalId::new("crm", "canary-member").unwrap()];
    let hobby = ProfileValue::Text("canary-hobby".to_owned());
    let profile = [("life.hobby".parse().unwrap(), hobby)].into();
    keep(store, &Customer { external_ids, profile, ..customer("li", &[NUMBER]) }).await;
    store.commit(&tenant("demo"), &batch(call("c-1"))).await.unwrap();
    store.bury(&tenant("demo"), &dead()).await.unwrap();

    let dump = dump(&mut database.owner().await).await;

    assert!(dump.contains("c-1") && dump.contains("booked"), "the dump must tell of the call");
    for canary in CANARIES {
        for written in ways_to_write(canary) {
            let found = dump.lines().find(|line| line.contains(&written));
            assert_eq!(found, None, "{canary} is in the database");
        }
    }
}

#[tokio::test]
async fn what_was_sealed_is_read_as_it_was_told() {
    let store = database().await.store;
    let li = customer("li", &[NUMBER]);
    keep(&store, &li).await;
    let entries = call("c-1");
    store.commit(&tenant("demo"), &batch(entries.clone())).await.unwrap();
    store.bury(&tenant("demo"), &dead()).await.unwrap();

    let told = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();

    assert_eq!(Customers::get(&store, &tenant("demo"), &li.id).await.unwrap(), li);
    assert_eq!(told.interaction.calling_number.as_deref(), Some(NUMBER));
    assert_eq!(told.interaction.notes.as_deref(), Some("canary-note"));
    assert_eq!(told.events, entries);
    assert_eq!(list(&store).await, [Some(NUMBER.to_owned())]);
    assert_eq!(
        store.dead(&tenant("demo"), &PageRequest::default()).await.unwrap().records[0].entry,
        dead().entry
    );
}

#[tokio::test]
async fn one_number_has_one_index_in_a_tenant_and_another_in_the_next() {
    let database = database().await;
    for tenant_name in ["demo", "other"] {
        let li = customer("li", &[NUMBER]);
        Customers::create(&database.store, &tenant(tenant_name), &li, "admin").await.unwrap();
    }
    keep(&database.store, &customer("wu", &[NUMBER])).await;

    let rows = sqlx::query(
        "SELECT count(DISTINCT number_index) AS numbers, count(DISTINCT suffix_index) AS suffixes,
             count(DISTINCT sealed) AS sealed
         FROM customer_numbers",
    );
    let row = rows.fetch_one(&mut database.owner().await).await.unwrap();

    let counts = ["numbers", "suffixes", "sealed"].map(|name| row.get::<i64, _>(name));
    assert_eq!(counts, [2, 2, 3]);
}

#[tokio::test]
async fn master_keys_change_in_batches_while_callers_are_looked_up() {
    let database = database().await;
    let mut ring = KeyRing::generate();
    let old = database.with(ring.clone());
    for n in 0..25 {
        keep(&old, &customer(&format!("li-{n}"), &[NUMBER])).await;
    }
    let (first, second) = (ring.current(), ring.add());
    ring.take_into_use(second).unwrap();
    let new = database.with(ring.clone());

    let (demo, mut counts) = (tenant("demo"), Vec::new());
    loop {
        let (count, found) = tokio::join!(new.rewrap(&demo, 10), lookup(&new));
        assert_eq!(found.len(), 20, "a lookup finds them in the midst of it");
        counts.push(count.unwrap());
        if counts.last() == Some(&0) {
            break;
        }
    }

    assert_eq!(counts, [10, 10, 5, 0]);
    let known = new.master_keys(&tenant("demo")).await.unwrap();
    let known: Vec<_> =
        known.iter().map(|key| (key.id.clone(), key.standing, key.data_keys)).collect();
    assert_eq!(
        known,
        [(second.to_string(), KeyStanding::InUse, 25), (first.to_string(), KeyStanding::Known, 0)]
    );
    let without_first =
        KeyRing::parse(&ring.to_text().lines().take(5).collect::<Vec<_>>().join("\n"));
    let without_first = without_first.unwrap();
    assert_eq!(without_first.ids().collect::<Vec<_>>(), [second]);
    assert_eq!(lookup(&database.with(without_first)).await.len(), 20);
}

#[tokio::test]
async fn a_master_key_that_was_removed_too_early_is_named() {
    let database = database().await;
    keep(&database.store, &customer("li", &[NUMBER])).await;
    let stranger = database.with(KeyRing::generate());

    let refused = Customers::get(&stranger, &tenant("demo"), &customer_id("li")).await.unwrap_err();

    let StoreError::Corrupt { what, source } = refused else { panic!("{refused}") };
    assert_eq!(what, "the data key of customer/li");
    assert!(source.to_string().starts_with("the key ring has no key "), "{source}");
    let known = stranger.master_keys(&tenant("demo")).await.unwrap();
    let standings: Vec<_> = known.iter().map(|key| (key.standing, key.data_keys)).collect();
    assert_eq!(standings, [(KeyStanding::InUse, 0), (KeyStanding::Missing, 1)]);
}

#[tokio::test]
async fn what_a_destroyed_key_sealed_is_gone_and_whatever_comes_late_too() {
    let database = database().await;
    let store = &database.store;
    keep(store, &customer("li", &[NUMBER])).await;
    store.commit(&tenant("demo"), &batch(call("c-1"))).await.unwrap();
    sqlx::query("UPDATE data_keys SET wrapped = NULL")
        .execute(&mut database.owner().await)
        .await
        .unwrap();

    let late =
        told(1, 9, "c-1", "contact_ended", &[("calling_number", NUMBER), ("reason", "late")]);
    let late = Batch { expected: Some(OutboxId::new(3, 0)), ..batch(vec![late]) };
    store.commit(&tenant("demo"), &late).await.unwrap();

    let li = Customers::get(store, &tenant("demo"), &customer_id("li")).await.unwrap();
    assert_eq!(li.numbers, []);
    let told = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!((told.interaction.calling_number, told.interaction.notes), (None, None));
    assert_eq!(told.events.len(), 4);
    assert!(told.events.iter().all(|event| event.field("calling_number").is_none()));
    assert_eq!(store.last_talk(&tenant("demo"), &number(NUMBER), None).await.unwrap(), None);
}

#[tokio::test]
async fn what_an_earlier_version_left_in_clear_is_found_and_then_sealed() {
    let database = database().await;
    leave_in_clear(&mut database.owner().await).await;
    let before = evidence(&database.store).await;
    assert_eq!(before, [("li".to_owned(), NumberMatch::Exact)]);
    assert!(dump(&mut database.owner().await).await.contains("812345678"));
    let ring = KeyRing::generate();
    let settings = PostgresSettings::parse(&database.url).unwrap();
    let store = database.with(ring.clone());

    let sealed = seal_existing(&settings, &ring).await.unwrap();

    let again = seal_existing(&settings, &ring).await.unwrap();
    assert_eq!((sealed, again), (4, 0));
    assert_eq!(evidence(&store).await, before);
    assert_eq!(list(&store).await, [Some(NUMBER.to_owned())]);
    let told = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(told.events[0].field("calling_number"), Some(NUMBER));
    assert_eq!(told.events[0].field("queue"), Some("booking"));
    assert_eq!(
        store.dead(&tenant("demo"), &PageRequest::default()).await.unwrap().records[0]
            .entry
            .field("notes"),
        Some("canary-note")
    );
    let dump = dump(&mut database.owner().await).await;
    assert!(CANARIES.iter().all(|canary| !dump.contains(canary)));
}

/// Writes what version 0.1.0 wrote before it sealed anything.
async fn leave_in_clear(owner: &mut PgConnection) {
    for statement in [
        "INSERT INTO customers (tenant_id, id, name, tier, created_at)
         VALUES ('demo', 'li', 'Li', 'A1', now())",
        "INSERT INTO customer_numbers (tenant_id, customer_id, position, e164, suffix, label)
         VALUES ('demo', 'li', 1, '+8613812345678', '812345678', 'mobile')",
        "INSERT INTO interactions
             (tenant_id, id, state, calling_number, notes, started_at, epoch, version)
         VALUES ('demo', 'c-1', 'ended', '+8613812345678', 'canary-note', now(), 1, 1)",
        r#"INSERT INTO interaction_events
             (tenant_id, epoch, stream_millis, stream_sequence, interaction_id, entity, entity_id,
              version, floor_at, happened_at, kind, fields)
         VALUES ('demo', 1, 1, 0, 'c-1', 'contact', 'c-1', 1, now(), now(), 'contact_queued',
             '{"calling_number": "+8613812345678", "field.card": "777888999", "queue": "booking"}')"#,
        r#"INSERT INTO dead_events
             (tenant_id, epoch, stream_millis, stream_sequence, entity, entity_id, version,
              floor_at, happened_at, kind, fields, reason, attempts, buried_at)
         VALUES ('demo', 1, 2, 0, 'contact', 'c-1', 2, now(), now(), 'contact_noted',
             '{"notes": "canary-note"}', 'unreadable', 5, now())"#,
    ] {
        sqlx::query(statement).execute(&mut *owner).await.unwrap();
    }
}

/// A call that tells everything a call can tell of a person.
fn call(id: &str) -> Vec<OutboxEntry> {
    let started = [
        ("calling_number", NUMBER),
        ("calling_raw", NATIONAL),
        ("caller_name", "CNAM Canary"),
        ("customer_name", "Canary Finch"),
        ("alert", "canary-alert"),
        ("field.card", "777888999"),
        ("queue", "booking"),
    ];
    let talking = [("agent", "zhang"), ("state", "connected")];
    let noted = [("contact", id), ("disposition", "booked"), ("notes", "canary-note")];
    let noted = OutboxEntry {
        entity: EntityKind::Agent,
        entity_id: "zhang".to_owned(),
        ..told(1, 3, "", "wrap_up_finished", &noted)
    };
    vec![
        told(1, 1, id, "contact_started", &started),
        told(1, 2, id, "contact_connected", &talking),
        noted,
    ]
}

fn batch(entries: Vec<OutboxEntry>) -> Batch {
    Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(9) }
}

fn dead() -> DeadEntry {
    DeadEntry {
        expected: Some(OutboxId::new(3, 0)),
        entry: told(1, 4, "c-9", "contact_noted", &[("calling_number", NUMBER), ("text", "?")]),
        reason: "field text".to_owned(),
        attempts: 5,
        at: second(70),
    }
}

fn customer(id: &str, numbers: &[&str]) -> Customer {
    let mobile = |text: &&str| CustomerNumber::new(number(text), "mobile");
    Customer {
        numbers: numbers.iter().map(mobile).collect(),
        ..Customer::new(customer_id(id), id, Tier::A2, second(1))
    }
}

fn customer_id(id: &str) -> CustomerId {
    CustomerId::parse(id).unwrap()
}

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

async fn keep(store: &PostgresStore, customer: &Customer) {
    Customers::create(store, &tenant("demo"), customer, "admin").await.unwrap();
}

async fn lookup(store: &PostgresStore) -> Vec<String> {
    evidence(store).await.into_iter().map(|(id, _)| id).collect()
}

async fn evidence(store: &PostgresStore) -> Vec<(String, NumberMatch)> {
    let address = PhoneAddress::parse(NUMBER, Country::parse("CN").unwrap()).unwrap();
    let found = store.lookup(&tenant("demo"), &address).await.unwrap();
    found.evidence.into_iter().map(|one| (one.customer.id.to_string(), one.number)).collect()
}

async fn list(store: &PostgresStore) -> Vec<Option<String>> {
    let filter = InteractionFilter::default();
    let all = store.interactions(&tenant("demo"), &filter, &PageRequest::default()).await.unwrap();
    all.records.into_iter().map(|call| call.calling_number).collect()
}

impl Database {
    /// Gives a store with a key ring of its own.
    fn with(&self, ring: KeyRing) -> PostgresStore {
        PostgresStore::new(&PostgresSettings::parse(&self.url).unwrap(), Arc::new(ring))
    }
}
