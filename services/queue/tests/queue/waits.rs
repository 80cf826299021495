//! Where callers stand, and what is said of how long it will take.

use switchboard_api::agent::v1::DeskFinishWrapUp;
use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::queue::v1::{EstimateWaitRequest, GetPositionRequest, Position};
use switchboard_embedded::testing::comes_true;
use tonic::Code;

use crate::support::Center;

async fn position(center: &Center, call: &str) -> Result<Position, tonic::Status> {
    let request = GetPositionRequest { contact_id: call.to_owned() };
    let answer = center.queues().get_position(request).await?.into_inner();
    Ok(answer.position.unwrap())
}

async fn unknown_because(center: &Center, queue: &str) -> String {
    let request = EstimateWaitRequest { queue_id: queue.to_owned() };
    center.queues().estimate_wait(request).await.unwrap().into_inner().unknown_because
}

#[tokio::test]
async fn a_waiting_caller_has_a_place_and_nobody_knows_how_long_it_takes() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.call(&gateway, "call-1", "refund").await;
    center.call(&gateway, "call-2", "refund").await;
    center.pass(3).await;

    let second = position(&center, "call-2").await.unwrap();

    assert_eq!((second.queue_id.as_str(), second.position, second.waiting), ("refund", 2, 2));
    assert_eq!(second.waited.unwrap().seconds, 3);
    assert_eq!((second.wait, second.unknown_because.as_str()), (None, "no_agents"));
}

#[tokio::test]
async fn who_does_not_wait_has_no_place() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    center.call(&gateway, "call-1", "refund").await;
    desktop.accept().await;

    let talking = position(&center, "call-1").await.unwrap_err();
    let nobody = position(&center, "call-9").await.unwrap_err();

    assert_eq!(talking.code(), Code::FailedPrecondition);
    assert_eq!(nobody.code(), Code::NotFound);
}

#[tokio::test]
async fn a_wait_is_known_once_enough_callers_were_served() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    // Measuring starts with the first question.
    assert_eq!(unknown_because(&center, "refund").await, "no_agents");
    let (mut desktop, _) = center.desktop("wang-fang").await;
    comes_true(async || unknown_because(&center, "refund").await == "no_history").await;

    for number in 0..6 {
        let call = format!("call-{number}");
        let contact = center.call(&gateway, &call, "refund").await;
        let offer = desktop.accept().await;
        center.bridge(&gateway, &contact, &offer.offer_id).await;
        center.pass(30).await;
        center.hang_up(&gateway, &contact).await;
        let disposition = "done".to_owned();
        let finish = DeskFinishWrapUp { contact_id: call, disposition, notes: String::new() };
        desktop.must(Action::FinishWrapUp(finish)).await;
    }

    let known = async || {
        let request = EstimateWaitRequest { queue_id: "refund".to_owned() };
        center.queues().estimate_wait(request).await.unwrap().into_inner().wait
    };
    comes_true(async || known().await.is_some_and(|wait| wait.sample_size >= 5)).await;
    let wait = known().await.unwrap();
    let seconds = |span: Option<prost_types::Duration>| span.unwrap().seconds;
    assert!(seconds(wait.low) <= seconds(wait.estimate), "{wait:?}");
    assert!(seconds(wait.estimate) <= seconds(wait.high), "{wait:?}");
}
