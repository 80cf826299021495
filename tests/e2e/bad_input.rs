//! Bad input gets a typed refusal with its field, and changes nothing.

use switchboard_api::agent::v1::{AcceptOfferRequest, HeartbeatRequest, SignInRequest};
use switchboard_api::call::v1::{
    CallOffered, DigitsCollected, GatewayEvent, Hello, Inventory, OpenSessionRequest, Rejected,
    ReportInventoryRequest, SessionToken, SubmitEventsRequest, gateway_event::Event,
};
use switchboard_api::call::v1::{GetInteractionRequest, HungUp};
use switchboard_api::callerid::v1::LookupCallerRequest;
use switchboard_api::queue::v1::GetQueueRequest;
use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::CallScript;
use switchboard_domain::caller::Role;
use switchboard_domain::ids::TenantId;
use switchboard_tests::{Center, MANDARIN, eventually};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// Opens a unary session and reports that no leg is up.
async fn session(gateway: &Connection) -> SessionToken {
    let hello = Some(Hello { boot_id: "boot-1".to_owned(), ..Hello::default() });
    let opened = gateway.calls().open_session(OpenSessionRequest { hello }).await;
    let welcome = opened.expect("a session").into_inner().welcome.expect("a welcome");
    let token = welcome.token;
    let inventory = Some(Inventory { token, legs: vec![], r#final: true });
    let report = ReportInventoryRequest { inventory };
    gateway.calls().report_inventory(report).await.expect("an inventory");
    token.expect("a token")
}

/// Reports events, and gives those that were refused.
async fn submit(
    gateway: &Connection,
    token: SessionToken,
    events: Vec<GatewayEvent>,
) -> Result<Vec<Rejected>, Status> {
    let request = SubmitEventsRequest { token: Some(token), events };
    Ok(gateway.calls().submit_events(request).await?.into_inner().rejected)
}

fn event(sequence: u64, call: &str, call_sequence: u64, event: Event) -> GatewayEvent {
    GatewayEvent {
        sequence,
        call_id: call.to_owned(),
        call_sequence,
        event: Some(event),
        ..GatewayEvent::default()
    }
}

fn offered(calling: &str, called: &str) -> Event {
    let (calling_number, called_number) = (calling.to_owned(), called.to_owned());
    Event::CallOffered(CallOffered { calling_number, called_number, ..CallOffered::default() })
}

fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_makes_no_sense_is_refused_with_its_field() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let token = session(&gateway).await;
    let wrong = [
        event(1, "a b", 1, offered("", MANDARIN)),
        event(2, "call-2", 1, offered("", "")),
        event(3, "call-3", 1, offered("", &"1".repeat(65))),
        event(4, "call-4", 1, offered("", "+862160009999")),
        event(5, "call-5", 0, offered("", MANDARIN)),
        GatewayEvent { event: None, ..event(6, "call-6", 1, offered("", MANDARIN)) },
    ];

    let rejected = submit(&gateway, token, wrong.to_vec()).await.unwrap();

    let fields: Vec<(u64, &str)> = rejected
        .iter()
        .map(|refusal| (refusal.sequence, refusal.metadata.get("field").map_or("", String::as_str)))
        .collect();
    let expected = [
        (1, "call_id"),
        (2, "called_number"),
        (3, "called_number"),
        (4, "called_number"),
        (5, "call_sequence"),
        (6, "event"),
    ];
    assert_eq!(fields, expected, "{rejected:?}");
    for call in ["call-2", "call-3", "call-4", "call-5", "call-6"] {
        assert!(center.recorded(call).await.is_none(), "{call} left something behind");
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_the_network_says_of_a_caller_keeps_the_call_away() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let token = session(&gateway).await;
    let from = |number: &str, name: &str| {
        let (calling_number, caller_name) = (number.to_owned(), name.to_owned());
        let called_number = MANDARIN.to_owned();
        let all =
            CallOffered { calling_number, called_number, caller_name, ..CallOffered::default() };
        Event::CallOffered(all)
    };
    let odd = [
        from(&"1".repeat(9_000), ""),
        from("+8613800\u{7}000001", ""),
        from("call me, Li", ""),
        from("", &"Li ".repeat(3_000)),
        from("", "\u{1b}[31mLi\0"),
    ];
    let offers = (1..).zip(odd).map(|(at, odd)| event(at, &format!("call-{at}"), 1, odd));

    let rejected = submit(&gateway, token, offers.collect()).await.unwrap();

    assert_eq!(rejected, []);
    for call in ["call-1", "call-2", "call-3", "call-4", "call-5"] {
        eventually(async || center.recorded(call).await).await;
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duplicate_changes_nothing_and_a_gap_is_refused() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let token = session(&gateway).await;
    let first = event(1, "call-1", 1, offered("", MANDARIN));
    submit(&gateway, token, vec![first.clone()]).await.unwrap();

    let again = submit(&gateway, token, vec![first]).await.unwrap();
    let hung_up = || Event::HungUp(HungUp::default());
    let gap = submit(&gateway, token, vec![event(9, "call-1", 2, hung_up())]).await.unwrap();
    let next = submit(&gateway, token, vec![event(2, "call-1", 2, hung_up())]).await.unwrap();

    assert_eq!(again, []);
    assert_eq!(gap.first().map(|refusal| refusal.reason.as_str()), Some("EVENT_GAP"));
    assert_eq!(next, []);
    let record = center.concluded("call-1").await;
    let starts = record.events.iter().filter(|event| event.r#type == "contact_started").count();
    assert_eq!(starts, 1);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_a_call_nobody_offered_is_refused() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let token = session(&gateway).await;
    let digits = DigitsCollected { command_id: "menu-1".to_owned(), ..DigitsCollected::default() };

    let digits = Event::DigitsCollected(DigitsCollected { reason: 1, ..digits });
    let rejected = submit(&gateway, token, vec![event(1, "ghost", 1, digits)]).await.unwrap();

    assert_eq!(rejected.len(), 1, "{rejected:?}");
    assert!(center.recorded("ghost").await.is_none());
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_replaced_is_refused() {
    let center = Center::open().await;
    let gateway = center.raw_gateway();
    let old = session(&gateway).await;
    let new = session(&gateway).await;
    let offer = || vec![event(1, "call-1", 1, offered("", MANDARIN))];

    let stale = submit(&gateway, old, offer()).await;
    let fresh = submit(&gateway, new, offer()).await.unwrap();

    let refused = match stale {
        Err(status) => reason(&status),
        Ok(rejected) => rejected[0].reason.clone(),
    };
    assert_eq!(refused, "STALE_SESSION");
    assert_eq!(fresh, []);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_cannot_do_what_the_state_does_not_allow() {
    let center = Center::open().await;
    let mut agents = center.connect(Role::Agent, "li-wei").agents();
    let signed_in = agents.sign_in(SignInRequest::default()).await;
    let desk = center.desk("zhang-min", Diligent).await;

    let session_id = "999.1".to_owned();
    let stale = agents.heartbeat(HeartbeatRequest { session_id }).await.unwrap_err();
    let accept = AcceptOfferRequest { session_id: "1.1".to_owned(), offer_id: "none".to_owned() };
    let no_offer = agents.accept_offer(accept).await.unwrap_err();
    let stranger = center.connect(Role::Agent, "nobody").agents();
    let wanted = Some(switchboard_api::agent::v1::Presence { kind: 1, ..Default::default() });
    let unknown = { stranger }
        .sign_in(SignInRequest { wanted, ..SignInRequest::default() })
        .await
        .unwrap_err();

    assert_eq!(signed_in.unwrap_err().code(), Code::InvalidArgument, "nothing is wanted");
    assert_eq!(reason(&stale), "STALE_SESSION");
    let codes = [Code::Aborted, Code::NotFound, Code::FailedPrecondition];
    assert!(codes.contains(&no_offer.code()), "{no_offer:?}");
    assert!(matches!(unknown.code(), Code::NotFound | Code::PermissionDenied), "{unknown:?}");
    drop(desk);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_record_is_not_found_and_a_malformed_id_is_named() {
    let center = Center::open().await;
    let office = center.office();

    let queue = GetQueueRequest { queue_id: "nowhere".to_owned() };
    let unknown_queue = office.queues().get_queue(queue).await.unwrap_err();
    let call = GetInteractionRequest { call_id: "never".to_owned() };
    let unknown_call = office.history().get_interaction(call).await.unwrap_err();
    let malformed = GetQueueRequest { queue_id: "no where".to_owned() };
    let malformed = office.queues().get_queue(malformed).await.unwrap_err();

    assert_eq!(
        (unknown_queue.code(), reason(&unknown_queue).as_str()),
        (Code::NotFound, "QUEUE_NOT_FOUND")
    );
    assert_eq!(unknown_call.code(), Code::NotFound);
    assert_eq!(malformed.code(), Code::InvalidArgument);
    let details = malformed.get_error_details();
    let violation = &details.bad_request().unwrap().field_violations[0];
    assert_eq!(violation.field, "queue_id");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_beyond_the_limit_is_refused_and_the_server_goes_on() {
    let center = Center::open().await;
    let office = center.office();
    let huge = LookupCallerRequest {
        calling_number: "1".repeat(200_000),
        ..LookupCallerRequest::default()
    };

    let refused = office.callers().lookup_caller(huge).await.unwrap_err();
    let number = "not a number".to_owned();
    let odd = LookupCallerRequest { calling_number: number, ..LookupCallerRequest::default() };
    let after = office.callers().lookup_caller(odd).await;

    let codes = [Code::OutOfRange, Code::ResourceExhausted, Code::InvalidArgument];
    assert!(codes.contains(&refused.code()), "{refused:?}");
    match after {
        Ok(found) => assert_eq!(found.into_inner().candidates, []),
        Err(status) => assert_eq!(status.code(), Code::InvalidArgument),
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_of_no_tenant_or_one_the_center_does_not_list_is_refused() {
    let center = Center::open().await;
    let nowhere = TenantId::parse("nowhere").unwrap();
    let hello = || Some(Hello { boot_id: "boot-1".to_owned(), ..Hello::default() });
    let homeless = center.token_for(&nowhere, Role::Gateway, "gateway-1");
    let unlisted = center.token(Role::Gateway, "gateway-2");

    for (token, codes) in [
        (homeless, [Code::NotFound, Code::PermissionDenied, Code::FailedPrecondition]),
        (unlisted, [Code::PermissionDenied; 3]),
    ] {
        let request = OpenSessionRequest { hello: hello() };
        let refused = center.connect_with(&token).calls().open_session(request).await;

        let code = refused.unwrap_err().code();
        assert!(codes.contains(&code), "{code:?}");
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withheld_or_odd_calling_number_never_keeps_a_caller_out() {
    let center = Center::open().await;
    let gateway = center.gateway().await;

    for (index, number) in
        ["", "anonymous", "sip:alice@example.org", "110", "+++", "未知"].into_iter().enumerate()
    {
        let id = format!("call-{index}");
        let call = gateway.call(CallScript::new(&id, number, MANDARIN));
        eventually(async || center.recorded(&id).await).await;
        call.hang_up();
        let record = center.concluded(&id).await;

        // A silent caller soon leaves the menu for a person.
        let outcomes = ["left_menu", "abandoned"];
        assert!(outcomes.contains(&record.outcome.as_str()), "{number}: {}", record.outcome);
    }
    center.close().await;
}
