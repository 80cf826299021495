//! What became of the care calendar, counted.

use switchboard_domain::touchpoint::TouchpointFigures;
use switchboard_store::touchpoints::{TouchpointReport, Touchpoints};
use switchboard_store_postgres::PostgresStore;

use crate::support::{Database, database, second, tenant};

/// Its name, its plan, why it was skipped, where it stands, what its call and its ticket came to, and the
/// second in which its window opens; it lasts ten seconds.
type Day<'a> = (&'a str, &'a str, Option<&'a str>, &'a str, Option<&'a str>, Option<&'a str>, i64);

/// Days of two plans.
const DAYS: [Day<'_>; 18] = [
    ("d-01", "calls", None, "done", None, None, 1),
    ("d-02", "calls", Some("merged"), "skipped", None, None, 2),
    ("d-03", "calls", Some("merged"), "skipped", None, None, 2),
    ("d-04", "calls", None, "lapsed", None, None, 3),
    ("d-05", "calls", None, "planned", None, None, 4),
    ("d-06", "calls", None, "planned", None, None, 95),
    ("d-07", "calls", None, "fired", Some("reached"), None, 5),
    ("d-08", "calls", None, "fired", Some("answered"), None, 5),
    ("d-09", "calls", None, "fired", Some("declined"), None, 5),
    ("d-10", "calls", None, "fired", Some("unreached"), None, 5),
    ("d-11", "calls", None, "fired", Some("skipped"), None, 5),
    ("d-12", "calls", None, "fired", Some("calling"), None, 5),
    ("d-13", "calls", None, "fired", Some("gone"), None, 5),
    ("d-14", "cards", None, "fired", None, Some("closed"), 5),
    ("d-15", "cards", None, "fired", None, Some("cancelled"), 5),
    ("d-16", "cards", None, "fired", None, Some("in_progress"), 5),
    ("d-17", "cards", None, "done", None, None, 200),
    ("d-18", "calls", None, "fired", Some("expired"), None, 5),
];

async fn filled() -> Database {
    let database = database().await;
    let mut owner = database.owner().await;
    sqlx::query("SET session_replication_role = replica").execute(&mut owner).await.unwrap();
    for (number, (id, plan, reason, state, call, ticket, opens)) in (1_i64..).zip(DAYS) {
        sqlx::query(
            "INSERT INTO touchpoints (
                 tenant_id, id, customer_id, plan, anchor_on, month, day, opens_at, closes_at, state, reason,
                 follow_up_id, ticket_id, version
             )
             VALUES (
                 'demo', $1, 'li', $2, '2026-01-31', $3, '2026-02-28', to_timestamp($4::float8),
                 to_timestamp($4::float8 + 10), $5, $6, $7, $8, 1
             )",
        )
        .bind(id)
        .bind(plan)
        .bind(i32::try_from(number).unwrap())
        .bind(second(opens).as_millis() / 1_000)
        .bind(state)
        .bind(reason)
        .bind(call.map(|_| id))
        .bind(ticket.map(|_| id))
        .execute(&mut owner)
        .await
        .unwrap();
        if let Some(call) = call.filter(|call| *call != "gone") {
            let (outcome, why) =
                if call == "expired" { ("skipped", call) } else { (call, "holiday") };
            sqlx::query(
                "INSERT INTO follow_ups (
                     tenant_id, id, touchpoint_id, policy, state, reason, queue_id, spared, due_at, expires_at,
                     calls, made_at, changed_at, version
                 )
                 VALUES ('demo', $1, $1, 'care', $2, $3, 'care', '{}', now(), now(), 0, now(), now(), 1)",
            )
            .bind(id)
            .bind(outcome)
            .bind(why)
            .execute(&mut owner)
            .await
            .unwrap();
        }
        if let Some(ticket) = ticket {
            sqlx::query(
                "INSERT INTO tickets (
                     tenant_id, id, number, state, subject, priority, created_at, changed_at, version
                 )
                 VALUES ('demo', $1, $2, $3, '', 'normal', now(), now(), 1)",
            )
            .bind(id)
            .bind(number)
            .bind(ticket)
            .execute(&mut owner)
            .await
            .unwrap();
        }
    }
    database
}

async fn counted(
    store: &PostgresStore,
    (from, until): (i64, i64),
    plan: Option<&str>,
) -> Vec<(String, TouchpointFigures)> {
    let plan = plan.map(str::to_owned);
    let report =
        TouchpointReport { from: second(from), until: second(until), now: second(100), plan };
    let found = store.touchpoint_figures(&tenant("demo"), &report).await.unwrap();
    found.into_iter().collect()
}

fn skips<const N: usize>(skips: [(&str, u64); N]) -> std::collections::BTreeMap<String, u64> {
    skips.map(|(reason, number)| (reason.to_owned(), number)).into()
}

#[tokio::test]
async fn days_count_by_what_became_of_them_in_the_time_their_window_opens() {
    let store = filled().await.store;

    let found = counted(&store, (0, 100), None).await;

    let calls = TouchpointFigures {
        done: 4,
        skipped: skips([("holiday", 1), ("merged", 2)]),
        missed: 4,
        under_way: 1,
        to_come: 1,
        unknown: 1,
    };
    let cards = TouchpointFigures {
        done: 1,
        skipped: skips([("ticket-cancelled", 1)]),
        under_way: 1,
        ..TouchpointFigures::default()
    };
    assert_eq!(found, [("calls".to_owned(), calls), ("cards".to_owned(), cards.clone())]);
    assert_eq!(counted(&store, (0, 100), Some("cards")).await, [("cards".to_owned(), cards)]);
    let mut planned = 0;
    for time in [(0, 5), (5, 100), (100, 201)] {
        let plans = counted(&store, time, None).await;
        planned += plans.iter().map(|(_, figures)| figures.planned()).sum::<u64>();
    }
    assert_eq!(planned, DAYS.len() as u64, "each day counts once");
    let report =
        TouchpointReport { from: second(0), until: second(201), now: second(0), plan: None };
    assert!(store.touchpoint_figures(&tenant("other"), &report).await.unwrap().is_empty());
}
