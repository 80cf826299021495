//! Who is with a ticket, on a real server.

use std::time::Duration;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::fresh_redis;
use switchboard_store::conformance;
use switchboard_store::ticket_presence::{Doing, TicketPresence};
use switchboard_store_redis::{RedisTicketPresence, Settings};

fn connect(url: String) -> RedisTicketPresence {
    let settings = Settings { url, timeout: Duration::from_secs(5) };
    RedisTicketPresence::new(&settings).expect("a good address")
}

#[tokio::test]
async fn the_presence_in_redis_does_what_every_store_of_it_must() {
    let server = fresh_redis().await.expect("Redis starts");

    conformance::ticket_presence::check(&connect(server.url())).await;
}

#[tokio::test]
async fn what_nobody_touches_goes_from_the_server_by_itself() {
    let server = fresh_redis().await.expect("Redis starts");
    let (tenant, ticket) = (TenantId::parse("demo").unwrap(), TicketId::parse("t-1").unwrap());
    let store = connect(server.url());

    store.touch(&tenant, &ticket, ("li", Some(Doing::Viewing)), Timestamp::ZERO).await.unwrap();

    let client = redis::Client::open(server.url()).expect("a good address");
    let mut connection = client.get_multiplexed_async_connection().await.expect("a connection");
    let keys: Vec<String> =
        redis::cmd("KEYS").arg("*").query_async(&mut connection).await.expect("the keys");
    let left: i64 =
        redis::cmd("PTTL").arg(&keys).query_async(&mut connection).await.expect("a span");
    assert_eq!(keys, ["{demo}:ticket_presence:t-1"]);
    assert!((1..=60_000).contains(&left), "{left}");
}
