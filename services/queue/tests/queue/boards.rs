//! What supervisors see of the queues.

use std::time::Duration;
use switchboard_embedded::testing::comes_true;

use switchboard_api::queue::v1::{GetQueueRequest, ListQueuesRequest};
use switchboard_api::supervisor::v1::watch_queues_response::Update;
use switchboard_api::supervisor::v1::{QueueStatus, WatchQueuesRequest, WatchQueuesResponse};
use tokio::time::timeout;
use tonic::{Code, Streaming};

use crate::support::Center;

#[tokio::test]
async fn a_watch_begins_with_everything_and_goes_on_with_changes() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut updates = watch(&center, &[]).await;
    let Update::Snapshot(snapshot) = next(&mut updates).await else { panic!("no snapshot") };
    let ids: Vec<&str> = snapshot.queues.iter().map(|queue| queue.queue_id.as_str()).collect();
    assert_eq!(ids, ["booking", "rebooking", "refund", "timetable"]);

    center.call(&gateway, "call-1", "refund").await;
    let waiting = change(&mut updates, |queue| queue.waiting == 1).await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    change(&mut updates, |queue| queue.queue_id == "refund" && queue.offered == 1).await;
    desktop.accept().await;
    let connected = change(&mut updates, |queue| queue.connected == 1).await;

    assert_eq!((waiting.queue_id.as_str(), waiting.agents_ready), ("refund", 0));
    assert!(waiting.oldest_wait.is_some());
    assert_eq!((connected.waiting, connected.agents_busy), (0, 1));
}

#[tokio::test]
async fn a_watch_may_be_for_some_queues() {
    let center = Center::open().await;

    let mut updates = watch(&center, &["refund"]).await;
    let Update::Snapshot(snapshot) = next(&mut updates).await else { panic!("no snapshot") };
    let queue_ids = vec!["nowhere".to_owned()];
    let refused = center.supervisor().watch_queues(WatchQueuesRequest { queue_ids }).await;

    assert_eq!(snapshot.queues.len(), 1);
    assert_eq!(refused.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn what_happened_before_the_first_watch_counts() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    center.call(&gateway, "call-1", "refund").await;
    desktop.accept().await;

    let mut updates = watch(&center, &["refund"]).await;

    let Update::Snapshot(snapshot) = next(&mut updates).await else { panic!("no snapshot") };
    let refund = &snapshot.queues[0];
    assert_eq!((refund.connected, refund.agents_busy, refund.waiting), (1, 1, 0));
}

#[tokio::test]
async fn queues_are_read_with_their_live_counts() {
    let center = Center::open().await;
    center.call(&center.gateway().await, "call-1", "booking").await;
    let mut client = center.queues();

    let listed = client.list_queues(ListQueuesRequest::default()).await.unwrap().into_inner();
    let unknown = client.get_queue(GetQueueRequest { queue_id: "nowhere".to_owned() }).await;

    let booking = &listed.queues[0];
    assert_eq!((booking.queue_id.as_str(), booking.display_name.as_str()), ("booking", "订票"));
    assert_eq!((booking.max_waiting, booking.required_skills[0].minimum_level), (200, 1));
    assert_eq!(booking.live.as_ref().unwrap().waiting, 1);
    assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
    let (_desktop, _) = center.desktop("wang-fang").await;
    comes_true(async || {
        let request = GetQueueRequest { queue_id: "refund".to_owned() };
        let queue = center.queues().get_queue(request).await.unwrap().into_inner().queue;
        queue.unwrap().live.unwrap().agents_ready == 1
    })
    .await;
}

async fn watch(center: &Center, queues: &[&str]) -> Streaming<WatchQueuesResponse> {
    let queue_ids = queues.iter().map(|id| (*id).to_owned()).collect();
    let watching = center.supervisor().watch_queues(WatchQueuesRequest { queue_ids }).await;
    watching.unwrap().into_inner()
}

async fn next(updates: &mut Streaming<WatchQueuesResponse>) -> Update {
    let message = timeout(Duration::from_secs(10), updates.message()).await.unwrap();
    message.unwrap().unwrap().update.unwrap()
}

async fn change(
    updates: &mut Streaming<WatchQueuesResponse>,
    fits: impl Fn(&QueueStatus) -> bool,
) -> QueueStatus {
    loop {
        if let Update::Delta(delta) = next(updates).await
            && let Some(queue) = delta.queue.filter(&fits)
        {
            return queue;
        }
    }
}
