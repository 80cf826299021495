//! What callers key in the survey of a flow: the same answers as those that agents write down.

use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::{
    FollowUp, FollowUpState, GetFollowUpRequest, ListFollowUpsRequest,
};
use switchboard_api::report::v1::ReportTicketsRequest;
use switchboard_api::ticket::v1::{CreateTicketRequest, Ticket};
use switchboard_domain::caller::Role;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, Projection};
use switchboard_ticket::hear;

use crate::care::{Care, parts};
use crate::reporting::since_morning;
use crate::support::{MORNING, from, order, tenant};

/// An event of a call, as the floor tells it.
fn event(call: &str, number: u64, kind: &str, fields: &[(&str, &str)]) -> OutboxEntry {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    OutboxEntry {
        epoch: 0,
        id: OutboxId::new(number, 0),
        entity: EntityKind::Contact,
        entity_id: call.to_owned(),
        version: number,
        at: MORNING,
        wall: MORNING,
        kind: kind.to_owned(),
        fields: fields.collect(),
        trace: None,
    }
}

/// Records a call of Li's in which a flow asked, as an epoch tells it.
async fn record(care: &Care, epoch: u64, call: &str, asked: &[(&str, &str)]) {
    let menu: Vec<(&str, &str)> = [("state", "in_menu"), ("customer", "li")].into();
    let asked: Vec<(&str, &str)> = menu.iter().chain(asked).copied().collect();
    let entries = vec![
        event(call, 1, "contact_started", &menu),
        event(call, 2, "contact_menu_moved", &asked),
        event(call, 3, "contact_ended", &[("state", "ended"), ("reason", "completed")]),
    ];
    let entries = entries.into_iter().map(|entry| OutboxEntry { epoch, ..entry }).collect();
    let batch = Batch { epoch, expected: None, entries, rules: vec![], now: MORNING };
    care.office.store.commit(&tenant("demo"), &batch).await.unwrap();
}

async fn a_ticket_of(care: &Care, call: &str) -> Ticket {
    let request = CreateTicketRequest {
        customer_id: "li".to_owned(),
        department: "refunds".to_owned(),
        interaction_id: call.to_owned(),
        ..order("r-1")
    };
    care.office.answer(request).await.unwrap().ticket.unwrap()
}

async fn shown(care: &Care, follow_up: &FollowUp) -> FollowUp {
    let request = GetFollowUpRequest { follow_up_id: follow_up.follow_up_id.clone() };
    let shown = care.client().get_follow_up(from(Role::Agent, request)).await.unwrap();
    shown.into_inner().follow_up.unwrap()
}

#[tokio::test]
async fn a_low_score_keyed_in_a_call_opens_one_ticket_however_often_the_call_is_told() {
    let care = Care::set_up().await;
    let ticket = a_ticket_of(&care, "call-1").await;
    let low = [("survey", "care"), ("score.solved", "1"), ("score.overall", "5")];

    record(&care, 1, "call-1", &low).await;
    let (demo, other) = (tenant("demo"), parts(&care.office, &care.floor));
    let (one, another) = tokio::join!(hear(&care.parts, &demo), hear(&other, &demo));
    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
    record(&care, 2, "call-1", &low).await;
    care.round().await;

    let heard = care.only().await;
    assert_eq!((heard.state(), heard.call_id.as_str()), (FollowUpState::Answered, "call-1"));
    assert_eq!((heard.ticket_id.as_str(), heard.customer_id.as_str()), ("r-1", "li"));
    assert_eq!((heard.department.as_str(), heard.policy.as_str()), ("refunds", "in-call"));
    let answers = shown(&care, &heard).await.answers;
    let points: Vec<_> = answers.into_iter().map(|it| (it.question, it.value)).collect();
    let given = |name: &str, score| (name.to_owned(), Some(Value::Points(score)));
    assert_eq!(points, [given("overall", 5), given("solved", 1)]);
    let recovery = care.office.ticket(&heard.recovery_ticket_id).await;
    assert_eq!((recovery.department.as_str(), recovery.kind.as_str()), ("refunds", "complaint"));
    assert!(recovery.subject.ends_with(&ticket.number.to_string()), "{recovery:?}");
    let life = care.office.ticket("r-1").await.events;
    let said = "survey in the call: the customer answered, satisfaction 1 of 5: a ticket is to make \
                up for it";
    assert_eq!(life.last().map(|event| event.note.as_str()), Some(said));
}

#[tokio::test]
async fn what_testers_and_mystery_callers_key_counts_for_nothing() {
    let care = Care::set_up().await;
    let low = |list| [("caller_lists", list), ("survey", "care"), ("score.solved", "1")];
    record(&care, 1, "call-1", &low("mystery")).await;
    record(&care, 2, "call-2", &low("company_switchboard, test")).await;
    care.round().await;
    assert_eq!(care.all().await, []);

    record(&care, 3, "call-3", &low("company_switchboard")).await;
    care.round().await;

    assert_eq!(care.only().await.call_id, "call-3", "they keep nobody else from being heard");
}

#[tokio::test]
async fn what_callers_key_is_counted_with_what_agents_write_down() {
    let care = Care::set_up().await;
    let best =
        ["solved", "speed", "overall", "again", "recommend"].map(|name| format!("score.{name}"));
    let best: Vec<(&str, &str)> = best.iter().map(|name| (name.as_str(), "5")).collect();
    let best: Vec<_> = [("survey", "care")].into_iter().chain(best).collect();
    record(&care, 1, "call-1", &best).await;
    record(&care, 2, "call-2", &[("survey", "care")]).await;
    record(&care, 3, "call-3", &[("survey", "unheard-of"), ("score.solved", "1")]).await;
    care.round().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    let due = care.all().await.into_iter().find(|it| it.state() == FollowUpState::Due).unwrap();
    care.answer(&due.follow_up_id, 1).await.unwrap();

    let request = from(Role::Supervisor, ReportTicketsRequest { ..since_morning(600) });
    let figures = care.office.reports().report_tickets(request).await.unwrap().into_inner().figures;

    let told = figures[0].responses.unwrap();
    assert_eq!((told.asked, told.answered, told.response_rate), (3, 2, Some(2.0 / 3.0)));
    assert_eq!((told.points, told.satisfied, told.mean_points), (4, 2, Some(3.0)));
    assert_eq!((told.judged, told.loyal, told.loyal_share), (2, 1, Some(0.5)));
    let list = ListFollowUpsRequest { state: FollowUpState::Declined.into(), ..Default::default() };
    let silent = care.client().list_follow_ups(from(Role::Agent, list)).await.unwrap();
    let silent = silent.into_inner().follow_ups;
    assert_eq!((silent.len(), silent[0].reason.as_str()), (1, "silent"));
}
