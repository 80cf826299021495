//! Calls after closings: once each, by somebody else.

use std::time::Duration;

use switchboard_api::followup::v1::{
    FollowUp, FollowUpState, GetFollowUpRequest, RecordAnswersRequest,
};
use switchboard_api::ticket::v1::{MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::ids::AgentId;
use switchboard_store::live_floor::LiveFloor;
use switchboard_ticket::{call_due, decide};
use tonic::Code;

use crate::care::{Care, DAY, parts};
use crate::support::{a_move, from, tenant, told};

#[tokio::test]
async fn a_closed_ticket_is_called_once_after_its_time_and_by_nobody_who_had_a_hand_in_it() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let due = care.only().await;
    assert_eq!((due.state(), due.calls), (FollowUpState::Due, 0));

    care.pass(Duration::from_hours(2));
    let (demo, other) = (tenant("demo"), parts(&care.office, &care.floor));
    let (one, another) = tokio::join!(call_due(&care.parts, &demo), call_due(&other, &demo));
    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");

    let calling = care.only().await;
    assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1));
    assert_eq!(care.floor.callbacks(&demo).await.unwrap().len(), 1);
    let contact = care.contact(&calling).await.unwrap();
    assert_eq!(contact.state, ContactState::Queued);
    let spared: Vec<&str> = contact.tried.keys().map(AgentId::as_str).collect();
    assert_eq!(spared, ["chen", "wang"]);
    assert_eq!(contact.caller, "+8613800000001");
}

#[tokio::test]
async fn two_processes_decide_on_a_closing_once_and_a_ticket_that_is_closed_again_is_followed_up_again()
 {
    let care = Care::set_up().await;
    let ticket = care.a_closed_ticket("r-1").await;
    let (demo, other) = (tenant("demo"), parts(&care.office, &care.floor));

    let (one, another) = tokio::join!(decide(&care.parts, &demo), decide(&other, &demo));

    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
    let first = care.only().await;
    let reopen =
        MoveTicketRequest { note: "again".to_owned(), ..a_move(&ticket, TicketMove::Reopen) };
    care.office.moves(reopen).await.unwrap();
    care.close(&ticket).await;
    care.pass(Duration::from_hours(2));
    care.round().await;
    let all = care.all().await;
    let state = |id: &str| all.iter().find(|it| it.follow_up_id == id).map(FollowUp::state);
    assert_eq!(all.len(), 2);
    assert_eq!(state(&first.follow_up_id), Some(FollowUpState::Skipped), "it came back");
}

#[tokio::test]
async fn a_policy_that_picks_none_follows_up_none() {
    let care = Care::with("all: {percent: 0, queue: rebooking}\n").await;

    care.a_closed_ticket("r-1").await;
    care.round().await;

    assert_eq!(care.all().await, []);
}

#[tokio::test]
async fn answers_are_kept_once_and_a_low_score_opens_one_ticket() {
    let care = Care::set_up().await;
    let ticket = care.a_closed_ticket("r-1").await;
    care.round().await;
    let id = care.only().await.follow_up_id;

    let first = care.answer(&id, 1).await.unwrap();
    let again = care.answer(&id, 1).await.unwrap();
    let other = care.answer(&id, 5).await.unwrap_err();

    assert_eq!((first.state(), &first.etag), (FollowUpState::Answered, &again.etag));
    assert_eq!(first.answers.len(), 6);
    assert_eq!(told(&other).1, "FOLLOW_UP_MOVE_NOT_ALLOWED");
    let recovery = care.office.ticket(&first.recovery_ticket_id).await;
    assert_eq!((recovery.customer_id.as_str(), recovery.kind.as_str()), ("li", "complaint"));
    assert_eq!(recovery.department, "refunds");
    assert!(recovery.subject.ends_with(&ticket.number.to_string()), "{recovery:?}");
    let life = care.office.ticket("r-1").await.events;
    let notes: Vec<&str> = life.iter().map(|event| event.note.as_str()).collect();
    let said = "follow-up: the customer answered, satisfaction 1 of 5, not loyal: a ticket is to \
                make up for it";
    assert_eq!(notes.last(), Some(&said));
    let get = from(Role::Agent, GetFollowUpRequest { follow_up_id: id });
    let shown = care.client().get_follow_up(get).await.unwrap().into_inner();
    assert_eq!(shown.follow_up.unwrap().answers, first.answers);
    assert_eq!(shown.survey.unwrap().questions.len(), 6);
}

#[tokio::test]
async fn answers_that_do_not_fit_are_refused_by_name_and_change_nothing() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let id = care.only().await.follow_up_id;

    let points = care.answer(&id, 6).await.unwrap_err();
    let none = RecordAnswersRequest { follow_up_id: id.clone(), answers: vec![] };
    let none = care.client().record_answers(from(Role::Agent, none)).await.unwrap_err();

    let refused = (Code::InvalidArgument, "INVALID_FIELD".to_owned(), "answers.value".to_owned());
    assert_eq!(told(&points), refused);
    assert_eq!(told(&none).2, "answers");
    assert_eq!(care.only().await.state(), FollowUpState::Due);
}

#[tokio::test]
async fn who_does_not_want_to_be_asked_is_not_asked() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let id = care.only().await.follow_up_id;

    let wordless = care.decline(&id, "").await;
    care.decline(&id, "no-time").await.unwrap();
    care.pass(DAY);
    care.round().await;

    assert_eq!(told(&wordless.unwrap_err()).2, "reason");
    let declined = care.only().await;
    assert_eq!((declined.state(), declined.calls), (FollowUpState::Declined, 0));
}
