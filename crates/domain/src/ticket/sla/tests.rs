//! Claims about what is owed by when.

use proptest::prelude::*;

use super::*;
use crate::ids::TicketId;
use crate::ticket::{NewTicket, TicketMove, TicketState};
use crate::time::Timestamp;

pub(super) const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

pub(super) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) fn a_policy() -> SlaPolicy {
    SlaPolicy {
        id: "usual".to_owned(),
        kinds: BTreeSet::new(),
        priorities: BTreeSet::new(),
        media: BTreeSet::new(),
        departments: BTreeSet::new(),
        queues: BTreeSet::new(),
        tiers: BTreeSet::new(),
        calendar: None,
        acceptance: Some(seconds(10)),
        first_response: None,
        response: Some(seconds(20)),
        resolution: Some(seconds(100)),
        warn_before: Duration::ZERO,
        escalations: vec![],
    }
}

fn a_ticket(kind: &str, priority: TicketPriority) -> Ticket {
    let kind = TicketKindId::parse(kind).expect("an id");
    let new = NewTicket { priority, ..NewTicket::about(kind, "refund") };
    new.ticket(TicketId::parse("t-1").expect("an id"), 1, at(0))
}

const MADE: Step = (None, TicketState::New, at(0));
const ACCEPTED: Step = (Some(TicketMove::Accept), TicketState::Accepted, at(4));
const STARTED: Step = (Some(TicketMove::Start), TicketState::InProgress, at(10));
const ASKED: Step = (Some(TicketMove::WaitOnCustomer), TicketState::WaitingOnCustomer, at(30));
const ANSWERED: Step = (Some(TicketMove::Resume), TicketState::InProgress, at(530));

fn clock(life: &[Step], wanted: ClockKind) -> Option<Clock> {
    let Clocks(clocks) = Clocks::of(&a_policy(), None, life);
    clocks.into_iter().find(|(kind, _)| *kind == wanted).map(|(_, clock)| clock)
}

#[test]
fn a_new_ticket_is_to_be_accepted_and_resolved() {
    let clocks = Clocks::of(&a_policy(), None, &[MADE]);

    let due: Vec<_> = clocks.running().collect();
    let from_the_making = |kind, until| (kind, at(0), at(until));
    let expected =
        [from_the_making(ClockKind::Acceptance, 10), from_the_making(ClockKind::Resolution, 100)];
    assert_eq!(due, expected);
}

#[test]
fn acceptance_is_met_or_missed_for_good() {
    let late = (ACCEPTED.0, ACCEPTED.1, at(11));

    let met = clock(&[MADE, ACCEPTED, STARTED], ClockKind::Acceptance);
    let missed = clock(&[MADE, late], ClockKind::Acceptance);

    assert_eq!(met, Some(Clock::Met { at: at(4) }));
    assert_eq!(missed, Some(Clock::Missed { due: at(10), at: at(11) }));
}

#[test]
fn the_resolution_clock_stands_still_while_the_customer_is_asked() {
    let waiting = [MADE, ACCEPTED, STARTED, ASKED];
    let answered = [MADE, ACCEPTED, STARTED, ASKED, ANSWERED];

    assert_eq!(clock(&waiting, ClockKind::Resolution), Some(Clock::Paused { left: seconds(70) }));
    assert_eq!(
        clock(&answered, ClockKind::Resolution),
        Some(Clock::Running { since: at(530), due: Some(at(600)) })
    );
}

#[test]
fn a_response_is_owed_when_it_is_our_turn_again() {
    let life = [MADE, ACCEPTED, STARTED, ASKED, ANSWERED];
    let resolved = (Some(TicketMove::Resolve), TicketState::Resolved, at(545));

    assert_eq!(clock(&life[..4], ClockKind::Response), None);
    let running = Clock::Running { since: at(530), due: Some(at(550)) };
    assert_eq!(clock(&life, ClockKind::Response), Some(running));
    let all = [&life[..], &[resolved]].concat();
    assert_eq!(clock(&all, ClockKind::Response), Some(Clock::Met { at: at(545) }));
}

fn first_response(life: &[Step]) -> Option<Clock> {
    let policy = SlaPolicy { first_response: Some(seconds(40)), ..a_policy() };
    let Clocks(clocks) = Clocks::of(&policy, None, life);
    clocks.into_iter().find(|(kind, _)| *kind == ClockKind::FirstResponse).map(|(_, clock)| clock)
}

#[test]
fn the_first_answer_is_owed_from_the_making_and_any_answer_is_one() {
    let replied = (Some(TicketMove::Reply), TicketState::InProgress, at(39));
    let late = (Some(TicketMove::Reply), TicketState::InProgress, at(41));
    let resolved = (Some(TicketMove::Resolve), TicketState::Resolved, at(40));
    let back = (Some(TicketMove::Reopen), TicketState::Reopened, at(1_000));

    let running = Clock::Running { since: at(0), due: Some(at(40)) };
    assert_eq!(first_response(&[MADE, ACCEPTED, STARTED]), Some(running));
    let met = |at| Some(Clock::Met { at });
    assert_eq!(first_response(&[MADE, STARTED, replied, late]), met(at(39)));
    assert_eq!(first_response(&[MADE, STARTED, ASKED, ANSWERED]), met(at(30)));
    assert_eq!(first_response(&[MADE, STARTED, resolved, back]), met(at(40)));
    let missed = Clock::Missed { due: at(40), at: at(41) };
    assert_eq!(first_response(&[MADE, STARTED, late]), Some(missed));
}

