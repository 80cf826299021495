//! What follows from changes reaches the gateway, whatever fails on the way.

use switchboard_api::call::v1::gateway_command::Command as Order;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{GatewayEvent, HungUp};
use switchboard_domain::floor::state::ContactState;
use switchboard_embedded::testing::eventually;

use crate::support::Center;

#[tokio::test]
async fn a_callback_is_dialled_though_the_store_failed_when_its_turn_came() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.waiting(&gateway, "call-1", "rebooking").await;
    let callback = center.callback("call-1").await;
    center.floor.fail_reads_of(&callback, 2);

    center.accepts("chen-jie").await;

    let dial = eventually(async || {
        let orders = gateway.orders().await;
        orders.into_iter().find(|order| matches!(order.command, Some(Order::Dial(_))))
    });
    assert_eq!(dial.await.call_id, callback.as_str());
    assert_eq!(center.floor.failures_left(), 0, "the store did fail");
}

#[tokio::test]
async fn a_call_that_starts_after_its_end_was_refused_ends_at_once() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let event = Some(Event::HungUp(HungUp::default()));
    let hung_up = GatewayEvent {
        sequence: 1,
        call_id: "call-1".to_owned(),
        call_sequence: 2,
        event,
        ..GatewayEvent::default()
    };
    let refused = gateway.submit(hung_up).await;

    // The start of the call was given up for lost, and yet it takes effect.
    let call = center.starts(&gateway, "call-1").await;

    assert_eq!(refused.map(|refusal| refusal.reason).as_deref(), Some("CONTACT_NOT_FOUND"));
    eventually(async || {
        let contact = center.contact(&call).await?;
        matches!(contact.state, ContactState::Ended { .. }).then_some(())
    })
    .await;
}
