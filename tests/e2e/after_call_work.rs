//! After a talk an agent has time for it: it ends by itself, and nothing rings before.

use switchboard_api::agent::v1::WorkState;
use switchboard_client::desk::{Desk, Diligent};
use switchboard_tests::stories::{Slow, booking, bridged, connected, timetable, waiting};
use switchboard_tests::{Center, answered, eventually};

async fn is_now(desk: &Desk, state: WorkState) {
    answered("another state", async { desk.reaches(state).await.ok() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrap_up_keeps_every_queue_away_and_ends_at_its_time() {
    let center = Center::builder()
        .with("queues.yaml", "wrap_up: {time: 30s, extension: 30s}", "wrap_up: 1s")
        .open()
        .await;
    let gateway = center.gateway().await;
    let desk = center.desk("zhang-min", Slow).await;
    let mut first = gateway.call(booking("call-1"));
    bridged(&mut first).await;
    let (mut other, _) = waiting(&gateway, timetable("call-2")).await;

    first.hang_up();
    is_now(&desk, WorkState::WrapUp).await;

    // Nobody does anything: the deadline alone brings the next caller.
    assert_eq!(bridged(&mut other).await, "zhang-min");
    let noted = eventually(async || {
        center.recorded("call-1").await.filter(|record| !record.disposition.is_empty())
    });
    assert_eq!(noted.await.disposition, "done", "what the queue takes for granted");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrap_up_begins_as_the_agent_hands_the_caller_over() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Slow).await;
    let _call = gateway.call(booking("call-1"));
    connected(&mut desk).await;

    desk.transfer("call-1", "refund");

    is_now(&desk, WorkState::WrapUp).await;
    assert_eq!(center.position("call-1").await, 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_break_asked_for_during_a_talk_begins_after_wrap_up() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let desk = center.desk("zhang-min", Diligent).await;
    let mut call = gateway.call(booking("call-1"));
    bridged(&mut call).await;
    is_now(&desk, WorkState::Busy).await;
    let (_waits, _) = waiting(&gateway, booking("call-2")).await;

    desk.not_ready("lunch");
    call.hang_up();

    is_now(&desk, WorkState::NotReady).await;
    assert_eq!(center.concluded("call-1").await.outcome, "answered");
    assert_eq!(center.position("call-2").await, 1);
    center.close().await;
}
