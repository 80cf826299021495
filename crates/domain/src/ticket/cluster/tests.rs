//! Which tickets are signs, and how members of an incident are resolved.

use crate::ids::TicketId;
use crate::time::Timestamp;

use super::*;

fn a_rule() -> ClusterRule {
    let complaint = TicketKindId::parse("complaint").expect("an id");
    ClusterRule {
        id: "late".to_owned(),
        kinds: vec![complaint],
        category: "trains/late".parse().ok(),
        department: None,
        tickets: 6,
        customers: 5,
        within: Duration::from_mins(30),
        incident: IncidentPlan {
            subject: "Many late trains".to_owned(),
            kind: TicketKindId::REQUEST,
            category: None,
            priority: TicketPriority::Urgent,
            department: None,
            queue: QueueId::parse("booking").ok(),
        },
    }
}

fn a_complaint(category: &str) -> Ticket {
    let id = TicketId::parse("t-1").expect("an id");
    let kind = TicketKindId::parse("complaint").expect("an id");
    let new = NewTicket { category: category.parse().ok(), ..NewTicket::about(kind, "late") };
    new.ticket(id, 1, Timestamp::ZERO)
}

#[test]
fn a_sign_is_of_the_kind_and_category_and_was_not_counted_before() {
    let rule = a_rule();
    let sign = a_complaint("trains/late/night");
    let id = || TicketId::parse("t-9").ok();

    assert!(rule.takes(&sign));
    assert!(!rule.takes(&a_complaint("trains")));
    assert!(!rule.takes(&Ticket { kind: TicketKindId::REQUEST, ..sign.clone() }));
    assert!(!rule.takes(&Ticket { incident: id(), ..sign.clone() }));
    assert!(!rule.takes(&Ticket { parent: id(), ..sign.clone() }));
    assert!(!rule.takes(&Ticket { is_incident: true, ..sign.clone() }));
    assert!(!rule.takes(&Ticket { state: TicketState::Cancelled, ..sign.clone() }));
    let of_care = ClusterRule { department: Some("care".to_owned()), ..rule };
    assert!(!of_care.takes(&sign));
}

#[test]
fn tickets_and_customers_must_both_be_enough() {
    let rule = a_rule();

    assert!(rule.is_met_by(6, 5));
    assert!(!rule.is_met_by(5, 5) && !rule.is_met_by(60, 4));
    assert_eq!(rule.alarm(6, 5), "cluster alarm: 6 tickets of 5 customers within 30 minutes");
}

#[test]
fn a_member_is_resolved_wherever_it_stands() {
    use TicketMove::{Accept, Dispatch, Resolve, Start};
    for state in TicketState::ALL {
        for department in [None, Some("care")] {
            let member = Ticket { state, ..a_complaint("trains/late") };
            let way = member.way_to_resolution(department);
            let last = way.iter().try_fold(state, |at, attempted| at.after(*attempted));
            let expected = if state.is_open() { TicketState::Resolved } else { state };
            assert_eq!(last, Ok(expected), "{state} {department:?} {way:?}");
            let is_sent = way.contains(&Dispatch);
            assert_eq!(is_sent, state.is_open() && department.is_some(), "{state}");
        }
    }
    let new = a_complaint("trains/late");
    assert_eq!(new.way_to_resolution(Some("care")), [Accept, Dispatch, Start, Resolve]);
}
