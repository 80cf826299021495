//! Judging how tickets were handled: by somebody else, shown to whom it is about.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::quality::v1::evaluation::About;
use switchboard_api::quality::v1::open_evaluation_request::About as Asked;
use switchboard_api::quality::v1::quality_service_client::QualityServiceClient;
use switchboard_api::quality::v1::quality_service_server::{QualityService, QualityServiceServer};
use switchboard_api::quality::v1::{
    AcknowledgeEvaluationRequest, DrawEvaluationsRequest, Evaluation, EvaluationGrouping,
    EvaluationState, GetEvaluationRequest, JudgeEvaluationRequest, ListEvaluationsRequest,
    ListScorecardsRequest, Mark, OpenEvaluationRequest, ReportEvaluationsRequest,
    WithdrawEvaluationRequest,
};
use switchboard_api::ticket::v1::{CreateTicketRequest, Medium, MoveTicketRequest, TicketMove};
use switchboard_center::CenterCache;
use switchboard_domain::caller::{Caller, Role};
use switchboard_runtime::clock::RandomIds;
use switchboard_ticket::{QualityParts, quality_service};
use tonic::{Code, Request, Status};

use crate::support::{Office, a_move, by, order, read_log, signed, tenant, told};

fn quality(
    office: &Office,
) -> QualityServiceClient<QualityServiceServer<impl QualityService + use<>>> {
    let store = Arc::new(office.store.clone());
    QualityServiceClient::new(quality_service(QualityParts {
        evaluations: Arc::clone(&store) as _,
        history: Arc::clone(&store) as _,
        tickets: Arc::clone(&store) as _,
        centers: CenterCache::new(Arc::clone(&store) as _),
        reads: read_log(Arc::clone(&store) as _),
        audit: store,
        ids: Arc::new(RandomIds),
        clock: Arc::clone(&office.clock) as _,
    }))
}

/// Signs a request of a supervisor.
fn chief<T>(name: &str, message: T) -> Request<T> {
    let (tenant, role) = (tenant("demo"), Role::Supervisor);
    signed(Caller { tenant, role, subject: name.to_owned() }, message)
}

/// Sets up an office whose agent Wang has resolved complaints.
async fn with_complaints(names: &[&str]) -> Office {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    for name in names {
        let complaint = CreateTicketRequest {
            kind: "complaint".to_owned(),
            department: "care".to_owned(),
            ..order(name)
        };
        let made = office.answer(complaint).await.unwrap().ticket.unwrap();
        for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
            let request = MoveTicketRequest {
                agent_id: "wang".to_owned(),
                resolution: "paid back".to_owned(),
                medium: Medium::Phone.into(),
                ..a_move(&made, action)
            };
            office.moves(request).await.unwrap();
        }
    }
    office
}

async fn open(office: &Office, ticket: &str) -> Result<Evaluation, Status> {
    open_as(office, "wu", ticket).await
}

async fn open_as(office: &Office, who: &str, ticket: &str) -> Result<Evaluation, Status> {
    let request = OpenEvaluationRequest {
        scorecard_id: "complaints".to_owned(),
        about: Some(Asked::TicketId(ticket.to_owned())),
        sample: "may".to_owned(),
    };
    let opened = quality(office).open_evaluation(chief(who, request)).await;
    opened.map(|response| response.into_inner().evaluation.unwrap())
}

fn marks(given: [(&str, u32); 3]) -> Vec<Mark> {
    let mark = |(criterion, points): (&str, u32)| Mark {
        criterion: criterion.to_owned(),
        points: Some(points),
    };
    given.map(mark).into()
}

/// (3 × 4/5 + 2 + 3) / 8
fn good() -> Vec<Mark> {
    marks([("cause", 4), ("informed", 1), ("outcome", 5)])
}

async fn judge(
    office: &Office,
    who: &str,
    id: &str,
    marks: Vec<Mark>,
) -> Result<Evaluation, Status> {
    let request = JudgeEvaluationRequest {
        evaluation_id: id.to_owned(),
        marks,
        comment: "asked back".to_owned(),
        ..JudgeEvaluationRequest::default()
    };
    let judged = quality(office).judge_evaluation(chief(who, request)).await;
    judged.map(|response| response.into_inner().evaluation.unwrap())
}

async fn own(office: &Office, agent: &str) -> Vec<String> {
    let mine = by(agent, ListEvaluationsRequest::default());
    let listed = quality(office).list_evaluations(mine).await.unwrap().into_inner();
    listed.evaluations.into_iter().map(|evaluation| evaluation.evaluation_id).collect()
}

fn get(id: &str) -> GetEvaluationRequest {
    GetEvaluationRequest { evaluation_id: id.to_owned() }
}

