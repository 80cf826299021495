//! A gateway that asks step by step: every input once, from any replica, and into a queue at the end.

use prost_types::Value;
use prost_types::value::Kind;
use switchboard_api::call::v1::gateway_command::Command;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{CallOffered, CollectEnd, InteractionEvent};
use switchboard_api::callerid::v1::{CreateCustomerRequest, Customer, CustomerNumber};
use switchboard_api::ivr::v1::send_input_request::Input;
use switchboard_api::ivr::v1::session_directive::Directive;
use switchboard_api::ivr::v1::{
    EndSessionRequest, GetSessionRequest, PressedDigits, SendInputRequest, SessionAnswer,
    SessionState, StartSessionRequest,
};
use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_domain::caller::Role;
use switchboard_tests::{Center, MANDARIN, eventually};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::unary_gateway::Webhooks;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_input_is_answered_once_and_the_same_way_by_any_replica() {
    let center = Center::open().await;
    let replica = center.replica().await;
    let here = center.raw_gateway();
    let address = format!("http://{}", replica.address);
    let there = Connection::new(&address, &center.token(Role::Gateway, "gateway-1")).unwrap();

    let first = start(&here, "call-1").await.unwrap();
    let again = start(&there, "call-1").await.unwrap();
    let menu = send(&there, "call-1", 1, "2").await.unwrap();
    let repeated = send(&here, "call-1", 1, "2").await.unwrap();
    let gap = send(&here, "call-1", 3, "10*25").await.unwrap_err();
    let routed = send(&here, "call-1", 2, "10*25").await.unwrap();
    let old = send(&there, "call-1", 1, "2").await.unwrap_err();
    let over = send(&there, "call-1", 3, "1").await.unwrap_err();

    assert_eq!((first.seq, first.state()), (0, SessionState::WaitingForInput));
    assert!(matches!(last(&first), Directive::Collect(collect) if !collect.prompts.is_empty()));
    assert_eq!(first, again);
    assert_eq!((menu.seq, menu.node_id.as_str()), (1, "booking-trip"));
    assert_eq!(menu, repeated);
    assert_eq!(told(&gap), (Code::FailedPrecondition, "SEQ_GAP".to_owned(), "2".to_owned()));
    assert_eq!(told(&old), (Code::FailedPrecondition, "SEQ_TOO_OLD".to_owned(), "3".to_owned()));
    assert_eq!(told(&over).1, "SESSION_OVER");
    let Directive::Route(route) = last(&routed) else { panic!("{routed:?}") };
    assert_eq!((routed.state(), route.queue_id.as_str()), (SessionState::Routed, "booking"));
    assert_eq!(route.collected.get("origin").map(String::as_str), Some("10"));
    assert_eq!(get(&there, "call-1").await.unwrap(), routed);
    replica.stop().await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_cannot_be_read_begins_a_session_all_the_same() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let odd = ["call me, Li", "+8613800\u{7}000001", &"1".repeat(9_000)];

    for (number, raw) in odd.into_iter().enumerate() {
        let first = start_from(&gateway, &format!("call-{number}"), raw).await.unwrap();

        assert_eq!(first.state(), SessionState::WaitingForInput, "{raw}");
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_its_gateway_s_own_and_gone_when_it_ends() {
    let center = Center::open().await;
    let own = center.raw_gateway();
    let other = center.connect(Role::Gateway, "gateway-2");
    start(&own, "call-1").await.unwrap();

    let reading = get(&other, "call-1").await.unwrap_err();
    let pressing = send(&other, "call-1", 1, "2").await.unwrap_err();
    let starting = start(&other, "call-1").await.unwrap_err();
    let ending = end(&other, "call-1").await.unwrap_err();
    let unknown = send(&own, "call-9", 1, "2").await.unwrap_err();
    end(&own, "call-1").await.unwrap();
    end(&own, "call-1").await.unwrap();
    let gone = get(&own, "call-1").await.unwrap_err();

    for refusal in [reading, pressing, starting, ending, unknown, gone] {
        assert_eq!(told(&refusal).1, "SESSION_NOT_FOUND");
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_a_session_chose_takes_the_call_without_a_menu() {
    let center = Center::open().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let asking = center.raw_gateway();
    start(&asking, "call-1").await.unwrap();
    let mut gateway = Webhooks::open(center).await;
    let offered = |session: &str| {
        Event::CallOffered(CallOffered {
            called_number: MANDARIN.to_owned(),
            ivr_session_id: session.to_owned(),
            ..CallOffered::default()
        })
    };

    let early = gateway.refused(offered("call-1")).await;
    send(&asking, "call-1", 1, "2").await.unwrap();
    send(&asking, "call-1", 2, "10*25").await.unwrap();
    gateway.say(offered("call-1")).await;
    let (_, bridge) = gateway
        .until(|command| {
            assert!(!matches!(command, Command::Collect(_)), "the menu is asked again");
            let Command::Bridge(bridge) = command else { return None };
            Some(bridge)
        })
        .await;

    assert_eq!(early, "SESSION_NOT_ROUTED");
    assert_eq!(bridge.agent_id, "zhang-min");
    let menu = eventually(async || {
        let record = gateway.center.recorded("call-1").await?;
        let in_menu = |event: &&InteractionEvent| event.r#type.starts_with("menu_");
        let steps = record.events.iter().take_while(in_menu);
        let nodes: Vec<String> =
            steps.filter_map(|step| step.fields.get("node").cloned()).collect();
        (!nodes.is_empty()).then_some(nodes)
    })
    .await;
    assert_eq!(menu, ["main-menu", "booking-trip", "to-booking"]);
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_leaves_its_steps_behind_also_when_no_call_followed() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    start(&gateway, "session-1").await.unwrap();
    send(&gateway, "session-1", 1, "2").await.unwrap();

    end(&gateway, "session-1").await.unwrap();

    let record = center.concluded("session-1").await;
    let kinds: Vec<&str> = record.events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(kinds, ["menu_started", "menu_stepped", "menu_stepped", "contact_ended"]);
    assert_eq!(record.events[2].fields["node"], "booking-trip");
    assert_eq!(record.end_reason, "left_menu");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_of_a_session_keeps_neither_who_else_may_call_nor_what_records_say() {
    const NUMBER: &str = "+8613999990001";
    let center = Center::open().await;
    let admin = center.connect(Role::Admin, "root");
    let member = |id: &str, number: &str| {
        let points = Value { kind: Some(Kind::NumberValue(987_654_321.0)) };
        let number = CustomerNumber { number: number.to_owned(), ..CustomerNumber::default() };
        let customer = Customer {
            customer_id: id.to_owned(),
            display_name: format!("Member {id}"),
            tier: "B1".to_owned(),
            numbers: vec![number],
            profile: [("consumption.points".to_owned(), points)].into(),
            ..Customer::default()
        };
        CreateCustomerRequest { customer: Some(customer) }
    };
    for request in [member("qian", NUMBER), member("zhao", NUMBER), member("sun", "+8613999990002")]
    {
        admin.callers().create_customer(request).await.expect("a customer");
    }
    let gateway = center.raw_gateway();

    for (session, number) in [("session-1", NUMBER), ("session-2", "+8613999990002")] {
        start_from(&gateway, session, number).await.unwrap();
        end(&gateway, session).await.unwrap();
        let told = format!("{:?}", center.concluded(session).await.events);

        assert!(told.contains("menu_started"), "{told}");
        assert!(!told.contains("987654321") && !told.contains("Member qian"), "{told}");
    }
    center.close().await;
}

async fn start(connection: &Connection, session: &str) -> Result<SessionAnswer, Status> {
    start_from(connection, session, "+8613800000002").await
}

async fn start_from(
    connection: &Connection,
    session: &str,
    calling: &str,
) -> Result<SessionAnswer, Status> {
    let request = StartSessionRequest {
        session_id: session.to_owned(),
        calling_number: calling.to_owned(),
        called_number: MANDARIN.to_owned(),
        ..StartSessionRequest::default()
    };
    let answer = connection.flows().start_session(request).await?.into_inner();
    Ok(answer.answer.expect("an answer"))
}

async fn send(
    connection: &Connection,
    session: &str,
    seq: u64,
    keys: &str,
) -> Result<SessionAnswer, Status> {
    let digits = PressedDigits { keys: keys.to_owned(), reason: CollectEnd::Terminator.into() };
    let request = SendInputRequest {
        session_id: session.to_owned(),
        seq,
        input: Some(Input::Digits(digits)),
    };
    let answer = connection.flows().send_input(request).await?.into_inner();
    Ok(answer.answer.expect("an answer"))
}

async fn get(connection: &Connection, session: &str) -> Result<SessionAnswer, Status> {
    let request = GetSessionRequest { session_id: session.to_owned() };
    let answer = connection.flows().get_session(request).await?.into_inner();
    Ok(answer.answer.expect("an answer"))
}

async fn end(connection: &Connection, session: &str) -> Result<(), Status> {
    let request = EndSessionRequest { session_id: session.to_owned() };
    connection.flows().end_session(request).await.map(|_| ())
}

fn last(answer: &SessionAnswer) -> &Directive {
    let last = answer.directives.last().and_then(|directive| directive.directive.as_ref());
    last.expect("a directive")
}

fn told(status: &Status) -> (Code, String, String) {
    let details = status.get_error_details();
    let info = details.error_info().expect("a reason");
    let next = info.metadata.get("next_seq").cloned().unwrap_or_default();
    (status.code(), info.reason.clone(), next)
}
