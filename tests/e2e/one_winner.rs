//! Whoever claims a caller, however many at once: one agent gets them, the others lose nothing.

use switchboard_api::agent::v1::{OfferOutcome, WorkState};
use switchboard_api::call::v1::{HangupCause, Side};
use switchboard_api::supervisor::v1::AssignContactRequest;
use switchboard_client::Connection;
use switchboard_client::desk::{Away, Desk, Diligent, Manner};
use switchboard_client::gateway::{BridgeOutcome, CallEvent};
use switchboard_domain::caller::Role;
use switchboard_tests::stories::{booking, bridged, refused, rung, silenced, waiting};
use switchboard_tests::{Center, answered};
use tonic::Code;

/// How many supervisors grab for the same caller, half of them on each replica.
const GRABS: usize = 12;

/// A center whose booking queue rings three agents at once.
async fn ringing_three() -> Center {
    let skills = "  skills: {booking: 1}\n";
    let three = format!("{skills}  strategy: {{ring_n: 3}}\n");
    Center::builder().with("queues.yaml", skills, &three).open().await
}

async fn three_desks(center: &Center, manner: impl Manner + Copy) -> [Desk; 3] {
    let first = center.desk("zhang-min", manner).await;
    let second = center.desk("li-wei", manner).await;
    [first, second, center.desk("emma-lin", manner).await]
}

async fn ready(desk: &Desk) {
    answered("readiness", async { desk.reaches(WorkState::Ready).await.ok() }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_give_one_caller_away_at_once_one_succeeds() {
    let center = Center::open().await;
    let replica = center.replica().await;
    let gateway = center.gateway().await;
    let (call, _) = waiting(&gateway, booking("call-1")).await;
    let _desks = [center.desk("wang-fang", Away).await, center.desk("david-xu", Away).await];

    let grabs = (0..GRABS).map(|index| {
        let address = if index % 2 == 0 { center.address() } else { replica.url() };
        let token = center.token(Role::Supervisor, &format!("boss-{index}"));
        let agent_id = if index % 3 == 0 { "wang-fang" } else { "david-xu" }.to_owned();
        let request = AssignContactRequest { contact_id: "call-1".to_owned(), agent_id };
        tokio::spawn(async move {
            let connection = Connection::new(&address, &token).unwrap();
            connection.boards().assign_contact(request).await
        })
    });
    let mut outcomes = Vec::new();
    for grab in grabs.collect::<Vec<_>>() {
        outcomes.push(grab.await.unwrap().map(drop));
    }
    call.hang_up();

    let refusals = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(refusals.into_iter().all(|status| status.code() == Code::FailedPrecondition));
    let record = center.concluded("call-1").await;
    assert_eq!((record.offers, record.outcome.as_str()), (1, "abandoned"));
    replica.stop().await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_rung_at_once_one_gets_the_caller_and_the_others_are_told() {
    let center = ringing_three().await;
    let gateway = center.gateway().await;
    let [mut first, mut second, mut third] = three_desks(&center, Away).await;
    let mut call = gateway.call(booking("call-1"));
    let (late, winning) = (rung(&mut first).await, rung(&mut second).await);
    rung(&mut third).await;

    second.accept(&winning.offer_id);

    assert_eq!(bridged(&mut call).await, "li-wei");
    let elsewhere = (OfferOutcome::Revoked, "answered_elsewhere".to_owned());
    assert_eq!(silenced(&mut first).await, elsewhere);
    assert_eq!(silenced(&mut third).await, elsewhere);
    ready(&third).await;
    first.accept(&late.offer_id);
    let (reason, message) = refused(&mut first).await;
    assert_eq!(reason, "OFFER_CLOSED", "{message}");
    // For those who were not first it is no miss: whoever was idle longest still is.
    ready(&first).await;
    let _next = gateway.call(booking("call-2"));
    assert_eq!(rung(&mut first).await.contact.unwrap().contact_id, "call-2");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agents_who_accept_at_the_same_moment_lead_to_one_bridge() {
    let center = ringing_three().await;
    let gateway = center.gateway().await;
    let desks = three_desks(&center, Diligent).await;

    let mut call = gateway.call(booking("call-1"));
    let winner = bridged(&mut call).await;
    call.hang_up();

    let record = center.concluded("call-1").await;
    let count = |kind: &str| record.events.iter().filter(|event| event.r#type == kind).count();
    assert_eq!((count("contact_connecting"), count("contact_connected")), (1, 1), "{record:?}");
    assert_eq!((record.agent_id, record.outcome.as_str()), (winner, "answered"));
    for desk in &desks {
        ready(desk).await;
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_whose_winner_cannot_be_connected_keeps_the_place() {
    let center = ringing_three().await;
    let gateway = center.gateway().await;
    let mut script = booking("call-1");
    let cause = HangupCause::Unreachable;
    script.bridges = vec![BridgeOutcome::Fails { side: Side::Agent, cause }];
    let first = center.desk("zhang-min", Diligent).await;
    let mut call = gateway.call(script);
    let failed = call.until(|event| matches!(event, CallEvent::BridgeFailed { .. }));
    answered("a vain bridge", failed).await;
    answered("a pause", async { first.reaches(WorkState::NotReady).await.ok() }).await;
    let (_behind, position) = waiting(&gateway, booking("call-2")).await;

    let mut second = center.desk("li-wei", Away).await;

    let offer = rung(&mut second).await;
    assert_eq!(offer.contact.unwrap().contact_id, "call-1");
    second.accept(&offer.offer_id);
    assert_eq!((bridged(&mut call).await.as_str(), position), ("li-wei", 2));
    center.close().await;
}
