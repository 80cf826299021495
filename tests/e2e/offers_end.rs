//! However an offer ends, it ends once, and whoever comes late is told how.

use switchboard_api::agent::v1::{
    OfferOutcome, Presence, PresenceKind, SetPresenceRequest, SignInRequest, WorkState,
};
use switchboard_api::queue::v1::ObstacleKind;
use switchboard_client::desk::{Away, Choosy, Diligent};
use switchboard_client::gateway::CallEvent;
use switchboard_domain::caller::Role;
use switchboard_tests::stories::{booking, bridged, refused, rung, silenced, waiting};
use switchboard_tests::{Center, answered};

fn presence(kind: PresenceKind) -> Presence {
    Presence { kind: kind.into(), reason: String::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_hangs_up_while_ringing_costs_the_agent_nothing() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("zhang-min", Away).await;
    let second = center.desk("li-wei", Away).await;
    let call = gateway.call(booking("call-1"));
    let offer = rung(&mut first).await;

    call.hang_up();

    let gone = (OfferOutcome::Revoked, "caller_gone".to_owned());
    assert_eq!(silenced(&mut first).await, gone);
    first.accept(&offer.offer_id);
    let (reason, message) = refused(&mut first).await;
    assert_eq!(reason, "OFFER_CLOSED", "{message}");
    let record = center.concluded("call-1").await;
    assert_eq!((record.outcome.as_str(), record.offers), ("abandoned", 1));
    // The idle time goes on from before: the first agent is still the one idle longest.
    let _next = gateway.call(booking("call-2"));
    assert_eq!(rung(&mut first).await.contact.unwrap().contact_id, "call-2");
    assert_eq!(second.view().state, WorkState::Ready);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_accepts_too_late_is_told_that_the_offer_rang_out() {
    let center =
        Center::builder().with("queues.yaml", "ring_timeout: 15s", "ring_timeout: 1s").open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Away).await;
    let _call = gateway.call(booking("call-1"));
    let offer = rung(&mut desk).await;
    assert_eq!(silenced(&mut desk).await.0, OfferOutcome::Expired);

    desk.accept(&offer.offer_id);

    let (reason, message) = refused(&mut desk).await;
    assert_eq!(reason, "OFFER_CLOSED");
    assert!(message.contains("expired"), "{message}");
    assert_eq!(center.position("call-1").await, 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_rings_outlasts_the_longest_wait_and_none_follows_it() {
    let waits = "max_wait: 15m\n  max_waiting: 200";
    let center = Center::builder().with("queues.yaml", waits, "max_wait: 1s").open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Away).await;
    let mut ringing = gateway.call(booking("call-1"));
    let offer = rung(&mut desk).await;
    let (mut behind, _) = waiting(&gateway, booking("call-2")).await;

    // Who came later has waited too long, so the first one has too.
    let diverted = behind.until(|event| matches!(event, CallEvent::Diverted { .. }));
    answered("the end of a wait", diverted).await;
    desk.accept(&offer.offer_id);
    assert_eq!(bridged(&mut ringing).await, "zhang-min");
    ringing.hang_up();
    answered("rest", async { desk.reaches(WorkState::Ready).await.ok() }).await;

    let mut again = gateway.call(booking("call-3"));
    rung(&mut desk).await;
    let (mut witness, _) = waiting(&gateway, booking("call-4")).await;
    let gone = witness.until(|event| matches!(event, CallEvent::Diverted { .. }));
    answered("the end of a wait", gone).await;
    desk.not_ready("lunch");
    let overflowed = again.until(|event| matches!(event, CallEvent::Diverted { .. }));
    answered("the overflow", overflowed).await;
    assert_eq!(center.concluded("call-3").await.offers, 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_break_during_an_offer_takes_it_back_and_the_caller_keeps_the_place() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Away).await;
    let mut call = gateway.call(booking("call-1"));
    rung(&mut desk).await;

    desk.not_ready("lunch");

    assert_eq!(silenced(&mut desk).await, (OfferOutcome::Revoked, "withdrawn".to_owned()));
    answered("the break", async { desk.reaches(WorkState::NotReady).await.ok() }).await;
    assert_eq!(center.position("call-1").await, 1);
    let not_ready = vec![ObstacleKind::NotReady];
    assert_eq!(center.obstacles("call-1", "zhang-min").await, not_ready);
    let _next = center.desk("li-wei", Diligent).await;
    assert_eq!(bridged(&mut call).await, "li-wei");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_agent_who_declines_is_left_alone_for_the_cool_down() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Choosy).await;

    let call = gateway.call(booking("call-1"));

    assert_eq!(silenced(&mut desk).await.0, OfferOutcome::Declined);
    answered("readiness", async { desk.reaches(WorkState::Ready).await.ok() }).await;
    assert_eq!(center.position("call-1").await, 1);
    assert_eq!(center.obstacles("call-1", "zhang-min").await, vec![ObstacleKind::CoolDown]);
    call.hang_up();
    assert_eq!(center.concluded("call-1").await.offers, 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_signs_in_for_a_break_is_not_rung_for_an_instant() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (call, _) = waiting(&gateway, booking("call-1")).await;
    let mut agent = center.connect(Role::Agent, "zhang-min").agents();
    let wanted = Some(presence(PresenceKind::NotReady));

    let signed_in = agent.sign_in(SignInRequest { session_id: String::new(), wanted }).await;

    let welcome = signed_in.unwrap().into_inner().welcome.unwrap();
    assert_eq!(welcome.agent.unwrap().state(), WorkState::NotReady);
    assert_eq!(center.position("call-1").await, 1);
    let at_work = SetPresenceRequest {
        session_id: welcome.session_id,
        wanted: Some(presence(PresenceKind::Ready)),
    };
    let ready = agent.set_presence(at_work).await;
    assert_eq!(ready.unwrap().into_inner().agent.unwrap().state(), WorkState::Offered);
    call.hang_up();
    let record = center.concluded("call-1").await;
    let happened = |kind| record.events.iter().position(|event| event.r#type == kind);
    assert_eq!(record.offers, 1);
    assert!(happened("contact_queued") < happened("contact_offered"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_signs_in_later_is_rung_for_a_caller_who_has_gone() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("zhang-min", Away).await;
    let call = gateway.call(booking("call-1"));
    rung(&mut first).await;
    call.hang_up();
    silenced(&mut first).await;

    let mut second = center.desk("li-wei", Away).await;
    first.not_ready("lunch");
    answered("the break", async { first.reaches(WorkState::NotReady).await.ok() }).await;
    let _next = gateway.call(booking("call-2"));

    assert_eq!(rung(&mut second).await.contact.unwrap().contact_id, "call-2");
    center.close().await;
}
