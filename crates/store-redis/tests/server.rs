//! The live floor on a real server: what it reads, what it survives, and who wins a race.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::ids::{GatewayId, OfferId, TenantId};
use switchboard_embedded::testing::{fresh_durable_redis, fresh_redis};
use switchboard_store::conformance;
use switchboard_store::live_floor::{Applied, FloorError, LiveFloor, Order};
use switchboard_store::outbox::OutboxId;
use switchboard_store_redis::{RedisFloor, Settings};

const LEASE: Duration = Duration::from_mins(10);

fn connect(url: String) -> RedisFloor {
    let settings = Settings { url, timeout: Duration::from_millis(500) };
    RedisFloor::new(&settings).expect("the URL is valid")
}

fn tenant() -> TenantId {
    TenantId::parse("acme").expect("a word is an id")
}

async fn apply(floor: &RedisFloor, command: Command) -> Result<Applied, FloorError> {
    let seed = OfferId::parse("0123456789abcdef0123456789abcdef").expect("digits are an id");
    floor.apply(&tenant(), Order { command, seed, trace: None }).await
}

fn open(epoch: u64) -> Command {
    Command::OpenEpoch { epoch, gateways: std::collections::BTreeSet::new(), lease: LEASE }
}

fn join() -> Command {
    let gateway = GatewayId::parse("gateway-1").expect("a word is an id");
    Command::JoinGateway { gateway, lease: LEASE }
}

#[tokio::test]
async fn the_redis_floor_conforms() {
    let server = fresh_redis().await.expect("Redis starts");

    conformance::check(&connect(server.url())).await;
}

#[tokio::test]
async fn a_restarted_server_refuses_until_a_new_epoch_is_opened() {
    let mut server = fresh_durable_redis().await.expect("Redis starts");
    let floor = connect(server.url());
    apply(&floor, open(1)).await.expect("the first epoch opens");
    apply(&floor, Command::SweepEpoch).await.expect("nothing is old");

    server.restart().await.expect("Redis restarts");
    let first = loop {
        match apply(&floor, join()).await {
            Err(FloorError::Unavailable(_)) => {}
            outcome => break outcome,
        }
    };

    assert!(matches!(first, Err(FloorError::Rejected(Rejection::EpochClosed))), "{first:?}");
    let status = floor.status(&tenant()).await.expect("a status");
    assert_eq!((status.epoch, status.is_current), (1, false));
    let used = apply(&floor, open(1)).await;
    let refused = Rejection::EpochUsed { current: 1 };
    assert!(matches!(used, Err(FloorError::Rejected(ref rejection)) if *rejection == refused));
    apply(&floor, open(2)).await.expect("a newer epoch opens");
}

#[tokio::test]
async fn a_server_that_hangs_is_reported_within_the_time_limit_and_used_again_later() {
    let server = fresh_redis().await.expect("Redis starts");
    let floor = connect(server.url());
    apply(&floor, open(1)).await.expect("the first epoch opens");

    server.pause();
    let limit = Duration::from_secs(3);
    let answer = tokio::time::timeout(limit, apply(&floor, Command::SweepEpoch)).await;
    assert!(matches!(answer, Ok(Err(FloorError::Unavailable(_)))), "{answer:?}");
    server.resume();

    let again = loop {
        match apply(&floor, Command::SweepEpoch).await {
            Err(FloorError::Unavailable(_)) => {}
            outcome => break outcome,
        }
    };
    assert!(again.is_ok(), "{again:?}");
}

#[tokio::test]
async fn a_waiting_reader_hears_a_change_and_does_not_hold_up_others() {
    let server = fresh_redis().await.expect("Redis starts");
    let floor = Arc::new(connect(server.url()));
    let reader = Arc::clone(&floor);
    let id = tenant();
    let wait = Duration::from_secs(10);
    let heard = async move { reader.tail(&id, OutboxId::START, 10, wait).await };

    let (heard, opened) = tokio::join!(heard, apply(&floor, open(1)));

    assert!(opened.is_ok());
    let kinds: Vec<String> = heard.expect("a tail").into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["epoch_opened"]);
}

#[tokio::test]
async fn a_waiting_reader_gives_up_on_a_server_that_hangs() {
    let server = fresh_redis().await.expect("Redis starts");
    let floor = connect(server.url());
    apply(&floor, open(1)).await.expect("the first epoch opens");
    let end = floor.outbox_end(&tenant()).await.expect("an end");
    let (id, wait) = (tenant(), Duration::from_millis(100));
    let before = floor.tail(&id, end.id, 10, wait).await;
    assert!(matches!(before, Ok(ref entries) if entries.is_empty()), "{before:?}");

    server.pause();
    let reading = floor.tail(&id, end.id, 10, wait);
    let answer = tokio::time::timeout(Duration::from_secs(4), reading).await;
    server.resume();

    assert!(matches!(answer, Ok(Err(FloorError::Unavailable(_)))), "{answer:?}");
}

#[tokio::test]
async fn those_who_wait_for_a_connection_do_not_wait_for_each_other() {
    let server = fresh_redis().await.expect("Redis starts");
    let floor = connect(server.url());

    server.pause();
    let asking = (0..20).map(|_| apply(&floor, Command::SweepEpoch));
    let all = futures::future::join_all(asking);
    let answers = tokio::time::timeout(Duration::from_secs(4), all).await;
    server.resume();

    let answers = answers.expect("all are told in time");
    assert!(answers.iter().all(|answer| matches!(answer, Err(FloorError::Unavailable(_)))));
}

#[tokio::test]
async fn of_many_replicas_that_open_an_epoch_exactly_one_wins() {
    let server = fresh_redis().await.expect("Redis starts");
    let floors: Vec<_> = (0..8).map(|_| connect(server.url())).collect();

    let mut won = 0;
    for outcome in futures::future::join_all(floors.iter().map(|floor| apply(floor, open(5)))).await
    {
        match outcome {
            Ok(applied) => {
                assert_eq!(applied.reply, Reply::Done { version: 1 });
                won += 1;
            }
            Err(FloorError::Rejected(Rejection::EpochUsed { current: 5 })) => {}
            Err(error) => unreachable!("{error:?}"),
        }
    }

    assert_eq!(won, 1);
}
