//! What customers answered, counted by the database as the domain counts it and as the rows say.

use std::collections::BTreeMap;

use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpState};
use switchboard_domain::ids::{
    CustomerId, FollowUpId, QueueId, TicketId, TicketKindId, TouchpointId,
};
use switchboard_domain::survey::ResponseFigures;
use switchboard_domain::ticket::{NewTicket, Ticket};
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_store::customers::Customers;
use switchboard_store::follow_ups::{AnswerSet, FollowUps};
use switchboard_store::ticket_reports::{TicketGrouping, TicketReport, TicketReports};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store::touchpoints::{Firing, Touchpoints};
use switchboard_store_postgres::PostgresStore;

use crate::follow_ups::{answers, close_by, closings, moved, policy, survey};
use crate::support::{database, second, tenant};
use crate::ticket_reports::{Chance, DEPARTMENTS, KINDS, PRIORITIES, name};

const ASKED: u64 = 60;
const CUSTOMERS: [(&str, Tier); 2] = [("li", Tier::A1), ("wu", Tier::B2)];
const ACTORS: [&str; 2] = ["agent:li", "agent:wang"];

/// Somebody who was to be asked, and what came of it.
struct Asked {
    ticket: Option<Ticket>,
    tier: Tier,
    figures: ResponseFigures,
    at: i64,
}

impl Asked {
    fn group(&self, by: TicketGrouping) -> String {
        match (&self.ticket, by) {
            (_, TicketGrouping::Tier) => self.tier.as_str().to_owned(),
            (Some(ticket), by) => name(ticket, by),
            (None, _) => String::new(),
        }
    }
}

/// Makes and closes a ticket, and has its customer asked.
async fn after_ticket(store: &PostgresStore, number: u64) -> Asked {
    let mut chance = Chance(number);
    let (customer, tier) = CUSTOMERS[chance.below(2)];
    let order = TicketOrder {
        id: TicketId::parse(format!("t-{number}")).unwrap(),
        request_id: format!("r-{number}"),
        actor: "wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket {
            customer: CustomerId::parse(customer).ok(),
            priority: PRIORITIES[chance.below(2)],
            department: DEPARTMENTS[chance.below(3)].map(str::to_owned),
            ..NewTicket::about(TicketKindId::parse(KINDS[chance.below(2)]).unwrap(), "train")
        },
    };
    let ticket = Tickets::create(store, &tenant("demo"), &order).await.unwrap();
    close_by(store, ticket, ACTORS[chance.below(2)], 2).await;
    let closing = closings(store).await.remove(0);
    let id = FollowUpId::parse(format!("f-{number}")).unwrap();
    let due = FollowUp::after((&closing.ticket, closing.version), &policy(), id, closing.at);
    store.decide(&tenant("demo"), &closing, Some(&due)).await.unwrap();
    let (figures, at) = ask(store, &due, &mut chance).await;
    Asked { ticket: Some(closing.ticket), tier, figures, at }
}

/// Has a customer asked on a day of the care calendar.
async fn on_a_day(store: &PostgresStore, number: u64) -> Asked {
    let mut chance = Chance(number);
    let (customer, tier) = CUSTOMERS[chance.below(2)];
    let customer = CustomerId::parse(customer).unwrap();
    let day = Touchpoint {
        id: TouchpointId::parse(format!("d-{number}")).unwrap(),
        customer: customer.clone(),
        plan: format!("care-{number}"),
        anchor_on: "2026-01-31".parse().unwrap(),
        month: 1,
        day: "2026-02-28".parse().unwrap(),
        opens_at: second(1),
        closes_at: second(100),
        state: TouchpointState::Planned,
        reason: None,
        follow_up: None,
        ticket: None,
        version: 1,
    };
    Touchpoints::plan(store, &tenant("demo"), &customer, std::slice::from_ref(&day)).await.unwrap();
    let (queue, survey) = (QueueId::parse("care").unwrap(), survey().id);
    let id = FollowUpId::parse(format!("f-{number}")).unwrap();
    let due = FollowUp::on_day(&day, (&queue, Some(&survey)), id.clone(), second(1));
    let fired = day.settle(TouchpointState::Fired, None).unwrap();
    let touchpoint = Touchpoint { follow_up: Some(id), ..fired };
    let follow_up = Some(due.clone());
    let firing = Firing { touchpoint, follow_up, ticket: None, successor: None };
    store.fire(&tenant("demo"), &firing).await.unwrap();
    let (figures, at) = ask(store, &due, &mut chance).await;
    Asked { ticket: None, tier, figures, at }
}

