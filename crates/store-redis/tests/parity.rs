//! PARITY: random commands on the model and on Redis; replies, events and the whole state agree.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Envelope};
use switchboard_domain::floor::invariants;
use switchboard_domain::floor::walk::Walk;
use switchboard_domain::ids::TenantId;
use switchboard_store::live_floor::{FloorError, Order};
use switchboard_store_redis::{RedisFloor, Settings, snapshot};

/// How many walks each test plays, and how long each is.
const WALKS: u64 = 16;
const STEPS: u32 = 500;

/// Plays one walk on both and compares them after every step.
async fn play(url: &str, seed: u64) {
    let wall = Arc::new(AtomicI64::new(0));
    let settings = Settings { url: url.to_owned(), timeout: Duration::from_secs(5) };
    let redis = RedisFloor::with_wall(&settings, Arc::clone(&wall)).expect("the URL is valid");
    let tenant = TenantId::parse(format!("walk-{seed}")).expect("a word and a number are an id");
    let mut model = Floor::new();
    let mut steps = Walk::new(seed);
    for step in 0..STEPS {
        let (envelope, command) = steps.next(&model);
        wall.store(envelope.wall, Ordering::SeqCst);
        let place = format!("seed {seed} step {step}: {command:?}");
        let expected = model.apply(&envelope, &command);
        let order = order(&envelope, &command);
        let actual = redis.apply_as(&tenant, order, &envelope.run).await;
        match (expected, actual) {
            (Ok((reply, events)), Ok(applied)) => {
                assert_eq!((applied.reply, applied.events), (reply, events), "{place}");
            }
            (Err(expected), Err(FloorError::Rejected(actual))) => {
                assert_eq!(actual, expected, "{place}");
            }
            (expected, actual) => unreachable!("{place}: {expected:?} but {actual:?}"),
        }
        if step % 20 == 19 {
            let state = snapshot::read(&redis, &tenant).await.expect("the floor can be read");
            assert_eq!(state, model, "{place}");
            assert_eq!(invariants::check(&state), Vec::<String>::new(), "{place}");
        }
    }
}

fn order(envelope: &Envelope, command: &Command) -> Order {
    Order { command: command.clone(), seed: envelope.seed.clone(), trace: None }
}

async fn play_all(seeds: Range<u64>) {
    let server = switchboard_embedded::testing::fresh_redis().await.expect("Redis starts");
    for seed in seeds {
        play(&server.url(), seed).await;
    }
}

#[tokio::test]
async fn redis_and_the_model_agree_on_random_walks() {
    play_all(0..WALKS).await;
}

#[tokio::test]
async fn redis_and_the_model_agree_on_other_random_walks() {
    play_all(WALKS..2 * WALKS).await;
}
