//! Callers in queues that nobody works for any more, or that close.

use switchboard_api::agent::v1::DeskSignOut;
use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::queue::v1::GetPositionRequest;
use switchboard_domain::floor::GATEWAY_GRACE;

use crate::support::Center;

/// 2027-03-28, ten seconds before the clocks of Berlin go from two to three.
const BEFORE_SUMMER_TIME: i64 = 1_806_195_590_000;

async fn waits(center: &Center, call: &str) -> bool {
    let request = GetPositionRequest { contact_id: call.to_owned() };
    center.queues().get_position(request).await.is_ok()
}

/// Who works is not judged before desktops had the time to come back.
async fn pass_grace(center: &Center) {
    let seconds = u32::try_from(GATEWAY_GRACE.as_secs()).unwrap();
    center.pass(seconds).await;
}

#[tokio::test]
async fn callers_leave_when_their_last_agent_does_and_wrap_up_counts_as_work() {
    let center = Center::open().await;
    let skills = "  skills: {refund: 1}\n";
    center.change("queues.yaml", skills, &format!("{skills}  leave_when_empty: 10s\n")).await;
    let gateway = center.gateway().await;
    pass_grace(&center).await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    let first = center.call(&gateway, "call-1", "refund").await;
    let offer = desktop.accept().await;
    center.bridge(&gateway, &first, &offer.offer_id).await;
    center.call(&gateway, "call-2", "refund").await;
    center.hang_up(&gateway, &first).await;

    center.pass(15).await;
    assert_eq!(center.state_of("wang-fang").await, "wrap_up");
    assert!(waits(&center, "call-2").await, "somebody works, though not at once");
    desktop.must(Action::SignOut(DeskSignOut {})).await;
    center.pass(9).await;
    assert!(waits(&center, "call-2").await, "the queue is patient");
    center.pass(1).await;

    assert!(!waits(&center, "call-2").await);
}

#[tokio::test]
async fn callers_leave_only_when_nobody_works_who_could_serve_them() {
    let center = Center::open().await;
    let skills = "  skills: {refund: 1}\n";
    center.change("queues.yaml", skills, &format!("{skills}  join_when_empty: false\n")).await;
    let gateway = center.gateway().await;
    pass_grace(&center).await;

    // Somebody works, but for other queues.
    let (_desktop, _) = center.desktop("zhang-min").await;
    center.call(&gateway, "call-1", "refund").await;
    center.call(&gateway, "call-2", "booking").await;

    assert!(!waits(&center, "call-1").await);
    assert_eq!(center.state_of("zhang-min").await, "offered");
}

#[tokio::test]
async fn a_queue_closes_by_the_clock_on_the_wall_also_when_it_jumps() {
    let center = Center::open_at(BEFORE_SUMMER_TIME).await;
    center.change("center.yaml", "Asia/Shanghai", "Europe/Berlin").await;
    center.change("calendars.yaml", "mon-sun: 00:00-24:00", "mon-sun: 00:00-02:30").await;
    let gateway = center.gateway().await;
    center.call(&gateway, "call-1", "timetable").await;

    center.pass(9).await;
    assert!(waits(&center, "call-1").await, "it is one second to two");
    center.pass(1).await;

    assert!(!waits(&center, "call-1").await, "it is three, and half past two never was");
}
