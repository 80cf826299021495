//! Flows for gateways that ask step by step: one request for each input, one answer for each.
//!
//! A session is its last answer and where the flow stands, kept in the store between two inputs, so
//! any replica goes on with it. An input that comes twice is answered twice with the same answer.

mod answer;
mod kept;

use switchboard_api::call::v1::{HangupCause, NumberPresentation};
use switchboard_api::convert::{self, lookup::call_verification_field};
use switchboard_api::ivr::v1::send_input_request::Input as WireInput;
use switchboard_api::ivr::v1::{
    EndSessionRequest, GetSessionRequest, PressedDigits, SendInputRequest, SessionAnswer,
    StartSessionRequest,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::channel::Channel;
use switchboard_domain::flow::{Input, Position};
use switchboard_domain::ids::{ContactId, GatewayId, TenantId};
use switchboard_ivr_host::{
    Fact, KeptSession, Message, Said, Scene, Trail, called_number, context, identify, language_of,
};
use switchboard_lookup::{Calling, Presentation};
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, Keeping, Kept};

use crate::IvrParts;

/// Whose session it is.
pub(crate) struct Owner {
    tenant: TenantId,
    gateway: GatewayId,
}

impl Owner {
    /// Reads which gateway of which tenant asks.
    pub(crate) fn of(caller: &Caller) -> Result<Self, ApiError> {
        let gateway = caller.gateway().ok_or_else(|| {
            ApiError::permission_denied("NOT_A_GATEWAY", "the token's subject is no gateway id")
        })?;
        Ok(Self { tenant: caller.tenant.clone(), gateway })
    }
}

/// Begins a session.
pub(crate) async fn start(
    parts: &IvrParts,
    owner: &Owner,
    request: StartSessionRequest,
) -> Result<SessionAnswer, ApiError> {
    let id: ContactId = field::id("session_id", &request.session_id)?;
    let fingerprint = kept::fingerprint_of_start(&request);
    let center = parts.centers.get(&owner.tenant).await.map_err(StoreError::from)?;
    let raw = field::required_text("called_number", request.called_number, field::MAX_NUMBER)?;
    let called = called_number(&center, &raw)
        .ok_or_else(|| ApiError::invalid("called_number", &raw, "a number this center answers"))?;
    let calling = Calling {
        raw: &request.calling_number,
        presentation: presentation(request.presentation)?,
        verification: call_verification_field("verification", request.verification)?,
        home: called.entry.default_country,
    };
    if let Some(present) = parts.sessions.get(&owner.tenant, &id, parts.clock.now()).await? {
        return repeated(owner, &id, &present, 0, fingerprint);
    }
    if !center.admits_gateway(&owner.gateway) {
        let why = "the center does not list this gateway";
        return Err(ApiError::permission_denied("GATEWAY_NOT_ADMITTED", why)
            .with("gateway", owner.gateway.as_str()));
    }
    let details = identify(&parts.lookup, &owner.tenant, &center, &called, &calling).await;
    let flow = center
        .flow_for(&called.entry.flow, id.as_str())
        .ok_or_else(|| ApiError::not_found("flow", called.entry.flow.as_str()))?;
    let language = language_of(&center, &details);
    let now = parts.clock.now();
    let known = context(&center, &details, &language, (&id, Channel::Voice), now);
    let scene = Scene { tenant: &owner.tenant, center: &center, flow, call: &id, known: &known };
    let run = parts.host.start(scene).await;
    let run = parts.host.settle(scene, run).await;
    let mut kept = KeptSession::begin(&owner.gateway, fingerprint, &details);
    let until = (now, parts.session_idle);
    let answer = kept::advance(&mut kept, (&id, 0), run, Trail::start(), until);
    let first = kept::write(&kept, 0)?;
    match parts.sessions.begin(&owner.tenant, &id, &first, keeping(parts)).await? {
        Kept::New => Ok(answer),
        Kept::Taken(Some(other)) => repeated(owner, &id, &other, 0, fingerprint),
        Kept::Taken(None) => Err(not_found(&id)),
        Kept::Full => Err(full(parts)),
    }
}

