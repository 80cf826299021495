//! A queue that is full, closed, or waited in for too long, sends callers on.

use switchboard_api::call::v1::DivertKind;
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_tests::stories::{booking as booked, some_day, timetable, waiting};
use switchboard_tests::{Center, answered};

/// What the booking queue of the demo says of waiting.
const WAITS: &str = "max_wait: 15m\n  max_waiting: 200";
/// A flow that asks one question, and knows two queues.
const NIGHT: &str = "
title: At night
start: ask
human: {key: \"0\", node: to-person}
nodes:
  ask:
    type: menu
    prompts: no-input-last
    options: {\"1\": to-timetable}
  to-timetable: {type: queue, queue: timetable}
  to-person: {type: queue, queue: refund}
";

fn booking(gateway: &Gateway, id: &str) -> Call {
    gateway.call(booked(id))
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
        .with("queues.yaml", WAITS, "max_wait: 15m\n  max_waiting: 1")
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
    let center = Center::builder().with("queues.yaml", WAITS, "max_wait: 1s").open().await;
    let gateway = center.gateway().await;

    let mut call = booking(&gateway, "call-1");

    assert_eq!(diverted(&mut call).await, DivertKind::Voicemail);
    assert_eq!(center.concluded("call-1").await.outcome, "overflowed");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_whom_a_full_queue_sends_to_a_flow_is_asked_by_it() {
    let center = Center::builder()
        .with_file("flows/night.yaml", NIGHT)
        .with("queues.yaml", WAITS, "max_waiting: 1")
        .with("queues.yaml", "overflow: voicemail", "overflow: {flow: night}")
        .open()
        .await;
    let gateway = center.gateway().await;
    let (_first, _) = waiting(&gateway, booked("call-1")).await;

    let mut second = gateway.call(booked("call-2").press("1"));

    let waits = second.until(|event| matches!(event, CallEvent::Waits { .. }));
    let waits = answered("a place elsewhere", waits).await;
    assert!(matches!(waits, CallEvent::Waits { queue, .. } if queue == "timetable"));
    second.hang_up();
    let record = center.concluded("call-2").await;
    let asked = record.events.iter().find(|event| event.r#type == "contact_requeued").unwrap();
    assert_eq!((asked.fields["flow"].as_str(), asked.fields["cause"].as_str()), ("night", "full"));
    assert_eq!((record.queue_id.as_str(), record.outcome.as_str()), ("timetable", "abandoned"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_whom_every_queue_sends_back_to_the_flow_is_let_go_at_last() {
    let center = Center::builder()
        .with("queues.yaml", WAITS, "max_waiting: 0")
        .with("queues.yaml", "overflow: voicemail", "overflow: {flow: hotline}")
        .open()
        .await;
    let gateway = center.gateway().await;
    let again = |script: CallScript| script.press("2").press("10*25#");

    let mut call = gateway.call(again(again(again(booked("call-1")))));

    answered("the end", call.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    let record = center.concluded("call-1").await;
    let count = |kind: &str| record.events.iter().filter(|event| event.r#type == kind).count();
    assert_eq!((count("contact_requeued"), record.outcome.as_str()), (3, "overflowed"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_sent_to_another_queue_keeps_the_wait_and_goes_before_those_who_came_later() {
    let center = Center::builder()
        .with("queues.yaml", WAITS, "max_wait: 1s")
        .with("queues.yaml", "overflow: voicemail", "overflow: {queue: timetable}")
        .open()
        .await;
    let gateway = center.gateway().await;
    let (mut first, _) = waiting(&gateway, booked("call-1")).await;
    let (_later, position) = waiting(&gateway, timetable("call-2")).await;

    let is_elsewhere =
        |event: &CallEvent| matches!(event, CallEvent::Waits { queue, .. } if queue == "timetable");
    let waits = answered("another queue", first.until(is_elsewhere)).await;

    assert!(matches!(waits, CallEvent::Waits { position: 1, .. }), "{waits:?}");
    assert_eq!((position, center.position("call-2").await), (1, 2));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_queue_turns_callers_away_by_its_own_action() {
    let skills = "  skills: {booking: 1}\n";
    let closed = format!("{skills}  hours: some-day\n  when_closed: busy\n");
    let first = "# The hotline never closes.\n";
    let center = Center::builder()
        .with("calendars.yaml", first, &format!("{}{first}", some_day()))
        .with("queues.yaml", skills, &closed)
        .open()
        .await;
    let gateway = center.gateway().await;

    let mut call = gateway.call(booked("call-1"));

    assert_eq!(diverted(&mut call).await, DivertKind::Busy);
    assert_eq!(center.concluded("call-1").await.outcome, "overflowed");
    center.close().await;
}
