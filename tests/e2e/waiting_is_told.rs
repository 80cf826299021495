//! Callers who wait are told how they get on, and so is whoever asks.

use switchboard_api::queue::v1::GetPositionRequest;
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_domain::caller::Role;
use switchboard_tests::{Center, MANDARIN, answered};
use tonic::Code;

async fn waiting(gateway: &Gateway, id: &str) -> (Call, u32) {
    let mut call = gateway.call(CallScript::new(id, "", MANDARIN).press("2").press("10*25#"));
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    let event = answered("a place", waits).await;
    let CallEvent::Waits { position, .. } = event else { unreachable!("{event:?}") };
    (call, position)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_moves_up_is_told_while_waiting() {
    let center = Center::builder()
        .with("queues.yaml", "  max_wait: 15m\n", "  max_wait: 15m\n  position_announcements: 5s\n")
        .open()
        .await;
    let gateway = center.gateway().await;
    let (first, _) = waiting(&gateway, "call-1").await;
    let (mut second, position) = waiting(&gateway, "call-2").await;
    assert_eq!(position, 2);

    first.hang_up();

    let told = second.until(|event| matches!(event, CallEvent::GetsOn { .. }));
    let told = answered("the new place", told).await;
    assert_eq!(told, CallEvent::GetsOn { position: 1, at_most: None, estimated: None });
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_can_be_asked_for_but_not_by_another_gateway() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (_call, _) = waiting(&gateway, "call-1").await;
    let ask = async |role, subject| {
        let mut queues = center.connect(role, subject).queues();
        let request = GetPositionRequest { contact_id: "call-1".to_owned() };
        queues.get_position(request).await
    };

    let told = ask(Role::Supervisor, "boss").await.unwrap().into_inner().position.unwrap();
    let own = ask(Role::Gateway, "gateway-1").await;
    let foreign = ask(Role::Gateway, "gateway-2").await;

    assert_eq!((told.position, told.queue_id.as_str()), (1, "booking"));
    assert_eq!(told.unknown_because, "no_agents");
    assert!(own.is_ok(), "{own:?}");
    assert_eq!(foreign.unwrap_err().code(), Code::PermissionDenied);
    center.close().await;
}
