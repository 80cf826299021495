//! One contact on a desktop's stream, from the ring to the end of the work after it.

use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{
    DeskAcceptOffer, DeskDeclineOffer, DeskFinishWrapUp, DeskHeartbeat, DeskHello, DeskSetPresence,
    DeskTransfer, OfferClosed, OfferOutcome, Presence, PresenceKind, WorkState,
};
use switchboard_embedded::testing::comes_true;
use switchboard_store::tenants::EPOCH_STEP;
use tonic::Code;

use crate::support::{Center, Desktop};

#[tokio::test]
async fn a_desktop_is_welcomed_with_the_agent_as_he_is() {
    let center = Center::open().await;

    let (_, welcome) = center.desktop("li-wei").await;

    let agent = welcome.agent.unwrap();
    assert_eq!(agent.state(), WorkState::Ready);
    assert_eq!((agent.agent_id.as_str(), agent.display_name.as_str()), ("li-wei", "李伟"));
    assert_eq!(agent.session_id, welcome.session_id);
    assert_eq!(welcome.lease.unwrap().seconds, 60);
    assert_eq!(welcome.epoch, EPOCH_STEP);
}

#[tokio::test]
async fn an_offer_shows_what_is_worth_knowing_before_answering() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;

    center.call(&center.gateway().await, "call-1", "booking").await;

    let offer = desktop.offer().await;
    assert_eq!(offer.time_left.unwrap().seconds, 2);
    let card = offer.contact.unwrap();
    assert_eq!((card.contact_id.as_str(), card.queue_name.as_str()), ("call-1", "订票"));
    assert_eq!(card.calling_number, "+8613800000001");
    assert_eq!(card.menu_path, ["main-menu", "booking-trip"]);
    assert_eq!(card.inputs["origin"], "021");
    let customer = &card.customers[0];
    assert_eq!((customer.tier.as_str(), customer.open_tickets), ("A1", 2));
    assert_eq!(customer.open_promises, 1);
}

#[tokio::test]
async fn a_contact_goes_from_the_ring_to_the_end_of_wrap_up() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    let contact = center.call(&gateway, "call-1", "booking").await;

    let offer = desktop.accept().await;
    assert_eq!(closed(&mut desktop).await.outcome(), OfferOutcome::Accepted);
    state(&mut desktop, WorkState::Busy).await;
    center.bridge(&gateway, &contact, &offer.offer_id).await;
    let connected = desktop.until(|update| match update {
        Update::Connected(connected) => Some(connected.contact_id.clone()),
        _ => None,
    });
    assert_eq!(connected.await, "call-1");
    center.hang_up(&gateway, &contact).await;
    assert_eq!(ended(&mut desktop).await, "completed");
    let wrap_up = desktop.until(|update| match update {
        Update::WrapUpStarted(started) => Some(started.clone()),
        _ => None,
    });
    assert!(wrap_up.await.deadline.is_some());
    let finish = DeskFinishWrapUp {
        contact_id: "call-1".to_owned(),
        disposition: "booked".to_owned(),
        notes: "window seat".to_owned(),
    };
    desktop.must(Action::FinishWrapUp(finish)).await;

    state(&mut desktop, WorkState::Ready).await;
}

#[tokio::test]
async fn a_declined_offer_is_closed() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    center.call(&center.gateway().await, "call-1", "booking").await;
    let offer_id = desktop.offer().await.offer_id;

    desktop.must(Action::DeclineOffer(DeskDeclineOffer { offer_id: offer_id.clone() })).await;

    let closed = closed(&mut desktop).await;
    assert_eq!((closed.offer_id.as_str(), closed.outcome()), (&*offer_id, OfferOutcome::Declined));
    state(&mut desktop, WorkState::Ready).await;
}

#[tokio::test]
async fn an_offer_that_rings_out_makes_the_agent_not_ready() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    center.call(&center.gateway().await, "call-1", "booking").await;
    let offer_id = desktop.offer().await.offer_id;

    center.pass(2).await;

    assert_eq!(closed(&mut desktop).await.outcome(), OfferOutcome::Expired);
    state(&mut desktop, WorkState::NotReady).await;
    let late = desktop.ask(Action::AcceptOffer(DeskAcceptOffer { offer_id })).await;
    let error = late.error.unwrap();
    assert_eq!((error.code, error.reason.as_str()), (9, "OFFER_CLOSED"));
    assert_eq!(error.metadata["outcome"], "expired");
}

