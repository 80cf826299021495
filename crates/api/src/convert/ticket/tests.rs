use switchboard_domain::ids::{TicketId, TicketKindId};
use switchboard_domain::time::Timestamp;

use super::*;

#[test]
fn every_state_move_and_priority_goes_both_ways() {
    for known in TicketState::ALL {
        let read = state_field("state", state(known).into()).expect("a state");
        assert_eq!(read, Some(known));
    }
    let is_asked_for =
        |known: &TicketMove| !matches!(known, TicketMove::Alarm | TicketMove::Revise);
    for known in TicketMove::ALL.into_iter().filter(is_asked_for) {
        assert_eq!(move_field("action", action(known).into()).expect("a move"), known);
    }
    for known in Medium::ALL {
        assert_eq!(medium_field("medium", medium(known).into()).expect("one"), Some(known));
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
    for told in [wire::TicketMove::Alarm, wire::TicketMove::Revise] {
        assert!(move_field("action", told.into()).is_err());
    }
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

    let owed = Some(("usual", owed()));
    let mut filled = Filled::default();
    filled.ticked.insert("look".parse().expect("a name"));
    let story = Story { events: vec![made], filled, ..Story::default() };
    let shown = told(a_ticket(), story, owed, Timestamp::from_millis(4_000));

    assert_eq!((shown.ticket_id.as_str(), shown.number, shown.etag.as_str()), ("t-1", 7, "3"));
    assert_eq!(shown.state(), wire::TicketState::New);
    assert_eq!(shown.customer_id, "");
    assert_eq!(shown.events[0].action(), wire::TicketMove::Unspecified);
    assert_eq!(shown.events[0].actor, "rule:abandoned");
    let waited = shown.stage_times.and_then(|times| times.acceptance).map(|time| time.seconds);
    assert_eq!(waited, Some(3));
    assert_eq!(shown.ticked_steps, ["look"]);
    assert_eq!(shown.sla_policy, "usual");
    let clocks: Vec<_> = shown.clocks.iter().map(|clock| (clock.target(), clock.state())).collect();
    assert_eq!(
        clocks,
        [
            (wire::SlaTarget::Acceptance, wire::SlaState::Overdue),
            (wire::SlaTarget::Resolution, wire::SlaState::Running),
        ]
    );
}

#[test]
fn a_new_ticket_needs_a_subject() {
    let request = wire::CreateTicketRequest { subject: " ".to_owned(), ..Default::default() };

    let error = new_ticket(request, &TicketKinds::default()).expect_err("a refusal");

    assert_eq!(error.metadata()["field"], "subject");
}

#[test]
fn a_new_ticket_is_of_the_usual_kind_unless_it_says_otherwise() {
    let request = |kind: &str, category: &str| wire::CreateTicketRequest {
        subject: "late".to_owned(),
        kind: kind.to_owned(),
        category: category.to_owned(),
        ..Default::default()
    };
    let read = |asked| new_ticket(asked, &TicketKinds::default());

    let usual = read(request("", "")).expect("a ticket");
    let said = read(request("complaint", "trains/late")).expect("a ticket");
    let wrong = read(request("", "trains//late")).expect_err("a refusal");

    assert_eq!((usual.kind, usual.category), (TicketKindId::REQUEST, None));
    assert_eq!(said.kind.as_str(), "complaint");
    assert_eq!(said.category.map(|category| category.to_string()), Some("trains/late".to_owned()));
    assert_eq!(wrong.metadata()["field"], "category");
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

fn owed() -> Clocks {
    let since = Timestamp::ZERO;
    let running = |millis| Clock::Running { since, due: Some(Timestamp::from_millis(millis)) };
    Clocks(vec![(ClockKind::Acceptance, running(3_000)), (ClockKind::Resolution, running(9_000))])
}

fn a_ticket() -> Ticket {
    let new = NewTicket {
        priority: TicketPriority::High,
        ..NewTicket::about(TicketKindId::REQUEST, "Call back")
    };
    let id = TicketId::parse("t-1").expect("an id");
    Ticket {
        rule: Some("abandoned".to_owned()),
        changed_at: Timestamp::from_millis(2_000),
        version: 3,
        ..new.ticket(id, 7, Timestamp::from_millis(1_000))
    }
}
