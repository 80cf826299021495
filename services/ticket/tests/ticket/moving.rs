//! Moving tickets.

use std::time::Duration;

use switchboard_api::ticket::v1::{
    CreateTicketRequest, Medium, MoveTicketRequest, Ticket, TicketMove, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::Code;
use tonic_types::StatusExt;

use crate::support::{Office, a_move, from, of, order, tenant, told};

#[tokio::test]
async fn a_ticket_lives_from_acceptance_to_closure_and_tells_it() {
    let office = Office::set_up().await;
    let mut ticket = office.create("r-1").await;
    let life = [
        (TicketMove::Accept, TicketState::Accepted),
        (TicketMove::Dispatch, TicketState::Dispatched),
        (TicketMove::Start, TicketState::InProgress),
        (TicketMove::Hold, TicketState::OnHold),
        (TicketMove::Resume, TicketState::InProgress),
        (TicketMove::Resolve, TicketState::Resolved),
        (TicketMove::Close, TicketState::Closed),
    ];

    for (action, state) in life {
        let request = MoveTicketRequest {
            etag: ticket.etag.clone(),
            note: "as agreed".to_owned(),
            department: "refunds".to_owned(),
            resolution: "paid back".to_owned(),
            ..a_move(&ticket, action)
        };
        ticket = office.moves(request).await.unwrap();

        assert_eq!(ticket.state(), state);
    }
    assert_eq!(ticket.department, "refunds");
    assert_eq!(ticket.resolution, "paid back");
    let told: Vec<u64> = ticket.events.iter().map(|event| event.version).collect();
    assert_eq!(told, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(ticket.events[7].action(), TicketMove::Close);
}

#[tokio::test]
async fn a_move_that_the_state_forbids_is_refused_with_state_and_move() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;

    let refused = office.moves(a_move(&ticket, TicketMove::Close)).await.unwrap_err();

    assert_eq!(told(&refused).1, "TICKET_MOVE_NOT_ALLOWED");
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let details = refused.get_error_details();
    let metadata = &details.error_info().unwrap().metadata;
    assert_eq!((metadata["state"].as_str(), metadata["action"].as_str()), ("new", "close"));
}

#[tokio::test]
async fn a_stale_etag_moves_nothing() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let stale =
        MoveTicketRequest { etag: ticket.etag.clone(), ..a_move(&ticket, TicketMove::Start) };
    let refused = office.moves(stale).await.unwrap_err();
    let blind = office.moves(a_move(&ticket, TicketMove::Start)).await.unwrap();

    assert_eq!((refused.code(), told(&refused).1), (Code::Aborted, "ETAG_STALE".to_owned()));
    assert_eq!(blind.etag, "3");
}

#[tokio::test]
async fn a_move_that_says_too_little_names_what_is_missing() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let itself = MoveTicketRequest {
        merged_into_id: ticket.ticket_id.clone(),
        ..a_move(&ticket, TicketMove::Merge)
    };
    let odd_etag = MoveTicketRequest { etag: "W/1".into(), ..a_move(&ticket, TicketMove::Accept) };
    let nameless =
        MoveTicketRequest { ticket_id: String::new(), ..a_move(&ticket, TicketMove::Accept) };
    let cases = [
        ("action", a_move(&ticket, TicketMove::Unspecified)),
        ("action", MoveTicketRequest { action: 99, ..a_move(&ticket, TicketMove::Accept) }),
        ("note", a_move(&ticket, TicketMove::Cancel)),
        ("merged_into_id", a_move(&ticket, TicketMove::Merge)),
        ("merged_into_id", itself),
        ("etag", odd_etag),
        ("ticket_id", nameless),
    ];

    for (field, request) in cases {
        let refused = office.moves(request).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}

#[tokio::test]
async fn a_ticket_goes_on_in_another_one_only_if_that_is_there() {
    let office = Office::set_up().await;
    let (ticket, other) = (office.create("r-1").await, office.create("r-2").await);
    let into = |id: &str| MoveTicketRequest {
        merged_into_id: id.to_owned(),
        ..a_move(&ticket, TicketMove::Merge)
    };

    let refused = office.moves(into("t-9")).await.unwrap_err();
    let merged = office.moves(into(&other.ticket_id)).await.unwrap();

    assert_eq!(told(&refused).1, "TICKET_NOT_FOUND");
    assert_eq!((merged.state(), &merged.merged_into_id), (TicketState::Merged, &other.ticket_id));
}