#[tokio::test]
async fn an_offer_is_revoked_when_the_caller_leaves() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    let contact = center.call(&gateway, "call-1", "booking").await;
    desktop.offer().await;

    center.hang_up(&gateway, &contact).await;

    let closed = closed(&mut desktop).await;
    assert_eq!(closed.outcome(), OfferOutcome::Revoked);
    assert_eq!(closed.cause, "caller_gone");
}

#[tokio::test]
async fn a_transferred_caller_leaves_the_agent() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    let contact = center.call(&gateway, "call-1", "booking").await;
    let offer = desktop.accept().await;
    center.bridge(&gateway, &contact, &offer.offer_id).await;
    let transfer = |queue: &str| {
        let (contact_id, queue_id) = ("call-1".to_owned(), queue.to_owned());
        Action::Transfer(DeskTransfer { contact_id, queue_id, agent_id: String::new() })
    };

    let nowhere = desktop.ask(transfer("nowhere")).await.error.unwrap();
    desktop.must(transfer("refund")).await;

    assert_eq!(nowhere.reason, "QUEUE_NOT_FOUND");
    assert_eq!(ended(&mut desktop).await, "transferred");
    let floor = center.floors.floor();
    let moved = floor.contact(&crate::support::tenant(), &contact).await.unwrap().unwrap();
    assert_eq!(moved.place.unwrap().queue.as_str(), "refund");
}

#[tokio::test]
async fn a_request_that_comes_again_gets_the_same_reply() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    let lunch = presence(PresenceKind::NotReady, "lunch");
    let first = desktop.ask_as(7, lunch.clone()).await;

    let again = desktop.ask_as(7, presence(PresenceKind::Ready, "")).await;
    let unknown = desktop.ask_as(3, lunch).await;

    assert_eq!(first, again);
    assert_eq!(unknown.error.unwrap().reason, "INVALID_FIELD");
    assert_eq!(center.state_of("li-wei").await, "not_ready");
}

#[tokio::test]
async fn refusals_are_typed_and_the_stream_goes_on() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    let contact_id = "call-1".to_owned();
    let cases = [
        (
            Action::FinishWrapUp(DeskFinishWrapUp { contact_id, ..Default::default() }),
            Code::FailedPrecondition,
            "WRONG_STATE",
        ),
        (
            Action::AcceptOffer(DeskAcceptOffer { offer_id: "o-1".to_owned() }),
            Code::NotFound,
            "OFFER_NOT_FOUND",
        ),
        (Action::AcceptOffer(DeskAcceptOffer::default()), Code::InvalidArgument, "MISSING_FIELD"),
        (Action::Hello(DeskHello::default()), Code::FailedPrecondition, "ALREADY_SIGNED_IN"),
    ];

    for (action, code, reason) in cases {
        let error = desktop.ask(action).await.error.unwrap();

        assert_eq!((error.code, error.reason.as_str()), (code as i32, reason));
    }
    desktop.must(Action::Heartbeat(DeskHeartbeat {})).await;
}

#[tokio::test]
async fn a_presence_wanted_during_a_contact_is_kept_for_later() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("li-wei").await;
    center.call(&center.gateway().await, "call-1", "booking").await;
    desktop.accept().await;

    desktop.must(presence(PresenceKind::NotReady, "lunch")).await;

    let wanted = desktop.until(|update| match update {
        Update::Agent(agent) => agent.wanted.clone().filter(|wanted| wanted.reason == "lunch"),
        _ => None,
    });
    wanted.await;
    comes_true(async || center.state_of("li-wei").await == "busy").await;
}

fn presence(kind: PresenceKind, reason: &str) -> Action {
    let wanted = Some(Presence { kind: kind.into(), reason: reason.to_owned() });
    Action::SetPresence(DeskSetPresence { wanted })
}

async fn closed(desktop: &mut Desktop) -> OfferClosed {
    desktop
        .until(|update| match update {
            Update::OfferClosed(closed) => Some(closed.clone()),
            _ => None,
        })
        .await
}

async fn ended(desktop: &mut Desktop) -> String {
    desktop
        .until(|update| match update {
            Update::ContactEnded(ended) => Some(ended.reason.clone()),
            _ => None,
        })
        .await
}

async fn state(desktop: &mut Desktop, wanted: WorkState) {
    desktop
        .until(|update| match update {
            Update::Agent(agent) if agent.state() == wanted => Some(()),
            _ => None,
        })
        .await;
}
