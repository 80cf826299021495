//! Evaluations: drawn by chance from what the domain says can be judged, and counted as it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::center::Localized;
use switchboard_domain::ids::{
    AgentId, ContactId, DispositionId, EvaluationId, QueueId, ScorecardId, TicketId, TicketKindId,
};
use switchboard_domain::interaction::Interaction;
use switchboard_domain::quality::{
    Criterion, Evaluation, EvaluationState, Judged, Scorecard, Subject,
};
use switchboard_domain::ticket::Ticket;
use switchboard_store::error::StoreError;
use switchboard_store::evaluations::{
    Draw, DrawWish, EvaluationGrouping, EvaluationReport, Evaluations, Judgement,
};
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store_postgres::PostgresStore;

use crate::figures::calls;
use crate::support::{database, second, tenant};
use crate::ticket_reports::{DEPARTMENTS, KINDS, live, resolved};

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

async fn draw(
    store: &PostgresStore,
    request: &str,
    card: &Scorecard,
    count: u32,
) -> Vec<Evaluation> {
    grant(store, card, &wish(request, count)).await
}

/// Draws as a request asks for it.
async fn grant(store: &PostgresStore, card: &Scorecard, wish: &DrawWish) -> Vec<Evaluation> {
    let id = |n| EvaluationId::parse(format!("{}.{n:03}", wish.request_id)).unwrap();
    let ids: Vec<EvaluationId> = (0..wish.count).map(id).collect();
    let (asked, at) = (b"the same", second(40_000));
    let draw = Draw { wish, asked, scorecard: card, ids: &ids, actor: "supervisor:wu", at };
    store.draw(&tenant("demo"), &draw).await.unwrap().unwrap()
}

fn wish(request: &str, count: u32) -> DrawWish {
    DrawWish {
        request_id: request.to_owned(),
        count,
        most_per_agent: None,
        sample: Some("may".to_owned()),
        from: second(0),
        until: second(30_000),
        queue: None,
        agent: None,
        department: None,
        disposition: None,
        is_mystery: false,
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

/// Gives the drawn tickets, and whose work on each is judged.
fn drawn_tickets(drawn: Vec<Evaluation>) -> BTreeMap<TicketId, AgentId> {
    let count = drawn.len();
    let ticket = |evaluation: Evaluation| match evaluation.about {
        Judged::Ticket(ticket) => Some((ticket, evaluation.agent)),
        Judged::Call(_) => None,
    };
    let tickets: BTreeMap<_, _> = drawn.into_iter().filter_map(ticket).collect();
    assert_eq!(tickets.len(), count);
    tickets
}

/// Gives the calls with something special that the domain says can be judged.
fn judgeable(
    calls: &[Interaction],
    card: &Scorecard,
    is_meant: impl Fn(&Interaction) -> bool,
) -> BTreeSet<ContactId> {
    let meant = calls.iter().filter(|call| card.judges_call(call).is_some() && is_meant(call));
    meant.map(|call| call.id.clone()).collect()
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

    let judgeable = judgeable(&calls, &card, |_| true);
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
    let card = card(&[]);

    let of_mystery = DrawWish { is_mystery: true, ..wish("m", 200) };
    let mystery = grant(&store, &card, &of_mystery).await;
    let of_few = DrawWish { most_per_agent: Some(3), ..wish("few", 200) };
    let few = grant(&store, &card, &of_few).await;

    let is_secret = |call: &Interaction| call.caller_lists.iter().any(|list| list == "mystery");
    let secret = judgeable(&calls, &card, is_secret);
    assert!(!secret.is_empty());
    assert_eq!(drawn_calls(&mystery), secret);
    // All calls of the tests are one agent's.
    assert_eq!(few.len(), 3);
}

#[tokio::test]
async fn two_requests_at_once_draw_in_full_and_nothing_twice() {
    let (store, _) = furnished().await;
    let card = card(&[]);

    let (one, other) = tokio::join!(draw(&store, "r-1", &card, 10), draw(&store, "r-2", &card, 10));

    assert_eq!((one.len(), other.len()), (10, 10));
    assert!(drawn_calls(&one).is_disjoint(&drawn_calls(&other)));
}

#[tokio::test]
async fn a_queue_an_agent_and_a_disposition_can_be_asked_for() {
    let (store, calls) = furnished().await;
    let card = card(&[]);
    let booking = QueueId::parse("booking").unwrap();
    let sold = DispositionId::parse("sold").ok();
    let of_queue = DrawWish { queue: Some(booking.clone()), ..wish("queue", 200) };
    let of_code = DrawWish { disposition: sold, ..wish("code", 200) };
    let nobody = AgentId::parse("nobody").ok();

    let none = grant(&store, &card, &DrawWish { agent: nobody, ..wish("nobody", 200) }).await;
    let with_code = grant(&store, &card, &of_code).await;
    let in_queue = grant(&store, &card, &of_queue).await;

    assert_eq!(none, []);
    let expected = judgeable(&calls, &card, |call| call.disposition.as_deref() == Some("sold"));
    assert!(!expected.is_empty() && expected.len() < calls.len());
    assert_eq!(drawn_calls(&with_code), expected);
    let rest = |call: &Interaction| call.queue.as_ref() == Some(&booking);
    let rest = judgeable(&calls, &card, rest).difference(&expected).cloned().collect();
    assert_eq!(drawn_calls(&in_queue), rest);
}

#[tokio::test]
async fn every_ticket_that_can_be_judged_is_drawn_once_and_no_other() {
    let store = database().await.store;
    let mut tickets = vec![];
    for number in 0..60 {
        let (ticket, _) = live(&store, number).await;
        let is_meant = !number.is_multiple_of(3);
        tickets.push(if is_meant { resolved(&store, ticket).await } else { ticket });
    }
    let time = |request| DrawWish { until: second(500 * 86_400), ..wish(request, 200) };
    let of_all = Scorecard { subject: Subject::Ticket, ..card(&[]) };
    let kinds = [TicketKindId::parse(KINDS[0]).unwrap()].into();
    let of_kind = Scorecard { id: ScorecardId::parse("kind").unwrap(), kinds, ..of_all.clone() };
    let department = DEPARTMENTS[1].map(str::to_owned);

    let drawn_of_kind = grant(&store, &of_kind, &time("kind")).await;
    let of_department = DrawWish { department: department.clone(), ..time("department") };
    let in_department = grant(&store, &of_all, &of_department).await;
    let rest = grant(&store, &of_all, &time("rest")).await;

    let judged = |card: &Scorecard, is_meant: &dyn Fn(&Ticket) -> bool| {
        let meant = tickets.iter().filter(|ticket| is_meant(ticket));
        let judged = meant.filter_map(|it| Some((it.id.clone(), card.judges_ticket(it)?)));
        judged.collect::<BTreeMap<_, _>>()
    };
    let is_there = |ticket: &Ticket| ticket.department == department;
    let expected = [
        judged(&of_kind, &|_| true),
        judged(&of_all, &is_there),
        judged(&of_all, &|ticket| !is_there(ticket)),
    ];
    assert!(expected.iter().all(|some| some.len() > 3), "{expected:?}");
    assert_eq!([drawn_of_kind, in_department, rest].map(drawn_tickets), expected);
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