fn acknowledge(id: &str) -> AcknowledgeEvaluationRequest {
    AcknowledgeEvaluationRequest { evaluation_id: id.to_owned(), etag: String::new() }
}

#[tokio::test]
async fn what_was_found_is_shown_to_whom_it_is_about_once_it_is_found() {
    let office = with_complaints(&["r-1"]).await;
    let opened = open(&office, "r-1").await.unwrap();
    let id = opened.evaluation_id.as_str();
    assert_eq!((opened.state(), opened.agent_id.as_str()), (EvaluationState::Open, "wang"));
    assert_eq!(opened.about, Some(About::TicketId("r-1".to_owned())));
    let early = quality(&office).get_evaluation(by("wang", get(id))).await.unwrap_err();
    assert_eq!(early.code(), Code::NotFound);
    assert_eq!(own(&office, "wang").await, [""; 0]);

    let judged = judge(&office, "wu", id, good()).await.unwrap();

    let finding = judged.finding.as_ref().unwrap();
    assert!((finding.score - 92.5).abs() < 1e-9 && finding.passed, "{finding:?}");
    assert_eq!(own(&office, "wang").await, [id]);
    assert_eq!(own(&office, "chen").await, [""; 0]);
    let seen = quality(&office).get_evaluation(by("wang", get(id))).await.unwrap().into_inner();
    assert_eq!(seen.evaluation.as_ref(), Some(&judged));
    assert_eq!(seen.scorecard.unwrap().criteria.len(), 3);
    let other = quality(&office).get_evaluation(by("chen", get(id))).await.unwrap_err();
    assert_eq!(other.code(), Code::NotFound);
    let not_theirs = quality(&office).acknowledge_evaluation(by("chen", acknowledge(id))).await;
    assert_eq!(not_theirs.unwrap_err().code(), Code::NotFound);
    let unseen = AcknowledgeEvaluationRequest { etag: opened.etag.clone(), ..acknowledge(id) };
    let unseen = quality(&office).acknowledge_evaluation(by("wang", unseen)).await.unwrap_err();
    assert_eq!(told(&unseen).1, "ETAG_STALE");
    let read = quality(&office).acknowledge_evaluation(by("wang", acknowledge(id))).await.unwrap();
    let read = read.into_inner().evaluation.unwrap();
    let again = quality(&office).acknowledge_evaluation(by("wang", acknowledge(id))).await.unwrap();
    assert!(read.acknowledge_time.is_some());
    assert_eq!(again.into_inner().evaluation.unwrap(), read);
}

#[tokio::test]
async fn who_handled_it_does_not_judge_it_and_who_judged_may_correct_it_until_it_is_read() {
    let office = with_complaints(&["r-1"]).await;
    let by_handler = open_as(&office, "wang", "r-1").await.unwrap_err();
    let kept = chief("wu", ListEvaluationsRequest::default());
    let kept = quality(&office).list_evaluations(kept).await.unwrap().into_inner();
    let id = open(&office, "r-1").await.unwrap().evaluation_id;
    let once_more = open_as(&office, "wang", "r-1").await.unwrap_err();

    let own = judge(&office, "wang", &id, good()).await.unwrap_err();
    let hidden = quality(&office).get_evaluation(chief("wang", get(&id))).await.unwrap_err();
    let all = chief("wang", ListEvaluationsRequest::default());
    let listed = quality(&office).list_evaluations(all).await.unwrap().into_inner();
    let away =
        WithdrawEvaluationRequest { evaluation_id: id.clone(), reason: "cut-off".to_owned() };
    let away = quality(&office).withdraw_evaluation(chief("wang", away)).await.unwrap_err();
    let first = judge(&office, "wu", &id, good()).await.unwrap();
    let same = judge(&office, "wu", &id, good()).await.unwrap();
    let other = judge(&office, "zhao", &id, good()).await.unwrap_err();
    let worse = marks([("cause", 4), ("informed", 0), ("outcome", 5)]);
    let corrected = judge(&office, "wu", &id, worse.clone()).await.unwrap();
    quality(&office).acknowledge_evaluation(by("wang", acknowledge(&id))).await.unwrap();
    let late = judge(&office, "wu", &id, good()).await.unwrap_err();

    for opened in [by_handler, once_more] {
        assert_eq!((opened.code(), told(&opened).1.as_str()), (Code::PermissionDenied, "OWN_WORK"));
    }
    assert_eq!(kept.evaluations, []);
    assert_eq!((own.code(), told(&own).1.as_str()), (Code::PermissionDenied, "OWN_WORK"));
    assert_eq!((hidden.code(), listed.evaluations), (Code::NotFound, vec![]));
    assert_eq!(told(&away).1, "OWN_WORK");
    assert_eq!(first, same);
    assert_eq!(told(&other).1, "JUDGED_BY_ANOTHER");
    let finding = corrected.finding.unwrap();
    assert!(finding.score.abs() < 1e-9 && !finding.passed, "{finding:?}");
    assert_eq!(finding.failed_criteria, ["informed"]);
    assert_eq!((late.code(), told(&late).1.as_str()), (Code::FailedPrecondition, "ACKNOWLEDGED"));
}

