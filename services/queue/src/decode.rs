//! From requests to what an agent does: every field is checked here, once.

use std::time::Duration;

use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::{DeskHello, Presence};
use switchboard_api::convert::agent::{WantedPresence, optional_session, presence_field};
use switchboard_api::convert::time::duration_field;
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::state::{Token, Want};
use switchboard_domain::ids::{AgentId, ContactId, OfferId, QueueId};

/// The longest note for a ticket, in characters.
const MAX_NOTES: usize = 4_000;

/// The longest after-call work may be put off.
const MAX_EXTENSION: Duration = Duration::from_hours(24);

/// What a signed-in agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Gives a sign of life.
    Renew,
    /// Says what he wants to be.
    Want(WantedPresence),
    /// Accepts an offer.
    Accept(OfferId),
    /// Declines an offer.
    Decline(OfferId),
    /// Ends after-call work.
    Finish {
        /// The contact it is for.
        contact: ContactId,
        /// The result; may be empty.
        disposition: String,
        /// Notes for the ticket; may be empty.
        notes: String,
    },
    /// Hands the caller over.
    Transfer {
        /// The contact.
        contact: ContactId,
        /// Who takes it.
        target: Target,
    },
    /// Puts the end of after-call work off, or asks for it.
    ExtendWrapUp {
        /// The contact it is for.
        contact: ContactId,
        /// By how much in all.
        extension: Duration,
    },
    /// Begins a consultation.
    StartConsult {
        /// The contact the agent talks to.
        contact: ContactId,
        /// The consultation.
        consult: ContactId,
        /// Who is consulted.
        target: Target,
    },
    /// Joins caller and consulted agent.
    CompleteConsult(ContactId),
    /// Ends a consultation.
    CancelConsult(ContactId),
}

/// Who takes a caller over or gives advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Whoever of a queue is free first.
    Queue(QueueId),
    /// One agent.
    Agent(AgentId),
}

/// A desktop that signs in or comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hello {
    /// The session to go on with.
    pub(crate) session: Option<Token>,
    /// What the agent wants to be.
    pub(crate) wanted: WantedPresence,
}

/// Reads a sign-in.
pub(crate) fn hello(session_id: &str, wanted: Option<Presence>) -> Result<Hello, ApiError> {
    let wanted = presence_field("wanted", wanted)?;
    if wanted.want == Want::SignedOut {
        return Err(ApiError::invalid("wanted.kind", "signed_out", "ready or not ready"));
    }
    Ok(Hello { session: optional_session("session_id", session_id)?, wanted })
}

/// Reads the sign-in of a desktop's stream. What the desktop believes is checked, then forgotten:
/// the welcome is the truth.
pub(crate) fn desk_hello(asked: DeskHello) -> Result<Hello, ApiError> {
    if let Some(believed) = &asked.believed_offer_id {
        field::id::<OfferId>("believed_offer_id", believed)?;
    }
    if let Some(believed) = &asked.believed_contact_id {
        field::id::<ContactId>("believed_contact_id", believed)?;
    }
    hello(&asked.session_id, asked.wanted)
}

/// Reads a wanted presence.
pub(crate) fn set_presence(wanted: Option<Presence>) -> Result<Move, ApiError> {
    presence_field("wanted", wanted).map(Move::Want)
}

/// Makes the wish to leave.
pub(crate) fn sign_out() -> Move {
    Move::Want(WantedPresence { want: Want::SignedOut, reason: String::new() })
}

/// Reads the acceptance of an offer.
pub(crate) fn accept(offer_id: &str) -> Result<Move, ApiError> {
    field::id("offer_id", offer_id).map(Move::Accept)
}

/// Reads the refusal of an offer.
pub(crate) fn decline(offer_id: &str) -> Result<Move, ApiError> {
    field::id("offer_id", offer_id).map(Move::Decline)
}

