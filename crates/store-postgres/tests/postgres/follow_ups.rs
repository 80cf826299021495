//! Calls that are owed after closings and on days of the care calendar, and what customers answered.

use std::collections::BTreeMap;

use switchboard_domain::center::Localized;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::follow_up::{Cause, FollowUp, FollowUpMove, FollowUpPolicy, FollowUpState};
use switchboard_domain::ids::{
    ContactId, CustomerId, FollowUpId, QueueId, SurveyId, TicketId, TicketKindId, TouchpointId,
};
use switchboard_domain::survey::{
    Answers, Given, Kano, Measured, PairFigures, PointFigures, Question, QuestionKind, Side, Survey,
};
use switchboard_domain::ticket::{MoveDetails, NewTicket, Ticket, TicketKind, TicketMove};
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{
    AnswerSet, Closing, FollowUpChange, FollowUpFilter, FollowUps, KnownCall,
};
use switchboard_store::outbox::{OutboxEntry, OutboxId};
use switchboard_store::page::{Cursor, PageRequest};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::subjects::Subjects;
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store::touchpoints::{Firing, TouchpointFilter, Touchpoints};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, dump, second, tenant, told, ways_to_write};

const WORDS: &str = "canary says thanks";

pub(crate) fn policy() -> FollowUpPolicy {
    FollowUpPolicy {
        purpose: None,
        id: "usual".to_owned(),
        kinds: [].into(),
        categories: [].into(),
        priorities: [].into(),
        percent: 100,
        after: std::time::Duration::ZERO,
        queue: QueueId::parse("care").unwrap(),
        survey: SurveyId::parse("care").ok(),
    }
}

fn order(id: &str, subject: &str) -> TicketOrder {
    TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket {
            customer: CustomerId::parse("li").ok(),
            department: Some("refunds".to_owned()),
            ..NewTicket::about(TicketKindId::REQUEST, subject)
        },
    }
}

/// Moves a ticket on, until it is closed.
async fn close(store: &PostgresStore, ticket: Ticket, at: i64) -> Ticket {
    close_by(store, ticket, "agent:wang", at).await
}

/// Has somebody move a ticket on, until it is closed.
pub(crate) async fn close_by(
    store: &PostgresStore,
    mut ticket: Ticket,
    actor: &str,
    at: i64,
) -> Ticket {
    let kind = TicketKind::undemanding(ticket.kind.clone());
    let moves = [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Close];
    for attempted in moves {
        let details = MoveDetails {
            actor: actor.to_owned(),
            resolution: Some("paid".to_owned()),
            ..MoveDetails::default()
        };
        let change = ticket.apply(attempted, details, &kind, second(at)).unwrap();
        Tickets::save(store, &tenant("demo"), &change).await.unwrap();
        ticket = change.ticket;
    }
    ticket
}

fn li() -> CustomerId {
    CustomerId::parse("li").unwrap()
}

async fn keep_li(store: &PostgresStore) {
    let li = Customer::new(li(), "Li", Tier::B1, second(0));
    Customers::create(store, &tenant("demo"), &li, "admin").await.unwrap();
}

async fn a_closed_ticket(store: &PostgresStore) -> Ticket {
    keep_li(store).await;
    let ticket = Tickets::create(store, &tenant("demo"), &order("t-1", "refund")).await.unwrap();
    close(store, ticket, 10).await
}

pub(crate) async fn closings(store: &PostgresStore) -> Vec<Closing> {
    store.closings(&tenant("demo"), 10).await.unwrap()
}

async fn decide(store: &PostgresStore, closing: &Closing, id: &str) -> FollowUp {
    let id = FollowUpId::parse(id).unwrap();
    let made = FollowUp::after((&closing.ticket, closing.version), &policy(), id, closing.at);
    store.decide(&tenant("demo"), closing, Some(&made)).await.unwrap();
    made
}

