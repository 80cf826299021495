//! Sessions of the IVR on a real server.

use std::time::Duration;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::fresh_redis;
use switchboard_store::conformance;
use switchboard_store::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept};
use switchboard_store_redis::{RedisIvrSessions, Settings};

#[tokio::test]
async fn the_sessions_in_redis_do_what_every_store_of_them_must() {
    let server = fresh_redis().await.expect("Redis starts");

    conformance::ivr_sessions::check(&connect(server.url())).await;
}

#[tokio::test]
async fn of_many_replicas_that_answer_the_same_input_one_wins() {
    let server = fresh_redis().await.expect("Redis starts");
    let replicas: Vec<_> = (0..8).map(|_| connect(server.url())).collect();
    let (tenant, id) = (TenantId::parse("demo").unwrap(), ContactId::parse("call-1").unwrap());
    let now = Timestamp::from_millis(1_800_000_000_000);
    let keeping = Keeping { now, idle: Duration::from_mins(10), limit: 10 };
    let first = IvrSession { seq: 0, body: b"start".to_vec() };
    replicas[0].begin(&tenant, &id, &first, keeping).await.expect("kept");

    for seq in 1..=10_u64 {
        let answers = replicas.iter().enumerate().map(async |(number, replica)| {
            let next = IvrSession { seq, body: vec![u8::try_from(number).expect("few")] };
            replica.advance(&tenant, &id, &next, keeping).await.expect("an answer")
        });
        let answers = futures::future::join_all(answers).await;

        let present = replicas[0].get(&tenant, &id, now).await.expect("an answer");
        let taken = Kept::Taken(present);
        assert_eq!(answers.iter().filter(|answer| **answer == Kept::New).count(), 1);
        assert!(answers.iter().all(|answer| *answer == Kept::New || *answer == taken), "{seq}");
    }
}

#[tokio::test]
async fn a_store_of_plain_commands_makes_no_server_load_scripts() {
    let server = fresh_redis().await.expect("Redis starts");
    let (tenant, id) = (TenantId::parse("demo").unwrap(), ContactId::parse("call-1").unwrap());

    let found = connect(server.url()).get(&tenant, &id, Timestamp::ZERO).await;

    assert_eq!(found.expect("an answer"), None);
    let client = redis::Client::open(server.url()).expect("a good address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let loaded: Vec<redis::Value> =
        redis::cmd("FUNCTION").arg("LIST").query_async(&mut connection).await.expect("a list");
    assert_eq!(loaded, []);
}

fn connect(url: String) -> RedisIvrSessions {
    let settings = Settings { url, timeout: Duration::from_secs(5) };
    RedisIvrSessions::new(&settings).expect("a good address")
}
