//! Files that a ticket refers to.

use switchboard_api::convert::ticket::beside as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::AttachmentId;
use switchboard_domain::ticket::{Attachment, MAX_ATTACHMENTS};
use switchboard_store::ticket_surroundings::Surrounding;

use super::{Asked, Plan, change};
use crate::desk::DeskParts;

/// What refusals call a file.
const KIND: &str = "attachment";

/// Lets a ticket refer to a file.
pub(in crate::desk) async fn attach(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::AttachFileRequest,
) -> Result<wire::AttachFileResponse, ApiError> {
    let asked = Asked::read("ticket.attach", &request.ticket_id, &request.etag)?;
    let now = parts.tickets.clock.now();
    let file = convert::new_attachment(request.attachment, caller, now)?;
    let ticket = change(parts, caller, &asked, |beside| {
        let known = beside.attachments.iter().find(|known| known.id == file.id);
        match known {
            Some(known) if is_same(known, &file) => return Ok(None),
            Some(known) => return Err(ApiError::already_exists(KIND, known.id.as_str())),
            None => {}
        }
        if beside.attachments.len() >= MAX_ATTACHMENTS {
            let message =
                format!("the ticket refers to {MAX_ATTACHMENTS} files, which is the most");
            return Err(ApiError::exhausted("TICKET_ATTACHMENTS_FULL", message)
                .with("limit", MAX_ATTACHMENTS.to_string()));
        }
        let Attachment { id, media_type, size, .. } = &file;
        let told = format!("attached {id}: {media_type}, {size} bytes");
        Ok(Some(Plan { change: Surrounding::Attached(file.clone()), told }))
    });
    Ok(wire::AttachFileResponse { ticket: Some(ticket.await?) })
}

/// Lets a ticket refer to a file no longer.
pub(in crate::desk) async fn detach(
    parts: &DeskParts,
    caller: &Caller,
    request: wire::DetachFileRequest,
) -> Result<wire::DetachFileResponse, ApiError> {
    let asked = Asked::read("ticket.detach", &request.ticket_id, &request.etag)?;
    let id: AttachmentId = field::id("attachment_id", &request.attachment_id)?;
    let ticket = change(parts, caller, &asked, |beside| {
        if !beside.attachments.iter().any(|known| known.id == id) {
            return Err(ApiError::not_found(KIND, id.as_str()));
        }
        let told = format!("detached {id}");
        Ok(Some(Plan { change: Surrounding::Detached(id.clone()), told }))
    });
    Ok(wire::DetachFileResponse { ticket: Some(ticket.await?) })
}

/// Tells whether a file is the one that was added before under its name.
fn is_same(known: &Attachment, added: &Attachment) -> bool {
    (&known.name, &known.media_type, known.size, known.sha256, &known.uri)
        == (&added.name, &added.media_type, added.size, added.sha256, &added.uri)
}