async fn owed(store: &PostgresStore) -> FollowUp {
    a_closed_ticket(store).await;
    let closing = closings(store).await.remove(0);
    decide(store, &closing, "f-1").await
}

async fn all(store: &PostgresStore) -> Vec<FollowUp> {
    let filter = FollowUpFilter::default();
    let page = PageRequest::default();
    FollowUps::list(store, &tenant("demo"), &filter, &page).await.unwrap().records
}

pub(crate) fn moved(follow_up: &FollowUp, attempted: FollowUpMove, at: i64) -> FollowUpChange {
    let follow_up = follow_up.apply(attempted, second(at)).unwrap();
    let note = follow_up.told();
    FollowUpChange { follow_up, actor: "agent:chen".to_owned(), note }
}

#[tokio::test]
async fn a_closing_is_decided_on_once_and_the_next_one_anew() {
    let store = database().await.store;
    let ticket = a_closed_ticket(&store).await;
    let first = closings(&store).await.remove(0);
    assert!(first.stands && first.version == ticket.version);

    let (one, other) = tokio::join!(decide(&store, &first, "f-1"), decide(&store, &first, "f-2"));
    assert_eq!(closings(&store).await, []);
    let kept = all(&store).await;
    assert!(kept == [one.clone()] || kept == [other], "{kept:?}");

    let reopen = MoveDetails { note: Some("again".to_owned()), ..MoveDetails::default() };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let reopened = ticket.apply(TicketMove::Reopen, reopen, &kind, second(20)).unwrap();
    Tickets::save(&store, &tenant("demo"), &reopened).await.unwrap();
    let again = close(&store, reopened.ticket, 30).await;
    let second_closing = closings(&store).await.remove(0);
    decide(&store, &second_closing, "f-3").await;

    let causes: Vec<Cause> = all(&store).await.into_iter().map(|made| made.cause).collect();
    let cause = |version| Cause::Closing { ticket: ticket.id.clone(), version };
    assert_eq!(causes, [cause(again.version), cause(ticket.version)]);
}

#[tokio::test]
async fn a_closing_of_a_ticket_that_came_back_does_not_stand() {
    let store = database().await.store;
    let ticket = a_closed_ticket(&store).await;
    let reopen = MoveDetails { note: Some("again".to_owned()), ..MoveDetails::default() };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let reopened = ticket.apply(TicketMove::Reopen, reopen, &kind, second(20)).unwrap();
    Tickets::save(&store, &tenant("demo"), &reopened).await.unwrap();
    assert!(closings(&store).await.iter().all(|closing| !closing.stands));

    close(&store, reopened.ticket, 30).await;

    let stand: Vec<bool> = closings(&store).await.iter().map(|closing| closing.stands).collect();
    assert_eq!(stand, [false, true]);
}

#[tokio::test]
async fn a_change_of_an_old_version_is_a_conflict_and_its_end_is_told_in_the_life_of_the_ticket() {
    let store = database().await.store;
    let due = owed(&store).await;
    let demo = tenant("demo");
    assert_eq!(FollowUps::due(&store, &demo, second(9), 10).await.unwrap(), []);
    assert_eq!(
        FollowUps::due(&store, &demo, second(10), 10).await.unwrap(),
        std::slice::from_ref(&due)
    );

    let skipped = moved(&due, FollowUpMove::Skip, 40);
    FollowUps::save(&store, &demo, &skipped).await.unwrap();
    let late = FollowUps::save(&store, &demo, &moved(&due, FollowUpMove::Decline, 41)).await;

    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    assert_eq!(FollowUps::get(&store, &demo, &due.id).await.unwrap(), skipped.follow_up);
    let ticket = TicketId::parse("t-1").unwrap();
    let life = Tickets::events(&store, &demo, &ticket).await.unwrap();
    let last = life.last().unwrap();
    assert_eq!(last.note.as_deref(), Some("follow-up: the customer is not called"));
    assert_eq!((last.applied, last.version), (Some(TicketMove::Note), 6));
    let ticket = Tickets::get(&store, &demo, &ticket).await.unwrap();
    assert_eq!(ticket.version, 6);
}

