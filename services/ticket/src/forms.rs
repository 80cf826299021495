//! What kinds of tickets ask besides words, and what is filled in.

use switchboard_api::caller;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::ticket_form_service_server::{
    TicketFormService, TicketFormServiceServer,
};
use tonic::{Request, Response, Status, async_trait};

use crate::TicketParts;
use crate::api::moves;
use crate::policy::Policy;

/// Makes the service of forms.
pub fn form_service(parts: TicketParts) -> TicketFormServiceServer<impl TicketFormService> {
    TicketFormServiceServer::new(FormRpcs { parts })
}

struct FormRpcs {
    parts: TicketParts,
}

#[async_trait]
impl TicketFormService for FormRpcs {
    #[tracing::instrument(name = "ticket.get_ticket_forms", skip_all)]
    async fn get_ticket_forms(
        &self,
        request: Request<wire::GetTicketFormsRequest>,
    ) -> Result<Response<wire::GetTicketFormsResponse>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let forms = Policy::of(&self.parts, &tenant).await.forms();
        Ok(Response::new(wire::GetTicketFormsResponse { forms }))
    }

    #[tracing::instrument(name = "ticket.revise_ticket", skip_all)]
    async fn revise_ticket(
        &self,
        request: Request<wire::ReviseTicketRequest>,
    ) -> Result<Response<wire::ReviseTicketResponse>, Status> {
        let caller = caller::of(&request)?;
        let order = moves::read_revision(&caller, request.into_inner())?;
        let revised = moves::carry_out(&self.parts, &caller, &order).await?;
        Ok(Response::new(wire::ReviseTicketResponse { ticket: revised.ticket }))
    }
}
