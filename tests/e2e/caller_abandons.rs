//! A caller who gives up leaves exactly one ticket, however often it is reported.

use std::time::Duration;

use switchboard_api::followup::v1::{FollowUpState, ListFollowUpsRequest};
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::stories::bridged;
use switchboard_tests::{Center, MANDARIN, answered, eventually};

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
async fn a_caller_whom_nobody_knows_gives_up_and_is_called_back_for_the_ticket() {
    let abandoned = "call-back-abandoned:\n  on: abandoned\n";
    let called = format!("{abandoned}  call_back: {{queue: booking}}\n");
    let rules = "  wrap_up: {time: 30s, extension: 30s}\n";
    let calls = format!("{rules}  callback: {{attempts: 1}}\n");
    let center = Center::builder()
        .with("tickets.yaml", abandoned, &called)
        .with("queues.yaml", rules, &calls)
        .open()
        .await;
    let gateway = center.gateway().await;
    let script = CallScript::new("call-1", "+8613912345678", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script.give_up_after(Duration::from_millis(50)));
    answered("the end", call.until(|event| matches!(event, CallEvent::Ended { .. }))).await;

    let ticket = eventually(async || center.tickets("call-1").await.pop()).await;
    let mut follow_ups = center.office().follow_ups();
    let of_ticket = ListFollowUpsRequest { ticket_id: ticket.ticket_id, ..Default::default() };
    let calling = eventually(async || {
        let listed = follow_ups.list_follow_ups(of_ticket.clone()).await.unwrap().into_inner();
        listed.follow_ups.into_iter().find(|owed| owed.state() == FollowUpState::Calling)
    })
    .await;
    let mut customer = gateway.expect(CallScript::new(&calling.contact_id, "", ""));
    let _desk = center.desk("zhang-min", Diligent).await;
    bridged(&mut customer).await;
    customer.hang_up();

    let record = center.concluded(&calling.contact_id).await;
    assert_eq!((record.outcome.as_str(), record.origin.as_str()), ("answered", "owed"));
    assert!(record.calling_number.ends_with("5678"), "{}", record.calling_number);
    eventually(async || {
        let listed = follow_ups.list_follow_ups(of_ticket.clone()).await.unwrap().into_inner();
        listed.follow_ups.into_iter().find(|owed| owed.state() == FollowUpState::Reached)
    })
    .await;
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
