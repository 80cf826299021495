//! Losing the stream is not a hang-up: the gateway comes back and its calls go on.

use std::time::Duration;

use switchboard_api::call::v1::run_calls_request::Message;
use switchboard_api::call::v1::run_calls_response::Message as Said;
use switchboard_api::call::v1::{Hello, RunCallsRequest};
use switchboard_client::desk::{DeskEvent, Diligent};
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_caller_is_still_there_after_the_stream_was_lost() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let script = CallScript::new("call-1", "+8613800000002", MANDARIN)
        .press("2")
        .press("10*25#")
        .talk_for(Duration::from_millis(50));
    let mut call = gateway.call(script);
    answered("a place", call.until(|event| matches!(event, CallEvent::Waits { .. }))).await;

    let welcomes = gateway.session().welcomes;
    gateway.lose_stream();
    answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    let _desk = center.desk("zhang-min", Diligent).await;

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    let record = center.concluded("call-1").await;
    assert_eq!(record.outcome, "answered");
    assert_eq!(center.tickets("call-1").await.len(), 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_in_the_menu_goes_on_where_they_were() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let script = CallScript::new("call-1", "+8613800000002", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);
    answered("prompts", call.until(|event| matches!(event, CallEvent::Heard { .. }))).await;

    for _ in 0..3 {
        let welcomes = gateway.session().welcomes;
        gateway.lose_stream();
        answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    }

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    call.hang_up();
    assert_eq!(center.concluded("call-1").await.queue_id, "booking");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_lost_its_stream_still_gets_its_caller() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Diligent).await;

    desk.lose_stream();
    let back = desk.until(|event| matches!(event, DeskEvent::SignedIn { .. }));
    answered("the first welcome", back).await;
    let script = CallScript::new("call-1", "", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_says_no_more_sees_its_stream_end() {
    let center = Center::open().await;
    let hello = Hello { boot_id: "boot-1".to_owned(), ..Hello::default() };
    let hello = RunCallsRequest { message: Some(Message::Hello(hello)) };

    let requests = tokio_stream::once(hello);
    let mut stream = center.raw_gateway().calls().run_calls(requests).await.unwrap().into_inner();

    let welcome = answered("a welcome", async { stream.message().await.ok().flatten() }).await;
    assert!(matches!(welcome.message, Some(Said::Welcome(_))));
    let end =
        answered("the end", async { Some(stream.message().await.is_ok_and(|m| m.is_none())) });
    assert!(end.await, "the stream must end well");
    center.close().await;
}
