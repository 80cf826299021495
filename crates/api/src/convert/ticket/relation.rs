//! Links between tickets, tasks below one, and parts of an incident.

use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{ContactId, TicketId};
use switchboard_domain::ticket::{LinkKind, Medium, MoveDetails};
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_relations::{
    LinkOrder, LinkedTicket, MembershipOrder, Relations, TicketBrief,
};

use super::{MAX_NOTE, medium_field, said, state};
use crate::convert::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

/// Reads a link to be made or undone.
pub fn link(
    request: &wire::LinkTicketsRequest,
    caller: &Caller,
    at: Timestamp,
) -> Result<LinkOrder, ApiError> {
    let ticket: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let asked = field::known::<wire::TicketLinkKind>("kind", request.kind)?;
    let known = LinkKind::ALL.into_iter().find(|known| kind(*known) == asked);
    let other: TicketId = field::id("other_id", &request.other_id)?;
    let kind = known.ok_or_else(|| ApiError::missing("kind"))?;
    Ok(LinkOrder { ticket, kind, other, actor: caller.actor(), at })
}

/// Reads what a ticket is to be part of.
pub fn membership(
    request: &wire::SetIncidentRequest,
    caller: &Caller,
    at: Timestamp,
) -> Result<MembershipOrder, ApiError> {
    let ticket: TicketId = field::id("ticket_id", &request.ticket_id)?;
    let incident = field::optional_id("incident_id", &request.incident_id)?;
    Ok(MembershipOrder { ticket, incident, actor: caller.actor(), at })
}

/// Reads how members of an incident were handled; nothing where that is not said.
pub fn resolution(text: String) -> Result<Option<String>, ApiError> {
    Ok(said(field::text("resolution", text, MAX_NOTE)?))
}

/// Reads how customers are told; nothing where they are not told.
pub fn medium(value: i32) -> Result<Option<Medium>, ApiError> {
    medium_field("medium", value)
}

/// Reads what is said of an interaction that is linked to a ticket: the move by which the ticket's life
/// tells of it. `actor` comes from the credential.
pub fn linked_interaction(
    contact: &ContactId,
    note: String,
    actor: String,
) -> Result<MoveDetails, ApiError> {
    let why = said(field::text("note", note, MAX_NOTE)?);
    let told = [Some(format!("linked interaction {contact}")), why].into_iter().flatten();
    let told = told.collect::<Vec<_>>().join("\n");
    Ok(MoveDetails { actor, note: Some(told), ..MoveDetails::default() })
}

/// Puts what a ticket has to do with others on the wire.
pub(super) fn related(relations: Relations, ticket: wire::Ticket) -> wire::Ticket {
    wire::Ticket {
        links: relations.links.into_iter().map(linked).collect(),
        children: relations.children.into_iter().map(child).collect(),
        member_count: relations.members,
        open_member_count: relations.open_members,
        linked_interaction_ids: relations.interactions.iter().map(ToString::to_string).collect(),
        ..ticket
    }
}

fn linked(link: LinkedTicket) -> wire::TicketLink {
    wire::TicketLink {
        kind: kind(link.kind).into(),
        ticket_id: link.ticket.id.to_string(),
        number: link.ticket.number,
        subject: link.ticket.subject,
        state: state(link.ticket.state).into(),
        actor: link.made_by,
        create_time: Some(timestamp(link.made_at)),
    }
}

fn child(child: TicketBrief) -> wire::ChildTicket {
    wire::ChildTicket {
        ticket_id: child.id.to_string(),
        number: child.number,
        subject: child.subject,
        state: state(child.state).into(),
        department: child.department.unwrap_or_default(),
    }
}

const fn kind(kind: LinkKind) -> wire::TicketLinkKind {
    match kind {
        LinkKind::Related => wire::TicketLinkKind::Related,
        LinkKind::CausedBy => wire::TicketLinkKind::CausedBy,
        LinkKind::Causes => wire::TicketLinkKind::Causes,
        LinkKind::DuplicateOf => wire::TicketLinkKind::DuplicateOf,
        LinkKind::DuplicatedBy => wire::TicketLinkKind::DuplicatedBy,
    }
}
