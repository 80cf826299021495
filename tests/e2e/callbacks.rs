//! A caller does not want to hold the line: the callback keeps the place, and is made in its turn.

use std::time::Duration;

use switchboard_api::agent::v1::WorkState;
use switchboard_api::call::v1::gateway_command::Command;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{Bridged, HangupCause, Side};
use switchboard_api::queue::v1::{
    CancelCallbackRequest, ListCallbacksRequest, Obstacle, ObstacleKind, RequestCallbackRequest,
};
use switchboard_client::desk::{DeskEvent, Diligent};
use switchboard_client::gateway::{BridgeOutcome, Call, CallEvent, CallScript, Gateway};
use switchboard_domain::caller::Role;
use switchboard_tests::stories::{bridged, rung, some_day};
use switchboard_tests::{Center, MANDARIN, answered};
use tonic::Code;

use crate::unary_gateway::Webhooks;

const NUMBER: &str = "13800000002";

async fn center() -> Center {
    center_with("attempts: 1, retry_after: 10s").await
}

/// A center whose booking queue calls back by some rules; the calendar `some-day` is closed.
async fn center_with(callback: &str) -> Center {
    let rules = "  wrap_up: {time: 30s, extension: 30s}\n";
    let more = format!("{rules}  callback: {{{callback}}}\n");
    let first = "# The hotline never closes.\n";
    Center::builder()
        .with("calendars.yaml", first, &format!("{}{first}", some_day()))
        .with("queues.yaml", rules, &more)
        .open()
        .await
}

async fn waiting(gateway: &Gateway, id: &str) -> Call {
    let mut call = gateway.call(CallScript::new(id, NUMBER, MANDARIN).press("2").press("10*25#"));
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("a place", waits).await;
    call
}

/// Gives what keeps a callback from every agent.
async fn kept_by(center: &Center, callback: &str) -> Vec<ObstacleKind> {
    let told = center.explained(callback).await;
    told.obstacles.iter().map(Obstacle::kind).collect()
}

fn dial_of(command: Command) -> Option<String> {
    if let Command::Dial(dial) = command { Some(dial.offer_id) } else { None }
}

fn agent_of_bridge(command: Command) -> Option<String> {
    if let Command::Bridge(bridge) = command { Some(bridge.agent_id) } else { None }
}