fn batch(entries: Vec<OutboxEntry>) -> Batch {
    Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(60) }
}

#[tokio::test]
async fn how_a_call_ended_is_read_from_the_history() {
    let store = database().await.store;
    let demo = tenant("demo");
    let mut calling = moved(&owed(&store).await, FollowUpMove::Call, 20);
    calling.follow_up.contact = ContactId::parse("f-1.1").ok();
    calling.follow_up.due_at = second(100);
    FollowUps::save(&store, &demo, &calling).await.unwrap();
    assert_eq!(store.called(&demo, second(99), 10).await.unwrap(), []);
    let unheard_of = store.called(&demo, second(100), 10).await.unwrap().remove(0);
    assert_eq!(unheard_of.call, KnownCall::Nothing);

    let queued = vec![told(1, 1, "f-1.1", "contact_queued", &[("queue", "care")])];
    Projection::commit(&store, &demo, &batch(queued)).await.unwrap();
    let begun = store.called(&demo, second(100), 10).await.unwrap().remove(0);
    assert_eq!(begun.call, KnownCall::Begun);

    let rest = vec![
        told(1, 2, "f-1.1", "contact_connected", &[("agent", "chen")]),
        told(1, 3, "f-1.1", "contact_ended", &[("reason", "completed")]),
    ];
    let rest = Batch { expected: Some(OutboxId::new(1, 0)), ..batch(rest) };
    Projection::commit(&store, &demo, &rest).await.unwrap();

    let over = store.called(&demo, second(30), 10).await.unwrap().remove(0);
    assert_eq!(over.follow_up, calling.follow_up);
    let reason = "completed".to_owned();
    assert_eq!(over.call, KnownCall::Over { is_answered: true, reason });
}

pub(crate) fn survey() -> Survey {
    let question = |name: &str, kind, kano| Question {
        name: name.to_owned(),
        text: Localized::new(BTreeMap::new()),
        kind,
        options: vec![],
        kano,
        is_optional: true,
        measured: Measured::default(),
    };
    let questions = vec![
        question("solved", QuestionKind::Satisfaction, Some(Kano::MustBe)),
        question("speed", QuestionKind::Satisfaction, Some(Kano::OneDimensional)),
        question("again", QuestionKind::Loyalty, None),
        question("tell", QuestionKind::Loyalty, None),
        question("best", QuestionKind::Loyalty, Some(Kano::OneDimensional)),
        question("words", QuestionKind::Text, None),
    ];
    Survey { id: SurveyId::parse("care").unwrap(), questions, recovery: None, drivers: vec![] }
}

pub(crate) fn answers(points: [u32; 5]) -> Answers {
    let names = ["solved", "speed", "again", "tell", "best"].map(str::to_owned);
    let points = names.into_iter().zip(points.map(Given::Points));
    let words = ("words".to_owned(), Given::Text(WORDS.to_owned()));
    survey().take(points.chain([words])).unwrap()
}

async fn answer(
    store: &PostgresStore,
    follow_up: &FollowUp,
    points: [u32; 5],
) -> Result<(), StoreError> {
    let (survey, answers) = (survey(), answers(points));
    let verdict = survey.judge(&answers);
    let set = AnswerSet {
        survey: &survey,
        answers: &answers,
        verdict,
        recovery: Some(order("t-1.recovery", "make up")),
    };
    let change = moved(follow_up, FollowUpMove::Answer, 50);
    store.answer(&tenant("demo"), &change, &set).await
}

#[tokio::test]
async fn answers_read_back_and_the_words_are_sealed() {
    let database = database().await;
    let store = &database.store;
    let due = owed(store).await;

    answer(store, &due, [2, 5, 5, 5, 5]).await.unwrap();

    let kept = store.answers(&tenant("demo"), &due.id).await.unwrap();
    assert_eq!(kept, answers([2, 5, 5, 5, 5]));
    let dump = dump(&mut database.owner().await).await;
    assert!(ways_to_write(WORDS).iter().all(|text| !dump.contains(text)));
}

