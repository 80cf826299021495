//! Postgres away while calls go on.

use std::time::Duration;

use switchboard_embedded::testing::{comes_true, fresh_postgres};
use switchboard_store_postgres::{PostgresSettings, migrate};
use tokio::task::yield_now;

use crate::support::{Desk, at, missed};

#[tokio::test]
async fn what_happens_while_postgres_is_away_is_recorded_when_it_is_back() {
    let mut server = fresh_postgres().await.unwrap();
    let url = server.url("postgres");
    migrate(&PostgresSettings::parse(&url).unwrap()).await.unwrap();
    let desk = Desk::on(&url).await;
    let _recorder = desk.record();
    desk.stream.write(missed(1, 100, "c-before"));
    desk.recorded(1, at(102)).await;

    server.kill();
    // Old enough to be trimmed, if it were kept.
    desk.stream.write(missed(1, 200, "c-during"));
    desk.stream.write(missed(1, 90_000, "c-later"));
    desk.clock.advance(Duration::from_mins(10));
    let reads = desk.stream.reads();
    comes_true(async || desk.stream.reads() >= reads + 3).await;
    assert_eq!(desk.stream.ids().len(), 9, "nothing is trimmed before it is kept");
    server.restart().await.unwrap();

    desk.recorded(1, at(90_002)).await;
    assert_eq!(desk.story("c-during").await.events.len(), 3);
    assert_eq!(desk.tickets().await, 3);
}

#[tokio::test]
async fn a_recorder_killed_at_any_moment_leaves_each_call_with_one_ticket() {
    let desk = Desk::set_up().await;
    for call in 0..20 {
        desk.stream.write(missed(1, 100 + call * 10, &format!("c-{call}")));
    }

    for life in 0..20 {
        let reads = desk.stream.reads();
        let recorder = desk.record();
        comes_true(async || desk.stream.reads() > reads).await;
        // Each life lets it come a little further with what it has read.
        for _ in 0..life {
            yield_now().await;
        }
        recorder.abort();
    }
    let _last = desk.record();
    desk.recorded(1, at(292)).await;

    assert_eq!(desk.tickets().await, 20);
}
