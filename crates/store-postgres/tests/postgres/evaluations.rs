//! Evaluations: drawn by chance from what the domain says can be judged, and counted as it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::center::Localized;
use switchboard_domain::ids::{AgentId, ContactId, EvaluationId, QueueId, ScorecardId};
use switchboard_domain::interaction::Interaction;
use switchboard_domain::quality::{
    Criterion, Evaluation, EvaluationState, Judged, Scorecard, Subject,
};
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{
    Draw, EvaluationGrouping, EvaluationReport, Evaluations, Judgement,
};
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store_postgres::PostgresStore;

use crate::figures::calls;
use crate::support::{database, second, tenant};

fn card(queues: &[&str]) -> Scorecard {
    let criterion = |name: &str, points| Criterion {
        name: name.to_owned(),
        text: Localized::default(),
        points,
        weight: 1,
        is_critical: name == "identity",
        is_optional: true,
    };
    Scorecard {
        id: ScorecardId::parse("calls").unwrap(),
        subject: Subject::Call,
        queues: queues.iter().map(|queue| QueueId::parse(*queue).unwrap()).collect(),
        kinds: BTreeSet::new(),
        pass: 80,
        criteria: vec![criterion("identity", 1), criterion("solution", 5)],
    }
}

/// Makes an evaluation, and keeps what was found.
pub(crate) async fn judged(store: &PostgresStore, id: &str, about: Judged, comment: &str) {
    let (card, demo) = (card(&[]), tenant("demo"));
    let opened = store.open(&demo, &open(id, about)).await.unwrap();
    let marks = [("identity", Some(1)), ("solution", None)];
    let marks = card.take(marks.map(|(name, points)| (name.to_owned(), points))).unwrap();
    let finding = card.judge(&marks);
    let evaluation = opened.judge(finding, ("wu", "supervisor:wu"), second(2)).unwrap();
    let judgement = Judgement { evaluation, marks, comment: comment.to_owned() };
    store.judge(&demo, &judgement, &card).await.unwrap();
    assert_eq!(store.evaluation(&demo, &judgement.evaluation.id).await.unwrap(), judgement);
}

/// Finds the same once more, with another comment.
pub(crate) async fn judged_again(
    store: &PostgresStore,
    id: &str,
    comment: &str,
) -> Result<(), StoreError> {
    let (card, demo) = (card(&[]), tenant("demo"));
    let known = store.evaluation(&demo, &EvaluationId::parse(id).unwrap()).await?;
    let finding = card.judge(&known.marks);
    let evaluation = known.evaluation.judge(finding, ("wu", "supervisor:wu"), second(3)).unwrap();
    let judgement = Judgement { evaluation, comment: comment.to_owned(), marks: known.marks };
    store.judge(&demo, &judgement, &card).await
}

fn open(id: &str, about: Judged) -> Evaluation {
    Evaluation {
        id: EvaluationId::parse(id).unwrap(),
        scorecard: card(&[]).id,
        state: EvaluationState::Open,
        about,
        agent: AgentId::parse("wang").unwrap(),
        queue: None,
        department: None,
        sample: None,
        opened_by: "supervisor:wu".to_owned(),
        found: None,
        reason: None,
        acknowledged_at: None,
        opened_at: second(1),
        changed_at: second(1),
        version: 1,
    }
}

fn ids(request: &str, count: u32) -> Vec<EvaluationId> {
    (0..count).map(|n| EvaluationId::parse(format!("{request}.{n:03}")).unwrap()).collect()
}

async fn draw(
    store: &PostgresStore,
    request: &str,
    card: &Scorecard,
    count: u32,
) -> Vec<Evaluation> {
    let ids = ids(request, count);
    store.draw(&tenant("demo"), &wish(request, card, &ids)).await.unwrap().unwrap()
}

fn wish<'a>(request: &'a str, card: &'a Scorecard, ids: &'a [EvaluationId]) -> Draw<'a> {
    Draw {
        request_id: request,
        asked: b"the same",
        scorecard: card,
        ids,
        most_per_agent: None,
        sample: Some("may"),
        from: second(0),
        until: second(30_000),
        queue: None,
        agent: None,
        department: None,
        disposition: None,
        is_mystery: false,
        actor: "supervisor:wu",
        at: second(40_000),
    }
}

fn drawn_calls(drawn: &[Evaluation]) -> BTreeSet<ContactId> {
    let call = |evaluation: &Evaluation| match &evaluation.about {
        Judged::Call(call) => Some(call.clone()),
        Judged::Ticket(_) => None,
    };
    let calls: BTreeSet<ContactId> = drawn.iter().filter_map(call).collect();
    assert_eq!(calls.len(), drawn.len());
    calls
}

/// Gives a store with calls of every sort, and the calls.
async fn furnished() -> (PostgresStore, Vec<Interaction>) {
    let store = database().await.store;
    let batch = Batch { epoch: 1, expected: None, entries: calls(), rules: vec![], now: second(0) };
    Projection::commit(&store, &tenant("demo"), &batch).await.unwrap();
    let page = PageRequest::parse(200, "").unwrap();
    let every = InteractionFilter::default();
    let all = History::interactions(&store, &tenant("demo"), &every, &page).await.unwrap();
    (store, all.records)
}

