//! A queue that is full, or waited in for too long, sends callers on.

use switchboard_api::call::v1::DivertKind;
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_tests::{Center, MANDARIN, answered};

fn booking(gateway: &Gateway, id: &str) -> Call {
    let script = CallScript::new(id, "", MANDARIN).press("2").press("10*25#");
    gateway.call(script)
}

async fn diverted(call: &mut Call) -> DivertKind {
    let sent_on = call.until(|event| matches!(event, CallEvent::Diverted { .. }));
    if let CallEvent::Diverted { kind, .. } = answered("the diversion", sent_on).await {
        return kind;
    }
    unreachable!("it was asked for a diversion")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_caller_more_than_the_queue_holds_is_sent_to_voicemail() {
    let center = Center::builder()
        .with("queues.yaml", "max_wait: 15m\n  max_waiting: 200", "max_wait: 15m\n  max_waiting: 1")
        .open()
        .await;
    let gateway = center.gateway().await;
    let mut waiting = booking(&gateway, "call-1");
    let queued = waiting.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("the first caller's place", queued).await;

    let mut too_many = booking(&gateway, "call-2");

    assert_eq!(diverted(&mut too_many).await, DivertKind::Voicemail);
    let record = center.concluded("call-2").await;
    assert_eq!(record.outcome, "overflowed");
    let tickets = center.tickets("call-2").await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    assert_eq!(tickets[0].rule, "call-back-overflowed");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_waited_too_long_is_sent_to_voicemail() {
    let center = Center::builder()
        .with("queues.yaml", "max_wait: 15m\n  max_waiting: 200", "max_wait: 1s")
        .open()
        .await;
    let gateway = center.gateway().await;

    let mut call = booking(&gateway, "call-1");

    assert_eq!(diverted(&mut call).await, DivertKind::Voicemail);
    assert_eq!(center.concluded("call-1").await.outcome, "overflowed");
    center.close().await;
}
