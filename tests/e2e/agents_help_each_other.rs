//! Agents hand callers to each other and ask each other for advice.

use std::time::Duration;

use switchboard_api::agent::v1::WorkState;
use switchboard_api::call::v1::HungUp;
use switchboard_api::call::v1::gateway_command::Command;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_client::desk::{Desk, DeskEvent, Manner, WrapUp};
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_tests::stories::connected;
use switchboard_tests::{Center, MANDARIN, answered};

use crate::unary_gateway::Webhooks;

/// Accepts at once, and files only when told.
struct Slow;

impl Manner for Slow {
    fn wrap_up(&self, _: &str) -> Option<WrapUp> {
        None
    }
}

async fn talking(gateway: &Gateway, desk: &mut Desk) -> Call {
    let mut call = gateway.call(CallScript::new("call-1", "", MANDARIN).press("2").press("10*25#"));
    bridged(&mut call).await;
    connected(desk).await;
    call
}

async fn bridged(call: &mut Call) -> String {
    let event =
        answered("a bridge", call.until(|it| matches!(it, CallEvent::Bridged { .. }))).await;
    let CallEvent::Bridged { agent, .. } = event else { unreachable!("{event:?}") };
    agent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_can_be_handed_to_one_agent_whatever_the_queue() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("zhang-min", Slow).await;
    let mut call = talking(&gateway, &mut first).await;
    let _second = center.desk("wang-fang", Slow).await;

    first.transfer_to_agent("call-1", "wang-fang");

    assert_eq!(bridged(&mut call).await, "wang-fang");
    let ended = first.until(|event| matches!(event, DeskEvent::ContactEnded { .. }));
    answered("the end of the talk", ended).await;
    answered("wrap-up", async { first.reaches(WorkState::WrapUp).await.ok() }).await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_asks_another_and_leaves_the_caller_with_them() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("zhang-min", Slow).await;
    let mut call = talking(&gateway, &mut first).await;
    let mut second = center.desk("wang-fang", Slow).await;
    let mut consult = gateway.expect(CallScript::new("consult-1", "", ""));

    first.start_consult("call-1", "consult-1", "wang-fang");
    let offered = second.until(|event| matches!(event, DeskEvent::Offered(_)));
    let DeskEvent::Offered(offer) = answered("the question", offered).await else {
        unreachable!("it was asked for an offer")
    };
    assert_eq!(bridged(&mut consult).await, "wang-fang");
    connected(&mut second).await;
    first.complete_consult("call-1");

    assert_eq!(offer.contact.unwrap().consult_for, "call-1");
    assert_eq!(bridged(&mut call).await, "wang-fang");
    let ended = first.until(|event| matches!(event, DeskEvent::ConsultEnded { .. }));
    let ended = answered("the end of the consultation", ended).await;
    let (contact, outcome) = ("call-1".to_owned(), "merged".to_owned());
    assert_eq!(ended, DeskEvent::ConsultEnded { contact, outcome });
    answered("wrap-up", async { first.reaches(WorkState::WrapUp).await.ok() }).await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_agents_do_not_go_on_talking_when_the_caller_hangs_up_before_being_left_with_one() {
    let center = Center::open().await;
    let first = center.desk("zhang-min", Slow).await;
    let mut gateway = Webhooks::open(center).await;
    gateway.call_is_offered("+8613800000002").await;
    gateway.press("2").await;
    gateway.press("10*25").await;
    gateway.bridges("call-1").await;
    let _second = gateway.center.desk("wang-fang", Slow).await;
    first.start_consult("call-1", "consult-1", "wang-fang");
    gateway.bridges("consult-1").await;

    first.complete_consult("call-1");
    gateway.until(|command| matches!(command, Command::Bridge(_)).then_some(())).await;
    gateway.say(Event::HungUp(HungUp::default())).await;

    let hangup = |command| matches!(command, Command::Hangup(_)).then_some(());
    let (command_id, ()) = gateway.until(hangup).await;
    assert!(command_id.starts_with("consult-1/"), "{command_id}");
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consultation_that_is_ended_leaves_the_caller_where_they_are() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("zhang-min", Slow).await;
    let call = talking(&gateway, &mut first).await;
    let second = center.desk("wang-fang", Slow).await;
    let mut consult = gateway.expect(CallScript::new("consult-1", "", ""));
    first.start_consult("call-1", "consult-1", "wang-fang");
    bridged(&mut consult).await;
    answered("the talk", async { second.reaches(WorkState::Busy).await.ok() }).await;

    first.cancel_consult("call-1");

    answered("its end", consult.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    assert_eq!(first.view().state, WorkState::Busy);
    call.hang_up();
    let record = center.concluded("call-1").await;
    assert_eq!(record.agent_id, "zhang-min");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrap_up_can_be_put_off_as_far_as_the_queue_allows() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Slow).await;
    let call = talking(&gateway, &mut desk).await;
    call.hang_up();
    answered("wrap-up", async { desk.reaches(WorkState::WrapUp).await.ok() }).await;

    desk.extend_wrap_up("call-1", Duration::from_secs(20));
    desk.extend_wrap_up("call-1", Duration::from_mins(10));

    let refused = desk.until(|event| matches!(event, DeskEvent::Refused { .. }));
    let DeskEvent::Refused { action, reason, .. } = answered("a refusal", refused).await else {
        unreachable!("it was asked for a refusal")
    };
    assert_eq!((action, reason.as_str()), ("extend wrap-up", "INVALID_FIELD"));
    center.close().await;
}
