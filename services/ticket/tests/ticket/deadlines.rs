//! What is owed by when: told once, by the calendar, by whichever process looks first.

use std::time::Duration;

use switchboard_api::ticket::v1::{
    CreateTicketRequest, ListTicketsRequest, Medium, MoveTicketRequest, SlaState, SlaTarget,
    Ticket, TicketEvent, TicketMove, TicketPriority, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Clock as _;
use switchboard_store::customers::Customers;
use switchboard_store::tickets::Tickets;
use switchboard_ticket::tell_due;

use crate::support::{Office, a_move, from, order, tenant};

/// 2026-11-27, a Friday, 16:00 in Shanghai.
const FRIDAY: Timestamp = Timestamp::from_millis(1_795_766_400_000);
const HOUR: Duration = Duration::from_hours(1);

/// An office that is open on weekdays from 9 to 18, with a holiday on Monday, and resolves within
/// four hours of it.
async fn office() -> Office {
    let sla = "usual:\n  calendar: office\n  acceptance: 1h\n  resolution: 4h\n  \
               warn_before: 30m\n  escalations: [2h]\n";
    office_that_owes(sla).await
}

async fn office_that_owes(sla: &str) -> Office {
    let office = Office::set_up().await;
    office.clock.set(FRIDAY);
    let calendar = "always: {week: {mon-sun: 00:00-24:00}}\n\
                    daytime: {week: {mon-sun: 08:00-21:00}}\n\
                    office:\n  week: {mon-fri: 09:00-18:00}\n  holidays: {2026-11-30: {name: a day off}}\n";
    office.apply(&[("calendars.yaml", calendar), ("sla.yaml", sla)]).await;
    office
}

async fn told(office: &Office) -> Vec<String> {
    tell_due(&office.parts(), &tenant("demo")).await.unwrap();
    let ticket = office.ticket("r-1").await;
    let alarms = ticket.events.iter().filter(|event| event.action() == TicketMove::Alarm);
    alarms.map(|event| event.note.clone()).collect()
}

fn states(ticket: &Ticket) -> Vec<(SlaTarget, SlaState)> {
    ticket.clocks.iter().map(|clock| (clock.target(), clock.state())).collect()
}

#[tokio::test]
async fn a_breach_escalates_over_a_weekend_and_a_holiday_and_each_level_is_told_once() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    assert_eq!(told(&office).await, [""; 0]);
    // Two hours on Friday, and two on Tuesday until 11:00: Monday is a holiday.
    let tuesday_11 = FRIDAY + (3 * 24 + 19) * HOUR;
    let due = office.ticket("r-1").await.clocks[1].due_time.unwrap().seconds;
    assert_eq!(due * 1_000, tuesday_11.as_millis());

    office.clock.set(tuesday_11 - Duration::from_mins(31));
    assert_eq!(told(&office).await, [""; 0]);
    office.clock.set(tuesday_11 - Duration::from_mins(29));
    assert_eq!(told(&office).await, ["resolution is nearly due"]);
    office.clock.set(tuesday_11 + 3 * HOUR);
    let all = [
        "resolution is nearly due",
        "resolution is overdue",
        "resolution is overdue, escalated to level 1",
    ];
    assert_eq!(told(&office).await, all);
    assert_eq!(told(&office).await, all);
    assert_eq!(office.ticket("r-1").await.events[2].actor, "sla:usual");
}

#[tokio::test]
async fn two_processes_that_look_at_once_tell_a_deadline_once() {
    let office = office().await;
    office.create("r-1").await;
    office.clock.set(FRIDAY + HOUR);

    let (demo, parts) = (tenant("demo"), office.parts());
    let (first, second) = tokio::join!(tell_due(&parts, &demo), tell_due(&parts, &demo));

    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(told(&office).await, ["acceptance is nearly due", "acceptance is overdue"]);
}

#[tokio::test]
async fn a_ticket_that_waits_is_not_late_and_one_that_is_resolved_was_in_time() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::WaitOnCustomer] {
        office.moves(a_move(&ticket, action)).await.unwrap();
    }
    office.clock.advance(30 * 24 * HOUR);

    assert_eq!(told(&office).await, [""; 0]);
    let waiting = office.ticket("r-1").await;
    let paused = (SlaTarget::Resolution, SlaState::Paused);
    assert_eq!(states(&waiting), [(SlaTarget::Acceptance, SlaState::Met), paused]);

    let resolve = MoveTicketRequest {
        resolution: "paid back".into(),
        ..a_move(&ticket, TicketMove::Resolve)
    };
    let resolved = office.moves(resolve).await.unwrap();
    assert_eq!(states(&resolved)[1], (SlaTarget::Resolution, SlaState::Met));
}

