//! Many customers at once: in from other systems, and out to them.

mod export;
mod import;
mod row;

use std::pin::Pin;
use std::sync::Arc;

use futures::Stream;
use switchboard_api::caller;
use switchboard_api::callerid::v1::customer_transfer_service_server::{
    CustomerTransferService, CustomerTransferServiceServer,
};
use switchboard_api::callerid::v1::{
    ExportCustomersRequest, ExportCustomersResponse, ImportCustomersRequest,
    ImportCustomersResponse,
};
use switchboard_runtime::imports::answers;
use switchboard_store::transfers::CustomerTransfers;
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::CallerIdParts;
use import::Customers;

/// What the service works with.
#[derive(Clone)]
pub struct TransferParts {
    /// What lookups and customers need.
    pub callers: CallerIdParts,
    /// Many customers at once.
    pub transfers: Arc<dyn CustomerTransfers>,
}

/// Makes the service.
pub fn transfer_service(
    parts: TransferParts,
) -> CustomerTransferServiceServer<impl CustomerTransferService> {
    CustomerTransferServiceServer::new(TransferRpcs { parts })
}

struct TransferRpcs {
    parts: TransferParts,
}

type Answers<Message> = Pin<Box<dyn Stream<Item = Result<Message, Status>> + Send>>;

#[async_trait]
impl CustomerTransferService for TransferRpcs {
    type ImportCustomersStream = Answers<ImportCustomersResponse>;
    type ExportCustomersStream = Answers<ExportCustomersResponse>;

    #[tracing::instrument(name = "caller_id.import_customers", skip_all)]
    async fn import_customers(
        &self,
        request: Request<Streaming<ImportCustomersRequest>>,
    ) -> Result<Response<Self::ImportCustomersStream>, Status> {
        let caller = caller::of(&request)?;
        let import = Customers { parts: self.parts.clone(), caller };
        Ok(Response::new(Box::pin(answers(import, request.into_inner()))))
    }

    #[tracing::instrument(name = "caller_id.export_customers", skip_all)]
    async fn export_customers(
        &self,
        request: Request<ExportCustomersRequest>,
    ) -> Result<Response<Self::ExportCustomersStream>, Status> {
        let caller = caller::of(&request)?;
        let answers = export::answers(self.parts.clone(), &caller).await?;
        Ok(Response::new(Box::pin(answers)))
    }
}
