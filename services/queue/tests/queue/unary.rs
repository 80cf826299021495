//! Desktops that act by unary requests, and supervisors who list agents.

use std::time::Duration;

use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{
    AcceptOfferRequest, HeartbeatRequest, ListAgentsRequest, PresenceKind, SetPresenceRequest,
    SignInRequest, SignOutRequest, WatchDeskRequest, WatchDeskResponse, WorkState,
};
use switchboard_embedded::testing::comes_true;
use tokio::time::timeout;
use tonic::{Code, Status, Streaming};

use crate::support::{Center, ready};

#[tokio::test]
async fn an_agent_works_without_a_stream() {
    let center = Center::open().await;
    let mut client = center.agent("li-wei");
    let session_id = sign_in(&center, "li-wei").await;
    center.call(&center.gateway().await, "call-1", "booking").await;

    let seen = client.heartbeat(HeartbeatRequest { session_id: session_id.clone() }).await;
    let offer_id = seen.unwrap().into_inner().agent.unwrap().offer.unwrap().offer_id;
    let accepted = client.accept_offer(AcceptOfferRequest { session_id, offer_id }).await;

    let agent = accepted.unwrap().into_inner().agent.unwrap();
    assert_eq!((agent.state(), agent.contact_id.as_str()), (WorkState::Busy, "call-1"));
}

#[tokio::test]
async fn a_replaced_session_may_do_nothing() {
    let center = Center::open().await;
    let older = sign_in(&center, "li-wei").await;
    sign_in(&center, "li-wei").await;

    let refused = center.agent("li-wei").sign_out(SignOutRequest { session_id: older }).await;

    assert_eq!(refused.unwrap_err().code(), Code::Aborted);
}

#[tokio::test]
async fn a_browser_watches_and_acts_by_unary_requests() {
    let center = Center::open().await;
    let mut updates = watch(&center, "li-wei").await;
    let Update::Welcome(welcome) = next(&mut updates).await else { panic!("no welcome") };
    center.call(&center.gateway().await, "call-1", "booking").await;

    let offer = loop {
        if let Update::OfferMade(made) = next(&mut updates).await {
            break made.offer.unwrap();
        }
    };
    let (session_id, offer_id) = (welcome.session_id, offer.offer_id);
    let accepted =
        center.agent("li-wei").accept_offer(AcceptOfferRequest { session_id, offer_id }).await;

    assert_eq!(accepted.unwrap().into_inner().agent.unwrap().state(), WorkState::Busy);
    while !matches!(next(&mut updates).await, Update::OfferClosed(_)) {}
}

#[tokio::test]
async fn an_open_watch_is_a_sign_of_life() {
    let center = Center::open().await;
    let mut updates = watch(&center, "li-wei").await;
    let Update::Welcome(welcome) = next(&mut updates).await else { panic!("no welcome") };

    center.pass(50).await;
    let before = lease(&center).await;
    comes_true(async || lease(&center).await > before).await;
    center.pass(50).await;

    let session_id = welcome.session_id;
    let agent = center.agent("li-wei").heartbeat(HeartbeatRequest { session_id }).await;
    assert_eq!(agent.unwrap().into_inner().agent.unwrap().state(), WorkState::Ready);
}

#[tokio::test]
async fn bad_requests_are_refused_by_field() {
    let center = Center::open().await;
    let mut client = center.agent("li-wei");

    let nothing = client.sign_in(SignInRequest::default()).await;
    let no_session = client.heartbeat(HeartbeatRequest::default()).await;
    let supervisor = center.office().heartbeat(HeartbeatRequest::default()).await;
    let stranger = client
        .set_presence(SetPresenceRequest { session_id: "1.1".to_owned(), wanted: ready() })
        .await;

    assert_eq!(nothing.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(no_session.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(supervisor.unwrap_err().code(), Code::PermissionDenied);
    assert_eq!(stranger.unwrap_err().code(), Code::Aborted);
}

#[tokio::test]
async fn supervisors_list_agents_with_what_they_do() {
    let center = Center::open().await;
    sign_in(&center, "li-wei").await;
    let list = async |state: WorkState| {
        let request = ListAgentsRequest { state: state.into(), ..Default::default() };
        center.office().list_agents(request).await.unwrap().into_inner().agents
    };

    let everybody = list(WorkState::Unspecified).await;
    let ready = list(WorkState::Ready).await;

    assert_eq!(everybody.len(), 6);
    assert_eq!(ready.len(), 1);
    let agent = &ready[0];
    assert_eq!((agent.agent_id.as_str(), agent.display_name.as_str()), ("li-wei", "李伟"));
    assert_eq!(agent.queue_ids, ["booking", "rebooking", "timetable"]);
    assert_eq!(agent.wanted.as_ref().unwrap().kind(), PresenceKind::Ready);
    assert!(agent.in_state.is_some());
    assert_eq!(list(WorkState::Offline).await.len(), 5);
}

async fn sign_in(center: &Center, agent: &'static str) -> String {
    let request = SignInRequest { session_id: String::new(), wanted: ready() };
    let signed_in = center.agent(agent).sign_in(request).await.unwrap();
    signed_in.into_inner().welcome.unwrap().session_id
}

async fn watch(center: &Center, agent: &'static str) -> Streaming<WatchDeskResponse> {
    let request = WatchDeskRequest { session_id: String::new(), wanted: ready() };
    center.agent(agent).watch_desk(request).await.unwrap().into_inner()
}

async fn next(updates: &mut Streaming<WatchDeskResponse>) -> Update {
    let message: Result<_, Status> =
        timeout(Duration::from_secs(10), updates.message()).await.unwrap();
    message.unwrap().unwrap().update.unwrap().update.unwrap()
}

async fn lease(center: &Center) -> Option<switchboard_domain::time::Timestamp> {
    let id = switchboard_domain::ids::AgentId::parse("li-wei").unwrap();
    let agent = center.floors.floor().agent(&crate::support::tenant(), &id).await.unwrap();
    agent.and_then(|agent| agent.lease_until)
}