/// Takes an input.
pub(crate) async fn send(
    parts: &IvrParts,
    owner: &Owner,
    request: SendInputRequest,
) -> Result<SessionAnswer, ApiError> {
    let id: ContactId = field::id("session_id", &request.session_id)?;
    let (seq, fingerprint) = (request.seq, kept::fingerprint_of_input(&request));
    let said = said(field::required("input", request.input)?)?;
    let present = parts.sessions.get(&owner.tenant, &id, parts.clock.now()).await?;
    let present = present.ok_or_else(|| not_found(&id))?;
    if seq != present.seq + 1 {
        return repeated(owner, &id, &present, seq, fingerprint);
    }
    let mut kept = kept::read(owner, &id, &present)?;
    if kept::is_over(&kept::answer_of(&kept, &id)?) {
        return Err(over(&id));
    }
    let center = parts.centers.get(&owner.tenant).await.map_err(StoreError::from)?;
    let position = kept::position(&kept, &id)?;
    let Position { flow: flow_id, version, .. } = &position;
    let flow = parts.centers.flow_or_other(&owner.tenant, &center, (flow_id, *version), &id).await;
    let flow = flow.ok_or_else(|| ApiError::not_found("flow", flow_id.as_str()))?;
    let details = kept.details();
    let language = language_of(&center, &details);
    let now = parts.clock.now();
    let known = context(&center, &details, &language, (&id, Channel::Voice), now);
    let scene =
        Scene { tenant: &owner.tenant, center: &center, flow: &flow, call: &id, known: &known };
    let (run, input) = parts.host.take(scene, &position, said).await;
    let run = parts.host.settle(scene, run).await;
    let trail = Trail::resumed(kept.path.clone(), &flow, &position, &input);
    kept.fingerprint = fingerprint;
    let until = (now, parts.session_idle);
    let answer = kept::advance(&mut kept, (&id, seq), run, trail, until);
    let next = kept::write(&kept, seq)?;
    match parts.sessions.advance(&owner.tenant, &id, &next, keeping(parts)).await? {
        Kept::New => Ok(answer),
        Kept::Taken(Some(other)) => repeated(owner, &id, &other, seq, fingerprint),
        Kept::Taken(None) | Kept::Full => Err(not_found(&id)),
    }
}

/// Gives the last answer again.
pub(crate) async fn get(
    parts: &IvrParts,
    owner: &Owner,
    request: &GetSessionRequest,
) -> Result<SessionAnswer, ApiError> {
    let id: ContactId = field::id("session_id", &request.session_id)?;
    let present = parts.sessions.get(&owner.tenant, &id, parts.clock.now()).await?;
    let present = present.ok_or_else(|| not_found(&id))?;
    kept::answer_of(&kept::read(owner, &id, &present)?, &id)
}

/// Forgets a session.
pub(crate) async fn end(
    parts: &IvrParts,
    owner: &Owner,
    request: &EndSessionRequest,
) -> Result<(), ApiError> {
    let id: ContactId = field::id("session_id", &request.session_id)?;
    let now = parts.clock.now();
    let Some(present) = parts.sessions.get(&owner.tenant, &id, now).await? else { return Ok(()) };
    kept::read(owner, &id, &present)?;
    Ok(parts.sessions.end(&owner.tenant, &id, now).await?)
}

/// Answers an input that was answered before, or says which one is expected.
fn repeated(
    owner: &Owner,
    id: &ContactId,
    present: &IvrSession,
    seq: u64,
    fingerprint: u64,
) -> Result<SessionAnswer, ApiError> {
    let kept = kept::read(owner, id, present)?;
    if seq == present.seq {
        if kept.fingerprint == fingerprint {
            return kept::answer_of(&kept, id);
        }
        let why = "another input of this number was answered before";
        return Err(refused("SEQ_REUSED", why, id, present.seq));
    }
    if seq < present.seq {
        return Err(refused("SEQ_TOO_OLD", "a later input was answered already", id, present.seq));
    }
    Err(refused("SEQ_GAP", "an input before this one is missing", id, present.seq))
}

fn refused(reason: &'static str, why: &str, id: &ContactId, seq: u64) -> ApiError {
    ApiError::failed_precondition(reason, why)
        .about("session", id.as_str())
        .with("last_seq", seq.to_string())
        .with("next_seq", (seq + 1).to_string())
}

fn said(wire: WireInput) -> Result<Said, ApiError> {
    Ok(match wire {
        WireInput::Media(_) => Said::Input(Input::MediaDone),
        WireInput::Hangup(_) => Said::Input(Input::HangUp),
        WireInput::Digits(PressedDigits { keys, reason }) => {
            Said::Input(convert::flow::pressed(("digits.keys", keys), ("digits.reason", reason))?)
        }
        WireInput::Transfer(ended) => {
            field::known::<HangupCause>("transfer.cause", ended.cause)?;
            Said::Fact(Fact::Transferred(ended.connected))
        }
        WireInput::Message(message) => {
            let message = convert::flow::recorded(message)?;
            let message = message.map(|(asset, length)| Message { asset, length });
            Said::Fact(Fact::Recorded(message))
        }
    })
}

fn presentation(wire: i32) -> Result<Presentation, ApiError> {
    Ok(match field::known::<NumberPresentation>("presentation", wire)? {
        NumberPresentation::Unspecified | NumberPresentation::Allowed => Presentation::Allowed,
        NumberPresentation::Restricted => Presentation::Restricted,
        NumberPresentation::Unavailable => Presentation::Unavailable,
    })
}

fn keeping(parts: &IvrParts) -> Keeping {
    let IvrParts { clock, session_idle, max_sessions, .. } = parts;
    Keeping { now: clock.now(), idle: *session_idle, limit: *max_sessions }
}

fn not_found(id: &ContactId) -> ApiError {
    ApiError::not_found("session", id.as_str())
}

fn over(id: &ContactId) -> ApiError {
    ApiError::failed_precondition("SESSION_OVER", "the flow of this session has ended")
        .about("session", id.as_str())
}

fn full(parts: &IvrParts) -> ApiError {
    ApiError::exhausted("TOO_MANY_SESSIONS", "the tenant has as many sessions as it may have")
        .with("limit", parts.max_sessions.to_string())
}
