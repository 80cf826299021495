//! Events stand in partitions by month: made ahead, once, losing nothing, dropped where all agree.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::{fresh_database, shared_postgres};
use switchboard_store::customers::Customers;
use switchboard_store::history::History;
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::retention::EventMonths;
use switchboard_store::subjects::{LegalHold, Subjects};
use switchboard_store_postgres::{PostgresSettings, PostgresStore, migrate};

use crate::support::{contact, database, second, tenant, told};

/// The migration that makes months.
const MONTHS: i64 = 20_261_122_160_300;
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn an_event_whose_month_is_not_there_is_kept_and_moves_into_it_once() {
    let database = database().await;
    let (store, mut owner) = (&database.store, database.owner().await);
    let at = first_missing(&mut owner).await + DAY * 5;
    record(store, "demo", 1, at, "c-1").await;
    record(store, "other", 1, at, "c-2").await;
    let before = (rows(&mut owner, "interaction_events_default").await, story(store, "c-1").await);

    let made = store.make_event_month(at).await.unwrap();
    let again = store.make_event_month(at).await.unwrap();

    assert_eq!((before, made, again), ((2, 1), true, false));
    assert_eq!(rows(&mut owner, "interaction_events_default").await, 0);
    let month = last_month(&mut owner).await;
    assert_eq!(rows(&mut owner, &month).await, 2);
    assert_eq!(story(store, "c-1").await, 1);
    // Told once more at its place, it is known there: recording is exactly once over the move.
    sqlx::query("UPDATE recorder_offsets SET stream_millis = stream_millis - 1")
        .execute(&mut owner)
        .await
        .unwrap();
    let told = entry(at, "c-1");
    let batch = batch(1, Some(OutboxId::new(told.id.millis - 1, 0)), told);
    Projection::commit(store, &tenant("demo"), &batch).await.unwrap();
    assert_eq!(story(store, "c-1").await, 1);
}

#[tokio::test]
async fn every_month_is_made_once_and_none_left_out_however_many_ask() {
    let database = database().await;
    let mut owner = database.owner().await;
    let before = months(&mut owner).await;
    // Whoever was away for long makes the months of meanwhile as well.
    let upto = first_missing(&mut owner).await + DAY * 130;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let store = database.store.clone();
        asking.spawn(async move {
            let mut made = 0_usize;
            while store.make_event_month(upto).await.unwrap() {
                made += 1;
            }
            made
        });
    }

    let made: usize = asking.join_all().await.into_iter().sum();

    assert_eq!(made, 5);
    assert_eq!(months(&mut owner).await, before + 5);
}

#[tokio::test]
async fn a_month_is_reached_through_the_whole_alone() {
    let database = database().await;
    let mut owner = database.owner().await;
    record(&database.store, "demo", 1, first_missing(&mut owner).await - DAY, "c-1").await;
    let month = last_month(&mut owner).await;
    let mut serving = database.serving().await;

    for part in ["interaction_events_before", "interaction_events_default", &month] {
        let read = AssertSqlSafe(format!("SELECT * FROM {part}"));
        let refused = sqlx::query(read).execute(&mut serving).await;
        assert!(refused.unwrap_err().to_string().contains("permission denied"), "{part}");
    }
    assert_eq!(rows(&mut serving, "interaction_events").await, 0);
    assert_eq!(rows(&mut owner, &month).await, 1);
}

#[tokio::test]
async fn a_month_goes_whole_when_everybody_with_events_in_it_lets_it_go() {
    let database = database().await;
    let (store, mut owner) = (&database.store, database.owner().await);
    let ends = first_missing(&mut owner).await;
    record(store, "demo", 1, ends - DAY, "c-1").await;
    record(store, "other", 1, ends - DAY, "c-2").await;

    let unasked = drop_all(store).await;
    store.let_events_go(&tenant("demo"), Some(ends)).await.unwrap();
    drop_all(store).await;
    let after_one = story(store, "c-1").await;
    store.let_events_go(&tenant("other"), Some(ends)).await.unwrap();
    let dropped = drop_all(store).await;

    assert_eq!((unasked, after_one, dropped), (0, 1, 1));
    assert_eq!(story(store, "c-1").await, 0);
    // One that is told after all is kept: nothing is lost for want of a month.
    record(store, "demo", 2, ends - DAY, "c-3").await;
    assert_eq!(story(store, "c-3").await, 1);
}

#[tokio::test]
async fn a_hold_keeps_the_month_and_takes_back_what_was_agreed() {
    let database = database().await;
    let (store, ends) = (&database.store, first_missing(&mut database.owner().await).await);
    let li = CustomerId::parse("li").unwrap();
    let customer = Customer::new(li.clone(), "Li", Tier::B1, second(0));
    Customers::create(store, &tenant("demo"), &customer, "admin").await.unwrap();
    let mut known = entry(ends - DAY, "c-1");
    known.fields.insert("customer".to_owned(), "li".to_owned());
    Projection::commit(store, &tenant("demo"), &batch(1, None, known)).await.unwrap();
    let let_go = async || store.let_events_go(&tenant("demo"), Some(ends)).await.unwrap();
    let_go().await;

    let hold =
        LegalHold { reason: "a lawsuit".into(), made_by: "admin".into(), made_at: second(0) };
    store.set_hold(&tenant("demo"), &li, Some(&hold)).await.unwrap();
    let agreed = drop_all(store).await;
    let_go().await;
    drop_all(store).await;
    let kept = story(store, "c-1").await;
    store.set_hold(&tenant("demo"), &li, None).await.unwrap();
    let_go().await;
    drop_all(store).await;

    assert_eq!((agreed, kept), (0, 1));
    assert_eq!(story(store, "c-1").await, 0);
}

