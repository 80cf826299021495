//! Gives every customer, page by page; who took them is on the audit trail first.

use std::sync::Arc;

use futures::Stream;
use futures::stream::try_unfold;
use switchboard_api::ApiError;
use switchboard_api::callerid::v1::ExportCustomersResponse;
use switchboard_api::convert::customer as convert;
use switchboard_center::CacheError;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::customer::profile::{FieldPath, ProfileSchema};
use switchboard_domain::ids::TenantId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use tonic::Status;

use super::TransferParts;

/// Gives the pages, each read when the one before was taken.
pub(super) async fn answers(
    parts: TransferParts,
    caller: &Caller,
) -> Result<impl Stream<Item = Result<ExportCustomersResponse, Status>> + use<>, ApiError> {
    let now = parts.callers.clock.now();
    let schema = match parts.callers.centers.get(&caller.tenant).await {
        Ok(center) => center.profile.clone(),
        Err(CacheError::NoCenter(_)) => ProfileSchema::default(),
        Err(error) => return Err(StoreError::from(error).into()),
    };
    let seen = schema.sensitive_for(caller.role);
    let seen: Vec<&str> = seen.iter().map(FieldPath::as_str).collect();
    let line = AuditRecord {
        detail: Some(seen.join(", ")).filter(|seen| !seen.is_empty()),
        ..AuditRecord::of(caller, "customer.export", "customers".to_owned(), now)
    };
    parts.callers.audit.append(&caller.tenant, &line).await?;
    let reader =
        Arc::new(Reader { parts, tenant: caller.tenant.clone(), role: caller.role, schema });
    let first = Some(String::new());
    Ok(try_unfold(first, move |token| page(Arc::clone(&reader), token)))
}

/// Who reads what.
struct Reader {
    parts: TransferParts,
    tenant: TenantId,
    role: Role,
    schema: ProfileSchema,
}

/// Reads the page of a token, and gives the token of the next one.
async fn page(
    reader: Arc<Reader>,
    token: Option<String>,
) -> Result<Option<(ExportCustomersResponse, Option<String>)>, Status> {
    let Some(token) = token else { return Ok(None) };
    let wanted = PageRequest::parse(MAX_PAGE_SIZE, &token).map_err(ApiError::internal)?;
    let page = reader.parts.callers.customers.list(&reader.tenant, &wanted).await;
    let page = page.map_err(ApiError::from)?;
    let shown = |customer| {
        let profile = reader.schema.shown(&customer, reader.role);
        convert::customer_with(customer, profile, &[])
    };
    let customers = page.records.into_iter().map(shown).collect();
    let next = Some(page.next).filter(|next| !next.is_empty());
    Ok(Some((ExportCustomersResponse { customers }, next)))
}
