//! A free agent gets the caller who is first in the one order over all queues, and nobody overtakes.

use switchboard_client::desk::{Away, Desk, Diligent};
use switchboard_client::gateway::{Call, CallScript, Gateway};
use switchboard_tests::stories::{booking, bridged, rung, timetable, waiting};
use switchboard_tests::{Center, ENGLISH, MANDARIN};

/// Serves whoever rings until the desk has taken all of them; gives their order.
async fn served(desk: &mut Desk, calls: &mut [(&str, Call)]) -> Vec<String> {
    let mut order = Vec::new();
    for _ in 0..calls.len() {
        let contact = rung(desk).await.contact.expect("an offer tells of its contact").contact_id;
        let (_, call) =
            calls.iter_mut().find(|(id, _)| *id == contact).expect("a caller of this story");
        bridged(call).await;
        call.hang_up();
        order.push(contact);
    }
    order
}

async fn placed(gateway: &Gateway, id: &'static str, script: CallScript) -> (&'static str, Call) {
    (id, waiting(gateway, script).await.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_freed_agent_gets_the_first_caller_over_all_queues_and_newcomers_wait_behind() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    // Emma ranks booking before the timetable.
    let mut desk = center.desk("emma-lin", Diligent).await;
    let mut talking = gateway.call(booking("call-1"));
    rung(&mut desk).await;
    bridged(&mut talking).await;
    let mut calls = vec![
        placed(&gateway, "call-2", timetable("call-2")).await,
        placed(&gateway, "call-3", booking("call-3")).await,
        placed(&gateway, "call-4", booking("call-4")).await,
    ];

    talking.hang_up();
    let mut order =
        vec![rung(&mut desk).await.contact.expect("an offer tells of its contact").contact_id];
    bridged(&mut calls[1].1).await;
    let newcomer = placed(&gateway, "call-5", booking("call-5")).await;
    let (_, third) = calls.remove(1);
    calls.push(newcomer);
    third.hang_up();
    order.extend(served(&mut desk, &mut calls).await);

    assert_eq!(order, ["call-3", "call-4", "call-5", "call-2"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_nobody_free_can_serve_keeps_the_first_place_and_holds_up_nobody() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let english = CallScript::new("call-1", "", ENGLISH).press("2").press("10*25#");
    let (mut first, _) = waiting(&gateway, english).await;
    let (mut second, position) = waiting(&gateway, booking("call-2")).await;
    assert_eq!(position, 2);

    let _mandarin_only = center.desk("zhang-min", Diligent).await;

    assert_eq!(bridged(&mut second).await, "zhang-min");
    assert_eq!(center.position("call-1").await, 1);
    let (_third, behind) = waiting(&gateway, booking("call-3")).await;
    assert_eq!(behind, 2);
    let _english_too = center.desk("emma-lin", Diligent).await;
    assert_eq!(bridged(&mut first).await, "emma-lin");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_agents_become_eligible_as_a_caller_waits_without_anything_else_happening() {
    let center = Center::builder()
        .with("queues.yaml", "after: 45s, when_empty: true,", "after: 1s,")
        .with("queues.yaml", "after: 2m", "after: 1s")
        .open()
        .await;
    let gateway = center.gateway().await;
    // He can book but not change bookings: only the second ring makes do with that.
    let mut desk = center.desk("zhang-min", Away).await;
    let script = CallScript::new("call-1", "", MANDARIN).press("3").press("20261122#");

    let (_call, _) = waiting(&gateway, script).await;
    let told = center.explained("call-1").await;
    let offer = rung(&mut desk).await;

    let added =
        told.rings.iter().any(|ring| ring.added_agent_ids.contains(&"zhang-min".to_owned()));
    assert!(added || told.rings.is_empty(), "{told:?}");
    let contact = offer.contact.unwrap();
    assert_eq!((contact.contact_id.as_str(), contact.queue_id.as_str()), ("call-1", "rebooking"));
    center.close().await;
}