#[test]
fn the_first_answer_has_time_while_a_ticket_is_on_hold() {
    let held = (Some(TicketMove::Hold), TicketState::OnHold, at(20));
    let goes_on = (Some(TicketMove::Resume), TicketState::InProgress, at(500));

    let paused = first_response(&[MADE, STARTED, held]);
    let running = first_response(&[MADE, STARTED, held, goes_on]);

    assert_eq!(paused, Some(Clock::Paused { left: seconds(20) }));
    assert_eq!(running, Some(Clock::Running { since: at(500), due: Some(at(520)) }));
}

#[test]
fn a_ticket_that_came_back_has_its_time_anew() {
    let resolved = (Some(TicketMove::Resolve), TicketState::Resolved, at(40));
    let back = (Some(TicketMove::Reopen), TicketState::Reopened, at(1_000));

    let due = clock(&[MADE, STARTED, resolved, back], ClockKind::Resolution);

    assert_eq!(due, Some(Clock::Running { since: at(1_000), due: Some(at(1_100)) }));
}

#[test]
fn the_first_policy_that_is_about_a_ticket_holds() {
    let complaints = SlaPolicy {
        id: "complaints".to_owned(),
        kinds: [TicketKindId::parse("complaint").expect("an id")].into(),
        ..a_policy()
    };
    let urgent = SlaPolicy {
        id: "urgent".into(),
        priorities: [TicketPriority::Urgent].into(),
        ..a_policy()
    };
    let best = SlaPolicy { id: "best".into(), tiers: [Tier::A1].into(), ..a_policy() };
    let policies = [complaints, urgent, best];
    let named =
        |ticket: &Ticket, tier| policy_for(&policies, ticket, tier).map(|it| it.id.as_str());

    assert_eq!(named(&a_ticket("complaint", TicketPriority::Urgent), None), Some("complaints"));
    assert_eq!(named(&a_ticket("request", TicketPriority::Urgent), Some(Tier::A1)), Some("urgent"));
    assert_eq!(named(&a_ticket("request", TicketPriority::Low), Some(Tier::A1)), Some("best"));
    assert_eq!(named(&a_ticket("request", TicketPriority::Low), None), None);
}

#[test]
fn a_policy_may_be_about_a_medium_a_department_or_a_queue() {
    let chairman = QueueId::parse("chairman").expect("an id");
    let policies = [
        SlaPolicy { id: "forum".into(), media: [Medium::Web].into(), ..a_policy() },
        SlaPolicy { id: "care".into(), departments: ["care".to_owned()].into(), ..a_policy() },
        SlaPolicy { id: "chairman".into(), queues: [chairman.clone()].into(), ..a_policy() },
    ];
    let named = |ticket: &Ticket| policy_for(&policies, ticket, None).map(|it| it.id.clone());
    let ticket = || a_ticket("request", TicketPriority::Low);
    let of_care = Ticket { department: Some("care".to_owned()), ..ticket() };

    assert_eq!(named(&ticket()), None);
    let posted = Ticket { medium: Medium::Web, ..of_care.clone() };
    assert_eq!(named(&posted).as_deref(), Some("forum"), "the first holds");
    assert_eq!(named(&of_care).as_deref(), Some("care"));
    let sent = Ticket { queue: Some(chairman), ..ticket() };
    assert_eq!(named(&sent).as_deref(), Some("chairman"));
}

proptest! {
    /// However a ticket was moved, what its resolution clock says agrees with the time it did not wait.
    #[test]
    fn what_ran_and_what_is_left_is_what_was_owed(
        moves in prop::collection::vec((0..TicketMove::ALL.len(), 1_i64..10), 0..12),
    ) {
        let (mut state, mut now, mut ran) = (TicketState::New, 0, 0);
        let mut life = vec![MADE];
        for (index, pause) in moves {
            let applied = TicketMove::ALL[index];
            let is_running = !matches!(
                state, TicketState::WaitingOnCustomer | TicketState::OnHold
            );
            now += pause;
            ran += if is_running { pause } else { 0 };
            match state.after(applied) {
                Ok(after) if after.is_open() && applied != TicketMove::Reopen => {
                    state = after;
                    life.push((Some(applied), state, at(now)));
                }
                Ok(_) | Err(_) => {}
            }
        }

        let told = clock(&life, ClockKind::Resolution);

        let last = life.last().map_or(0, |step| step.2.as_millis() / 1_000);
        let left = 100 - (ran - if matches!(told, Some(Clock::Paused { .. })) { 0 } else { now - last });
        let is_right = match told {
            Some(Clock::Paused { left: told }) => told == seconds(left.max(0).unsigned_abs()),
            Some(Clock::Running { due, .. }) => due == Some(at(last + left.max(0))),
            _ => false,
        };
        prop_assert!(is_right, "{told:?}, {left} left at {now}");
    }
}
