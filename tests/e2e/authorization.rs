//! Who may call what: the table of roles, seen from outside.

use switchboard_api::agent::v1::{ListAgentsRequest, SignInRequest};
use switchboard_api::call::v1::{ListInteractionsRequest, OpenSessionRequest};
use switchboard_api::callerid::v1::LookupCallerRequest;
use switchboard_api::queue::v1::ListQueuesRequest;
use switchboard_api::ticket::v1::ListTicketsRequest;
use switchboard_client::Connection;
use switchboard_domain::caller::Role;
use switchboard_domain::ids::TenantId;
use switchboard_tests::Center;
use tonic::{Code, Status};

/// The calls of the sample, in the order of the columns below.
const CALLS: [&str; 7] = [
    "open a session",
    "sign in",
    "list queues",
    "list tickets",
    "list interactions",
    "list agents",
    "look a caller up",
];

/// The roles, and which calls each may make.
const ALLOWED: [(Role, &str, [bool; 7]); 4] = [
    (Role::Gateway, "gateway-1", [true, false, false, false, false, false, true]),
    (Role::Agent, "li-wei", [false, true, true, true, false, false, true]),
    (Role::Supervisor, "boss", [false, false, true, true, true, true, true]),
    (Role::Admin, "root", [false, false, true, true, true, true, true]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_may_call_what_is_its_own_and_nothing_else() {
    let center = Center::open().await;

    for (role, subject, allowed) in ALLOWED {
        let codes = codes(&center.connect(role, subject)).await;

        for ((call, code), may) in CALLS.iter().zip(codes).zip(allowed) {
            let denied = code == Code::PermissionDenied;
            assert_eq!(!denied, may, "{role} may {call}: {code:?}");
        }
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_may_call_anything_without_a_credential_of_this_center() {
    let center = Center::open().await;
    let elsewhere = Center::open().await;
    let forged = elsewhere.token(Role::Admin, "root");
    let admin = center.token(Role::Admin, "root");
    let cut = &admin[..admin.len() - 4];

    for connection in [
        Connection::anonymous(&center.address()).unwrap(),
        center.connect_with("nonsense"),
        center.connect_with(&forged),
        center.connect_with(cut),
    ] {
        let codes = codes(&connection).await;

        assert!(codes.iter().all(|code| *code == Code::Unauthenticated), "{codes:?}");
    }
    elsewhere.close().await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tenant_sees_nothing_of_this_one() {
    let center = Center::open().await;
    let stranger = TenantId::parse("stranger").unwrap();
    let token = center.token_for(&stranger, Role::Admin, "root");
    let theirs = center.connect_with(&token);

    let tickets = theirs.tickets().list_tickets(ListTicketsRequest::default()).await;
    let queues = theirs.queues().list_queues(ListQueuesRequest::default()).await;
    let caller = LookupCallerRequest {
        calling_number: "+8613800000001".to_owned(),
        ..LookupCallerRequest::default()
    };
    let found = theirs.callers().lookup_caller(caller).await;

    assert!(tickets.map_or(true, |tickets| tickets.into_inner().tickets.is_empty()));
    assert!(queues.map_or(true, |queues| queues.into_inner().queues.is_empty()));
    assert!(found.map_or(true, |found| found.into_inner().candidates.is_empty()));
    center.close().await;
}

/// Makes each call of the sample, and gives how it was answered.
async fn codes(connection: &Connection) -> [Code; 7] {
    let mut agents = connection.agents();
    [
        code(connection.calls().open_session(OpenSessionRequest::default()).await),
        code(agents.sign_in(SignInRequest::default()).await),
        code(connection.queues().list_queues(ListQueuesRequest::default()).await),
        code(connection.tickets().list_tickets(ListTicketsRequest::default()).await),
        code(connection.history().list_interactions(ListInteractionsRequest::default()).await),
        code(agents.list_agents(ListAgentsRequest::default()).await),
        code(connection.callers().lookup_caller(LookupCallerRequest::default()).await),
    ]
}

fn code<T>(answer: Result<T, Status>) -> Code {
    answer.map_or_else(|status| status.code(), |_| Code::Ok)
}
