//! Ticket orders held on a real server.

use std::time::Duration;

use switchboard_domain::ids::{TenantId, TicketKindId};
use switchboard_domain::ticket::{NewTicket, TicketPriority};
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::fresh_redis;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{TicketInbox, TicketOrder};
use switchboard_store_redis::{RedisTicketInbox, Settings};

#[tokio::test]
async fn the_first_order_of_a_request_is_the_one_held() {
    let server = fresh_redis().await.expect("Redis starts");
    let inbox = connect(server.url());

    let first = inbox.hold(&tenant("demo"), &order("t-1", "r-1", 1)).await.expect("held");
    let again = inbox.hold(&tenant("demo"), &order("t-2", "r-1", 2)).await.expect("held");

    assert_eq!(first, order("t-1", "r-1", 1));
    assert_eq!(again, first);
    assert_eq!(inbox.waiting(&tenant("demo")).await.expect("the orders"), [first]);
}

#[tokio::test]
async fn orders_wait_the_oldest_first_until_they_are_released() {
    let server = fresh_redis().await.expect("Redis starts");
    let inbox = connect(server.url());
    for (id, request_id, at) in [("t-2", "r-2", 2), ("t-1", "r-1", 1), ("t-3", "r-3", 3)] {
        inbox.hold(&tenant("demo"), &order(id, request_id, at)).await.expect("held");
    }

    inbox.release(&tenant("demo"), "r-2").await.expect("released");

    let waiting = inbox.waiting(&tenant("demo")).await.expect("the orders");
    assert_eq!(waiting, [order("t-1", "r-1", 1), order("t-3", "r-3", 3)]);
}

#[tokio::test]
async fn however_many_wait_they_are_read_a_few_at_a_time_and_all_in_the_end() {
    let server = fresh_redis().await.expect("Redis starts");
    let inbox = connect(server.url());
    // The later they were given, the sooner they are held.
    for at in (0..250).rev() {
        let name = format!("r-{at}");
        inbox.hold(&tenant("demo"), &order(&name, &name, at)).await.expect("held");
    }

    let (mut sizes, mut read) = (Vec::new(), Vec::new());
    loop {
        let waiting = inbox.waiting(&tenant("demo")).await.expect("the orders");
        if waiting.is_empty() {
            break;
        }
        sizes.push(waiting.len());
        for order in waiting {
            inbox.release(&tenant("demo"), &order.request_id).await.expect("released");
            read.push(order.at.as_millis());
        }
    }

    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(read, (0..250).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_tenant_does_not_see_the_orders_of_another() {
    let server = fresh_redis().await.expect("Redis starts");
    let inbox = connect(server.url());
    inbox.hold(&tenant("demo"), &order("t-1", "r-1", 1)).await.expect("held");

    assert!(inbox.waiting(&tenant("other")).await.expect("no orders").is_empty());
}

#[tokio::test]
async fn an_absent_server_is_unavailable_and_welcome_back() {
    let mut server = fresh_redis().await.expect("Redis starts");
    let inbox = connect(server.url());
    inbox.hold(&tenant("demo"), &order("t-1", "r-1", 1)).await.expect("held");
    server.kill();

    let refused = inbox.hold(&tenant("demo"), &order("t-2", "r-2", 2)).await;
    server.restart().await.expect("Redis starts again");

    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    inbox.hold(&tenant("demo"), &order("t-2", "r-2", 2)).await.expect("held");
}

fn connect(url: String) -> RedisTicketInbox {
    let settings = Settings { url, timeout: Duration::from_millis(500) };
    RedisTicketInbox::new(&settings).expect("the URL is valid")
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("a word is an id")
}

fn order(id: &str, request_id: &str, at: i64) -> TicketOrder {
    TicketOrder {
        id: id.parse().expect("an id"),
        request_id: request_id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: Timestamp::from_millis(at),
        joins_since: None,
        ticket: NewTicket {
            body: "train was late".to_owned(),
            priority: TicketPriority::High,
            ..NewTicket::about(TicketKindId::REQUEST, "refund")
        },
    }
}
