//! Claims about macros.

use std::collections::BTreeMap;

use crate::ids::{CustomerId, TicketId};
use crate::ticket::{Filled, NewTicket, TicketKind, TicketPriority};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(5_000);

fn a_ticket(state: TicketState) -> Ticket {
    let customer = CustomerId::parse("li").ok();
    let new = NewTicket { customer, ..NewTicket::about(TicketKindId::REQUEST, "refund") };
    Ticket { state, ..new.ticket(TicketId::parse("t-1").expect("an id"), 7, Timestamp::ZERO) }
}

fn a_macro(steps: Vec<MacroStep>) -> TicketMacro {
    TicketMacro {
        id: MacroId::parse("refund").expect("an id"),
        display_name: Localized::new(BTreeMap::new()),
        kinds: BTreeSet::new(),
        departments: BTreeSet::new(),
        roles: [Role::Agent].into(),
        steps,
    }
}

fn wording(text: &str) -> Option<Wording> {
    Wording::parse(text).ok()
}

fn refund() -> TicketMacro {
    let urgent = Revision { priority: Some(TicketPriority::Urgent), ..Revision::default() };
    a_macro(vec![
        MacroStep { revision: urgent, ..MacroStep::of(TicketMove::Revise) },
        MacroStep { department: Some("refunds".to_owned()), ..MacroStep::of(TicketMove::Dispatch) },
        MacroStep {
            note: wording("{customer} has a right to it, says {department}"),
            ..MacroStep::of(TicketMove::Note)
        },
    ])
}

fn applied(
    prepared: &TicketMacro,
    ticket: &Ticket,
    customer: Option<&str>,
) -> Result<Vec<TicketChange>, MacroError> {
    applied_above(&[], prepared, ticket, customer)
}

fn applied_above(
    open_children: &[u64],
    prepared: &TicketMacro,
    ticket: &Ticket,
    customer: Option<&str>,
) -> Result<Vec<TicketChange>, MacroError> {
    let applicant = Applicant { actor: "agent:wang", role: Role::Agent, name: "Wang", customer };
    let (kind, filled) = (TicketKind::undemanding(TicketKindId::REQUEST), Filled::default());
    let terms = Terms { kind: &kind, filled: &filled, open_children };
    prepared.apply(ticket, applicant, terms, NOW)
}

#[test]
fn each_move_is_made_of_what_the_one_before_leaves() {
    let changes = applied(&refund(), &a_ticket(TicketState::Accepted), Some("Li")).expect("moves");

    let last = &changes[2];
    assert_eq!(changes.iter().map(|it| it.ticket.version).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(
        (last.ticket.state, last.ticket.priority),
        (TicketState::Dispatched, TicketPriority::Urgent)
    );
    assert_eq!(last.note.as_deref(), Some("Li has a right to it, says refunds"));
    assert_eq!(last.actor, "agent:wang");
}

#[test]
fn a_move_that_is_refused_is_named_with_its_reason() {
    let refused = applied(&refund(), &a_ticket(TicketState::New), Some("Li")).expect_err("new");
    let nameless = applied(&refund(), &a_ticket(TicketState::Accepted), None).expect_err("nobody");

    assert_eq!(
        refused.to_string(),
        "step 2 of the macro `refund` (dispatch): a ticket that is new allows no dispatch"
    );
    assert!(matches!(
        nameless,
        MacroError::Blank { number: 3, placeholder: Placeholder::Customer, .. }
    ));
}

#[test]
fn a_macro_ends_no_ticket_while_tasks_below_it_are_open() {
    let cancel = MacroStep { note: wording("twice"), ..MacroStep::of(TicketMove::Cancel) };
    let (prepared, ticket) = (a_macro(vec![cancel]), a_ticket(TicketState::Accepted));

    let refused = applied_above(&[12], &prepared, &ticket, None).expect_err("a task is open");

    let MacroError::Refused { number: 1, fault, .. } = refused else { panic!("{refused}") };
    assert!(matches!(fault, TicketError::ChildrenOpen { children, .. } if children == [12]));
    assert!(applied_above(&[], &prepared, &ticket, None).is_ok());
}

#[test]
fn a_macro_is_for_those_for_whom_it_was_prepared() {
    let ticket = a_ticket(TicketState::Accepted);
    let of_refunds = TicketMacro { departments: ["refunds".to_owned()].into(), ..refund() };
    let of_repairs =
        TicketMacro { kinds: [TicketKindId::parse("repair").expect("an id")].into(), ..refund() };
    let misfit = |prepared: &TicketMacro, role| match prepared.admit(&ticket, role) {
        Err(MacroError::Misfit { what, only, .. }) => format!("{what} {only}"),
        other => panic!("{other:?}"),
    };

    assert_eq!(refund().admit(&ticket, Role::Agent), Ok(()));
    assert_eq!(misfit(&refund(), Role::Supervisor), "role agent");
    assert_eq!(misfit(&of_refunds, Role::Agent), "department refunds");
    assert_eq!(misfit(&of_repairs, Role::Agent), "kind repair");
}

#[test]
fn steps_that_no_ticket_can_take_one_after_the_other_are_found() {
    let of = |moves: &[TicketMove]| a_macro(moves.iter().copied().map(MacroStep::of).collect());

    assert_eq!(refund().dead_end(), None);
    assert_eq!(of(&[TicketMove::Accept, TicketMove::Start, TicketMove::Close]).dead_end(), Some(3));
}

#[test]
fn a_step_says_what_its_move_needs() {
    assert_eq!(refund().steps[1].check(), Ok(()));
    assert!(matches!(
        MacroStep::of(TicketMove::Resolve).check(),
        Err(TicketError::Missing { field: "resolution", .. })
    ));
}