/// Reads the end of after-call work.
pub(crate) fn finish(
    contact_id: &str,
    disposition: String,
    notes: String,
) -> Result<Move, ApiError> {
    Ok(Move::Finish {
        contact: field::id("contact_id", contact_id)?,
        disposition: field::word("disposition", disposition)?,
        notes: field::text("notes", notes, MAX_NOTES)?,
    })
}

/// Reads a transfer.
pub(crate) fn transfer(contact_id: &str, queue_id: &str, agent_id: &str) -> Result<Move, ApiError> {
    let contact = field::id("contact_id", contact_id)?;
    Ok(Move::Transfer { contact, target: target(queue_id, agent_id)? })
}

/// Reads who takes over or gives advice: a queue or an agent, not both.
fn target(queue_id: &str, agent_id: &str) -> Result<Target, ApiError> {
    let queue = field::optional_id("queue_id", queue_id)?;
    match (queue, field::optional_id("agent_id", agent_id)?) {
        (Some(queue), None) => Ok(Target::Queue(queue)),
        (None, Some(agent)) => Ok(Target::Agent(agent)),
        (None, None) => Err(ApiError::missing("queue_id")),
        (Some(_), Some(_)) => {
            Err(ApiError::invalid("agent_id", agent_id, "nothing beside `queue_id`"))
        }
    }
}

/// Reads a wish for more time.
pub(crate) fn extend_wrap_up(
    contact_id: &str,
    extension: Option<prost_types::Duration>,
) -> Result<Move, ApiError> {
    let contact = field::id("contact_id", contact_id)?;
    let extension = duration_field("extension", extension, MAX_EXTENSION)?;
    if extension.is_zero() {
        return Err(ApiError::missing("extension"));
    }
    Ok(Move::ExtendWrapUp { contact, extension })
}

/// Reads the beginning of a consultation.
pub(crate) fn start_consult(
    contact_id: &str,
    consult_id: &str,
    (queue_id, agent_id): (&str, &str),
) -> Result<Move, ApiError> {
    Ok(Move::StartConsult {
        contact: field::id("contact_id", contact_id)?,
        consult: field::id("consult_id", consult_id)?,
        target: target(queue_id, agent_id)?,
    })
}

/// Reads the end of a consultation that leaves the caller with the other agent.
pub(crate) fn complete_consult(contact_id: &str) -> Result<Move, ApiError> {
    field::id("contact_id", contact_id).map(Move::CompleteConsult)
}

/// Reads the end of a consultation.
pub(crate) fn cancel_consult(contact_id: &str) -> Result<Move, ApiError> {
    field::id("contact_id", contact_id).map(Move::CancelConsult)
}

/// Reads an action of a desktop's stream after its sign-in.
pub(crate) fn desk_action(action: Option<Action>) -> Result<Move, ApiError> {
    match field::required("action", action)? {
        Action::Hello(_) => Err(ApiError::failed_precondition(
            "ALREADY_SIGNED_IN",
            "a stream signs in once; open another one",
        )),
        Action::Heartbeat(_) => Ok(Move::Renew),
        Action::SetPresence(asked) => set_presence(asked.wanted),
        Action::AcceptOffer(asked) => accept(&asked.offer_id),
        Action::DeclineOffer(asked) => decline(&asked.offer_id),
        Action::FinishWrapUp(asked) => finish(&asked.contact_id, asked.disposition, asked.notes),
        Action::Transfer(asked) => transfer(&asked.contact_id, &asked.queue_id, &asked.agent_id),
        Action::ExtendWrapUp(asked) => extend_wrap_up(&asked.contact_id, asked.extension),
        Action::StartConsult(asked) => {
            let target = (asked.queue_id.as_str(), asked.agent_id.as_str());
            start_consult(&asked.contact_id, &asked.consult_id, target)
        }
        Action::CompleteConsult(asked) => complete_consult(&asked.contact_id),
        Action::CancelConsult(asked) => cancel_consult(&asked.contact_id),
        Action::SignOut(_) => Ok(sign_out()),
    }
}
