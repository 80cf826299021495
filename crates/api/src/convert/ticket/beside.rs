//! What stands beside a ticket: who follows it, files it refers to, conversations with third parties.

use std::error::Error;
use std::str::FromStr;

use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{ConversationId, MessageId};
use switchboard_domain::ticket::{Attachment, Direction, Party, SideConversation, SideMessage};
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_followers::Follower;
use switchboard_store::tickets::Beside;

use super::{MAX_NOTE, MAX_SUBJECT, medium, medium_field};
use crate::convert::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

const MAX_NAME: usize = 255;
const MAX_PARTY: usize = 200;
/// The largest file that can be counted.
const MAX_SIZE: u64 = i64::MAX.unsigned_abs();

/// Adds what stands beside a ticket.
pub fn with(ticket: wire::Ticket, beside: Beside) -> wire::Ticket {
    wire::Ticket {
        followers: beside.followers.into_iter().map(follower).collect(),
        attachments: beside.attachments.into_iter().map(attachment).collect(),
        side_conversations: beside.conversations.into_iter().map(conversation).collect(),
        ..ticket
    }
}

/// Puts somebody who follows a ticket on the wire.
pub fn follower(follower: Follower) -> wire::TicketFollower {
    wire::TicketFollower { actor: follower.actor, since: Some(timestamp(follower.since)) }
}

/// Reads a file that somebody adds now.
pub fn new_attachment(
    asked: Option<wire::TicketAttachment>,
    caller: &Caller,
    now: Timestamp,
) -> Result<Attachment, ApiError> {
    let asked = field::required("attachment", asked)?;
    let read = || {
        if asked.size_bytes > MAX_SIZE {
            let expected = format!("at most {MAX_SIZE} bytes");
            return Err(ApiError::invalid("size_bytes", &asked.size_bytes.to_string(), expected));
        }
        Ok(Attachment {
            id: field::id("attachment_id", &asked.attachment_id)?,
            name: field::required_text("name", asked.name, MAX_NAME)?,
            media_type: parsed("media_type", &asked.media_type)?,
            size: asked.size_bytes,
            sha256: parsed("sha256", &asked.sha256)?,
            uri: parsed("uri", &asked.uri)?,
            added_by: caller.actor(),
            added_at: now,
        })
    };
    read().map_err(|error: ApiError| error.within("attachment"))
}

/// Reads a conversation that somebody begins now.
pub fn new_conversation(
    asked: wire::OpenSideConversationRequest,
    caller: &Caller,
    now: Timestamp,
) -> Result<SideConversation, ApiError> {
    let department = field::word("department", asked.department)?;
    let party = field::text("party", asked.party, MAX_PARTY)?;
    let party = match (department.is_empty(), party.trim().is_empty()) {
        (false, true) => Party::Department(department),
        (true, false) => Party::Other(party),
        (true, true) => return Err(ApiError::missing("party")),
        (false, false) => {
            return Err(ApiError::invalid_unseen("party", "empty when department is set"));
        }
    };
    Ok(SideConversation {
        id: field::id("conversation_id", &asked.conversation_id)?,
        subject: field::required_text("subject", asked.subject, MAX_SUBJECT)?,
        party,
        medium: medium_field("medium", asked.medium)?,
        opened_by: caller.actor(),
        opened_at: now,
        closed: None,
        messages: vec![],
    })
}

/// Reads what was said in a conversation.
pub fn new_message(
    asked: wire::AddToSideConversationRequest,
    caller: &Caller,
    now: Timestamp,
) -> Result<(ConversationId, SideMessage), ApiError> {
    let direction = match field::known("direction", asked.direction)? {
        wire::SideDirection::Unspecified => return Err(ApiError::missing("direction")),
        wire::SideDirection::Out => Direction::Out,
        wire::SideDirection::In => Direction::In,
    };
    let message = SideMessage {
        id: field::id::<MessageId>("message_id", &asked.message_id)?,
        direction,
        text: field::required_text("text", asked.text, MAX_NOTE)?,
        noted_by: caller.actor(),
        noted_at: now,
    };
    Ok((field::id("conversation_id", &asked.conversation_id)?, message))
}

fn attachment(attachment: Attachment) -> wire::TicketAttachment {
    wire::TicketAttachment {
        attachment_id: attachment.id.to_string(),
        name: attachment.name,
        media_type: attachment.media_type.to_string(),
        size_bytes: attachment.size,
        sha256: attachment.sha256.to_string(),
        uri: attachment.uri.as_str().to_owned(),
        added_by: attachment.added_by,
        add_time: Some(timestamp(attachment.added_at)),
    }
}

fn conversation(side: SideConversation) -> wire::SideConversation {
    let (department, party) = match side.party {
        Party::Department(name) => (name, String::new()),
        Party::Other(party) => (String::new(), party),
    };
    let closed_at = side.closed.as_ref().map(|closed| timestamp(closed.at));
    wire::SideConversation {
        conversation_id: side.id.to_string(),
        subject: side.subject,
        department,
        party,
        medium: side.medium.map_or(0, |known| medium(known).into()),
        opened_by: side.opened_by,
        open_time: Some(timestamp(side.opened_at)),
        closed_by: side.closed.map(|closed| closed.by).unwrap_or_default(),
        close_time: closed_at,
        messages: side.messages.into_iter().map(message).collect(),
    }
}

fn message(message: SideMessage) -> wire::SideMessage {
    let direction = match message.direction {
        Direction::Out => wire::SideDirection::Out,
        Direction::In => wire::SideDirection::In,
    };
    wire::SideMessage {
        message_id: message.id.to_string(),
        direction: direction.into(),
        text: message.text,
        noted_by: message.noted_by,
        note_time: Some(timestamp(message.noted_at)),
    }
}

/// Reads a text that may be personal, and is not repeated when it is refused.
fn parsed<Value>(field: &str, text: &str) -> Result<Value, ApiError>
where
    Value: FromStr<Err: Error>,
{
    if text.is_empty() {
        return Err(ApiError::missing(field));
    }
    text.parse().map_err(|error: Value::Err| ApiError::invalid_unseen(field, error.to_string()))
}