fn callback_for(call: &str) -> RequestCallbackRequest {
    RequestCallbackRequest { contact_id: call.to_owned(), ..RequestCallbackRequest::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_keeps_the_place_and_is_made_when_its_turn_comes() {
    let center = center().await;
    let gateway = center.gateway().await;
    let mut call = waiting(&gateway, "call-1").await;
    let mut queues = center.connect(Role::Gateway, "gateway-1").queues();

    let promised = queues.request_callback(callback_for("call-1")).await.unwrap().into_inner();
    let again = queues.request_callback(callback_for("call-1")).await.unwrap().into_inner();
    answered("the goodbye", call.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    let script = CallScript::new("call-1.callback", "", "").talk_for(Duration::from_millis(50));
    let mut customer = gateway.expect(script);
    let _desk = center.desk("zhang-min", Diligent).await;

    let promised = promised.callback.unwrap();
    assert_eq!(promised.callback_id, "call-1.callback");
    assert_eq!((promised.state.as_str(), promised.position), ("queued", 1));
    assert_eq!(again.callback.unwrap().callback_id, promised.callback_id);
    let reached = customer.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the callback", reached).await;
    let record = center.concluded("call-1.callback").await;
    assert_eq!((record.outcome.as_str(), record.agent_id.as_str()), ("answered", "zhang-min"));
    let first = center.concluded("call-1").await;
    assert_eq!(
        (first.outcome.as_str(), first.end_reason.as_str()),
        ("callback_booked", "callback_booked")
    );
    assert_eq!(center.tickets("call-1").await, [], "nobody is left unanswered");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_was_called_back_is_handed_on_and_never_dialled_again() {
    let mut gateway = Webhooks::open(center().await).await;
    gateway.call_is_offered(NUMBER).await;
    gateway.press("2").await;
    gateway.press("10*25").await;
    gateway.until(|command| matches!(command, Command::QueueTreatment(_)).then_some(())).await;
    let mut queues = gateway.center.connect(Role::Gateway, "gateway-1").queues();
    queues.request_callback(callback_for("call-1")).await.expect("it is promised");
    let first = gateway.center.desk("zhang-min", Diligent).await;
    let (command_id, offer_id) = gateway.until(dial_of).await;
    let bridged = Bridged { command_id, offer_id };
    gateway.say_of("call-1.callback", Event::Bridged(bridged)).await;
    let _second = gateway.center.desk("wang-fang", Diligent).await;

    first.transfer_to_agent("call-1.callback", "wang-fang");

    let (_, agent) = gateway.until(agent_of_bridge).await;
    assert_eq!(agent, "wang-fang");
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_is_not_reached_is_called_as_often_as_the_queue_says() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.connect(Role::Gateway, "gateway-1").queues();
    queues.request_callback(callback_for("call-1")).await.unwrap();
    let mut script = CallScript::new("call-1.callback", "", "");
    let cause = HangupCause::NoAnswer;
    script.bridges = vec![BridgeOutcome::Fails { side: Side::Caller, cause }];
    let mut customer = gateway.expect(script);

    let mut desk = center.desk("zhang-min", Diligent).await;

    answered("an offer", desk.until(|event| matches!(event, DeskEvent::Offered(_)))).await;
    let missed = customer.until(|event| matches!(event, CallEvent::NotReached { .. }));
    assert_eq!(answered("a vain call", missed).await, CallEvent::NotReached { cause });
    let record = center.concluded("call-1.callback").await;
    assert_eq!(record.end_reason, "unreached");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_can_be_seen_and_taken_back_and_needs_a_queue_that_takes_some() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.office().queues();
    let asked = queues.request_callback(callback_for("call-1")).await.unwrap().into_inner();
    let list = async || {
        let listed = center.office().queues().list_callbacks(ListCallbacksRequest::default()).await;
        listed.unwrap().into_inner().callbacks
    };
    let open = list().await;
    let callback_id = open[0].callback_id.clone();
    let cancel = CancelCallbackRequest { callback_id };

    let cancelled = queues.cancel_callback(cancel.clone()).await.unwrap().into_inner();
    let repeated = queues.cancel_callback(cancel).await;

    assert_eq!((open.len(), open[0].queue_id.as_str()), (1, "booking"));
    let (one, listed) = (asked.callback.unwrap().number, open[0].number.as_str());
    assert_eq!((one.as_str(), listed), ("+8613800000002", "+*********0002"));
    assert_eq!(cancelled.callback.unwrap().state, "ended");
    assert!(repeated.is_ok(), "{repeated:?}");
    assert!(list().await.is_empty());
    let script = CallScript::new("call-2", NUMBER, MANDARIN).press("4");
    let mut other = gateway.call(script);
    answered("a place", other.until(|event| matches!(event, CallEvent::Waits { .. }))).await;
    let refused = queues.request_callback(callback_for("call-2")).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_is_called_back_no_sooner_than_they_asked_for() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.connect(Role::Gateway, "gateway-1").queues();
    let opens_in = prost_types::Duration { seconds: 3, nanos: 0 };
    let asked = RequestCallbackRequest { opens_in: Some(opens_in), ..callback_for("call-1") };

    let promised = queues.request_callback(asked).await.unwrap().into_inner().callback.unwrap();
    let mut customer = gateway.expect(CallScript::new("call-1.callback", "", ""));
    let mut desk = center.desk("zhang-min", Diligent).await;

    assert_eq!((promised.state.as_str(), promised.position), ("queued", 0));
    assert_eq!(kept_by(&center, "call-1.callback").await, [ObstacleKind::CallbackWindow]);
    // Who waits meanwhile is served: a callback to come holds up nobody.
    let other = gateway.call(CallScript::new("call-2", "", MANDARIN).press("1").press("10*25#"));
    assert_eq!(rung(&mut desk).await.contact.unwrap().contact_id, "call-2");
    other.hang_up();
    assert_eq!(bridged(&mut customer).await, "zhang-min");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_called_back_outside_the_hours_of_the_queue() {
    let center = center_with("attempts: 1, retry_after: 10s, hours: some-day, lifetime: 10d").await;
    let gateway = center.gateway().await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.connect(Role::Gateway, "gateway-1").queues();
    let promised = queues.request_callback(callback_for("call-1")).await.unwrap().into_inner();
    let promised = promised.callback.unwrap();

    let desk = center.desk("zhang-min", Diligent).await;

    assert_eq!(kept_by(&center, "call-1.callback").await, [ObstacleKind::CallbackWindow]);
    assert_eq!(desk.view().state, WorkState::Ready);
    let day = promised.opens_at.unwrap().seconds - promised.waiting_since.unwrap().seconds;
    assert!((86_400..6 * 86_400).contains(&day), "opens {day} s later");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_rings_in_takes_the_place_of_the_callback() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.connect(Role::Gateway, "gateway-1").queues();
    queues.request_callback(callback_for("call-1")).await.unwrap();
    let other = CallScript::new("call-2", "", MANDARIN).press("2").press("10*25#");
    let mut other = gateway.call(other);
    answered("a place", other.until(|event| matches!(event, CallEvent::Waits { .. }))).await;

    let _again = waiting(&gateway, "call-3").await;

    assert_eq!(center.position("call-3").await, 1);
    assert_eq!(center.concluded("call-1.callback").await.end_reason, "superseded");
    center.close().await;
}
