//! Conversations with third parties beside a ticket.

use switchboard_api::convert::ticket::beside as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::ConversationId;
use switchboard_domain::ticket::{
    MAX_CONVERSATIONS, MAX_MESSAGES, Party, SideClosed, SideConversation, SideMessage,
};
use switchboard_store::ticket_surroundings::Surrounding;
use switchboard_store::tickets::Beside;

use super::{Asked, Plan, change};
use crate::desk::DeskParts;
use crate::policy::Policy;

/// What refusals call a conversation and a message.
const KIND: &str = "side_conversation";
const MESSAGE: &str = "side_message";

/// Begins a conversation.
pub(in crate::desk) async fn open(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::OpenSideConversationRequest,
) -> Result<wire::OpenSideConversationResponse, ApiError> {
    let asked = Asked::read("ticket.open_side", &request.ticket_id, &request.etag)?;
    let side = convert::new_conversation(request, caller, parts.tickets.clock.now())?;
    if let Party::Department(department) = &side.party {
        let policy = Policy::of(&parts.tickets, &caller.tenant).await;
        policy.admit_department(Some(department))?;
    }
    let ticket = change(parts, caller, &asked, |beside| {
        let known = beside.conversations.iter().find(|known| known.id == side.id);
        match known {
            Some(known) if is_same(known, &side) => return Ok(None),
            Some(known) => return Err(ApiError::already_exists(KIND, known.id.as_str())),
            None => {}
        }
        if beside.conversations.len() >= MAX_CONVERSATIONS {
            let message = format!("{MAX_CONVERSATIONS} conversations stand beside the ticket");
            return Err(ApiError::exhausted("SIDE_CONVERSATIONS_FULL", message)
                .with("limit", MAX_CONVERSATIONS.to_string()));
        }
        let told = format!("side conversation {} opened with {}", side.id, side.party);
        Ok(Some(Plan { change: Surrounding::Opened(side.clone()), told }))
    });
    Ok(wire::OpenSideConversationResponse { ticket: Some(ticket.await?) })
}

/// Writes down what was said.
pub(in crate::desk) async fn add(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::AddToSideConversationRequest,
) -> Result<wire::AddToSideConversationResponse, ApiError> {
    let asked = Asked::read("ticket.add_to_side", &request.ticket_id, &request.etag)?;
    let (id, message) = convert::new_message(request, caller, parts.tickets.clock.now())?;
    let ticket = change(parts, caller, &asked, |beside| {
        let side = find(beside, &id)?;
        match side.messages.iter().find(|known| known.id == message.id) {
            Some(known) if says_the_same(known, &message) => return Ok(None),
            Some(known) => return Err(ApiError::already_exists(MESSAGE, known.id.as_str())),
            None => {}
        }
        if side.closed.is_some() {
            let refused = "the side conversation is over; open another one";
            return Err(ApiError::failed_precondition("SIDE_CONVERSATION_CLOSED", refused)
                .with("conversation_id", id.as_str()));
        }
        if beside.conversations.iter().map(|one| one.messages.len()).sum::<usize>() >= MAX_MESSAGES
        {
            let refused = format!("{MAX_MESSAGES} messages stand beside the ticket");
            return Err(ApiError::exhausted("SIDE_MESSAGES_FULL", refused)
                .with("limit", MAX_MESSAGES.to_string()));
        }
        let told = format!("side conversation {id}: message {}", message.direction);
        Ok(Some(Plan { change: Surrounding::Said(id.clone(), message.clone()), told }))
    });
    Ok(wire::AddToSideConversationResponse { ticket: Some(ticket.await?) })
}

/// Ends a conversation.
pub(in crate::desk) async fn close(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::CloseSideConversationRequest,
) -> Result<wire::CloseSideConversationResponse, ApiError> {
    let asked = Asked::read("ticket.close_side", &request.ticket_id, &request.etag)?;
    let id: ConversationId = field::id("conversation_id", &request.conversation_id)?;
    let closed = SideClosed { by: caller.actor(), at: parts.tickets.clock.now() };
    let ticket = change(parts, caller, &asked, |beside| {
        if find(beside, &id)?.closed.is_some() {
            return Ok(None);
        }
        let told = format!("side conversation {id} closed");
        Ok(Some(Plan { change: Surrounding::Closed(id.clone(), closed.clone()), told }))
    });
    Ok(wire::CloseSideConversationResponse { ticket: Some(ticket.await?) })
}

fn find<'a>(beside: &'a Beside, id: &ConversationId) -> Result<&'a SideConversation, ApiError> {
    let side = beside.conversations.iter().find(|known| known.id == *id);
    side.ok_or_else(|| ApiError::not_found(KIND, id.as_str()))
}

/// Tells whether a conversation is the one that was begun before under its name.
fn is_same(known: &SideConversation, begun: &SideConversation) -> bool {
    (&known.subject, &known.party, known.medium) == (&begun.subject, &begun.party, begun.medium)
}

/// Tells whether a message is the one that was written down before under its name.
fn says_the_same(known: &SideMessage, said: &SideMessage) -> bool {
    (known.direction, &known.text) == (said.direction, &said.text)
}
