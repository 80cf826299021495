//! Claims about moving tickets.

use crate::center::Localized;
use crate::customer::profile::{FieldShape, ProfileValue};
use crate::ids::{CustomerId, TicketKindId};
use crate::ticket::{
    EntryName, FormField, FormStep, NewTicket, TicketForm, TicketKind, TicketKinds, TicketPriority,
};

use super::*;

pub(super) const NOW: Timestamp = Timestamp::from_millis(5_000);

pub(super) fn a_ticket(state: TicketState) -> Ticket {
    let new = NewTicket::about(TicketKindId::REQUEST, "refund");
    Ticket { state, ..new.ticket(TicketId::parse("t-1").expect("an id"), 1, Timestamp::ZERO) }
}

pub(super) fn kind(id: &str) -> TicketKind {
    TicketKinds::default().of(&TicketKindId::parse(id).expect("an id"))
}

pub(super) fn by_wang() -> MoveDetails {
    MoveDetails { actor: "wang".to_owned(), ..MoveDetails::default() }
}

#[test]
fn a_move_changes_state_time_and_version_and_nothing_else() {
    let before = a_ticket(TicketState::New);

    let change = before
        .apply(TicketMove::Accept, by_wang(), &kind("request"), NOW)
        .expect("new tickets are accepted");

    assert_eq!(change.from, TicketState::New);
    assert_eq!(change.actor, "wang");
    let expected = Ticket { state: TicketState::Accepted, changed_at: NOW, version: 2, ..before };
    assert_eq!(change.ticket, expected);
}

#[test]
fn no_ticket_is_resolved_without_saying_how() {
    let refused = a_ticket(TicketState::InProgress).apply(
        TicketMove::Resolve,
        by_wang(),
        &kind("request"),
        NOW,
    );

    let missing = TicketError::Missing { attempted: TicketMove::Resolve, field: "resolution" };
    assert_eq!(refused, Err(missing));
}

#[test]
fn blanks_are_no_reason() {
    let details = MoveDetails { note: Some("  ".to_owned()), ..by_wang() };

    let refused =
        a_ticket(TicketState::InProgress).apply(TicketMove::Hold, details, &kind("request"), NOW);

    assert!(matches!(refused, Err(TicketError::Missing { field: "note", .. })));
}

#[test]
fn dispatching_to_a_department_frees_the_agent() {
    let mut before = a_ticket(TicketState::InProgress);
    before.assignee = AgentId::parse("wang").ok();
    let details = MoveDetails { department: Some("refunds".to_owned()), ..by_wang() };

    let change = before
        .apply(TicketMove::Dispatch, details, &kind("request"), NOW)
        .expect("work is passed on");

    assert_eq!(change.ticket.department.as_deref(), Some("refunds"));
    assert_eq!(change.ticket.assignee, None);
}

#[test]
fn a_reopened_ticket_has_no_resolution() {
    let mut before = a_ticket(TicketState::Closed);
    before.resolution = Some("refunded".to_owned());
    let details = MoveDetails { note: Some("money never came".to_owned()), ..by_wang() };

    let change = before
        .apply(TicketMove::Reopen, details, &kind("request"), NOW)
        .expect("a closed ticket returns");

    assert_eq!(change.ticket.resolution, None);
}

#[test]
fn a_ticket_does_not_go_on_in_its_own_place() {
    let details = MoveDetails { merged_into: TicketId::parse("t-1").ok(), ..by_wang() };

    let refused =
        a_ticket(TicketState::New).apply(TicketMove::Merge, details, &kind("request"), NOW);

    assert_eq!(refused, Err(TicketError::MergedIntoItself));
}

#[test]
fn others_go_on_only_in_a_ticket_that_is_open() {
    for state in TicketState::ALL {
        let admitted = a_ticket(state).admit_merge();

        let target = TicketId::parse("t-1").expect("an id");
        let refused = Err(TicketError::TargetNotOpen { target, state });
        assert_eq!(admitted, if state.is_open() { Ok(()) } else { refused });
    }
}

#[test]
fn the_lifecycle_comes_before_the_particulars() {
    let refused =
        a_ticket(TicketState::New).apply(TicketMove::Resolve, by_wang(), &kind("request"), NOW);

    assert!(matches!(refused, Err(TicketError::Rejected(_))));
}

#[test]
fn a_complaint_is_resolved_only_once_a_department_answers_for_it() {
    let details = MoveDetails { resolution: Some("refunded".to_owned()), ..by_wang() };
    let mut complaint = a_ticket(TicketState::InProgress);

    let refused = complaint.apply(TicketMove::Resolve, details.clone(), &kind("complaint"), NOW);
    complaint.department = Some("refunds".to_owned());
    let done = complaint.apply(TicketMove::Resolve, details, &kind("complaint"), NOW);

    assert!(matches!(refused, Err(TicketError::NoDepartment { .. })), "{refused:?}");
    assert_eq!(done.map(|change| change.ticket.resolved_by), Ok(Some("wang".to_owned())));
}

