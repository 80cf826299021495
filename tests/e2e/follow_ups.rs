//! A complaint from the call to the survey: whoever handled it is not the one who asks how it was.

use switchboard_api::call::v1::{HangupCause, Side};
use switchboard_api::callerid::v1::ListTimelineRequest;
use switchboard_api::callerid::v1::timeline_entry::What;
use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::{
    Answer, FollowUp, FollowUpState, ListFollowUpsRequest, Loyalty, RecordAnswersRequest,
    ReportSurveyRequest,
};
use switchboard_api::queue::v1::ObstacleKind;
use switchboard_api::ticket::v1::{
    GetTicketRequest, Medium, MoveTicketRequest, ReviseTicketRequest, Ticket, TicketMove,
};
use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{BridgeOutcome, CallEvent, CallScript, Gateway};
use switchboard_domain::caller::Role;
use switchboard_tests::stories::bridged;
use switchboard_tests::{Center, MANDARIN, answered, eventually};
use tonic::{Code, Status};
use tonic_types::StatusExt;

const NUMBER: &str = "13800000001";
const HANDLER: &str = "zhang-min";
const COLLEAGUE: &str = "li-wei";

/// A center that follows up every ticket at once, by calls of the booking queue.
async fn center() -> Center {
    let rules = "  wrap_up: {time: 30s, extension: 30s}\n";
    let calls = "  wrap_up: 0s\n  callback: {attempts: 1}\n";
    Center::builder()
        .with("queues.yaml", rules, calls)
        .with_file("follow_ups.yaml", "all: {after: 0s, queue: booking, survey: care}\n")
        .open()
        .await
}

/// Lets the handler talk to a customer; gives the ticket that the call leaves.
async fn a_complaint(center: &Center, gateway: &Gateway) -> Ticket {
    let script = CallScript::new("call-1", NUMBER, MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);
    assert_eq!(bridged(&mut call).await, HANDLER);
    call.hang_up();
    center.concluded("call-1").await;
    eventually(async || center.tickets("call-1").await.pop()).await
}

/// Lets the handler resolve a ticket as the complaint it is and tell the customer; only then it is closed,
/// and by somebody else.
async fn closed(center: &Center, ticket: &Ticket) {
    let handler = center.connect(Role::Agent, HANDLER);
    let kind = ReviseTicketRequest {
        ticket_id: ticket.ticket_id.clone(),
        kind: "complaint".to_owned(),
        ..ReviseTicketRequest::default()
    };
    handler.ticket_forms().revise_ticket(kind).await.expect("the handler says what it is");
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
        moved(&handler, ticket, action).await.expect("the handler moves it");
    }
    let untold = moved(&center.office(), ticket, TicketMove::Close).await;
    moved(&handler, ticket, TicketMove::Inform).await.expect("the handler tells the customer");
    let own = moved(&handler, ticket, TicketMove::Close).await;
    moved(&center.office(), ticket, TicketMove::Close).await.expect("a supervisor closes it");

    assert_eq!(refusal(untold), "TICKET_NEEDS_INFORMING");
    assert_eq!(refusal(own), "TICKET_NEEDS_REVIEW");
}

async fn moved(by: &Connection, ticket: &Ticket, action: TicketMove) -> Result<(), Status> {
    let request = MoveTicketRequest {
        ticket_id: ticket.ticket_id.clone(),
        action: action.into(),
        resolution: "paid back".to_owned(),
        medium: Medium::Phone.into(),
        ..MoveTicketRequest::default()
    };
    by.tickets().move_ticket(request).await.map(drop)
}

