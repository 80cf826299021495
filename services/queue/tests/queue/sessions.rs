//! Sessions of desktops: resumed, replaced, lost, begun anew, ended.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;
use switchboard_embedded::testing::comes_true;

use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{DeskHeartbeat, DeskSignOut, WorkState};
use switchboard_center::CenterCache;
use switchboard_domain::floor::command::Command;
use switchboard_embedded::redis::Server;
use switchboard_embedded::testing::{fresh_durable_redis, fresh_redis};
use switchboard_routing::{Floors, FloorsParts};
use switchboard_runtime::clock::{RandomIds, SystemClock};
use switchboard_store_postgres::testing::store_at;
use switchboard_store_redis::{RedisFloor, Settings};
use tonic::Code;

use crate::support::{Center, tenant};

#[tokio::test]
async fn a_lost_stream_signs_nobody_out_and_the_session_goes_on() {
    let center = Center::open().await;
    let (desktop, first) = center.desktop("li-wei").await;
    drop(desktop);

    let (_, second) = center.desktop_on("li-wei", &first.session_id).await;

    assert_eq!(second.session_id, first.session_id);
    assert_eq!(second.agent.unwrap().state(), WorkState::Ready);
}

#[tokio::test]
async fn a_newer_desktop_takes_the_place_of_an_older_one() {
    let center = Center::open().await;
    let (older, first) = center.desktop("li-wei").await;

    let (_newer, second) = center.desktop("li-wei").await;

    let (last, end) = older.rest().await;
    assert!(matches!(last, Some(Update::Replaced(_))), "{last:?}");
    assert!(end.is_none());
    assert_ne!(first.session_id, second.session_id);
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;

    desktop.must(Action::SignOut(DeskSignOut {})).await;

    let (last, end) = desktop.rest().await;
    let Some(Update::Agent(agent)) = last else { panic!("{last:?}") };
    assert_eq!(agent.state(), WorkState::Offline);
    assert!(end.is_none());
}

#[tokio::test]
async fn a_session_whose_lease_ended_is_begun_anew_by_the_next_sign_of_life() {
    let center = Center::open().await;
    let (mut desktop, first) = center.desktop("li-wei").await;

    center.pass(61).await;
    desktop.must(Action::Heartbeat(DeskHeartbeat {})).await;

    let second = desktop.welcome().await;
    assert_ne!(first.session_id, second.session_id);
    assert_eq!(second.agent.unwrap().state(), WorkState::Ready);
}

#[tokio::test]
async fn a_stream_begins_with_hello() {
    let center = Center::open().await;
    let mut desktop = center.silent_desktop("li-wei").await;

    desktop.send(1, Action::Heartbeat(DeskHeartbeat {})).await;

    let (_, end) = desktop.rest().await;
    assert_eq!(end.unwrap().code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn an_agent_the_center_does_not_have_cannot_sign_in() {
    let center = Center::open().await;
    let mut desktop = center.silent_desktop("nobody").await;
    let hello = switchboard_api::agent::v1::DeskHello {
        wanted: crate::support::ready(),
        ..Default::default()
    };

    desktop.send(1, Action::Hello(hello)).await;

    let (_, end) = desktop.rest().await;
    assert_eq!(end.unwrap().code(), Code::NotFound);
}

#[tokio::test]
async fn a_desktop_is_asked_to_reconnect_when_the_replica_ends() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;

    center.tasks.shutdown().trigger();

    let grace = desktop.until(|update| match update {
        Update::Reconnect(reconnect) => reconnect.grace,
        _ => None,
    });
    assert_eq!(grace.await.nanos, 500_000_000);
}

#[tokio::test]
async fn an_agent_who_learned_something_is_offered_it_at_once() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, first) = center.desktop("zhang-min").await;
    center.call(&gateway, "call-1", "refund").await;

    center
        .change(
            "agents.yaml",
            "skills: {booking: 5, mandarin: 10}\n  queues: {booking: 1, timetable: 2}",
            "skills: {refund: 5, mandarin: 10}\n  queues: {refund: 1}",
        )
        .await;

    let second = desktop.welcome().await;
    assert_ne!(first.session_id, second.session_id);
    comes_true(async || center.state_of("zhang-min").await == "offered").await;
}

