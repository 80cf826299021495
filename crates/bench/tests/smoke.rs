//! The benchmark's own steps work, on floors too small to measure anything.

use switchboard_bench::bare::Bare;
use switchboard_bench::cycle;
use switchboard_bench::fixture::{Site, Size};
use switchboard_embedded::testing::fresh_redis;

const CLIENTS: u32 = 2;

#[tokio::test]
async fn arriving_contacts_ring_idle_agents() {
    let server = fresh_redis().await.expect("Redis starts");
    let size = Size::idle(2, 3, 4);
    let floor = Site::fill(&server.url(), "smoke", size).await.expect("a floor");
    let bare = Bare::fill(&server.url(), "bare", size).await.expect("lists");

    bare.assign(6, CLIENTS).await.expect("the limit is measured");
    let prepared = cycle::prepare(&floor, 6, CLIENTS).await.expect("contacts in the menu");
    let cycles = prepared.assign().await.expect("assignments");

    assert!(cycles.commands.iter().all(|latency| latency.count() == 6));
}

#[tokio::test]
async fn free_agents_take_waiting_contacts() {
    let server = fresh_redis().await.expect("Redis starts");
    let size = Size::backlog(2, 8, CLIENTS);
    let floor = Site::fill(&server.url(), "smoke", size).await.expect("a floor");
    let bare = Bare::fill(&server.url(), "bare", size).await.expect("lists");

    bare.assign(6, CLIENTS).await.expect("the limit is measured");
    let prepared = cycle::prepare(&floor, 6, CLIENTS).await.expect("contacts in the menu");
    let cycles = prepared.assign().await.expect("assignments");

    assert!(cycles.commands.iter().all(|latency| latency.count() == 6));
}