/// Lets anything come of asking, and gives how the domain counts it.
async fn ask(store: &PostgresStore, due: &FollowUp, chance: &mut Chance) -> (ResponseFigures, i64) {
    let at = 10 + i64::try_from(chance.below(80)).unwrap();
    let moves = [FollowUpMove::Decline, FollowUpMove::Miss, FollowUpMove::Skip];
    let demo = tenant("demo");
    match chance.below(8) {
        0 => (ResponseFigures::of(FollowUpState::Due, [], None), at),
        drawn @ 1..=3 => {
            let ended = moved(due, moves[drawn - 1], at);
            FollowUps::save(store, &demo, &ended).await.unwrap();
            (ResponseFigures::of(ended.follow_up.state, [], None), at)
        }
        _ => {
            let points = [(); 5].map(|()| u32::try_from(4 + chance.below(2)).unwrap());
            let points = if chance.below(2) == 0 { [2, 5, 5, 5, 5] } else { points };
            let (survey, answers) = (survey(), answers(points));
            let verdict = survey.judge(&answers);
            let set = AnswerSet { survey: &survey, answers: &answers, verdict, recovery: None };
            store.answer(&demo, &moved(due, FollowUpMove::Answer, at), &set).await.unwrap();
            let satisfaction = [points[0], points[1]].map(|points| u8::try_from(points).unwrap());
            (ResponseFigures::of(FollowUpState::Answered, satisfaction, verdict.is_loyal), at)
        }
    }
}

async fn everybody(store: &PostgresStore) -> Vec<Asked> {
    for (id, tier) in CUSTOMERS {
        let customer = Customer::new(CustomerId::parse(id).unwrap(), id, tier, second(0));
        Customers::create(store, &tenant("demo"), &customer, "admin").await.unwrap();
    }
    let mut asked = vec![];
    for number in 0..ASKED {
        let made = if number % 4 == 0 {
            on_a_day(store, number).await
        } else {
            after_ticket(store, number).await
        };
        asked.push(made);
    }
    asked
}

async fn counted(
    store: &PostgresStore,
    report: &TicketReport,
) -> BTreeMap<String, ResponseFigures> {
    let groups = store.ticket_figures(&tenant("demo"), report).await.unwrap();
    let of_those = |figures: &ResponseFigures| figures.asked > 0;
    groups.into_iter().map(|it| (it.name, it.responses)).filter(|(_, it)| of_those(it)).collect()
}

#[tokio::test]
async fn the_database_counts_answers_as_the_domain_does_and_groups_add_up() {
    let store = database().await.store;
    let asked = everybody(&store).await;

    for (from, until) in [(0, 1_000), (10, 50), (50, 90), (89, 90)] {
        for by in TicketGrouping::ALL {
            let report =
                TicketReport { from: second(from), until: second(until), by, department: None };
            let groups = counted(&store, &report).await;

            let mut expected: BTreeMap<String, ResponseFigures> = BTreeMap::new();
            for one in asked.iter().filter(|one| (from..until).contains(&one.at)) {
                expected.entry(one.group(by)).or_default().add(&one.figures);
            }
            expected.retain(|_, figures| figures.asked > 0);
            assert_eq!(groups, expected, "{by:?} {from} {until}");
        }
    }
}

#[tokio::test]
async fn the_sums_of_answers_are_those_of_the_rows() {
    let database = database().await;
    everybody(&database.store).await;
    let all = TicketReport {
        from: second(0),
        until: second(1_000),
        by: TicketGrouping::Tier,
        department: None,
    };

    let mut sum = ResponseFigures::default();
    counted(&database.store, &all).await.values().for_each(|figures| sum.add(figures));

    let mut owner = database.owner().await;
    let (asked, answered, judged, loyal): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE state NOT IN ('due', 'calling', 'skipped')),
             count(*) FILTER (WHERE state = 'answered'), count(loyal), count(*) FILTER (WHERE loyal)
         FROM follow_ups",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let (answers, points, satisfied): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(points), sum(points), count(*) FILTER (WHERE points >= 4)
         FROM survey_answers
         WHERE kind = 'satisfaction'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let rows = [asked, answered, judged, loyal, answers, points, satisfied];
    let given = sum.satisfaction;
    let sums =
        [sum.asked, sum.answered, sum.judged, sum.loyal, given.answers, given.sum, given.satisfied];
    assert_eq!(sums.map(u64::cast_signed), rows);
    assert!(0 < loyal && loyal < judged && answered < asked && satisfied < answers, "{rows:?}");
}
