//! Claims about the record that a call leaves behind.

use crate::ids::AgentId;
use crate::ticket::Outcome;

use super::*;

type Story<'text> = &'text [(&'text str, &'text [(&'text str, &'text str)])];

/// Folds a story, one event per second from second 1 on, with the state each kind leads to.
fn told(story: Story<'_>) -> Interaction {
    let mut call = Interaction::begin(ContactId::parse("c-1").expect("an id"), second(1));
    for (index, (kind, particulars)) in story.iter().enumerate() {
        let fields = led_to(kind)
            .into_iter()
            .chain(particulars.iter().copied())
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .collect();
        let wall = second(i64::try_from(index).expect("a short story") + 1);
        call.fold(&Fact { kind, fields: &fields, wall }).expect("a readable story");
    }
    call
}

fn led_to(kind: &str) -> Option<(&'static str, &'static str)> {
    let state = match kind {
        "contact_started" | "menu_stepped" => "in_menu",
        "contact_queued" | "contact_requeued" | "contact_reopened" => "queued",
        "contact_offered" => "offered",
        "contact_connecting" => "connecting",
        "contact_connected" | "contact_orphaned" => "connected",
        "contact_ended" => "ended",
        _ => return None,
    };
    Some(("state", state))
}

fn second(count: i64) -> Timestamp {
    Timestamp::from_millis(count * 1_000)
}

const STARTED: (&str, &[(&str, &str)]) = (
    "contact_started",
    &[("calling_number", "+8613800000001"), ("called_number", "+862160000000"), ("gateway", "g-1")],
);
const QUEUED: (&str, &[(&str, &str)]) = ("contact_queued", &[("queue", "booking")]);

#[test]
fn an_answered_call_keeps_who_when_and_how() {
    let call = told(&[
        STARTED,
        QUEUED,
        ("contact_offered", &[("offer", "o-1"), ("agent", "wang")]),
        ("contact_requeued", &[("cause", "expired"), ("agent", "wang")]),
        ("contact_offered", &[("offer", "o-2"), ("agent", "li")]),
        ("contact_connecting", &[("offer", "o-2"), ("agent", "li")]),
        ("contact_connected", &[("offer", "o-2"), ("agent", "li")]),
        ("contact_ended", &[("reason", "completed")]),
        ("wrap_up_finished", &[("agent", "li"), ("disposition", "booked")]),
    ]);

    assert_eq!(call.calling_number.as_deref(), Some("+8613800000001"));
    assert_eq!(call.agent, AgentId::parse("li").ok());
    assert_eq!(call.offers, 2);
    assert_eq!((call.started_at, call.queued_at), (second(1), Some(second(2))));
    assert_eq!((call.answered_at, call.ended_at), (Some(second(7)), Some(second(8))));
    assert_eq!(call.disposition.as_deref(), Some("booked"));
    assert_eq!(call.outcome(), Some(Outcome::Answered));
}

#[test]
fn a_result_taken_for_granted_never_replaces_one_that_was_noted() {
    let granted = ("wrap_up_finished", &[("default_disposition", "done")][..]);
    let noted = ("wrap_up_finished", &[("disposition", "sold")][..]);
    let result = |story: Story<'_>| told(story).disposition;

    assert_eq!(result(&[STARTED, granted]).as_deref(), Some("done"));
    assert_eq!(result(&[STARTED, noted, granted]).as_deref(), Some("sold"));
    assert_eq!(result(&[STARTED, granted, noted]).as_deref(), Some("sold"));
}

