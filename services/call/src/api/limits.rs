//! What no gateway may say, refused before any of it reaches the floor.

use switchboard_api::call::v1::{GatewayEvent, Inventory, Leg, Rejected, Side};
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId};

use crate::session::Session;

/// The highest number of an event: the live state counts parts of events, exactly up to 2^53.
const MAX_SEQUENCE: u64 = 1 << 48;

/// Begins an event and gives the token it belongs to, or the refusal of one that no worker may take.
///
/// None for one that was sent before the gateway heard the newest welcome: it comes again after it.
pub(super) async fn admit(
    session: &Session,
    event: &GatewayEvent,
) -> Result<Option<Token>, Rejected> {
    let sequence = event.sequence;
    let refuse = |error: ApiError| error.to_rejected(sequence);
    at_most("sequence", sequence).map_err(refuse)?;
    let begun = session.begin(sequence);
    let begun = begun.map_err(|gap| refuse(gap_error(sequence, gap.expected)))?;
    let Some(token) = begun else { return Ok(None) };
    if let Err(error) = at_most("call_sequence", event.call_sequence) {
        // It counts as done, for it will never be anything else.
        session.accept(token, sequence, None).await;
        return Err(refuse(error));
    }
    Ok(Some(token))
}

/// Checks every leg of a chunk, so that a bad one leaves nothing of the others behind.
pub(super) fn check_legs(inventory: &Inventory) -> Result<(), ApiError> {
    inventory.legs.iter().try_for_each(check_leg)
}

fn check_leg(leg: &Leg) -> Result<(), ApiError> {
    field::id::<ContactId>("legs.call_id", &leg.call_id)?;
    let agent = leg.bridged_agent_id.as_deref().unwrap_or_default();
    field::optional_id::<AgentId>("legs.bridged_agent_id", agent)?;
    field::text("legs.called_number", leg.called_number.clone(), field::MAX_NUMBER)?;
    field::known::<Side>("legs.ended_by", leg.ended_by)?;
    at_most("legs.last_call_sequence", leg.last_call_sequence)
}

fn at_most(field: &str, number: u64) -> Result<(), ApiError> {
    if number > MAX_SEQUENCE {
        let expected = format!("at most {MAX_SEQUENCE}");
        return Err(ApiError::invalid(field, &number.to_string(), expected));
    }
    Ok(())
}

fn gap_error(sequence: u64, expected: u64) -> ApiError {
    ApiError::failed_precondition("EVENT_GAP", "events are missing before this one")
        .with("sequence", sequence.to_string())
        .with("expected", expected.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg() -> Leg {
        Leg { call_id: "call-1".to_owned(), ..Leg::default() }
    }

    #[test]
    fn one_bad_leg_refuses_the_chunk_by_its_field() {
        let long = "1".repeat(field::MAX_NUMBER + 1);
        let number = |text: &str| text.to_owned();
        let table = [
            ("legs.call_id", Leg { call_id: number("}{"), ..leg() }),
            ("legs.bridged_agent_id", Leg { bridged_agent_id: Some(number("a b")), ..leg() }),
            ("legs.called_number", Leg { called_number: long, ..leg() }),
            ("legs.ended_by", Leg { ended_by: 99, ..leg() }),
            ("legs.last_call_sequence", Leg { last_call_sequence: u64::MAX, ..leg() }),
        ];

        for (name, bad) in table {
            let inventory = Inventory { legs: vec![leg(), bad], ..Inventory::default() };
            let error = check_legs(&inventory).expect_err(name);

            assert_eq!(error.metadata()["field"], name);
        }
    }

    #[test]
    fn any_calling_number_and_the_highest_sequence_pass() {
        let from = |calling: &str| Leg { calling_number: calling.to_owned(), ..leg() };
        let (odd, unreadable, long) = (from("anonymous"), from("138\0"), from(&"1".repeat(9_000)));
        let last = Leg { last_call_sequence: MAX_SEQUENCE, ..leg() };
        let inventory =
            Inventory { legs: vec![odd, unreadable, long, last], ..Inventory::default() };

        assert!(check_legs(&inventory).is_ok());
    }

    #[test]
    fn parts_of_the_highest_event_are_still_counted_exactly() {
        const { assert!(MAX_SEQUENCE * crate::session::PARTS + crate::session::PARTS < 1 << 53) };
        assert!(at_most("sequence", MAX_SEQUENCE + 1).is_err());
    }
}
