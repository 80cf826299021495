//! A caller who gives up leaves exactly one ticket, however often it is reported.

use std::time::Duration;

use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_gives_up_leaves_one_ticket() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let script = CallScript::new("call-1", "+8613800000011", MANDARIN)
        .press("2")
        .press("10*25#")
        .give_up_after(Duration::from_millis(50));
    let mut call = gateway.call(script);
    let ended = call.until(|event| matches!(event, CallEvent::Ended { .. }));
    answered("the end of the call", ended).await;

    // A gateway that comes back says everything again that it is not sure of.
    let welcomes = gateway.session().welcomes;
    gateway.lose_stream();
    answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    answered("recording", async { gateway.all_recorded().await.ok() }).await;

    let record = center.concluded("call-1").await;
    assert_eq!(record.outcome, "abandoned");
    assert_eq!(record.queue_id, "booking");
    let tickets = center.tickets("call-1").await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    assert_eq!(tickets[0].rule, "call-back-abandoned");
    assert_eq!(tickets[0].customer_id, "customer-11");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_leaves_the_menu_leaves_no_ticket() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut call = gateway.call(CallScript::new("call-1", "+8613800000011", MANDARIN).press("2"));
    let pressed = call.until(|event| matches!(event, CallEvent::Pressed { .. }));
    answered("the first answer", pressed).await;

    call.hang_up();

    assert_eq!(center.concluded("call-1").await.outcome, "left_menu");
    assert_eq!(center.tickets("call-1").await, []);
    center.close().await;
}