fn refusal(answer: Result<(), Status>) -> String {
    let status = answer.expect_err("a refusal");
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// Waits until the follow-up of a ticket is in a state.
async fn in_state(center: &Center, ticket: &Ticket, state: FollowUpState) -> FollowUp {
    let mut follow_ups = center.office().follow_ups();
    let request =
        ListFollowUpsRequest { ticket_id: ticket.ticket_id.clone(), ..Default::default() };
    eventually(async || {
        let listed = follow_ups.list_follow_ups(request.clone()).await;
        let listed = listed.expect("follow-ups are listed").into_inner();
        assert!(listed.follow_ups.len() <= 1, "{listed:?}");
        listed.follow_ups.into_iter().find(|found| found.state() == state)
    })
    .await
}

fn answers(follow_up: &FollowUp, satisfaction: u32) -> RecordAnswersRequest {
    let given =
        [("solved", satisfaction), ("speed", 4), ("overall", 5), ("again", 5), ("recommend", 5)];
    let answers = given.map(|(question, points)| Answer {
        question: question.to_owned(),
        value: Some(Value::Points(points)),
    });
    RecordAnswersRequest { follow_up_id: follow_up.follow_up_id.clone(), answers: answers.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_goes_from_the_call_to_the_survey_and_a_low_score_is_made_up_for() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _handler = center.desk(HANDLER, Diligent).await;
    let ticket = a_complaint(&center, &gateway).await;

    closed(&center, &ticket).await;
    let calling = in_state(&center, &ticket, FollowUpState::Calling).await;
    // Who handled it is free, and is not rung for it.
    let kept_by = center.obstacles(&calling.contact_id, HANDLER).await;
    let mut customer = gateway.expect(CallScript::new(&calling.contact_id, "", ""));
    let _colleague = center.desk(COLLEAGUE, Diligent).await;
    assert_eq!(bridged(&mut customer).await, COLLEAGUE);
    let mut asking = center.connect(Role::Agent, COLLEAGUE).follow_ups();
    let answered = asking.record_answers(answers(&calling, 1)).await.unwrap().into_inner();
    customer.hang_up();

    assert_eq!(calling.spared_agent_ids, [HANDLER]);
    assert_ne!(kept_by, [] as [ObstacleKind; 0]);
    let answered = answered.follow_up.unwrap();
    assert_eq!(answered.state(), FollowUpState::Answered);
    assert_eq!(answered.verdict.unwrap().loyalty(), Loyalty::Loyal);
    let recovery = GetTicketRequest { ticket_id: answered.recovery_ticket_id.clone() };
    let recovery = center.office().tickets().get_ticket(recovery).await.unwrap().into_inner();
    let recovery = recovery.ticket.unwrap();
    assert_eq!((&recovery.customer_id, recovery.kind.as_str()), (&ticket.customer_id, "complaint"));
    let call = center.concluded(&calling.contact_id).await;
    assert_eq!((call.outcome.as_str(), call.customer_id), ("answered", ticket.customer_id.clone()));
    let timeline = ListTimelineRequest { customer_id: ticket.customer_id, ..Default::default() };
    let timeline = center.office().callers().list_timeline(timeline).await.unwrap().into_inner();
    let told = timeline.entries.into_iter().find_map(|entry| match entry.what {
        Some(What::FollowUp(told)) => Some((told.state, told.ticket_id)),
        _ => None,
    });
    assert_eq!(told, Some(("answered".to_owned(), ticket.ticket_id)));
    let report = ReportSurveyRequest { survey_id: "care".to_owned(), ..Default::default() };
    let report = center.office().follow_ups().report_survey(report).await.unwrap().into_inner();
    assert_eq!((report.figures[0].department.as_str(), report.figures[0].loyal), ("booking", 1));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_is_not_reached_is_told_so_in_the_life_of_the_ticket() {
    let center = center().await;
    let gateway = center.gateway().await;
    let _handler = center.desk(HANDLER, Diligent).await;
    let ticket = a_complaint(&center, &gateway).await;
    closed(&center, &ticket).await;
    let calling = in_state(&center, &ticket, FollowUpState::Calling).await;
    let mut script = CallScript::new(&calling.contact_id, "", "");
    let cause = HangupCause::NoAnswer;
    script.bridges = vec![BridgeOutcome::Fails { side: Side::Caller, cause }];
    let mut customer = gateway.expect(script);

    let _colleague = center.desk(COLLEAGUE, Diligent).await;
    let missed = customer.until(|event| matches!(event, CallEvent::NotReached { .. }));
    answered("a vain call", missed).await;

    let unreached = in_state(&center, &ticket, FollowUpState::Unreached).await;
    assert_eq!((unreached.calls, unreached.reason.as_str()), (1, "unreached"));
    let request = GetTicketRequest { ticket_id: ticket.ticket_id };
    let life = center.office().tickets().get_ticket(request).await.unwrap().into_inner();
    let note = life.ticket.unwrap().events.pop().unwrap().note;
    assert_eq!(note, "follow-up: the customer was called and not reached: unreached");
    let refused = center.raw_gateway().follow_ups().record_answers(answers(&unreached, 5)).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    center.close().await;
}
