//! A session between two inputs: read for its owner, written within its bounds.

use std::time::Duration;

use prost::Message;
use switchboard_api::ApiError;
use switchboard_api::ivr::v1::send_input_request::Input;
use switchboard_api::ivr::v1::{
    SendInputRequest, SessionAnswer, SessionState, StartSessionRequest,
};
use switchboard_domain::flow::{Directive, Outcome, Position, RouteDirective};
use switchboard_domain::ids::ContactId;
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{KeptSession, Run, Trail};
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, MAX_BODY};

use super::{Owner, answer, not_found};

/// Reads a session; another gateway's is not there.
pub(super) fn read(
    owner: &Owner,
    id: &ContactId,
    session: &IvrSession,
) -> Result<KeptSession, ApiError> {
    let kept = KeptSession::read(&session.body);
    let kept = kept.map_err(|error| StoreError::corrupt(format!("IVR session {id}"), error))?;
    if kept.is_of(&owner.gateway) { Ok(kept) } else { Err(not_found(id)) }
}

/// Writes a session as it stands after an input.
pub(super) fn write(kept: &KeptSession, seq: u64) -> Result<IvrSession, ApiError> {
    let body = kept.write();
    if body.len() > MAX_BODY {
        let why = "what the session holds is too large to be kept";
        let limit = MAX_BODY.to_string();
        return Err(ApiError::exhausted("SESSION_TOO_LARGE", why).with("limit_bytes", limit));
    }
    Ok(IvrSession { seq, body })
}

/// Takes what a step has led to, and gives the answer.
pub(super) fn advance(
    kept: &mut KeptSession,
    (id, seq): (&ContactId, u64),
    run: Run,
    trail: Trail,
    (now, idle): (Timestamp, Duration),
) -> SessionAnswer {
    let (trail, step) = (trail.with_run(&run), run.step);
    kept.advance(now, &step.position, trail, step.directives.iter().find_map(routed));
    kept.is_finished = matches!(step.outcome, Some(Outcome::HungUp | Outcome::Transferred));
    let details = kept.details();
    let shown_number = details.get("called_number").unwrap_or_default();
    let answer = answer::answer(id, seq, (step, shown_number), now + idle);
    kept.answer = answer.encode_to_vec();
    answer
}

/// Gives the last answer.
pub(super) fn answer_of(kept: &KeptSession, id: &ContactId) -> Result<SessionAnswer, ApiError> {
    let answer = SessionAnswer::decode(kept.answer.as_slice());
    Ok(answer.map_err(|error| StoreError::corrupt(format!("IVR session {id}"), error))?)
}

/// Gives where the flow stands.
pub(super) fn position(kept: &KeptSession, id: &ContactId) -> Result<Position, ApiError> {
    let position = Position::decode(kept.position());
    Ok(position.map_err(|error| StoreError::corrupt(format!("IVR session {id}"), error))?)
}

/// Says whether the flow has ended.
pub(super) fn is_over(answer: &SessionAnswer) -> bool {
    answer.state() != SessionState::WaitingForInput
}

/// Tells one beginning from another.
pub(super) fn fingerprint_of_start(request: &StartSessionRequest) -> u64 {
    hash(&request.encode_to_vec())
}

/// Tells one kind of input from another. Which keys were pressed is left out: they may be a secret,
/// and a few digits are found from their hash in no time.
pub(super) fn fingerprint_of_input(request: &SendInputRequest) -> u64 {
    hash(match request.input {
        Some(Input::Digits(_)) => b"digits",
        Some(Input::Media(_)) => b"media",
        Some(Input::Hangup(_)) => b"hangup",
        Some(Input::Transfer(_)) => b"transfer",
        Some(Input::Message(_)) => b"message",
        None => b"",
    })
}

fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

const fn routed(directive: &Directive) -> Option<&RouteDirective> {
    match directive {
        Directive::Route(route) => Some(route),
        Directive::Play(_)
        | Directive::Collect(_)
        | Directive::Record(_)
        | Directive::Answered(_)
        | Directive::HangUp => None,
    }
}
