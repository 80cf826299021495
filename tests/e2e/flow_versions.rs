//! A flow is published while callers are in it: they stay in their version, everybody else moves on.

use switchboard_api::call::v1::gateway_command::Command;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{CallOffered, CollectEnd};
use switchboard_api::ivr::v1::publish_flow_request::Source;
use switchboard_api::ivr::v1::send_input_request::Input;
use switchboard_api::ivr::v1::{
    DiffFlowVersionsRequest, FlowRelease, ListFlowVersionsRequest, PressedDigits,
    PublishFlowRequest, RollbackFlowRequest, SendInputRequest, SessionAnswer, StartSessionRequest,
};
use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_domain::caller::Role;
use switchboard_tests::{Center, MANDARIN, eventually};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::unary_gateway::Webhooks;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_stay_in_the_version_they_began_with_on_every_replica_and_after_a_restart() {
    let center = Center::open().await;
    let (admin, gateway) = (admin(&center), center.raw_gateway());
    let began = start(&gateway, "before").await;

    let published = publish(&admin, Source::Text(swapped()), 0).await.unwrap();
    let newer = arrives(&gateway, &published.version, "after").await;
    let fresh = center.replica().await;
    let address = format!("http://{}", fresh.address);
    let there = Connection::new(&address, &center.token(Role::Gateway, "gateway-1")).unwrap();
    let old = press(&there, "before", "2").await;
    let new = press(&there, &newer.session_id, "2").await;

    assert_ne!(began.flow_version, published.version);
    assert_eq!((old.node_id.as_str(), &old.flow_version), ("booking-trip", &began.flow_version));
    assert_eq!(new.node_id, "rebooking-order");
    fresh.stop().await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_in_the_menu_is_routed_by_the_version_it_began_with() {
    let center = Center::open().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let (admin, asking) = (admin(&center), center.raw_gateway());
    let mut gateway = Webhooks::open(center).await;
    let offered = CallOffered { called_number: MANDARIN.to_owned(), ..CallOffered::default() };
    gateway.say(Event::CallOffered(offered)).await;

    let published = publish(&admin, Source::Text(swapped()), 0).await.unwrap();
    arrives(&asking, &published.version, "after").await;
    gateway.press("2").await;
    gateway.press("10*25").await;
    let (_, bridge) = gateway
        .until(|command| if let Command::Bridge(bridge) = command { Some(bridge) } else { None })
        .await;

    assert_eq!(bridge.agent_id, "zhang-min");
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trial_takes_its_share_of_the_calls_and_a_rollback_ends_it() {
    let center = Center::open().await;
    let (admin, gateway) = (admin(&center), center.raw_gateway());
    let stable = start(&gateway, "before").await.flow_version;

    let tried = publish(&admin, Source::Text(swapped()), 30).await.unwrap();
    arrives(&gateway, &tried.canary_version, "trial").await;
    let mut on_trial = 0;
    for number in 0..200 {
        let answer = start(&gateway, &format!("call-{number}")).await;
        on_trial += i32::from(answer.flow_version == tried.canary_version);
    }
    let full = publish(&admin, Source::Version(tried.canary_version.clone()), 0).await.unwrap();
    let back = roll_back(&admin).await.unwrap();
    let none = roll_back(&admin).await.unwrap_err();
    let log = history(&admin).await;

    assert!((30..90).contains(&on_trial), "{on_trial}");
    assert_eq!((tried.version, tried.canary_percent), (stable.clone(), 30));
    assert_eq!((&full.version, full.canary_percent), (&tried.canary_version, 0));
    assert_eq!((back.version.as_str(), back.canary_percent), (stable.as_str(), 0));
    assert_eq!(none.code(), Code::FailedPrecondition);
    let causes: Vec<&str> = log.iter().map(|line| line.cause.as_str()).collect();
    assert_eq!(causes, ["rollback", "publish", "canary", "apply"]);
    assert!(log[0].in_force && !log[1].in_force);
    assert_eq!((log[1].author.as_str(), log[1].note.as_str()), ("root", "a reason"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_break_the_center_is_refused_with_its_place() {
    let center = Center::open().await;
    let admin = admin(&center);
    let text = hotline().replace("next: main-menu", "next: main-menus");

    let refused = publish(&admin, Source::Text(text), 0).await.unwrap_err();
    let same = publish(&admin, Source::Text(hotline()), 0).await.unwrap();
    let swapped = publish(&admin, Source::Text(swapped()), 0).await.unwrap();
    let request = DiffFlowVersionsRequest {
        flow_id: "hotline".to_owned(),
        from_version: same.version.clone(),
        to_version: swapped.version.clone(),
    };
    let diff = admin.flows().diff_flow_versions(request).await.unwrap().into_inner();

    let details = refused.get_error_details();
    let info = details.error_info().expect("a reason");
    assert_eq!((refused.code(), info.reason.as_str()), (Code::InvalidArgument, "FLOW_REFUSED"));
    assert!(info.metadata["problems"].contains("flows/hotline.yaml:"), "{info:?}");
    assert!(info.metadata["problems"].contains("did you mean \"main-menu\""), "{info:?}");
    assert_eq!(same.cause, "apply");
    let changed: Vec<(&str, &str)> =
        diff.nodes.iter().map(|node| (node.node_id.as_str(), node.change.as_str())).collect();
    assert_eq!(changed, [("main-menu", "changed")]);
    assert_eq!(diff.nodes[0].keys.len(), 2);
    assert!(diff.text.contains("+      \"2\": rebooking-order"), "{}", diff.text);
    center.close().await;
}

fn admin(center: &Center) -> Connection {
    center.connect(Role::Admin, "root")
}

fn hotline() -> String {
    switchboard_center::demo()["flows/hotline.yaml"].clone()
}

/// The demo flow with two of its options in each other's place.
fn swapped() -> String {
    let text = hotline();
    assert!(text.contains("\"2\": booking-trip") && text.contains("\"3\": rebooking-order"));
    text.replace("\"2\": booking-trip", "\"2\": rebooking-order")
        .replace("\"3\": rebooking-order", "\"3\": booking-trip")
}

/// Begins sessions until one is in a version.
async fn arrives(gateway: &Connection, version: &str, name: &str) -> SessionAnswer {
    let mut number = 0;
    eventually(async || {
        number += 1;
        let answer = start(gateway, &format!("{name}-{number}")).await;
        (answer.flow_version == version).then_some(answer)
    })
    .await
}

async fn start(gateway: &Connection, session: &str) -> SessionAnswer {
    let request = StartSessionRequest {
        session_id: session.to_owned(),
        called_number: MANDARIN.to_owned(),
        ..StartSessionRequest::default()
    };
    let answer = gateway.flows().start_session(request).await.expect("an answer").into_inner();
    answer.answer.expect("an answer")
}

async fn press(gateway: &Connection, session: &str, keys: &str) -> SessionAnswer {
    let digits = PressedDigits { keys: keys.to_owned(), reason: CollectEnd::Complete.into() };
    let input = Some(Input::Digits(digits));
    let request = SendInputRequest { session_id: session.to_owned(), seq: 1, input };
    let answer = gateway.flows().send_input(request).await.expect("an answer").into_inner();
    answer.answer.expect("an answer")
}

async fn publish(
    admin: &Connection,
    source: Source,
    canary_percent: u32,
) -> Result<FlowRelease, Status> {
    let request = PublishFlowRequest {
        flow_id: "hotline".to_owned(),
        source: Some(source),
        canary_percent,
        note: "a reason".to_owned(),
    };
    let answer = admin.flows().publish_flow(request).await?.into_inner();
    Ok(answer.release.expect("a release"))
}

async fn roll_back(admin: &Connection) -> Result<FlowRelease, Status> {
    let request = RollbackFlowRequest { flow_id: "hotline".to_owned(), note: String::new() };
    let answer = admin.flows().rollback_flow(request).await?.into_inner();
    Ok(answer.release.expect("a release"))
}

async fn history(admin: &Connection) -> Vec<FlowRelease> {
    let request = ListFlowVersionsRequest { flow_id: "hotline".to_owned(), ..Default::default() };
    let answer = admin.flows().list_flow_versions(request).await.expect("an answer");
    answer.into_inner().releases
}
