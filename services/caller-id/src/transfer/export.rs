//! Gives every customer, page by page; who took them is on the audit trail first.

use futures::Stream;
use futures::stream::try_unfold;
use switchboard_api::ApiError;
use switchboard_api::callerid::v1::ExportCustomersResponse;
use switchboard_api::convert::customer as convert;
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::profile::Profile;
use switchboard_domain::ids::TenantId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use tonic::Status;

use super::TransferParts;

/// Gives the pages, each read when the one before was taken.
pub(super) async fn answers(
    parts: TransferParts,
    caller: &Caller,
) -> Result<impl Stream<Item = Result<ExportCustomersResponse, Status>> + use<>, ApiError> {
    let now = parts.callers.clock.now();
    let line = AuditRecord::of(caller, "customer.export", "customers".to_owned(), now);
    parts.callers.audit.append(&caller.tenant, &line).await?;
    let tenant = caller.tenant.clone();
    let first = Some(String::new());
    Ok(try_unfold(first, move |token| page(parts.clone(), tenant.clone(), token)))
}

/// Reads the page of a token, and gives the token of the next one.
async fn page(
    parts: TransferParts,
    tenant: TenantId,
    token: Option<String>,
) -> Result<Option<(ExportCustomersResponse, Option<String>)>, Status> {
    let Some(token) = token else { return Ok(None) };
    let wanted = PageRequest::parse(MAX_PAGE_SIZE, &token).map_err(ApiError::internal)?;
    let page = parts.callers.customers.list(&tenant, &wanted).await.map_err(ApiError::from)?;
    // What the center keeps besides the record is not part of the columns of an import.
    let shown = |customer| convert::customer_with(customer, Profile::new(), &[]);
    let customers = page.records.into_iter().map(shown).collect();
    let next = Some(page.next).filter(|next| !next.is_empty());
    Ok(Some((ExportCustomersResponse { customers }, next)))
}