#[tokio::test]
async fn every_call_that_can_be_judged_is_drawn_once_and_no_other() {
    let (store, calls) = furnished().await;
    let card = card(&["booking"]);

    let first = draw(&store, "first", &card, 10).await;
    let rest = draw(&store, "rest", &card, 200).await;
    let none = draw(&store, "none", &card, 200).await;

    let judgeable: BTreeSet<ContactId> = calls
        .iter()
        .filter(|call| card.judges_call(call).is_some())
        .map(|call| call.id.clone())
        .collect();
    assert!((20..150).contains(&judgeable.len()), "{}", judgeable.len());
    assert_eq!(first.len(), 10);
    assert_eq!(
        drawn_calls(&first).union(&drawn_calls(&rest)).cloned().collect::<BTreeSet<_>>(),
        judgeable
    );
    assert!(drawn_calls(&first).is_disjoint(&drawn_calls(&rest)));
    assert_eq!(none, []);
}

#[tokio::test]
async fn a_request_draws_once_even_if_two_carry_it_out() {
    let (store, _) = furnished().await;
    let card = card(&[]);

    let (one, other) = tokio::join!(draw(&store, "r", &card, 5), draw(&store, "r", &card, 5));

    assert_eq!(one.len(), 5);
    assert_eq!(one, other);
    assert_eq!(draw(&store, "r", &card, 7).await, one);
}

#[tokio::test]
async fn mystery_callers_and_so_many_of_each_agent_can_be_asked_for() {
    let (store, calls) = furnished().await;
    let (card, demo) = (card(&[]), tenant("demo"));
    let (some, others) = (ids("m", 200), ids("few", 200));
    let of_mystery = Draw { is_mystery: true, ..wish("m", &card, &some) };
    let of_few = Draw { most_per_agent: Some(3), ..wish("few", &card, &others) };

    let mystery = store.draw(&demo, &of_mystery).await.unwrap().unwrap();
    let few = store.draw(&demo, &of_few).await.unwrap().unwrap();

    let secret: BTreeSet<ContactId> = calls
        .iter()
        .filter(|call| call.caller_lists.iter().any(|list| list == "mystery"))
        .filter(|call| card.judges_call(call).is_some())
        .map(|call| call.id.clone())
        .collect();
    assert!(!secret.is_empty());
    assert_eq!(drawn_calls(&mystery), secret);
    // All calls of the tests are one agent's.
    assert_eq!(few.len(), 3);
}

#[tokio::test]
async fn what_was_withdrawn_can_be_drawn_again() {
    let (store, _) = furnished().await;
    let (card, demo) = (card(&[]), tenant("demo"));
    let all = draw(&store, "all", &card, 200).await;
    let gone = all[0].withdraw(("wu", "cut-off"), second(50_000)).unwrap();

    store.change(&demo, &gone).await.unwrap();
    let again = draw(&store, "again", &card, 200).await;

    assert_eq!(drawn_calls(&again), drawn_calls(&all[..1]));
    let lost = store.change(&demo, &gone).await;
    assert!(matches!(lost, Err(StoreError::Conflict { .. })), "{lost:?}");
}

#[tokio::test]
async fn what_was_found_is_read_back_and_counted() {
    let (store, _) = furnished().await;
    let (card, demo) = (card(&[]), tenant("demo"));
    let drawn = draw(&store, "r", &card, 3).await;
    let found = [
        [("identity", Some(1)), ("solution", Some(5))],
        [("identity", Some(0)), ("solution", Some(4))],
        [("identity", None), ("solution", Some(2))],
    ];

    for (evaluation, given) in drawn.iter().zip(found) {
        let marks = card.take(given.map(|(name, points)| (name.to_owned(), points))).unwrap();
        let finding = card.judge(&marks);
        let at = evaluation.opened_at + Duration::from_mins(1);
        let evaluation = evaluation.judge(finding, ("wu", "supervisor:wu"), at).unwrap();
        let judgement = Judgement { evaluation, marks, comment: "listens well".to_owned() };
        store.judge(&demo, &judgement, &card).await.unwrap();
        let kept = store.evaluation(&demo, &judgement.evaluation.id).await.unwrap();
        assert_eq!(kept, judgement);
    }
    let report = EvaluationReport {
        scorecard: card.id.clone(),
        from: second(0),
        until: second(50_000),
        grouping: EvaluationGrouping::Agent,
    };
    let (groups, criteria) = store.evaluation_figures(&demo, &report).await.unwrap();

    let [wang] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!(wang.name.as_deref(), Some("wang"));
    // 100 %, nothing for the lack of identity, 40 %.
    assert_eq!((wang.judged, wang.scores, wang.passed, wang.failed_critical), (3, 14_000, 1, 1));
    let shares: BTreeMap<&str, (u64, u64, u64)> = criteria
        .iter()
        .map(|one| (one.name.as_str(), (one.marked, one.shares, one.failed)))
        .collect();
    assert_eq!(shares["identity"], (2, 10_000, 1));
    assert_eq!(shares["solution"], (3, 22_000, 0));
    let early = EvaluationReport { until: second(40_000), ..report };
    assert_eq!(store.evaluation_figures(&demo, &early).await.unwrap(), (vec![], vec![]));
}

#[tokio::test]
async fn a_call_has_one_evaluation_by_a_scorecard() {
    let (store, _) = furnished().await;
    let demo = tenant("demo");
    let about = Judged::Call(ContactId::parse("c-2").unwrap());

    let (one, other) = (open("e-1", about.clone()), open("e-2", about.clone()));
    let (one, other) = tokio::join!(store.open(&demo, &one), store.open(&demo, &other));

    assert_eq!(one.unwrap(), other.unwrap());
    let elsewhere = store.evaluation(&tenant("other"), &open("e-1", about).id).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })), "{elsewhere:?}");
}
