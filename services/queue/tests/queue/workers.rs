//! The background work: deadlines fire without anybody asking, newer centers reach the floor.

use std::time::Duration;
use switchboard_embedded::testing::comes_true;

use switchboard_api::agent::v1::OfferOutcome;
use switchboard_api::agent::v1::desk_update::Update;

use crate::support::{Center, tenant};

#[tokio::test]
async fn an_offer_rings_out_by_itself() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    center.queue.start_workers();
    center.call(&center.gateway().await, "call-1", "booking").await;
    desktop.offer().await;

    for second in 1..=2 {
        let now = center.floors.floor().status(&tenant()).await.unwrap().now;
        center.tick();
        comes_true(async || {
            let status = center.floors.floor().status(&tenant()).await.unwrap();
            status.now.since(now) >= Duration::from_secs(1)
        })
        .await;
        assert!(second == 2 || center.state_of("li-wei").await == "offered");
    }

    let outcome = desktop.until(|update| match update {
        Update::OfferClosed(closed) => Some(closed.outcome()),
        _ => None,
    });
    assert_eq!(outcome.await, OfferOutcome::Expired);
}

#[tokio::test]
async fn a_newer_center_reaches_the_floor() {
    let center = Center::open().await;
    center.queue.start_workers();
    center.gateway().await;

    center.change("queues.yaml", "max_waiting: 200", "max_waiting: 2").await;

    comes_true(async || center.floors.floor().status(&tenant()).await.unwrap().plan_version == 2)
        .await;
}
