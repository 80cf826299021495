//! Tokens of gateway sessions, and the words of legs.

use switchboard_domain::floor::plan::MissCause;
use switchboard_domain::floor::state::Token;

use crate::error::ApiError;
use crate::field;
use crate::generated::call::v1 as call;

/// Puts a token on the wire.
pub const fn token(token: Token) -> call::SessionToken {
    call::SessionToken { epoch: token.epoch, number: token.number }
}

/// Reads a token, which every request of a session must carry.
pub fn token_field(field: &str, value: Option<call::SessionToken>) -> Result<Token, ApiError> {
    let value = field::required(field, value)?;
    Ok(Token { epoch: value.epoch, number: value.number })
}

/// Gives the word the history keeps for a cause.
pub fn hangup_cause(field: &str, value: i32) -> Result<&'static str, ApiError> {
    Ok(match field::known::<call::HangupCause>(field, value)? {
        call::HangupCause::Unspecified | call::HangupCause::Normal => "normal",
        call::HangupCause::Busy => "busy",
        call::HangupCause::NoAnswer => "no_answer",
        call::HangupCause::Declined => "declined",
        call::HangupCause::Unreachable => "unreachable",
        call::HangupCause::Congestion => "congestion",
        call::HangupCause::Failure => "failure",
        call::HangupCause::UnallocatedNumber => "unallocated_number",
    })
}

/// Reads why an agent could not be connected.
pub fn miss_cause(field: &str, value: i32) -> Result<MissCause, ApiError> {
    Ok(match field::known::<call::HangupCause>(field, value)? {
        call::HangupCause::NoAnswer => MissCause::NoAnswer,
        call::HangupCause::Declined => MissCause::Declined,
        call::HangupCause::Busy => MissCause::Busy,
        call::HangupCause::Unspecified
        | call::HangupCause::Normal
        | call::HangupCause::Unreachable
        | call::HangupCause::Congestion
        | call::HangupCause::Failure
        | call::HangupCause::UnallocatedNumber => MissCause::Unreachable,
    })
}

/// Gives the word the history keeps for a party.
pub fn side(field: &str, value: i32) -> Result<&'static str, ApiError> {
    Ok(match field::known::<call::Side>(field, value)? {
        call::Side::Unspecified | call::Side::Caller => "caller",
        call::Side::Agent => "agent",
        call::Side::Center => "center",
    })
}

/// Gives the word the history keeps for how far the network vouches for a number.
pub fn verification(field: &str, value: i32) -> Result<&'static str, ApiError> {
    use call::CallerVerification as Verification;
    Ok(match field::known::<Verification>(field, value)? {
        Verification::Unspecified | Verification::NotVerified => "not_verified",
        Verification::Full => "full",
        Verification::Partial => "partial",
        Verification::Gateway => "gateway",
        Verification::Failed => "failed",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_both_ways() {
        let session = Token { epoch: 3, number: 17 };

        assert_eq!(token_field("token", Some(token(session))).expect("a token"), session);
    }

    #[test]
    fn a_request_without_a_token_is_refused() {
        assert_eq!(token_field("token", None).expect_err("none").reason(), "MISSING_FIELD");
    }

    #[test]
    fn unset_words_have_a_meaning_and_unknown_ones_none() {
        assert_eq!(hangup_cause("cause", 0).expect("a word"), "normal");
        assert_eq!(side("side", 0).expect("a word"), "caller");
        assert_eq!(verification("verification", 0).expect("a word"), "not_verified");
        assert!(hangup_cause("cause", 99).is_err());
        assert!(side("side", -1).is_err());
        assert!(verification("verification", 99).is_err());
    }

    #[test]
    fn every_cause_has_its_own_word() {
        let mut words: Vec<_> =
            (1..=8).map(|cause| hangup_cause("cause", cause).expect("a word")).collect();
        words.sort_unstable();
        words.dedup();

        assert_eq!(words.len(), 8);
    }
}
