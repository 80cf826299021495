use switchboard_domain::ids::{ContactId, OfferId};

use super::*;

#[test]
fn presence_goes_both_ways() {
    for (want, reason) in [(Want::Ready, ""), (Want::NotReady, "lunch"), (Want::SignedOut, "")] {
        let read = presence_field("wanted", Some(presence(want, reason))).expect("a presence");

        assert_eq!(read, WantedPresence { want, reason: reason.to_owned() });
    }
}

#[test]
fn a_presence_must_say_something() {
    let nothing = presence_field("wanted", None).expect_err("a refusal");
    let unspecified = presence_field("wanted", Some(wire::Presence::default()));

    assert_eq!(nothing.metadata()["field"], "wanted");
    assert_eq!(unspecified.expect_err("a refusal").metadata()["field"], "wanted.kind");
}

#[test]
fn only_not_ready_has_a_reason() {
    let asked = presence(Want::Ready, "lunch");

    assert!(presence_field("wanted", Some(asked)).is_err());
}

#[test]
fn every_state_has_its_own_word() {
    let contact = ContactId::parse("call-1").expect("an id");
    let offer = OfferId::parse("o-1").expect("an id");
    let states = [
        AgentState::Offline,
        AgentState::NotReady,
        AgentState::Ready,
        AgentState::Offered { offer, contact: contact.clone() },
        AgentState::Busy { contact: contact.clone() },
        AgentState::WrapUp { contact },
    ];

    for state in states {
        let wire_name = work_state(&state).as_str_name();
        assert_eq!(wire_name, format!("WORK_STATE_{}", state.name().to_ascii_uppercase()));
    }
}

#[test]
fn a_revoked_offer_says_why() {
    for outcome in OfferOutcome::ALL {
        let closed = offer_closed("o-1".to_owned(), *outcome);

        let is_revoked = closed.outcome() == wire::OfferOutcome::Revoked;
        assert_eq!(is_revoked, !closed.cause.is_empty(), "{outcome}");
    }
}

#[test]
fn sessions_are_read_as_they_were_given() {
    let session = Token { epoch: 3, number: 17 };

    assert_eq!(session_field("session_id", &session_id(session)).expect("one"), session);
    assert_eq!(optional_session("session_id", "").expect("none"), None);
    assert_eq!(session_field("session_id", "").expect_err("none").reason(), "MISSING_FIELD");
    assert!(optional_session("session_id", "mine").is_err());
}