#[test]
fn a_complaint_is_closed_only_once_the_customer_is_informed() {
    let mut resolved = a_ticket(TicketState::Resolved);
    resolved.customer = CustomerId::parse("li").ok();
    let informing = MoveDetails { medium: Some(Medium::Sms), ..by_wang() };

    let refused = resolved.apply(TicketMove::Close, by_wang(), &kind("complaint"), NOW);
    let informed = resolved.apply(TicketMove::Inform, informing, &kind("complaint"), NOW);
    let informed = informed.expect("the customer is told").ticket;
    let closed = informed.apply(TicketMove::Close, by_wang(), &kind("complaint"), NOW);

    assert!(matches!(refused, Err(TicketError::NotInformed { .. })), "{refused:?}");
    assert_eq!(informed.informed, Some(Informed { at: NOW, by: Medium::Sms }));
    assert!(closed.is_ok(), "{closed:?}");
}

#[test]
fn nobody_has_to_inform_a_customer_who_is_not_known() {
    let resolved = a_ticket(TicketState::Resolved);

    assert!(resolved.apply(TicketMove::Close, by_wang(), &kind("complaint"), NOW).is_ok());
}

#[test]
fn who_resolved_a_complaint_does_not_close_it() {
    let mut resolved = a_ticket(TicketState::Resolved);
    resolved.resolved_by = Some("wang".to_owned());
    let by_li = MoveDetails { actor: "li".to_owned(), ..MoveDetails::default() };

    let refused = resolved.apply(TicketMove::Close, by_wang(), &kind("complaint"), NOW);

    assert!(matches!(refused, Err(TicketError::NotReviewed { .. })), "{refused:?}");
    assert!(resolved.apply(TicketMove::Close, by_li, &kind("complaint"), NOW).is_ok());
    assert!(resolved.apply(TicketMove::Close, by_wang(), &kind("request"), NOW).is_ok());
}

#[test]
fn a_reopened_ticket_has_to_be_informed_of_and_reviewed_anew() {
    let mut closed = a_ticket(TicketState::Closed);
    closed.resolved_by = Some("wang".to_owned());
    closed.informed = Some(Informed { at: NOW, by: Medium::Phone });
    let details = MoveDetails { note: Some("still broken".to_owned()), ..by_wang() };

    let change = closed.apply(TicketMove::Reopen, details, &kind("complaint"), NOW);

    let reopened = change.expect("a closed ticket returns").ticket;
    assert_eq!((reopened.resolved_by, reopened.informed), (None, None));
}

#[test]
fn a_ticket_counts_how_often_it_came_back_and_was_taken_from_who_had_it() {
    let to = |department: &str| MoveDetails {
        department: Some(department.to_owned()),
        note: Some("back again".to_owned()),
        resolution: Some("paid back".to_owned()),
        ..by_wang()
    };
    let moved = |ticket: &Ticket, attempted, details| {
        ticket.apply(attempted, details, &kind("request"), NOW).expect("a move").ticket
    };
    let accepted = moved(&a_ticket(TicketState::New), TicketMove::Accept, to(""));

    let first = moved(&accepted, TicketMove::Dispatch, to("refunds"));
    let same = moved(&first, TicketMove::Dispatch, to("refunds"));
    let other = moved(&same, TicketMove::Dispatch, to("trains"));
    let started = moved(&other, TicketMove::Start, to(""));
    let third = moved(&started, TicketMove::Dispatch, to("refunds"));
    let resolved = moved(&moved(&third, TicketMove::Start, to("")), TicketMove::Resolve, to(""));
    let back = moved(&resolved, TicketMove::Reopen, to(""));

    let bounced = [&first, &same, &other, &started, &third].map(|ticket| ticket.bounced);
    assert_eq!(bounced, [0, 0, 1, 1, 2]);
    assert_eq!((resolved.reopened, back.reopened, back.bounced), (0, 1, 2));
}

#[test]
fn an_escalated_ticket_is_more_urgent_and_says_why() {
    let mut before = a_ticket(TicketState::InProgress);
    before.assignee = AgentId::parse("wang").ok();
    let details = MoveDetails { queue: QueueId::parse("experts").ok(), ..by_wang() };
    let with_reason = MoveDetails { note: Some("over my head".to_owned()), ..details.clone() };
    let escalate = |said| before.apply(TicketMove::Escalate, said, &kind("request"), NOW);

    let (silent, change) = (escalate(details), escalate(with_reason).expect("a move"));

    let missing = TicketError::Missing { attempted: TicketMove::Escalate, field: "note" };
    assert_eq!(silent, Err(missing));
    assert_eq!(change.ticket.priority, TicketPriority::High);
    assert_eq!((change.ticket.assignee, change.ticket.bounced), (None, 0));
    assert_eq!(change.ticket.queue.as_ref().map(QueueId::as_str), Some("experts"));
}

