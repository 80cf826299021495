//! PARITY: random commands on the model and on Redis; replies, events and the whole state agree.

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

/// How many walks, and how long each is; `SWITCHBOARD_PARITY_WALKS` asks for more.
const WALKS: u64 = 40;
const STEPS: u32 = 500;

/// Plays one walk on both and compares them after every step.
async fn play(url: &str, seed: u64) {
    let wall = Arc::new(AtomicI64::new(0));
    let settings = Settings { url: url.to_owned(), timeout: Duration::from_secs(5) };
    let redis = RedisFloor::with_wall(&settings, Arc::clone(&wall)).expect("the URL is valid");
    let tenant = TenantId::parse(format!("walk-{seed}")).expect("a word and a number are an id");
    let mut model = Floor::new();
    let mut walk = Walk::new(seed);
    for step in 0..STEPS {
        let (envelope, command) = walk.next(&model);
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
            (expected, actual) => panic!("{place}: {expected:?} but {actual:?}"),
        }
        if step % 10 == 9 {
            let state = snapshot::read(&redis, &tenant).await.expect("the floor can be read");
            assert_eq!(state, model, "{place}");
            assert_eq!(invariants::check(&state), Vec::<String>::new(), "{place}");
        }
    }
}

fn order(envelope: &Envelope, command: &Command) -> Order {
    Order { command: command.clone(), seed: envelope.seed.clone(), trace: None }
}

#[tokio::test]
async fn redis_and_the_model_agree_on_random_walks() {
    let server = switchboard_embedded::testing::fresh_redis().await.expect("Redis starts");
    let asked = std::env::var("SWITCHBOARD_PARITY_WALKS").ok();
    let walks = asked.and_then(|walks| walks.parse().ok()).unwrap_or(WALKS);

    for seed in 0..walks {
        play(&server.url(), seed).await;
    }
}
