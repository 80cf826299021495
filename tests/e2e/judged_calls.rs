//! A mystery caller: served like everybody, known to supervisors only, judged, and counted nowhere.

use std::time::Duration;

use switchboard_api::call::v1::ReportQueuesRequest;
use switchboard_api::callerid::v1::{
    LookupCallerRequest, NumberRule, NumberRuleKind, SetNumberRuleRequest,
};
use switchboard_api::quality::v1::evaluation::About;
use switchboard_api::quality::v1::{
    AcknowledgeEvaluationRequest, DrawEvaluationsRequest, Evaluation, JudgeEvaluationRequest, Mark,
};
use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_domain::caller::Role;
use switchboard_tests::stories::rung;
use switchboard_tests::{Center, MANDARIN, answered};

const CALLER: &str = "+8613999990001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mystery_caller_is_served_judged_and_counted_nowhere() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("li-wei", Diligent).await;
    let (office, agent) = (center.office(), center.connect(Role::Agent, "li-wei"));
    keep_secret(&office).await;
    assert_eq!(lists(&office).await, [NumberRuleKind::Mystery]);
    for told in [&agent, &center.raw_gateway()] {
        assert_eq!(lists(told).await, []);
    }

    let script = CallScript::new("call-1", CALLER, MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script.talk_for(Duration::from_millis(20)));
    let offer = rung(&mut desk).await;
    answered("the end", call.until(|event| matches!(event, CallEvent::Ended { .. }))).await;

    assert_eq!(offer.contact.expect("a card").lists, [""; 0]);
    let record = center.concluded("call-1").await;
    assert_eq!(
        (record.caller_lists, record.outcome.as_str()),
        (vec!["mystery".into()], "answered")
    );
    assert_eq!(center.tickets("call-1").await, []);
    let since = ReportQueuesRequest { start_time: record.started_at, ..Default::default() };
    let report = office.history().report_queues(since).await;
    let counted = report.expect("figures").into_inner().figures;
    assert_eq!(counted, []);
    let drawn = draw(&office).await;
    assert_eq!(drawn.about, Some(About::InteractionId("call-1".to_owned())));
    let judged = judge(&office, &drawn).await;
    assert!((judged.finding.expect("a finding").score - 77.78).abs() < 0.01);
    let (evaluation_id, etag) = (drawn.evaluation_id, judged.etag);
    let read = AcknowledgeEvaluationRequest { evaluation_id, etag };
    agent.quality().acknowledge_evaluation(read).await.expect("what was found is read");
    center.close().await;
}

async fn keep_secret(office: &Connection) {
    let rule = NumberRule {
        number: CALLER.to_owned(),
        kind: NumberRuleKind::Mystery.into(),
        reason: "tries how refunds are handled".to_owned(),
        ..NumberRule::default()
    };
    let request = SetNumberRuleRequest { rule: Some(rule) };
    office.callers().set_number_rule(request).await.expect("a rule is kept");
}

/// Gives the lists that the caller's number is said to stand on.
async fn lists(asker: &Connection) -> Vec<NumberRuleKind> {
    let request =
        LookupCallerRequest { calling_number: CALLER.to_owned(), ..LookupCallerRequest::default() };
    let found = asker.callers().lookup_caller(request).await.expect("an answer").into_inner();
    found.lists.iter().map(switchboard_api::callerid::v1::CallerListing::kind).collect()
}

async fn draw(office: &Connection) -> Evaluation {
    let request = DrawEvaluationsRequest {
        request_id: "draw-1".to_owned(),
        scorecard_id: "calls".to_owned(),
        count: 5,
        mystery: true,
        ..DrawEvaluationsRequest::default()
    };
    let drawn = office.quality().draw_evaluations(request).await.expect("evaluations");
    let mut drawn = drawn.into_inner().evaluations;
    assert_eq!(drawn.len(), 1, "{drawn:?}");
    drawn.remove(0)
}

/// Finds everything good but the greeting and the closing: 7 of 9 by the weights of what applies.
async fn judge(office: &Connection, drawn: &Evaluation) -> Evaluation {
    let found = [
        ("greeting", Some(0)),
        ("identity", None),
        ("understanding", Some(5)),
        ("solution", Some(5)),
        ("closing", Some(0)),
    ];
    let mark =
        |(criterion, points): (&str, Option<u32>)| Mark { criterion: criterion.to_owned(), points };
    let request = JudgeEvaluationRequest {
        evaluation_id: drawn.evaluation_id.clone(),
        marks: found.map(mark).into(),
        comment: "did not say who was speaking".to_owned(),
        etag: drawn.etag.clone(),
    };
    let judged = office.quality().judge_evaluation(request).await.expect("a judgement");
    judged.into_inner().evaluation.expect("an evaluation")
}