#[tokio::test]
async fn who_answers_second_keeps_nothing_and_makes_no_ticket() {
    let store = database().await.store;
    let due = owed(&store).await;

    let (one, other) =
        tokio::join!(answer(&store, &due, [2, 2, 2, 2, 2]), answer(&store, &due, [1, 1, 1, 1, 1]));

    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let filter = switchboard_store::tickets::TicketFilter::default();
    let page = PageRequest::default();
    let tickets = Tickets::list(&store, &tenant("demo"), &filter, &page).await.unwrap().records;
    assert_eq!(tickets.len(), 2, "the one that was closed, and one that makes up for it");
}

#[tokio::test]
async fn a_survey_is_counted_by_department_over_a_time() {
    let store = database().await.store;
    answer(&store, &owed(&store).await, [2, 4, 5, 5, 5]).await.unwrap();
    let other = Tickets::create(&store, &tenant("demo"), &order("t-2", "late")).await.unwrap();
    close(&store, other, 20).await;
    let closing = closings(&store).await.remove(0);
    let skipped = moved(&decide(&store, &closing, "f-2").await, FollowUpMove::Skip, 50);
    FollowUps::save(&store, &tenant("demo"), &skipped).await.unwrap();

    let demo = tenant("demo");
    let mut asked = survey();
    for (place, side) in [(0, Side::Expectation), (1, Side::Performance)] {
        asked.questions[place].measured.item = Some(("speed".to_owned(), side));
    }
    let counted = store.figures(&demo, &asked, second(50), second(51)).await.unwrap();
    let earlier = store.figures(&demo, &asked, second(0), second(50)).await.unwrap();

    assert_eq!(earlier, []);
    assert_eq!(counted.len(), 1);
    let figures = &counted[0];
    assert_eq!(figures.department.as_deref(), Some("refunds"));
    assert_eq!(figures.states, [(FollowUpState::Answered, 1), (FollowUpState::Skipped, 1)].into());
    assert_eq!((figures.judged, figures.loyal), (1, 1));
    assert_eq!(figures.satisfaction, PointFigures { answers: 2, sum: 6, satisfied: 1 });
    assert_eq!(figures.kano[&Kano::MustBe], PointFigures { answers: 1, sum: 2, satisfied: 0 });
    let one_dimensional = PointFigures { answers: 2, sum: 9, satisfied: 2 };
    assert_eq!(figures.kano[&Kano::OneDimensional], one_dimensional);
    let speed = PairFigures { answers: 1, expected: 2, performed: 4 };
    assert_eq!(figures.pairs, [("speed".to_owned(), speed)].into());
    let best = PointFigures { answers: 1, sum: 5, satisfied: 1 };
    assert_eq!((figures.questions.len(), figures.questions["best"]), (5, best));
}

fn day(id: &str, month: u16) -> Touchpoint {
    Touchpoint {
        id: TouchpointId::parse(id).unwrap(),
        customer: CustomerId::parse("li").unwrap(),
        plan: "care".to_owned(),
        anchor_on: "2026-01-31".parse().unwrap(),
        month,
        day: "2026-02-28".parse().unwrap(),
        opens_at: second(i64::from(month)),
        closes_at: second(i64::from(month) + 100),
        state: TouchpointState::Planned,
        reason: None,
        follow_up: None,
        ticket: None,
        version: 1,
    }
}

async fn due_at(store: &PostgresStore, now: i64) -> Vec<Touchpoint> {
    Touchpoints::due(store, &tenant("demo"), second(now), None, 10).await.unwrap()
}