#[tokio::test]
async fn the_first_answer_is_owed_from_the_making_and_a_reply_is_one() {
    let office = office_that_owes("usual: {first_response: 2h, warn_before: 1h}\n").await;
    let ticket = office.create("r-1").await;
    let reply = || MoveTicketRequest { note: "soon".into(), ..a_move(&ticket, TicketMove::Reply) };
    let by_mail = || MoveTicketRequest { medium: Medium::Email.into(), ..reply() };

    office.clock.advance(90 * Duration::from_mins(1));
    assert_eq!(told(&office).await, ["first response is nearly due"]);
    let silent = office.moves(reply()).await.unwrap_err();
    office.clock.advance(HOUR);
    assert_eq!(told(&office).await.last().unwrap(), "first response is overdue");
    let replied = office.moves(by_mail()).await.unwrap();
    office.clock.advance(HOUR);
    let again = office.moves(by_mail()).await.unwrap();

    assert_eq!(crate::support::told(&silent).2, "medium");
    assert_eq!(states(&replied), [(SlaTarget::FirstResponse, SlaState::Missed)]);
    assert_eq!(replied.events.last().unwrap().note, "by email\nsoon");
    assert_eq!((replied.state(), again.clocks), (ticket.state(), replied.clocks));
}

#[tokio::test]
async fn a_level_acts_once_whoever_looks_and_says_so_in_the_life() {
    let sla = "usual:\n  acceptance: 1h\n  escalations:\n    - {after: 1h, raise: true, notify: [li-wei]}\n    \
               - {after: 2h, department: care, queue: booking}\n";
    let office = office_that_owes(sla).await;
    office.create("r-1").await;
    let (demo, parts, other) = (tenant("demo"), office.parts(), office.parts());

    office.clock.advance(2 * HOUR);
    let (first, second) = tokio::join!(tell_due(&parts, &demo), tell_due(&other, &demo));
    let raised = office.ticket("r-1").await;
    office.clock.advance(HOUR);
    let (third, fourth) = tokio::join!(tell_due(&parts, &demo), tell_due(&other, &demo));
    office.clock.advance(HOUR);
    tell_due(&parts, &demo).await.unwrap();
    let sent = office.ticket("r-1").await;

    for outcome in [first, second, third, fourth] {
        outcome.unwrap();
    }
    assert_eq!((raised.state(), raised.priority()), (TicketState::New, TicketPriority::High));
    assert_eq!(raised.followers[0].actor, "agent:li-wei");
    assert_eq!((sent.state(), sent.priority()), (TicketState::Dispatched, TicketPriority::Urgent));
    assert_eq!((sent.department.as_str(), sent.queue_id.as_str()), ("care", "booking"));
    let moves: Vec<_> = sent.events[1..].iter().map(TicketEvent::action).collect();
    let (alarm, accept) = (TicketMove::Alarm, TicketMove::Accept);
    assert_eq!(moves, [alarm, alarm, TicketMove::Revise, alarm, accept, TicketMove::Escalate]);
    assert!(sent.events[1..].iter().all(|event| event.actor == "sla:usual"));
    let why = "acceptance is overdue, escalated to level 2";
    assert_eq!(sent.events.last().unwrap().note, why);
}

/// Gives the tickets that are to be looked at now.
async fn to_look_at(office: &Office) -> Vec<String> {
    let now = office.clock.now();
    let waiting = office.store.to_alarm(&tenant("demo"), now, 99).await.unwrap();
    waiting.into_iter().map(|it| it.ticket.id.to_string()).collect()
}

#[tokio::test]
async fn a_new_ticket_is_looked_at_when_its_first_alarm_is_due() {
    let office = office().await;
    office.create("r-1").await;

    let at_once = to_look_at(&office).await;
    office.clock.advance(Duration::from_mins(29));
    let before = to_look_at(&office).await;
    office.clock.advance(Duration::from_mins(1));

    assert_eq!((at_once, before), (vec![], vec![]));
    assert_eq!(to_look_at(&office).await, ["r-1"]);
    assert_eq!(told(&office).await, ["acceptance is nearly due"]);
    assert_eq!(to_look_at(&office).await, [""; 0]);
}

