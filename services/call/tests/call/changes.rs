//! What follows from changes reaches the gateway, whatever fails on the way.

use switchboard_api::call::v1::gateway_command::Command as Order;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{
    Bridged, CallOffered, DialFailed, GatewayCommand, GatewayEvent, HangupCause, HungUp, Leg,
};
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::ids::ContactId;
use switchboard_embedded::testing::eventually;

use crate::support::{Center, Gateway};

#[tokio::test]
async fn a_callback_is_dialled_though_the_store_failed_when_its_turn_came() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.waiting(&gateway, "call-1", "rebooking").await;
    let callback = center.callback("call-1").await;
    center.floor.fail_reads_of(&callback, 2);

    center.accepts("chen-jie").await;

    dial_of(&gateway, &callback).await;
    assert_eq!(center.floor.failures_left(), 0, "the store did fail");
}

#[tokio::test]
async fn a_callback_stays_the_gateways_when_an_earlier_attempt_is_told_again() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.waiting(&gateway, "call-1", "rebooking").await;
    let callback = center.callback("call-1").await;
    center.accepts("chen-jie").await;
    dial_of(&gateway, &callback).await;

    // The center has lost the attempt that failed, and begun another.
    let offer_id = "offer-of-before".to_owned();
    let cause = HangupCause::NoAnswer.into();
    let event = Some(Event::DialFailed(DialFailed { offer_id, cause, ..DialFailed::default() }));
    let call_id = callback.to_string();
    let told = GatewayEvent { call_id, call_sequence: 1, event, ..hung_up() };
    let refused = gateway.submit(told).await;

    assert_eq!(refused.map(|refusal| refusal.reason).as_deref(), Some("WRONG_STATE"));
    dial_of(&gateway, &callback).await;
}

#[tokio::test]
async fn a_call_that_starts_after_its_end_was_refused_ends_at_once() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let refused = gateway.submit(hung_up()).await;

    // The start of the call was given up for lost, and yet it takes effect.
    let call = center.starts(&gateway, "call-1").await;

    assert_eq!(refused.map(|refusal| refusal.reason).as_deref(), Some("CONTACT_NOT_FOUND"));
    eventually(async || {
        let contact = center.contact(&call).await?;
        matches!(contact.state, ContactState::Ended { .. }).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_talks_is_not_sent_away_when_the_arrival_is_told_again_and_the_store_is_away() {
    let center = Center::open().await;
    let gateway = center.gateway_with(vec![leg("call-1", Some("chen-jie"))]).await;
    // For longer than a new caller is kept waiting.
    center.floor.fail_ends(15);

    let called_number = "+862160000000".to_owned();
    let event = Some(Event::CallOffered(CallOffered { called_number, ..CallOffered::default() }));
    let again = GatewayEvent { call_sequence: 1, event, ..hung_up() };
    let refused = gateway.submit(again).await;

    assert_eq!(refused, None);
    assert_eq!(gateway.orders().await, []);
    assert_eq!(center.floor.failures_left(), 0, "the store was away for so long");
}

#[tokio::test]
async fn an_end_that_was_lost_with_its_outbox_does_not_count_as_recorded() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let call = center.starts(&gateway, "call-1").await;
    center.ends(&gateway, &call).await;
    center.floor.forget_after("hang_up");

    // The floor knows the end already, so the event is as good as recorded when the outbox is.
    let recorded = gateway.recorded_with(hung_up()).await;

    assert_eq!(recorded, 0, "the gateway keeps the event and tells it again");
}

#[tokio::test]
async fn who_is_connected_after_the_end_of_the_call_is_told_to_hang_up() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let call = center.starts(&gateway, "call-1").await;
    center.ends(&gateway, &call).await;
    assert_eq!(gateway.orders().await, []);

    let offer_id = "offer-1".to_owned();
    let event = Some(Event::Bridged(Bridged { offer_id, ..Bridged::default() }));
    let refused = gateway.submit(GatewayEvent { call_sequence: 3, event, ..hung_up() }).await;

    assert_eq!(refused.map(|refusal| refusal.reason).as_deref(), Some("WRONG_STATE"));
    hangup_for(&gateway, "call-1").await;
}

#[tokio::test]
async fn only_legs_nobody_talks_on_are_hung_up_when_another_gateway_has_the_call() {
    let center = Center::open().await;
    center.held_elsewhere(&["call-1", "call-2"]).await;

    // Legs are taken in the order they are told.
    let talks = leg("call-1", Some("chen-jie"));
    let gateway = center.gateway_with(vec![talks, leg("call-2", None)]).await;

    hangup_for(&gateway, "call-2").await;
    let orders = gateway.orders().await;
    let told: Vec<&str> = orders.iter().map(|order| order.call_id.as_str()).collect();
    assert_eq!(told, ["call-2"], "who talks, talks on");
}

/// A leg in an inventory, with the agent who talks.
fn leg(call: &str, agent: Option<&str>) -> Leg {
    Leg {
        call_id: call.to_owned(),
        bridged_agent_id: agent.map(str::to_owned),
        last_call_sequence: 1,
        ..Leg::default()
    }
}

/// Waits for the order to dial a callback.
async fn dial_of(gateway: &Gateway, callback: &ContactId) {
    eventually(async || {
        let orders = gateway.orders().await;
        let is_it = |order: &GatewayCommand| matches!(order.command, Some(Order::Dial(_)));
        orders.into_iter().find(|order| order.call_id == callback.as_str() && is_it(order))
    })
    .await;
}

/// Waits for the order to hang a call up.
async fn hangup_for(gateway: &Gateway, call: &str) -> GatewayCommand {
    eventually(async || {
        let orders = gateway.orders().await;
        let is_it = |order: &GatewayCommand| matches!(order.command, Some(Order::Hangup(_)));
        orders.into_iter().find(|order| order.call_id == call && is_it(order))
    })
    .await
}

/// The end of the first call, as the first event of a gateway.
fn hung_up() -> GatewayEvent {
    GatewayEvent {
        sequence: 1,
        call_id: "call-1".to_owned(),
        call_sequence: 2,
        event: Some(Event::HungUp(HungUp::default())),
        ..GatewayEvent::default()
    }
}