#[tokio::test]
async fn a_day_is_planned_once_however_often_it_is_planned() {
    let store = database().await.store;
    let demo = tenant("demo");
    keep_li(&store).await;
    let again = [day("d-3", 1), day("d-4", 3)];

    let first = [day("d-1", 1), day("d-2", 3)];
    let li = li();
    let (one, other) = tokio::join!(
        Touchpoints::plan(&store, &demo, &li, &first),
        Touchpoints::plan(&store, &demo, &li, &again)
    );

    assert_eq!(one.unwrap(), other.unwrap());
    let page = PageRequest::default();
    let kept = Touchpoints::list(&store, &demo, &TouchpointFilter::default(), &page).await.unwrap();
    let months: Vec<u16> = kept.records.iter().map(|touchpoint| touchpoint.month).collect();
    assert_eq!(months, [1, 3]);
}

#[tokio::test]
async fn a_day_becomes_a_call_once() {
    let store = database().await.store;
    let demo = tenant("demo");
    keep_li(&store).await;
    Touchpoints::plan(&store, &demo, &li(), &[day("d-1", 1)]).await.unwrap();
    let due = due_at(&store, 1).await.remove(0);
    let firing = |id: &str| {
        let id = FollowUpId::parse(id).unwrap();
        let queue = QueueId::parse("care").unwrap();
        let call = FollowUp::on_day(&due, (&queue, None), id.clone(), second(1));
        let touchpoint = due.settle(TouchpointState::Fired, None).unwrap();
        let touchpoint = Touchpoint { follow_up: Some(id), ..touchpoint };
        let successor = Some(day("d-2", 61));
        Firing { touchpoint, follow_up: Some(call), ticket: None, successor }
    };

    let (one, other) = (firing("f-1"), firing("f-2"));
    let (one, other) = tokio::join!(store.fire(&demo, &one), store.fire(&demo, &other));

    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(all(&store).await.len(), 1);
    assert_eq!(due_at(&store, 1).await, []);
    assert_eq!(due_at(&store, 61).await, [day("d-2", 61)]);
}

#[tokio::test]
async fn days_that_are_due_are_given_one_after_the_other() {
    let store = database().await.store;
    let demo = tenant("demo");
    keep_li(&store).await;
    let days = [day("d-1", 1), Touchpoint { opens_at: second(1), ..day("d-2", 2) }, day("d-3", 3)];
    Touchpoints::plan(&store, &demo, &li(), &days).await.unwrap();

    let (mut found, mut after) = (vec![], None);
    while let Some(next) =
        Touchpoints::due(&store, &demo, second(3), after.as_ref(), 1).await.unwrap().pop()
    {
        after = Some(Cursor { at: next.opens_at, id: next.id.to_string() });
        found.push(next);
    }

    assert_eq!(found, days);
}

#[tokio::test]
async fn nothing_is_planned_for_a_customer_who_is_gone() {
    let store = database().await.store;
    let demo = tenant("demo");
    keep_li(&store).await;
    let wu = Customer::new(CustomerId::parse("wu").unwrap(), "Wu", Tier::B1, second(0));
    Customers::create(&store, &demo, &wu, "admin").await.unwrap();
    let of_wu = Touchpoint { customer: wu.id.clone(), ..day("d-1", 1) };
    Touchpoints::plan(&store, &demo, &wu.id, std::slice::from_ref(&of_wu)).await.unwrap();

    Subjects::erase(&store, &demo, &li(), "admin", second(2)).await.unwrap();

    let planned = Touchpoints::plan(&store, &demo, &li(), &[day("d-2", 3)]).await;
    assert!(matches!(planned, Err(StoreError::NotFound { .. })), "{planned:?}");
    let touchpoint = of_wu.settle(TouchpointState::Lapsed, None).unwrap();
    let successor = Some(day("d-3", 61));
    let firing = Firing { touchpoint, follow_up: None, ticket: None, successor };
    store.fire(&demo, &firing).await.unwrap();
    assert_eq!(due_at(&store, 100).await, [], "who is gone has no successor");
}