#[tokio::test]
async fn a_ticket_whose_customers_tier_matters_is_looked_at_at_once() {
    let office = Office::set_up().await;
    office.clock.set(FRIDAY);
    let sla = "best:\n  tiers: [B1]\n  resolution: 4h\nusual:\n  resolution: 8h\n";
    office.apply(&[("sla.yaml", sla)]).await;
    office.customer("wu").await;
    let of_wu = CreateTicketRequest { customer_id: "wu".to_owned(), ..order("r-1") };
    office.answer(of_wu).await.unwrap();
    office.create("r-2").await;

    assert_eq!(to_look_at(&office).await, ["r-1"]);
    office.clock.advance(4 * HOUR);
    assert_eq!(told(&office).await, ["resolution is overdue"]);
}

/// Gives what is told of a ticket in the days after its making, and when.
async fn alarms(office: &Office, id: &str) -> Vec<(Duration, String)> {
    let (demo, id) = (tenant("demo"), TicketId::parse(id).unwrap());
    let events = Tickets::events(&office.store, &demo, &id).await.unwrap();
    let made_at = events[0].at;
    events[1..].iter().map(|it| (it.at.since(made_at), it.note.clone().unwrap())).collect()
}

#[tokio::test]
async fn whether_a_ticket_is_looked_at_when_it_is_made_or_later_the_same_is_told_of_it() {
    let policies = [
        ("{}", 0),
        ("usual: {acceptance: 1h, resolution: 4h, warn_before: 30m, escalations: [2h, 9h]}", 8),
        ("usual: {calendar: office, acceptance: 1h, resolution: 4h, warn_before: 30m}", 4),
        // Of its warning it is too late from the beginning.
        ("usual: {calendar: office, resolution: 2h, warn_before: 5h}", 1),
        ("usual: {acceptance: 1s, resolution: 30d, escalations: [1s]}", 2),
        ("other: {kinds: [complaint], resolution: 1h}\nusual: {response: 1h}", 0),
    ];
    for (sla, count) in policies {
        let office = office_that_owes(sla).await;
        office.create("foreseen").await;
        office.fill(1, "").await;

        let parts = office.parts();
        for _ in 0..5 * 24 {
            tell_due(&parts, &tenant("demo")).await.unwrap();
            office.clock.advance(HOUR);
        }

        let told = alarms(&office, "foreseen").await;
        assert_eq!(told, alarms(&office, "many-0").await, "{sla}");
        assert_eq!(told.len(), count, "{sla}: {told:?}");
    }
}

#[tokio::test]
async fn what_is_owed_depends_on_the_record_that_leads_for_the_customers() {
    let office = Office::set_up().await;
    office.clock.set(FRIDAY);
    office.apply(&[("sla.yaml", "best:\n  tiers: [B1]\n  resolution: 4h\n")]).await;
    let old = Customer::new(CustomerId::parse("old").unwrap(), "Old", Tier::A1, FRIDAY);
    Customers::create(&office.store, &tenant("demo"), &old, "samples").await.unwrap();
    office.customer("wu").await;
    let of_old = CreateTicketRequest { customer_id: "old".to_owned(), ..order("r-1") };
    office.answer(of_old).await.unwrap();

    let before = office.ticket("r-1").await.sla_policy;
    office.merge("old", "wu").await;
    let after = office.ticket("r-1").await.sla_policy;

    assert_eq!((before.as_str(), after.as_str()), ("", "best"));
}

#[tokio::test]
async fn what_is_late_has_nobody_or_lies_about_is_listed() {
    let office = office().await;
    let late = office.create("r-1").await;
    office.clock.advance(2 * HOUR);
    let fresh = office.create("r-2").await;
    tell_due(&office.parts(), &tenant("demo")).await.unwrap();
    let accept =
        MoveTicketRequest { agent_id: "wang".into(), ..a_move(&fresh, TicketMove::Accept) };
    office.moves(accept).await.unwrap();
    let listed = async |request: ListTicketsRequest| {
        let answer = office.client().list_tickets(from(Role::Agent, request)).await.unwrap();
        let found = answer.into_inner().tickets;
        found.into_iter().map(|ticket| ticket.ticket_id).collect::<Vec<_>>()
    };

    let overdue = ListTicketsRequest { overdue: true, ..ListTicketsRequest::default() };
    let unassigned = ListTicketsRequest { unassigned: true, ..ListTicketsRequest::default() };
    let untouched_for = |seconds| ListTicketsRequest {
        untouched_for: Duration::from_secs(seconds).try_into().ok(),
        ..ListTicketsRequest::default()
    };

    assert_eq!(listed(overdue).await, [late.ticket_id.as_str()]);
    assert_eq!(listed(unassigned).await, [late.ticket_id.as_str()]);
    assert_eq!(listed(untouched_for(5_400)).await, [late.ticket_id.as_str()]);
    assert_eq!(listed(untouched_for(10_800)).await, [""; 0]);
}
