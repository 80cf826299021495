//! Claims about what a revision corrects, tells of and is refused for.

use crate::customer::profile::ProfileValue;
use crate::ticket::change::MoveDetails;
use crate::ticket::change::tests::{NOW, a_ticket, asking, by_wang, kind};
use crate::ticket::{EntryName, FillError};

use super::*;

#[test]
fn a_revision_corrects_and_fills_in_and_tells_of_it() {
    let ticket = a_ticket(TicketState::New);
    let amount: EntryName = "amount".parse().expect("a name");
    let value = ProfileValue::number(5.0);
    let filling =
        Filling { values: [(amount.clone(), value.clone())].into(), ..Filling::default() };
    let revision = Revision {
        category: "billing/refund".parse().ok(),
        priority: Some(TicketPriority::High),
        filling,
        ..Revision::default()
    };
    let details = MoveDetails { note: Some("she insists".to_owned()), ..revising(revision) };

    let change = ticket.apply(TicketMove::Revise, details, &asking(), NOW).expect("a revision");

    assert_eq!(
        change.note.as_deref(),
        Some("category billing/refund; priority high; set amount\nshe insists")
    );
    assert_eq!(change.filled.map(|filled| filled.values), Some([(amount, value.unwrap())].into()));
    assert_eq!(change.ticket.priority, TicketPriority::High);
    assert_eq!(change.ticket.state, TicketState::New);
}

#[test]
fn a_revision_without_a_change_or_beyond_the_form_is_refused() {
    let ticket = a_ticket(TicketState::New);
    let none = "color".parse().expect("a name");
    let filling =
        Filling { values: [(none, ProfileValue::number(1.0))].into(), ..Filling::default() };
    let revise = |revision| ticket.apply(TicketMove::Revise, revising(revision), &asking(), NOW);

    let empty = revise(Revision::default()).expect_err("nothing to revise");
    let unknown = revise(Revision { filling, ..Revision::default() }).expect_err("no such field");

    assert!(matches!(empty, TicketError::Missing { field: "revision", .. }));
    assert!(matches!(unknown, TicketError::NotFilled(FillError::UnknownField { .. })));
}

#[test]
fn a_revision_corrects_what_a_ticket_is_about_and_whose_it_is_and_tells_what_it_was() {
    let ticket = Ticket { body: "at noon".to_owned(), ..a_ticket(TicketState::InProgress) };
    let revision = Revision {
        subject: Some("Seat broken".to_owned()),
        body: Some("at night".to_owned()),
        customer: CustomerId::parse("li").ok(),
        ..Revision::default()
    };

    let change = ticket
        .apply(TicketMove::Revise, revising(revision), &kind("request"), NOW)
        .expect("a revision");

    let Ticket { subject, body, customer, .. } = &change.ticket;
    assert_eq!((subject.as_str(), body.as_str()), ("Seat broken", "at night"));
    assert_eq!(customer.as_ref().map(CustomerId::as_str), Some("li"));
    let was = format!("customer li\nsubject was: {}\ndescription was: at noon", ticket.subject);
    assert_eq!(change.note, Some(was));
}

#[test]
fn a_ticket_is_of_another_kind_once_it_has_what_that_kind_asks_for_where_it_has_passed() {
    let asking = asking();
    let revise = |state, filling| {
        let revision = Revision { kind: Some(asking.id.clone()), filling, ..Revision::default() };
        let ticket = Ticket { kind: kind("other").id, ..a_ticket(state) };
        ticket.apply(TicketMove::Revise, revising(revision), &asking, NOW)
    };
    let value = ProfileValue::number(5.0);
    let amount: EntryName = "amount".parse().expect("a name");
    let look = "look".parse().expect("a name");
    let filling = Filling { values: [(amount, value)].into(), ticks: [(look, true)].into() };

    let begun = revise(TicketState::InProgress, Filling::default()).expect("nothing is due yet");
    let refused = revise(TicketState::Resolved, Filling::default()).expect_err("the amount is due");
    let filled = revise(TicketState::Resolved, filling).expect("all is there");

    assert_eq!((&begun.ticket.kind, &filled.ticket.kind), (&asking.id, &asking.id));
    assert!(matches!(refused, TicketError::FieldOpen { attempted: TicketMove::Revise, .. }));
}

fn revising(revision: Revision) -> MoveDetails {
    MoveDetails { revision, ..by_wang() }
}