#[test]
fn a_ticket_that_is_given_to_somebody_waits_in_no_queue() {
    let mut before = a_ticket(TicketState::Dispatched);
    before.queue = QueueId::parse("refunds").ok();
    let details = MoveDetails { assignee: AgentId::parse("wang").ok(), ..by_wang() };

    let change = before.apply(TicketMove::Dispatch, details, &kind("request"), NOW);

    assert_eq!(change.expect("a move").ticket.queue, None);
}

#[test]
fn an_agent_takes_what_nobody_has() {
    let (wang, li) = (AgentId::parse("wang").expect("an id"), AgentId::parse("li").ok());
    let taking = |state, assignee: &Option<AgentId>| {
        Ticket { assignee: assignee.clone(), ..a_ticket(state) }.taking(&wang)
    };
    let mine = Some(wang.clone());
    let taken = Err(TicketError::Taken { agent: li.clone().expect("an id") });

    assert_eq!(taking(TicketState::New, &None), Ok(Some(TicketMove::Accept)));
    assert_eq!(taking(TicketState::Dispatched, &None), Ok(Some(TicketMove::Start)));
    assert_eq!(taking(TicketState::Accepted, &mine), Ok(Some(TicketMove::Start)));
    assert_eq!(taking(TicketState::OnHold, &mine), Ok(None));
    assert_eq!(taking(TicketState::InProgress, &li), taken);
    assert_eq!(taking(TicketState::Reopened, &li), Ok(Some(TicketMove::Start)));
}

/// A kind that asks for a number before the resolution, and for a look.
pub(super) fn asking() -> TicketKind {
    let name = |text: &str| text.parse().expect("a name");
    let field = FormField {
        name: name("amount"),
        display_name: Localized::default(),
        shape: FieldShape::Number { min: None, max: None },
        required_at: Some(Checkpoint::Resolve),
    };
    let step = FormStep { name: name("look"), display_name: Localized::default() };
    TicketKind { form: TicketForm { fields: vec![field], steps: vec![step] }, ..kind("request") }
}

#[test]
fn a_ticket_is_resolved_once_its_form_is_filled_in_and_its_steps_are_ticked() {
    let (ticket, kind) = (a_ticket(TicketState::InProgress), asking());
    let resolve = |filled: &Filled| {
        let details = MoveDetails { resolution: Some("done".to_owned()), ..by_wang() };
        let terms = Terms { kind: &kind, filled, open_children: &[] };
        ticket.apply(TicketMove::Resolve, details, terms, NOW)
    };
    let mut filled = Filled::default();
    let called = |text: &str| -> EntryName { text.parse().expect("a name") };

    let empty = resolve(&filled).expect_err("the amount is missing");
    filled.values.insert(called("amount"), ProfileValue::number(5.0).expect("a number"));
    let unseen = resolve(&filled).expect_err("nobody looked");
    filled.ticked.insert(called("look"));

    assert!(matches!(empty, TicketError::FieldOpen { name, .. } if name.as_str() == "amount"));
    assert!(matches!(unseen, TicketError::StepOpen { name, .. } if name.as_str() == "look"));
    assert!(resolve(&filled).is_ok());
}

#[test]
fn a_ticket_does_not_end_while_tasks_below_it_are_open() {
    let ticket = a_ticket(TicketState::InProgress);
    let kind = kind("request");
    let details = MoveDetails {
        note: Some("n".to_owned()),
        resolution: Some("done".to_owned()),
        merged_into: TicketId::parse("t-2").ok(),
        ..by_wang()
    };
    let try_with = |attempted, open_children: &[u64]| {
        let terms = Terms { open_children, ..Terms::from(&kind) };
        ticket.apply(attempted, details.clone(), terms, NOW)
    };

    for attempted in [TicketMove::Resolve, TicketMove::Merge, TicketMove::Cancel] {
        let refused = try_with(attempted, &[12, 13]).expect_err("tasks are open");
        assert!(refused.to_string().ends_with("#12, #13 open"), "{refused}");
        assert!(try_with(attempted, &[]).is_ok());
    }
    assert!(try_with(TicketMove::Hold, &[12]).is_ok());
}

#[test]
fn an_incident_is_not_merged() {
    let incident = Ticket { is_incident: true, ..a_ticket(TicketState::InProgress) };
    let details = MoveDetails { merged_into: TicketId::parse("t-2").ok(), ..by_wang() };

    let refused = incident.apply(TicketMove::Merge, details, &kind("request"), NOW);

    assert_eq!(refused, Err(TicketError::IncidentMerged));
}
