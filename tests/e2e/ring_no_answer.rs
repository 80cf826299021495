//! An agent who does not answer, or declines, loses the caller to the next one.

use std::time::Duration;

use switchboard_api::agent::v1::{OfferOutcome, WorkState};
use switchboard_client::desk::{Away, Choosy, DeskEvent, Diligent};
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

fn booking(id: &str) -> CallScript {
    let talk = Duration::from_millis(20);
    CallScript::new(id, "+8613800000005", MANDARIN).press("2").press("10*25#").talk_for(talk)
}

async fn quick_ringing() -> Center {
    Center::builder().with("queues.yaml", "ring_timeout: 15s", "ring_timeout: 1s").open().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_caller_keeps_their_place_and_gets_the_next_agent() {
    let center = quick_ringing().await;
    let gateway = center.gateway().await;
    let mut away = center.desk("zhang-min", Away).await;
    let _next = center.desk("li-wei", Diligent).await;

    let mut call = gateway.call(booking("call-1"));

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    let bridged = answered("the bridge", bridged).await;
    assert!(matches!(bridged, CallEvent::Bridged { agent, .. } if agent == "li-wei"));
    let closed = away.until(|event| matches!(event, DeskEvent::OfferClosed { .. }));
    let closed = answered("the end of the offer", closed).await;
    let expired = OfferOutcome::Expired;
    assert!(matches!(closed, DeskEvent::OfferClosed { outcome, .. } if outcome == expired));
    answered("a pause", async { away.reaches(WorkState::NotReady).await.ok() }).await;
    let record = center.concluded("call-1").await;
    assert_eq!((record.offers, record.agent_id.as_str()), (2, "li-wei"));
    assert_eq!(center.tickets("call-1").await.len(), 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_caller_gets_the_next_agent() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut choosy = center.desk("zhang-min", Choosy).await;
    let _next = center.desk("li-wei", Diligent).await;

    let mut call = gateway.call(booking("call-1"));

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    let bridged = answered("the bridge", bridged).await;
    assert!(matches!(bridged, CallEvent::Bridged { agent, .. } if agent == "li-wei"));
    let closed = choosy.until(|event| matches!(event, DeskEvent::OfferClosed { .. }));
    let closed = answered("the end of the offer", closed).await;
    let declined = OfferOutcome::Declined;
    assert!(matches!(closed, DeskEvent::OfferClosed { outcome, .. } if outcome == declined));
    center.close().await;
}
