use switchboard_domain::ids::TicketId;
use switchboard_domain::time::Timestamp;

use super::*;

#[test]
fn every_state_move_and_priority_goes_both_ways() {
    for known in TicketState::ALL {
        let read = state_field("state", state(known).into()).expect("a state");
        assert_eq!(read, Some(known));
    }
    for known in TicketMove::ALL {
        assert_eq!(move_field("action", action(known).into()).expect("a move"), known);
    }
    for known in TicketPriority::ALL {
        assert_eq!(priority_field("priority", priority(known).into()).expect("one"), known);
    }
}

#[test]
fn unset_means_any_state_normal_priority_and_no_move() {
    assert_eq!(state_field("state", 0).expect("any"), None);
    assert_eq!(priority_field("priority", 0).expect("normal"), TicketPriority::Normal);
    assert_eq!(move_field("action", 0).expect_err("a refusal").reason(), "MISSING_FIELD");
    assert!(state_field("state", 99).is_err());
}

#[test]
fn a_ticket_shows_its_story() {
    let made = TicketEvent {
        version: 1,
        applied: None,
        state: TicketState::New,
        actor: "rule:abandoned".to_owned(),
        note: None,
        at: Timestamp::from_millis(1_000),
    };

    let shown = ticket(a_ticket(), vec![made]);

    assert_eq!((shown.ticket_id.as_str(), shown.number, shown.etag.as_str()), ("t-1", 7, "3"));
    assert_eq!(shown.state(), wire::TicketState::New);
    assert_eq!(shown.customer_id, "");
    assert_eq!(shown.events[0].action(), wire::TicketMove::Unspecified);
    assert_eq!(shown.events[0].actor, "rule:abandoned");
}

#[test]
fn a_new_ticket_needs_a_subject() {
    let request = wire::CreateTicketRequest { subject: " ".to_owned(), ..Default::default() };

    let error = new_ticket(request).expect_err("a refusal");

    assert_eq!(error.metadata()["field"], "subject");
}

#[test]
fn blank_particulars_of_a_move_count_as_unsaid() {
    let request = wire::MoveTicketRequest {
        action: wire::TicketMove::Resolve.into(),
        resolution: "  ".to_owned(),
        ..Default::default()
    };

    let (attempted, details) = move_details(request, "agent:one".to_owned()).expect("a move");

    assert_eq!(attempted, TicketMove::Resolve);
    assert_eq!(details.resolution, None);
    assert_eq!(details.actor, "agent:one");
}

#[test]
fn filters_are_checked() {
    let request =
        wire::ListTicketsRequest { agent_id: "two words".to_owned(), ..Default::default() };

    assert_eq!(filter(&request).expect_err("a refusal").metadata()["field"], "agent_id");
}

fn a_ticket() -> Ticket {
    Ticket {
        id: TicketId::parse("t-1").expect("an id"),
        number: 7,
        state: TicketState::New,
        subject: "Call back".to_owned(),
        body: String::new(),
        priority: TicketPriority::High,
        customer: None,
        interaction: None,
        rule: Some("abandoned".to_owned()),
        department: None,
        assignee: None,
        resolution: None,
        merged_into: None,
        created_at: Timestamp::from_millis(1_000),
        changed_at: Timestamp::from_millis(2_000),
        version: 3,
    }
}
