//! Changes what stands beside a ticket: files it refers to, and conversations with third parties.

mod attachments;
mod sides;

use switchboard_api::convert::ticket::beside as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{MoveDetails, Ticket, TicketChange, TicketKind, TicketMove};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_surroundings::Surrounding;
use switchboard_store::tickets::Beside;

use super::DeskParts;
use crate::api::moves::{ATTEMPTS, check_etag, whole};

pub(super) use attachments::{attach, detach};
pub(super) use sides::{add, close, open};

/// Which ticket something is to be changed beside, and how the trail calls it.
struct Asked {
    id: TicketId,
    etag: Option<u64>,
    action: &'static str,
}

/// What is to be done, and how the ticket's life tells it: without what may be personal.
struct Plan {
    change: Surrounding,
    told: String,
}

impl Asked {
    fn read(action: &'static str, ticket_id: &str, etag: &str) -> Result<Self, ApiError> {
        let (id, etag) = (field::id("ticket_id", ticket_id)?, field::etag("etag", etag)?);
        Ok(Self { id, etag, action })
    }
}

/// Does what follows from what stands beside the ticket, with a line in its life; nothing when it is done
/// already. Gives the ticket as it stands then.
async fn change(
    parts: &DeskParts,
    caller: &Caller,
    asked: &Asked,
    plan: impl Fn(&Beside) -> Result<Option<Plan>, ApiError> + Send + Sync,
) -> Result<wire::Ticket, ApiError> {
    let tenant = &caller.tenant;
    let mut attempt = 1;
    loop {
        let ticket = parts.tickets.tickets.get(tenant, &asked.id).await?;
        // After the ticket: what comes beside it from now on makes the change a conflict.
        let beside = parts.tickets.tickets.beside(tenant, &ticket).await?;
        let Some(plan) = plan(&beside)? else { return shown(parts, caller, ticket).await };
        check_etag(&ticket, asked.etag)?;
        let line = line(parts, caller, &ticket, plan.told)?;
        parts.tickets.audit.append(tenant, &trail(caller, asked, &line)).await?;
        match parts.surroundings.keep_beside(tenant, &line, &plan.change).await {
            Ok(()) => return shown(parts, caller, line.ticket).await,
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn shown(
    parts: &DeskParts,
    caller: &Caller,
    ticket: Ticket,
) -> Result<wire::Ticket, ApiError> {
    let beside = parts.tickets.tickets.beside(&caller.tenant, &ticket).await?;
    let told = whole(&parts.tickets, &caller.tenant, ticket).await?;
    Ok(convert::with(told, beside))
}

/// Makes the line of the ticket's life; refused where nothing can be noted any more.
fn line(
    parts: &DeskParts,
    caller: &Caller,
    ticket: &Ticket,
    told: String,
) -> Result<TicketChange, ApiError> {
    let details = MoveDetails { actor: caller.actor(), note: Some(told), ..MoveDetails::default() };
    // No kind asks anything of a note.
    let kind = TicketKind::undemanding(ticket.kind.clone());
    Ok(ticket.apply(TicketMove::Note, details, &kind, parts.tickets.clock.now())?)
}

fn trail(caller: &Caller, asked: &Asked, line: &TicketChange) -> AuditRecord {
    let object = format!("ticket/{}", asked.id);
    let told = line.note.as_deref().unwrap_or_default();
    AuditRecord {
        detail: Some(format!("{told} to version {}", line.ticket.version)),
        ..AuditRecord::of(caller, asked.action, object, line.ticket.changed_at)
    }
}