#[test]
fn the_way_a_call_ends_decides_its_outcome() {
    let cases: [(Story<'_>, Outcome); 5] = [
        (&[STARTED, QUEUED, ("contact_ended", &[("reason", "abandoned")])], Outcome::Abandoned),
        (&[STARTED, ("contact_ended", &[("reason", "completed")])], Outcome::SelfServed),
        (&[STARTED, ("contact_ended", &[("reason", "caller_hung_up_in_menu")])], Outcome::LeftMenu),
        (&[STARTED, QUEUED, ("contact_ended", &[("reason", "overflow")])], Outcome::Overflowed),
        (&[STARTED, QUEUED, ("contact_ended", &[("reason", "gateway_lost")])], Outcome::Lost),
    ];

    for (story, outcome) in cases {
        assert_eq!(told(story).outcome(), Some(outcome));
    }
}

#[test]
fn how_a_contact_came_about_is_the_cause_it_first_waits_for() {
    let queued = |cause: &'static str, channel: &'static str| {
        let began: Story<'_> = &[("contact_queued", &[("cause", cause), ("channel", channel)])];
        told(began)
    };
    let moved = ("contact_queued", &[("cause", "transferred")][..]);
    let chat = told(&[("contact_started", &[("channel", "chat")]), QUEUED, moved]);

    let about = |contact: &Interaction| (contact.origin, contact.channel);
    assert_eq!(about(&queued("callback", "")), (Origin::Callback, Channel::Callback));
    assert_eq!(about(&queued("owed", "")), (Origin::Owed, Channel::Callback));
    assert_eq!(about(&queued("consult", "")), (Origin::Consult, Channel::Voice));
    assert_eq!(about(&queued("routed", "task")), (Origin::Arrived, Channel::Task));
    assert_eq!(about(&chat), (Origin::Arrived, Channel::Chat));
}

#[test]
fn a_refused_call_ends_as_such_unless_it_was_taken_all_the_same() {
    let (refused, ended) = (
        ("contact_started", &[("caller_lists", "block, test"), ("refused", "blocked")][..]),
        ("contact_ended", &[("reason", "completed")][..]),
    );

    let ended_at_once = told(&[refused, ended]);
    let taken = told(&[refused, QUEUED, ended]);

    assert_eq!(ended_at_once.end_reason.as_deref(), Some("blocked"));
    assert_eq!(ended_at_once.outcome(), Some(Outcome::Refused));
    assert_eq!(ended_at_once.caller_lists, ["block", "test"]);
    assert_eq!(taken.outcome(), Some(Outcome::Abandoned));
}

#[test]
fn an_end_that_is_known_is_not_replaced_by_a_guess() {
    let ended = ("contact_ended", &[("reason", "completed")][..]);
    let guessed = ("contact_ended", &[("reason", "gone_during_outage")][..]);
    let answered = ("contact_connected", &[("agent", "li")][..]);

    let call = told(&[STARTED, QUEUED, answered, ended, guessed]);

    assert_eq!(call.outcome(), Some(Outcome::Answered));
    assert_eq!(call.ended_at, Some(second(4)));
}

#[test]
fn a_declined_offer_puts_the_caller_back_to_waiting() {
    let call = told(&[STARTED, QUEUED, ("contact_offered", &[]), ("contact_requeued", &[])]);

    assert_eq!(call.state, InteractionState::Waiting);
}

#[test]
fn an_orphaned_call_is_with_a_gateway_that_is_away_until_it_is_confirmed() {
    let orphaned: Story<'_> = &[STARTED, QUEUED, ("contact_orphaned", &[])];
    let confirmed: Story<'_> = &[
        STARTED,
        ("contact_orphaned", &[]),
        ("contact_confirmed", &[("state", "connected"), ("agent", "li")]),
    ];

    assert_eq!(told(orphaned).state, InteractionState::Orphaned);
    let call = told(confirmed);
    assert_eq!((call.state, call.answered_at), (InteractionState::Connected, Some(second(3))));
    assert_eq!(call.agent, AgentId::parse("li").ok());
}

#[test]
fn an_event_of_an_offer_does_not_move_the_call() {
    let call = told(&[STARTED, QUEUED, ("offer_closed", &[("state", "ended")])]);

    assert_eq!(call.state, InteractionState::Waiting);
}

#[test]
fn a_reopened_call_is_no_longer_over() {
    let call = told(&[
        STARTED,
        ("contact_ended", &[("reason", "gateway_lost")]),
        ("contact_reopened", &[]),
    ]);

    assert_eq!((call.ended_at, call.end_reason.as_deref()), (None, None));
    assert_eq!(call.outcome(), None);
}

#[test]
fn a_call_that_is_over_stays_so_where_live_state_was_set_back_until_its_gateway_has_it() {
    const OVER: Story<'_> = &[STARTED, QUEUED, ("contact_ended", &[("reason", "abandoned")])];
    const SET_BACK: Story<'_> =
        &[("contact_requeued", &[("cause", "epoch")]), ("contact_orphaned", &[])];

    let remembered = told(&[OVER, SET_BACK].concat());
    let held = told(&[OVER, SET_BACK, &[("contact_confirmed", &[("state", "queued")])]].concat());

    assert_eq!(remembered, told(OVER));
    assert_eq!((held.state, held.ended_at), (InteractionState::Waiting, None));
}

#[test]
fn what_is_told_later_adds_but_never_forgets() {
    let call = told(&[STARTED, ("contact_queued", &[("queue", "booking"), ("customer", "cu-1")])]);

    assert_eq!(call.calling_number.as_deref(), Some("+8613800000001"));
    assert_eq!(call.started_at, second(1));
    assert_eq!(call.customer.map(|id| id.to_string()).as_deref(), Some("cu-1"));
    assert_eq!(call.state, InteractionState::Waiting);
}

#[test]
fn an_event_nobody_knows_changes_nothing() {
    let before = told(&[STARTED]);

    let after = told(&[STARTED, ("contact_levitated", &[("height", "3")])]);

    assert_eq!(after, before);
}

#[test]
fn an_unreadable_id_is_refused_and_nothing_is_changed() {
    let mut call = told(&[STARTED]);
    let before = call.clone();
    let fields = [("queue".to_owned(), "two words".to_owned())].into();

    let refused = call.fold(&Fact { kind: "contact_queued", fields: &fields, wall: second(9) });

    let error = refused.expect_err("a queue's id has no blanks");
    assert_eq!(error.to_string(), "field `queue` of `contact_queued` is no id");
    assert_eq!(call, before);
}