#[tokio::test]
async fn no_ticket_goes_on_where_nobody_works_any_more() {
    let office = Office::set_up().await;
    let (first, other) = (office.create("r-1").await, office.create("r-2").await);
    let into = |ticket: &Ticket, target: &Ticket| MoveTicketRequest {
        merged_into_id: target.ticket_id.clone(),
        ..a_move(ticket, TicketMove::Merge)
    };
    office.moves(into(&first, &other)).await.unwrap();

    let refused = office.moves(into(&other, &first)).await.unwrap_err();

    assert_eq!(refused.code(), Code::FailedPrecondition);
    let details = refused.get_error_details();
    let error = details.error_info().unwrap();
    assert_eq!(error.reason, "TICKET_TARGET_NOT_OPEN");
    assert_eq!((&*error.metadata["merged_into_id"], &*error.metadata["state"]), ("r-1", "merged"));
}

#[tokio::test]
async fn nobody_moves_the_ticket_of_another_tenant() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;

    let foreign = of("other", Role::Admin, a_move(&ticket, TicketMove::Accept));
    let refused = office.client().move_ticket(foreign).await.unwrap_err();

    assert_eq!((refused.code(), told(&refused).1), (Code::NotFound, "TICKET_NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn moves_without_an_etag_that_meet_are_all_judged() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;

    let (first, second) = tokio::join!(
        office.moves(a_move(&ticket, TicketMove::Accept)),
        office.moves(a_move(&ticket, TicketMove::Accept)),
    );

    let outcomes = [first, second].map(|outcome| outcome.map(|moved| moved.etag));
    let refusals: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(refusals.len(), 1, "{outcomes:?}");
    assert_eq!(told(refusals[0]).1, "TICKET_MOVE_NOT_ALLOWED");
}

#[tokio::test]
async fn whoever_moves_a_ticket_is_on_the_trail() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    office.clock.advance(Duration::from_secs(1));
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    office.moves(a_move(&ticket, TicketMove::Close)).await.unwrap_err();

    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();

    assert_eq!(trail.len(), 2);
    assert_eq!(trail[0].action, "ticket.move");
    assert_eq!(trail[0].detail.as_deref(), Some("accept to version 2"));
}

#[tokio::test]
async fn a_complaint_is_closed_after_a_department_an_answer_to_the_customer_and_a_second_look() {
    let office = Office::set_up().await;
    office.customer("li").await;
    let complaint = CreateTicketRequest {
        kind: "complaint".to_owned(),
        customer_id: "li".to_owned(),
        medium: Medium::Letter.into(),
        ..order("r-1")
    };
    let ticket = office.answer(complaint).await.unwrap().ticket.unwrap();
    for action in [TicketMove::Accept, TicketMove::Start] {
        office.moves(a_move(&ticket, action)).await.unwrap();
    }
    let resolve = MoveTicketRequest {
        resolution: "paid back".to_owned(),
        ..a_move(&ticket, TicketMove::Resolve)
    };
    let refusal =
        async |request: MoveTicketRequest| told(&office.moves(request).await.unwrap_err()).1;

    assert_eq!(refusal(resolve.clone()).await, "TICKET_NEEDS_DEPARTMENT");
    let refunds = "refunds".to_owned();
    let dispatch =
        MoveTicketRequest { department: refunds, ..a_move(&ticket, TicketMove::Dispatch) };
    office.moves(dispatch).await.unwrap();
    office.moves(a_move(&ticket, TicketMove::Start)).await.unwrap();
    office.moves(resolve).await.unwrap();

    assert_eq!(refusal(a_move(&ticket, TicketMove::Close)).await, "TICKET_NEEDS_INFORMING");
    assert_eq!(refusal(a_move(&ticket, TicketMove::Inform)).await, "MISSING_FIELD");
    let inform =
        MoveTicketRequest { medium: Medium::Sms.into(), ..a_move(&ticket, TicketMove::Inform) };
    let informed: Ticket = office.moves(inform).await.unwrap();

    assert_eq!((informed.medium(), informed.informed_by()), (Medium::Letter, Medium::Sms));
    assert_eq!(informed.resolved_by, "agent:wang");
    assert_eq!(refusal(a_move(&ticket, TicketMove::Close)).await, "TICKET_NEEDS_REVIEW");
    let by_another = from(Role::Supervisor, a_move(&ticket, TicketMove::Close));
    let closed = office.client().move_ticket(by_another).await.unwrap().into_inner().ticket;
    assert_eq!(closed.unwrap().state(), TicketState::Closed);
}

#[tokio::test]
async fn a_ticket_tells_how_long_each_stage_took() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let seconds = |seconds: u64| Duration::from_secs(seconds);

    office.clock.advance(seconds(60));
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    office.clock.advance(seconds(5));
    office.moves(a_move(&ticket, TicketMove::Start)).await.unwrap();
    office.clock.advance(seconds(600));
    let noted = MoveTicketRequest { note: "a word".into(), ..a_move(&ticket, TicketMove::Note) };
    let times = office.moves(noted).await.unwrap().stage_times.unwrap();

    let spent = [times.acceptance, times.dispatch, times.handling, times.waiting, times.closure];
    assert_eq!(spent.map(|time| time.unwrap().seconds), [60, 5, 600, 0, 0]);
}
