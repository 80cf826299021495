//! Claims about work on tickets: what follows from how ticket and contact stand.

use super::*;
use crate::floor::state::EndReason;
use crate::ids::TicketKindId;
use crate::ticket::NewTicket;
use crate::time::Timestamp;

fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("an id")
}

fn offer() -> OfferId {
    OfferId::parse("offer-1").expect("an id")
}

fn a_ticket(state: TicketState, assignee: Option<&str>) -> Ticket {
    let new = NewTicket::about(TicketKindId::REQUEST, "refund");
    Ticket {
        state,
        queue: QueueId::parse("refunds").ok(),
        assignee: assignee.map(agent),
        version: 3,
        ..new.ticket(TicketId::parse("t-1").expect("an id"), 42, Timestamp::ZERO)
    }
}

fn waiting() -> Ticket {
    a_ticket(TicketState::Dispatched, None)
}

fn item(agent_name: Option<&str>) -> WorkItem {
    let item = WorkItem::of(&waiting()).expect("it was sent to a queue");
    WorkItem { agent: agent_name.map(agent), ..item }
}

fn states() -> [ContactState; 6] {
    [
        ContactState::InMenu,
        ContactState::Queued,
        ContactState::Offered { offers: vec![(offer(), agent("li"))] },
        ContactState::Connecting { offer: offer(), agent: agent("li") },
        ContactState::Connected { agent: agent("li") },
        ContactState::Ended { reason: EndReason::GatewayLost },
    ]
}

fn steps(item: &WorkItem, ticket: &Ticket) -> Vec<WorkStep> {
    let states = states();
    let known = states.iter().map(Some).chain([None]);
    known.map(|contact| item.next(ticket, contact)).collect()
}

#[test]
fn each_dispatch_and_each_attempt_has_a_name_of_its_own() {
    let first = item(None);
    let second =
        WorkItem { contact: first.next_contact().expect("a name"), attempt: 2, ..first.clone() };
    let sent_again = Ticket { version: 9, ..waiting() };

    assert_eq!(first.contact.as_str(), "ticket-42.3");
    assert_eq!(second.contact.as_str(), "ticket-42.3.2");
    assert_eq!(second.next_contact().expect("a name").as_str(), "ticket-42.3.3");
    assert_eq!(WorkItem::of(&sent_again).expect("work").contact.as_str(), "ticket-42.9");
    assert!(WorkItem::is_work("ticket-42.3") && !WorkItem::is_work("call-1"));
    let to_somebody = Ticket { queue: None, ..waiting() };
    assert_eq!(WorkItem::of(&to_somebody), None);
}

#[test]
fn what_waits_is_queued_and_given_to_who_accepts_it() {
    let [nothing, hand_to] = [WorkStep::Nothing, WorkStep::HandTo(agent("li"))];
    let [route, start, renew] = [WorkStep::Route, WorkStep::Start, WorkStep::Renew];

    let found = steps(&item(None), &waiting());

    assert_eq!(found, [route, nothing.clone(), nothing, hand_to.clone(), hand_to, renew, start]);
}

#[test]
fn what_is_worked_on_is_bridged_and_waits_again_when_it_is_passed_on() {
    let ticket = a_ticket(TicketState::InProgress, Some("li"));
    let back = || WorkStep::GiveBack;

    let mine = steps(&item(Some("li")), &ticket);
    let passed_on =
        item(Some("li")).next(&ticket, Some(&ContactState::Connected { agent: agent("wang") }));

    let bridge = WorkStep::Bridge(offer());
    let (nothing, finish) = (WorkStep::Nothing, WorkStep::Finish);
    assert_eq!(mine, [back(), back(), back(), bridge, nothing, finish.clone(), finish]);
    assert_eq!(passed_on, back());
}

#[test]
fn what_is_over_withdrawn_or_taken_from_a_list_ends() {
    let over = [
        (item(Some("li")), a_ticket(TicketState::Resolved, Some("li"))),
        (item(Some("li")), a_ticket(TicketState::OnHold, Some("li"))),
        (item(Some("li")), a_ticket(TicketState::InProgress, Some("wang"))),
        (item(None), a_ticket(TicketState::InProgress, Some("li"))),
        (WorkItem { is_withdrawn: true, ..item(None) }, waiting()),
    ];

    for (item, ticket) in over {
        let found = steps(&item, &ticket);
        let (ends, rest) = found.split_at(5);
        assert!(ends.iter().all(|step| *step == WorkStep::HangUp), "{item:?} {found:?}");
        assert!(rest.iter().all(|step| *step == WorkStep::Finish), "{item:?} {found:?}");
    }
}
