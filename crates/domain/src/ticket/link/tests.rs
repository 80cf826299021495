//! Links have two ends; tasks one parent.

use crate::ids::TicketKindId;
use crate::ticket::NewTicket;
use crate::time::Timestamp;

use super::*;

fn id(text: &str) -> TicketId {
    TicketId::parse(text).expect("an id")
}

fn a_ticket(state: TicketState) -> Ticket {
    let new = NewTicket::about(TicketKindId::REQUEST, "late");
    Ticket { state, ..new.ticket(id("t-1"), 7, Timestamp::ZERO) }
}

#[test]
fn a_link_is_kept_once_whichever_end_it_is_made_from() {
    let (a, b) = (id("a"), id("b"));
    for kind in LinkKind::ALL {
        assert_eq!(kind.inverse().inverse(), kind);
        assert_eq!(kind.kept(&a, &b), kind.inverse().kept(&b, &a), "{kind}");
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert_eq!(LinkKind::CausedBy.told(12), "caused by #12");
}

#[test]
fn tasks_are_made_below_open_tickets_that_are_no_tasks_themselves() {
    let open = a_ticket(TicketState::InProgress);
    let over = a_ticket(TicketState::Resolved);
    let task = Ticket { parent: Some(id("t-0")), ..open.clone() };

    assert_eq!(open.admit_child(MAX_CHILDREN - 1), Ok(()));
    assert_eq!(open.admit_child(MAX_CHILDREN), Err(ParentError::TooMany { parent: id("t-1") }));
    let refused = ParentError::NotOpen { parent: id("t-1"), state: TicketState::Resolved };
    assert_eq!(over.admit_child(0), Err(refused));
    assert_eq!(task.admit_child(0), Err(ParentError::IsChild { parent: id("t-1") }));
}

#[test]
fn the_parent_hears_of_the_last_task_and_of_one_that_comes_back() {
    let told = |from, to, open| a_ticket(to).told_to_parent(from, open);
    let (works, done, back) =
        (TicketState::InProgress, TicketState::Resolved, TicketState::Reopened);

    assert_eq!(told(works, done, 1), None);
    assert_eq!(told(works, done, 0).unwrap(), "no task is open any more: #7 is resolved");
    assert_eq!(told(done, TicketState::Closed, 0), None);
    assert_eq!(told(done, back, 1).unwrap(), "task #7 is reopened");
    assert_eq!(told(TicketState::Accepted, works, 0), None);
}
