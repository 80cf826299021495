//! One move of many tickets, and what would become of each.

use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::ticket::v1::{
    MoveTicketRequest, MoveTicketsRequest, MovedTicket, TicketMove, TicketState,
};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};

use crate::support::{Office, a_move, from, of, told};

fn bulk(action: TicketMove, tickets: &[(&str, &str)]) -> MoveTicketsRequest {
    let named = |(id, etag): &(&str, &str)| MovedTicket {
        ticket_id: (*id).to_owned(),
        etag: (*etag).to_owned(),
    };
    MoveTicketsRequest {
        tickets: tickets.iter().map(named).collect(),
        r#move: Some(MoveTicketRequest { action: action.into(), ..MoveTicketRequest::default() }),
        validate_only: false,
        macro_id: String::new(),
    }
}

/// Gives of each ticket the state it is in, or the reason why it is not moved.
async fn results(office: &Office, request: MoveTicketsRequest) -> Result<Vec<String>, Status> {
    let answer = office.desk().move_tickets(from(Role::Supervisor, request)).await?.into_inner();
    let told = |outcome| match outcome {
        Some(Outcome::Moved(ticket)) => ticket.state().as_str_name().to_owned(),
        Some(Outcome::Refused(refusal)) => refusal.reason,
        None => "nothing".to_owned(),
    };
    Ok(answer.results.into_iter().map(|result| told(result.outcome)).collect())
}

#[tokio::test]
async fn a_preview_says_what_would_happen_and_the_move_does_exactly_that() {
    let office = Office::set_up().await;
    for id in ["r-1", "r-2", "r-3"] {
        office.create(id).await;
    }
    let accepted = office.moves(a_move(&office.ticket("r-2").await, TicketMove::Accept)).await;
    let wanted = [("r-1", "1"), ("r-2", ""), ("r-3", "9"), ("r-9", "")];
    let request = bulk(TicketMove::Accept, &wanted);
    let preview = MoveTicketsRequest { validate_only: true, ..request.clone() };

    let before = results(&office, preview).await.unwrap();
    let untouched = office.ticket("r-1").await;
    let done = results(&office, request.clone()).await.unwrap();
    let again = results(&office, request).await.unwrap();

    let expected =
        ["TICKET_STATE_ACCEPTED", "TICKET_MOVE_NOT_ALLOWED", "ETAG_STALE", "TICKET_NOT_FOUND"];
    assert_eq!(before, expected);
    assert_eq!(done, expected);
    assert_eq!(again[0], "ETAG_STALE");
    assert_eq!((untouched.state(), untouched.events.len()), (TicketState::New, 1));
    let moved = office.ticket("r-1").await;
    assert_eq!(
        (moved.state(), moved.events[1].actor.as_str()),
        (TicketState::Accepted, "supervisor:wang")
    );
    assert_eq!(office.ticket("r-2").await, accepted.unwrap());
}

#[tokio::test]
async fn what_makes_no_sense_for_one_makes_none_for_any() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let mut named = bulk(TicketMove::Accept, &[("r-1", "")]);
    named.r#move.as_mut().unwrap().ticket_id = "r-1".to_owned();
    let many: Vec<(String, String)> =
        (0..101).map(|number| (format!("r-{number}"), String::new())).collect();
    let many: Vec<(&str, &str)> =
        many.iter().map(|(id, etag)| (id.as_str(), etag.as_str())).collect();
    let cases = [
        ("tickets", bulk(TicketMove::Accept, &[])),
        ("tickets", bulk(TicketMove::Accept, &[("r-1", ""), ("r-1", "1")])),
        ("tickets", bulk(TicketMove::Accept, &many)),
        ("move", MoveTicketsRequest { r#move: None, ..bulk(TicketMove::Accept, &[("r-1", "")]) }),
        ("move.ticket_id", named),
        ("action", bulk(TicketMove::Unspecified, &[("r-1", "")])),
        ("etag", bulk(TicketMove::Accept, &[("r-1", "x")])),
    ];

    for (field, request) in cases {
        let refused = results(&office, request).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let foreign = of("other", Role::Admin, bulk(TicketMove::Accept, &[("r-1", "")]));
    let foreign = office.desk().move_tickets(foreign).await.unwrap().into_inner();
    let Some(Outcome::Refused(refusal)) = &foreign.results[0].outcome else {
        panic!("{foreign:?}")
    };
    assert_eq!(refusal.reason, "TICKET_NOT_FOUND");
    assert_eq!(office.ticket("r-1").await.state(), TicketState::New);
}
