//! What tickets have to do with each other: links, and members of incidents.

mod interactions;
mod members;

use switchboard_api::convert::ticket::relation as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::ticket_relation_service_server::{
    TicketRelationService, TicketRelationServiceServer,
};
use switchboard_api::{ApiError, caller};
use switchboard_domain::caller::Caller;
use switchboard_domain::ticket::LinkError;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_relations::{LinkOrder, Linking};
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::policy::tell;

/// Makes the service of what tickets have to do with each other.
pub fn relation_service(
    parts: TicketParts,
) -> TicketRelationServiceServer<impl TicketRelationService> {
    TicketRelationServiceServer::new(RelationRpcs { parts })
}

struct RelationRpcs {
    parts: TicketParts,
}

#[async_trait]
impl TicketRelationService for RelationRpcs {
    #[tracing::instrument(name = "ticket.link_tickets", skip_all)]
    async fn link_tickets(
        &self,
        request: Request<wire::LinkTicketsRequest>,
    ) -> Result<Response<wire::LinkTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        let ticket = Some(link(&self.parts, &caller, request.into_inner()).await?);
        Ok(Response::new(wire::LinkTicketsResponse { ticket }))
    }

    #[tracing::instrument(name = "ticket.unlink_tickets", skip_all)]
    async fn unlink_tickets(
        &self,
        request: Request<wire::UnlinkTicketsRequest>,
    ) -> Result<Response<wire::UnlinkTicketsResponse>, Status> {
        let caller = caller::of(&request)?;
        let ticket = Some(unlink(&self.parts, &caller, request.into_inner()).await?);
        Ok(Response::new(wire::UnlinkTicketsResponse { ticket }))
    }

    #[tracing::instrument(name = "ticket.link_interaction", skip_all)]
    async fn link_interaction(
        &self,
        request: Request<wire::LinkInteractionRequest>,
    ) -> Result<Response<wire::LinkInteractionResponse>, Status> {
        let caller = caller::of(&request)?;
        let ticket = interactions::link(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(wire::LinkInteractionResponse { ticket: Some(ticket) }))
    }

    #[tracing::instrument(name = "ticket.set_incident", skip_all)]
    async fn set_incident(
        &self,
        request: Request<wire::SetIncidentRequest>,
    ) -> Result<Response<wire::SetIncidentResponse>, Status> {
        let caller = caller::of(&request)?;
        let ticket = members::set(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(wire::SetIncidentResponse { ticket: Some(ticket) }))
    }

    #[tracing::instrument(name = "ticket.resolve_members", skip_all)]
    async fn resolve_members(
        &self,
        request: Request<wire::ResolveMembersRequest>,
    ) -> Result<Response<wire::ResolveMembersResponse>, Status> {
        let caller = caller::of(&request)?;
        Ok(Response::new(members::resolve(&self.parts, &caller, request.into_inner()).await?))
    }
}

async fn link(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::LinkTicketsRequest,
) -> Result<wire::Ticket, ApiError> {
    let order = read(parts, caller, &request).await?;
    audit(parts, caller, "ticket.link", &order).await?;
    match parts.relations.link(&caller.tenant, &order).await? {
        Linking::Made | Linking::Known => Ok(tell(parts, &caller.tenant, &order.ticket).await?),
        Linking::Refused(error) => Err(error.into()),
    }
}

async fn unlink(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::UnlinkTicketsRequest,
) -> Result<wire::Ticket, ApiError> {
    let wire::UnlinkTicketsRequest { ticket_id, kind, other_id } = request;
    let link = wire::LinkTicketsRequest { ticket_id, kind, other_id };
    let order = read(parts, caller, &link).await?;
    audit(parts, caller, "ticket.unlink", &order).await?;
    parts.relations.unlink(&caller.tenant, &order).await?;
    Ok(tell(parts, &caller.tenant, &order.ticket).await?)
}

/// Reads a link whose ends are there.
async fn read(
    parts: &TicketParts,
    caller: &Caller,
    request: &wire::LinkTicketsRequest,
) -> Result<LinkOrder, ApiError> {
    let order = convert::link(request, caller, parts.clock.now())?;
    if order.ticket == order.other {
        return Err(LinkError::ToItself.into());
    }
    for (field, id) in [("ticket_id", &order.ticket), ("other_id", &order.other)] {
        let found = parts.tickets.get(&caller.tenant, id).await;
        found.map_err(|error| lacking(error, field))?;
    }
    Ok(order)
}

/// Says by which field somebody named what is not there.
pub(crate) fn lacking(error: StoreError, field: &'static str) -> ApiError {
    let is_missing = matches!(error, StoreError::NotFound { .. });
    let refused = ApiError::from(error);
    if is_missing { refused.with("field", field) } else { refused }
}

// The line comes first: a link that is not on the trail is not made.
async fn audit(
    parts: &TicketParts,
    caller: &Caller,
    action: &str,
    order: &LinkOrder,
) -> Result<(), ApiError> {
    let object = format!("ticket/{}", order.ticket);
    let detail = Some(format!("{} {}", order.kind, order.other));
    let line = AuditRecord { detail, ..AuditRecord::of(caller, action, object, order.at) };
    Ok(parts.audit.append(&caller.tenant, &line).await?)
}
