//! Making tickets.

use std::time::Duration;

use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, TicketPriority, TicketState};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::Code;

use crate::support::{Office, from, of, order, tenant, told};

#[tokio::test]
async fn a_ticket_is_recorded_with_its_first_event() {
    let office = Office::set_up().await;

    let answer = office.answer(order("r-1")).await.unwrap();

    assert_eq!(answer.acceptance(), Acceptance::Recorded);
    let ticket = answer.ticket.unwrap();
    assert_eq!((ticket.ticket_id.as_str(), ticket.number), ("r-1", 1));
    assert_eq!(ticket.state(), TicketState::New);
    assert_eq!((ticket.subject.as_str(), ticket.etag.as_str()), ("refund", "1"));
    assert_eq!(ticket.priority(), TicketPriority::Normal);
    assert_eq!(ticket.events[0].actor, "agent:wang");
}

#[tokio::test]
async fn the_same_request_twice_has_the_same_answer() {
    let office = Office::set_up().await;

    let first = office.answer(order("r-1")).await.unwrap();
    let again = office.answer(order("r-1")).await.unwrap();

    assert_eq!(again, first);
}

#[tokio::test]
async fn a_request_id_belongs_to_one_ticket_and_one_tenant() {
    let office = Office::set_up().await;
    office.create("r-1").await;

    let second = CreateTicketRequest { subject: "lost bag".to_owned(), ..order("r-1") };
    let refused = office.answer(second).await.unwrap_err();
    let of_other = of("other", Role::Agent, order("r-1"));
    let elsewhere = office.client().create_ticket(of_other).await.unwrap();

    assert_eq!(told(&refused).1, "REQUEST_ID_REUSED");
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(elsewhere.into_inner().ticket.unwrap().number, 1);
}

#[tokio::test]
async fn a_bad_field_is_named_and_nothing_is_made() {
    let office = Office::set_up().await;
    let cases = [
        ("request_id", "MISSING_FIELD", order("")),
        ("request_id", "INVALID_FIELD", order("two words")),
        ("subject", "MISSING_FIELD", CreateTicketRequest { subject: " ".into(), ..order("r") }),
        (
            "subject",
            "INVALID_FIELD",
            CreateTicketRequest { subject: "x".repeat(201), ..order("r") },
        ),
        (
            "description",
            "INVALID_FIELD",
            CreateTicketRequest { description: "x".repeat(8_001), ..order("r") },
        ),
        (
            "customer_id",
            "INVALID_FIELD",
            CreateTicketRequest { customer_id: "?".into(), ..order("r") },
        ),
        (
            "interaction_id",
            "INVALID_FIELD",
            CreateTicketRequest { interaction_id: "a b".into(), ..order("r") },
        ),
        (
            "department",
            "INVALID_FIELD",
            CreateTicketRequest { department: "a b".into(), ..order("r") },
        ),
        ("priority", "INVALID_FIELD", CreateTicketRequest { priority: 9, ..order("r") }),
    ];

    for (field, reason, request) in cases {
        let refused = office.answer(request).await.unwrap_err();

        let expected = (Code::InvalidArgument, reason.to_owned(), field.to_owned());
        assert_eq!(told(&refused), expected);
    }
    assert_eq!(office.create("r").await.number, 1);
}

#[tokio::test]
async fn a_ticket_of_nobody_known_is_not_made() {
    let office = Office::set_up().await;

    let of_nobody = CreateTicketRequest { customer_id: "nobody".to_owned(), ..order("r-1") };
    let refused = office.answer(of_nobody).await.unwrap_err();

    let expected = (Code::NotFound, "CUSTOMER_NOT_FOUND".to_owned(), String::new());
    assert_eq!(told(&refused), expected);
}

#[tokio::test]
async fn whoever_makes_a_ticket_is_on_the_trail() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    office.clock.advance(Duration::from_secs(1));
    office.create("r-1").await;

    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();

    let object = format!("ticket/{}", ticket.ticket_id);
    assert_eq!(trail.len(), 2);
    for line in &trail {
        assert_eq!((line.actor.as_str(), line.role.as_str()), ("wang", "agent"));
        assert_eq!((line.action.as_str(), &line.object), ("ticket.create", &object));
    }
    assert_eq!(trail[0].detail.as_deref(), Some("repeated request"));
}

#[tokio::test]
async fn a_request_around_the_guard_is_refused() {
    let office = Office::set_up().await;
    let mut request = from(Role::Agent, order("r-1"));
    request.extensions_mut().clear();

    let refused = office.client().create_ticket(request).await.unwrap_err();

    assert_eq!(refused.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_kind_that_the_center_does_not_have_is_refused_with_those_it_has() {
    let office = Office::set_up().await;
    let request = CreateTicketRequest { kind: "grievance".to_owned(), ..order("r-1") };

    let refused = office.answer(request).await.unwrap_err();

    assert_eq!(told(&refused), (Code::InvalidArgument, "INVALID_FIELD".into(), "kind".into()));
    assert!(refused.message().contains("one of request, complaint, repair"), "{refused:?}");
}
