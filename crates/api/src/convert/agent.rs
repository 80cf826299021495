//! What agents want, do and are offered.

use switchboard_domain::floor::state::{AgentState, OfferOutcome, Token, Want};

use crate::error::ApiError;
use crate::field;
use crate::generated::agent::v1 as wire;

/// What an agent asks to be, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPresence {
    /// What the agent wants to be.
    pub want: Want,
    /// Why not ready; empty otherwise.
    pub reason: String,
}

/// Reads what an agent wants to be.
pub fn presence_field(
    outer: &str,
    value: Option<wire::Presence>,
) -> Result<WantedPresence, ApiError> {
    let value = field::required(outer, value)?;
    let kind = field::known::<wire::PresenceKind>("kind", value.kind);
    let want = match kind.map_err(|error| error.within(outer))? {
        wire::PresenceKind::Unspecified => return Err(ApiError::missing("kind").within(outer)),
        wire::PresenceKind::Ready => Want::Ready,
        wire::PresenceKind::NotReady => Want::NotReady,
        wire::PresenceKind::SignedOut => Want::SignedOut,
    };
    let reason = field::word("reason", value.reason).map_err(|error| error.within(outer))?;
    if want != Want::NotReady && !reason.is_empty() {
        return Err(ApiError::invalid("reason", &reason, "nothing unless not ready").within(outer));
    }
    Ok(WantedPresence { want, reason })
}

/// Puts what an agent wants to be on the wire.
pub fn presence(want: Want, reason: &str) -> wire::Presence {
    let kind = match want {
        Want::Ready => wire::PresenceKind::Ready,
        Want::NotReady => wire::PresenceKind::NotReady,
        Want::SignedOut => wire::PresenceKind::SignedOut,
    };
    wire::Presence { kind: kind.into(), reason: reason.to_owned() }
}

/// Puts what an agent is doing on the wire.
pub const fn work_state(state: &AgentState) -> wire::WorkState {
    match state {
        AgentState::Offline => wire::WorkState::Offline,
        AgentState::NotReady => wire::WorkState::NotReady,
        AgentState::Ready => wire::WorkState::Ready,
        AgentState::Offered { .. } => wire::WorkState::Offered,
        AgentState::Busy { .. } => wire::WorkState::Busy,
        AgentState::WrapUp { .. } => wire::WorkState::WrapUp,
    }
}

/// Says how an offer ended.
pub fn offer_closed(offer_id: String, outcome: OfferOutcome) -> wire::OfferClosed {
    let (kind, cause) = match outcome {
        OfferOutcome::Accepted => (wire::OfferOutcome::Accepted, ""),
        OfferOutcome::Declined => (wire::OfferOutcome::Declined, ""),
        OfferOutcome::Expired => (wire::OfferOutcome::Expired, ""),
        OfferOutcome::CallerGone
        | OfferOutcome::AgentGone
        | OfferOutcome::GatewayGone
        | OfferOutcome::AnsweredElsewhere
        | OfferOutcome::Withdrawn
        | OfferOutcome::EpochChanged => (wire::OfferOutcome::Revoked, outcome.as_str()),
    };
    wire::OfferClosed { offer_id, outcome: kind.into(), cause: cause.to_owned() }
}

/// Names a desktop's session on the wire.
pub fn session_id(session: Token) -> String {
    session.to_string()
}

/// Reads the session a desktop was given; every unary request must name it.
pub fn session_field(field: &str, value: &str) -> Result<Token, ApiError> {
    optional_session(field, value)?.ok_or_else(|| ApiError::missing(field))
}

/// Reads the session a desktop wants to go on with; none to sign in anew.
pub fn optional_session(field: &str, value: &str) -> Result<Option<Token>, ApiError> {
    if value.is_empty() {
        return Ok(None);
    }
    let refuse = || ApiError::invalid(field, value, "a session as a welcome named it");
    Token::parse(value).map(Some).ok_or_else(refuse)
}

#[cfg(test)]
mod tests;