#[tokio::test]
async fn a_database_of_before_keeps_every_event_also_when_its_owner_sees_no_tenant() {
    let server = shared_postgres().await.unwrap();
    let url = fresh_database(server, None).await.unwrap();
    let mut superuser = connect(&url).await;
    for statement in
        ["CREATE ROLE plain_owner LOGIN CREATEROLE", "ALTER SCHEMA public OWNER TO plain_owner"]
    {
        sqlx::query(statement).execute(&mut superuser).await.unwrap();
    }
    let url = url.replace("switchboard@", "plain_owner@");
    let mut owner = connect(&url).await;
    let all = sqlx::migrate!("../../migrations");
    let earlier = all.iter().filter(|step| step.version < MONTHS).cloned().collect();
    let before = Migrator { migrations: Cow::Owned(earlier), ..Migrator::DEFAULT };
    before.run_direct(None, &mut owner, false).await.unwrap();
    sqlx::query(
        "INSERT INTO tenants (id, name, created_at) VALUES ('a', '', now()), ('b', '', now())",
    )
    .execute(&mut superuser)
    .await
    .unwrap();
    // 2039-03-31, 2039-04-25 and 2039-05-20.
    tell(&mut superuser, &[2_184_710_400_000, 2_186_870_400_000, 2_189_030_400_000]).await;

    migrate(&PostgresSettings::parse(&url).unwrap()).await.unwrap();

    let counts: Vec<(String, i64)> = sqlx::query_as(
        "SELECT tableoid::regclass::text, count(*) FROM interaction_events GROUP BY 1",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(counts, [("interaction_events_before".to_owned(), 6)]);
    assert_eq!(rows(&mut superuser, "interaction_events WHERE sealed = 'x'").await, 6);
    // The first month begins behind the last event, and moves what came meanwhile for every tenant.
    // 2039-06-14.
    tell(&mut superuser, &[2_191_190_400_000]).await;
    sqlx::query("SELECT make_event_month('2039-06-15')").execute(&mut owner).await.unwrap();
    assert_eq!(rows(&mut superuser, "interaction_events_default").await, 0);
    assert_eq!(rows(&mut superuser, "interaction_events_2039_06").await, 2);
}

/// Writes an event of each of two tenants at each of these places.
async fn tell(superuser: &mut PgConnection, millis: &[i64]) {
    sqlx::query(
        "INSERT INTO interaction_events (
             tenant_id, epoch, stream_millis, stream_sequence, interaction_id, entity, entity_id,
             version, floor_at, happened_at, kind, fields, sealed
         )
         SELECT tenant, 1, millis, 0, 'c-1', 'contact', 'c-1', 1, now(), now(), 'told', '{}', 'x'
         FROM unnest($1::bigint[]) AS millis, unnest('{a,b}'::text[]) AS tenant",
    )
    .bind(millis)
    .execute(superuser)
    .await
    .unwrap();
}

async fn record(store: &PostgresStore, name: &str, epoch: u64, at: Timestamp, call: &str) {
    let batch = batch(epoch, None, entry(at, call));
    Projection::commit(store, &tenant(name), &batch).await.unwrap();
}

fn batch(epoch: u64, expected: Option<OutboxId>, mut entry: OutboxEntry) -> Batch {
    entry.epoch = epoch;
    Batch { epoch, expected, entries: vec![entry], rules: vec![], now: second(60) }
}

fn entry(at: Timestamp, call: &str) -> OutboxEntry {
    let mut entry = told(1, 1, call, "contact_started", &[]);
    entry.id = OutboxId::new(at.as_millis().unsigned_abs(), 0);
    entry
}

/// Counts the events that are told of a call of the tenant `demo`.
async fn story(store: &PostgresStore, call: &str) -> usize {
    store.interaction(&tenant("demo"), &contact(call)).await.unwrap().events.len()
}

/// Drops what may go; an empty month is nobody's.
async fn drop_all(store: &PostgresStore) -> usize {
    let mut dropped = 0;
    while store.drop_event_month().await.unwrap() {
        dropped += 1;
    }
    dropped
}

/// Gives when the first month begins that is not there yet.
async fn first_missing(owner: &mut PgConnection) -> Timestamp {
    let ends: i64 = sqlx::query_scalar("SELECT max(ends) FROM event_partitions()")
        .fetch_one(owner)
        .await
        .unwrap();
    Timestamp::from_millis(ends)
}

async fn last_month(owner: &mut PgConnection) -> String {
    sqlx::query_scalar("SELECT part::text FROM event_partitions() ORDER BY ends DESC LIMIT 1")
        .fetch_one(owner)
        .await
        .unwrap()
}

async fn months(owner: &mut PgConnection) -> i64 {
    rows(owner, "event_partitions()").await
}

async fn rows(owner: &mut PgConnection, of: &str) -> i64 {
    let count = AssertSqlSafe(format!("SELECT count(*) FROM {of}"));
    sqlx::query_scalar(count).fetch_one(owner).await.unwrap()
}

async fn connect(url: &str) -> PgConnection {
    let options = PgConnectOptions::from_str(url).unwrap().disable_statement_logging();
    PgConnection::connect_with(&options).await.unwrap()
}