#[tokio::test]
async fn a_desktop_signs_in_again_by_itself_after_the_live_store_lost_its_memory() {
    let mut redis = fresh_redis().await.unwrap();
    let center = on_redis(&redis).await;
    let (mut desktop, first) = center.desktop("li-wei").await;

    redis.kill();
    let refused = desktop.ask(Action::Heartbeat(DeskHeartbeat {})).await.error.unwrap();
    redis.restart().await.unwrap();

    assert_eq!((refused.code, refused.reason.as_str()), (14, "LIVE_STORE_UNAVAILABLE"));
    let second = desktop.welcome().await;
    assert!(second.epoch > first.epoch, "{} {}", second.epoch, first.epoch);
    assert_eq!(second.agent.unwrap().state(), WorkState::Ready);
    desktop.must(Action::Heartbeat(DeskHeartbeat {})).await;
}

#[tokio::test]
async fn an_agent_keeps_his_contact_when_the_live_store_is_restarted() {
    let mut redis = fresh_durable_redis().await.unwrap();
    let center = on_redis(&redis).await;
    let gateway = center.gateway().await;
    let (mut desktop, first) = center.desktop("li-wei").await;
    let contact = center.call(&gateway, "call-1", "booking").await;
    let offer = desktop.accept().await;
    center.bridge(&gateway, &contact, &offer.offer_id).await;

    redis.kill();
    redis.restart().await.unwrap();

    let second = loop {
        let welcome = desktop.welcome().await;
        if welcome.epoch > first.epoch {
            break welcome;
        }
    };
    let agent = second.agent.unwrap();
    assert_eq!((agent.state(), agent.contact_id.as_str()), (WorkState::Busy, "call-1"));
}

#[tokio::test]
async fn an_epoch_opened_without_postgres_stays_below_the_next_even_if_nobody_remembers_it() {
    let mut redis = fresh_durable_redis().await.unwrap();
    let center = on_redis(&redis).await;
    let first = epoch(&center.floors).await;

    redis.restart().await.unwrap();
    let without = epoch(&without_postgres(&redis, &center)).await;
    redis.restart_empty().await.unwrap();
    let last = epoch(&center.floors).await;

    assert!(first < without && without < last, "{first} {without} {last}");
}

/// Has a process open an epoch if it must, and gives its number.
async fn epoch(floors: &Floors) -> u64 {
    comes_true(async || floors.apply(&tenant(), Command::FireDeadlines).await.is_ok()).await;
    floors.floor().status(&tenant()).await.unwrap().epoch
}

/// Another process on the same Redis, which cannot reach Postgres.
fn without_postgres(redis: &Server, center: &Center) -> Arc<Floors> {
    let nowhere = Arc::new(store_at("postgres://nobody@127.0.0.1:1/none").unwrap());
    Floors::new(FloorsParts {
        floor: Arc::new(RedisFloor::new(&settings(redis)).unwrap()),
        epochs: Arc::clone(&nowhere) as _,
        gateways: nowhere,
        centers: CenterCache::new(Arc::clone(&center.store) as _),
        ids: Arc::new(RandomIds),
        clock: Arc::new(SystemClock),
        gateway_lease: Duration::from_mins(10),
    })
}

async fn on_redis(redis: &Server) -> Center {
    let floor = Arc::new(RedisFloor::new(&settings(redis)).unwrap());
    Center::on(floor, Arc::new(AtomicI64::new(0))).await
}

fn settings(redis: &Server) -> Settings {
    Settings { url: redis.url(), timeout: Duration::from_millis(500) }
}