#[tokio::test]
async fn what_does_not_fit_the_scorecard_is_refused_and_nothing_is_kept() {
    let office = with_complaints(&["r-1"]).await;
    office.create("r-2").await;
    let id = open(&office, "r-1").await.unwrap().evaluation_id;
    let of = async |points| told(&judge(&office, "wu", &id, marks(points)).await.unwrap_err());

    let too_many = of([("cause", 6), ("informed", 1), ("outcome", 5)]).await;
    let unknown = of([("cause", 5), ("informed", 1), ("result", 5)]).await;
    let twice = of([("cause", 5), ("informed", 1), ("cause", 5)]).await;
    let partly = judge(&office, "wu", &id, vec![]).await.unwrap_err();
    let open_ticket = open(&office, "r-2").await.unwrap_err();
    let missing = open(&office, "r-9").await.unwrap_err();

    assert_eq!(too_many, (Code::InvalidArgument, "INVALID_FIELD".into(), "marks.points".into()));
    assert_eq!(unknown.2, "marks.criterion");
    assert_eq!(twice.2, "marks.criterion");
    assert_eq!(told(&partly).1, "MISSING_FIELD");
    assert_eq!(told(&open_ticket).1, "NOTHING_TO_JUDGE");
    assert_eq!(missing.code(), Code::NotFound);
    let kept = quality(&office).get_evaluation(chief("wu", get(&id))).await.unwrap().into_inner();
    assert_eq!(kept.evaluation.unwrap().state(), EvaluationState::Open);
}

#[tokio::test]
async fn tickets_are_drawn_once_withdrawn_and_reported() {
    let office = with_complaints(&["r-1", "r-2", "r-3"]).await;
    office.clock.advance(Duration::from_mins(1));
    let draw = |request: &str, count| DrawEvaluationsRequest {
        request_id: request.to_owned(),
        scorecard_id: "complaints".to_owned(),
        count,
        department: "care".to_owned(),
        sample: "may".to_owned(),
        ..DrawEvaluationsRequest::default()
    };
    let drawn = async |request| {
        let drawn = quality(&office).draw_evaluations(chief("wu", request)).await.unwrap();
        drawn.into_inner().evaluations
    };

    let two = drawn(draw("d-1", 2)).await;
    let same = drawn(draw("d-1", 2)).await;
    let rest = drawn(draw("d-2", 200)).await;

    assert_eq!((two.len(), rest.len()), (2, 1));
    assert_eq!(two, same);
    let other = quality(&office).draw_evaluations(chief("wu", draw("d-1", 3))).await.unwrap_err();
    assert_eq!(told(&other).1, "REQUEST_ID_REUSED");
    let withdraw = WithdrawEvaluationRequest {
        evaluation_id: rest[0].evaluation_id.clone(),
        reason: "cut-off".to_owned(),
    };
    let gone = quality(&office).withdraw_evaluation(chief("wu", withdraw)).await.unwrap();
    assert_eq!(gone.into_inner().evaluation.unwrap().state(), EvaluationState::Withdrawn);
    for evaluation in &two {
        judge(&office, "wu", &evaluation.evaluation_id, good()).await.unwrap();
    }
    office.clock.advance(Duration::from_mins(1));
    let report = ReportEvaluationsRequest {
        scorecard_id: "complaints".to_owned(),
        grouping: EvaluationGrouping::Sample.into(),
        ..ReportEvaluationsRequest::default()
    };
    let found = quality(&office).report_evaluations(chief("wu", report)).await.unwrap();
    let found = found.into_inner();
    let all = found.all.unwrap();
    assert_eq!((all.judged, all.passed, all.acknowledged), (2, 2, 0));
    assert!((all.mean_score - 92.5).abs() < 1e-9, "{all:?}");
    assert_eq!(found.groups.len(), 1);
    assert_eq!(found.groups[0].name, "may");
    let names: Vec<&str> = found.criteria.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["cause", "informed", "outcome"]);
    assert!((found.criteria[0].mean_score - 80.0).abs() < 1e-9, "{:?}", found.criteria[0]);
    let cards = quality(&office).list_scorecards(by("wang", ListScorecardsRequest {})).await;
    assert_eq!(cards.unwrap().into_inner().scorecards.len(), 2);
}
