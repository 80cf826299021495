//! Many tickets at once, in from other systems: each batch is kept before the next is read.

mod import;

use std::pin::Pin;
use std::sync::Arc;

use switchboard_api::caller;
use switchboard_api::ticket::v1::ticket_transfer_service_server::{
    TicketTransferService, TicketTransferServiceServer,
};
use switchboard_api::ticket::v1::{ImportTicketsRequest, ImportTicketsResponse};
use switchboard_runtime::imports::answers;
use switchboard_store::ticket_transfers::TicketTransfers;
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::TicketParts;
use import::Tickets;

/// What the service works with.
#[derive(Clone)]
pub struct TransferParts {
    /// What single tickets need.
    pub tickets: TicketParts,
    /// Many tickets at once.
    pub transfers: Arc<dyn TicketTransfers>,
}

/// Makes the service.
pub fn transfer_service(
    parts: TransferParts,
) -> TicketTransferServiceServer<impl TicketTransferService> {
    TicketTransferServiceServer::new(TransferRpcs { parts })
}

struct TransferRpcs {
    parts: TransferParts,
}

#[async_trait]
impl TicketTransferService for TransferRpcs {
    type ImportTicketsStream =
        Pin<Box<dyn tokio_stream::Stream<Item = Result<ImportTicketsResponse, Status>> + Send>>;

    #[tracing::instrument(name = "ticket.import_tickets", skip_all)]
    async fn import_tickets(
        &self,
        request: Request<Streaming<ImportTicketsRequest>>,
    ) -> Result<Response<Self::ImportTicketsStream>, Status> {
        let caller = caller::of(&request)?;
        let import = Tickets { parts: self.parts.clone(), caller };
        Ok(Response::new(Box::pin(answers(import, request.into_inner()))))
    }
}
