//! Claims about moving tickets.

use crate::ticket::TicketPriority;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(5_000);

fn a_ticket(state: TicketState) -> Ticket {
    Ticket {
        id: TicketId::parse("t-1").expect("an id"),
        number: 1,
        state,
        subject: "refund".to_owned(),
        body: String::new(),
        priority: TicketPriority::Normal,
        customer: None,
        interaction: None,
        rule: None,
        department: None,
        assignee: None,
        resolution: None,
        merged_into: None,
        created_at: Timestamp::ZERO,
        changed_at: Timestamp::ZERO,
        version: 1,
    }
}

fn by_wang() -> MoveDetails {
    MoveDetails { actor: "wang".to_owned(), ..MoveDetails::default() }
}

#[test]
fn a_move_changes_state_time_and_version_and_nothing_else() {
    let before = a_ticket(TicketState::New);

    let change =
        before.apply(TicketMove::Accept, by_wang(), NOW).expect("new tickets are accepted");

    assert_eq!(change.from, TicketState::New);
    assert_eq!(change.actor, "wang");
    let expected = Ticket { state: TicketState::Accepted, changed_at: NOW, version: 2, ..before };
    assert_eq!(change.ticket, expected);
}

#[test]
fn no_ticket_is_resolved_without_saying_how() {
    let refused = a_ticket(TicketState::InProgress).apply(TicketMove::Resolve, by_wang(), NOW);

    let missing = TicketError::Missing { attempted: TicketMove::Resolve, field: "resolution" };
    assert_eq!(refused, Err(missing));
}

#[test]
fn blanks_are_no_reason() {
    let details = MoveDetails { note: Some("  ".to_owned()), ..by_wang() };

    let refused = a_ticket(TicketState::InProgress).apply(TicketMove::Hold, details, NOW);

    assert!(matches!(refused, Err(TicketError::Missing { field: "note", .. })));
}

#[test]
fn dispatching_to_a_department_frees_the_agent() {
    let mut before = a_ticket(TicketState::InProgress);
    before.assignee = AgentId::parse("wang").ok();
    let details = MoveDetails { department: Some("refunds".to_owned()), ..by_wang() };

    let change = before.apply(TicketMove::Dispatch, details, NOW).expect("work is passed on");

    assert_eq!(change.ticket.department.as_deref(), Some("refunds"));
    assert_eq!(change.ticket.assignee, None);
}

#[test]
fn a_reopened_ticket_has_no_resolution() {
    let mut before = a_ticket(TicketState::Closed);
    before.resolution = Some("refunded".to_owned());
    let details = MoveDetails { note: Some("money never came".to_owned()), ..by_wang() };

    let change = before.apply(TicketMove::Reopen, details, NOW).expect("a closed ticket returns");

    assert_eq!(change.ticket.resolution, None);
}

#[test]
fn a_ticket_does_not_go_on_in_its_own_place() {
    let details = MoveDetails { merged_into: TicketId::parse("t-1").ok(), ..by_wang() };

    let refused = a_ticket(TicketState::New).apply(TicketMove::Merge, details, NOW);

    assert_eq!(refused, Err(TicketError::MergedIntoItself));
}

#[test]
fn the_lifecycle_comes_before_the_particulars() {
    let refused = a_ticket(TicketState::New).apply(TicketMove::Resolve, by_wang(), NOW);

    assert!(matches!(refused, Err(TicketError::Rejected(_))));
}
