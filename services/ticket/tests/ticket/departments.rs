//! Who answers for tickets: the departments that a center lists, and no others.

use switchboard_api::ticket::v1::{
    CreateTicketRequest, ListDepartmentsRequest, MoveTicketRequest, OpenSideConversationRequest,
    TicketMove,
};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Office, a_move, from, order, told};

/// Those of the demo.
const LISTED: [&str; 9] = [
    "booking",
    "care",
    "complaints",
    "operations",
    "reception",
    "refunds",
    "reviews",
    "surveys",
    "visits",
];

fn refusal(status: &Status) -> (Code, String, String, String) {
    let (code, reason, field) = told(status);
    let expected = status.get_error_details().error_info().unwrap().metadata["expected"].clone();
    (code, reason, field, expected)
}

#[tokio::test]
async fn a_ticket_goes_to_departments_that_the_center_lists_and_to_no_other() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let of_care = CreateTicketRequest { department: "care".into(), ..order("r-1") };
    let of_nobody = CreateTicketRequest { department: "caer".into(), ..order("r-2") };

    let made = office.answer(of_care).await.unwrap().ticket.unwrap();
    let refused = office.answer(of_nobody).await.unwrap_err();
    let accepted = office.moves(a_move(&made, TicketMove::Accept)).await.unwrap();
    let elsewhere =
        MoveTicketRequest { department: "sales".into(), ..a_move(&accepted, TicketMove::Dispatch) };
    let misled = office.moves(elsewhere).await.unwrap_err();
    let beside = OpenSideConversationRequest {
        ticket_id: "r-1".into(),
        conversation_id: "c-1".into(),
        subject: "which train?".into(),
        department: "sales".into(),
        ..OpenSideConversationRequest::default()
    };
    let unheard =
        office.desk().open_side_conversation(from(Role::Agent, beside)).await.unwrap_err();

    for status in [refused, misled, unheard] {
        let expected = format!("one of {}", LISTED.join(", "));
        let wanted = (Code::InvalidArgument, "INVALID_FIELD".into(), "department".into(), expected);
        assert_eq!(refusal(&status), wanted);
    }
    assert_eq!(office.ticket("r-1").await.etag, accepted.etag);
}

#[tokio::test]
async fn the_departments_are_listed_with_their_names() {
    let office = Office::set_up().await;
    office.apply(&[]).await;

    let listed = office.desk().list_departments(from(Role::Agent, ListDepartmentsRequest {})).await;

    let listed = listed.unwrap().into_inner().departments;
    let words: Vec<&str> = listed.iter().map(|one| one.department.as_str()).collect();
    assert_eq!(words, LISTED);
    assert_eq!(listed[1].display_names["zh-CN"], "客户关怀部");
}
