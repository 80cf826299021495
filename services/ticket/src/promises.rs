//! Promises to customers: made and ended by people, broken by time.

use std::sync::Arc;

use switchboard_api::convert::ticket::promise as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::promise_service_server::{PromiseService, PromiseServiceServer};
use switchboard_api::{ApiError, caller, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{CustomerId, PromiseId, TenantId};
use switchboard_domain::promise::{Promise, PromiseEnd, PromiseEnded, PromiseError};
use switchboard_domain::ticket::{Ticket, TicketMove};
use switchboard_runtime::clock::Clock;
use switchboard_runtime::read_log::ReadLog;
use switchboard_store::audit::{Audit, AuditRecord, list_of};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::promises::{PromiseLine, Promises};
use switchboard_store::tickets::Tickets;
use tonic::{Request, Response, Status, async_trait};

/// What the service of promises works with.
#[derive(Clone)]
pub struct PromiseParts {
    /// The promises.
    pub promises: Arc<dyn Promises>,
    /// What they are about.
    pub tickets: Arc<dyn Tickets>,
    /// To whom they are given.
    pub customers: Arc<dyn Customers>,
    /// Who changed what.
    pub audit: Arc<dyn Audit>,
    /// Who read what.
    pub reads: ReadLog,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service of promises.
pub fn promise_service(parts: PromiseParts) -> PromiseServiceServer<impl PromiseService> {
    PromiseServiceServer::new(PromiseRpcs { parts })
}

struct PromiseRpcs {
    parts: PromiseParts,
}

#[async_trait]
impl PromiseService for PromiseRpcs {
    #[tracing::instrument(name = "ticket.make_promise", skip_all)]
    async fn make_promise(
        &self,
        request: Request<wire::MakePromiseRequest>,
    ) -> Result<Response<wire::MakePromiseResponse>, Status> {
        let caller = caller::of(&request)?;
        let made = make(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(wire::MakePromiseResponse { promise: Some(convert::promise(made)) }))
    }

    #[tracing::instrument(name = "ticket.list_promises", skip_all)]
    async fn list_promises(
        &self,
        request: Request<wire::ListPromisesRequest>,
    ) -> Result<Response<wire::ListPromisesResponse>, Status> {
        let caller = caller::of(&request)?;
        let request = request.into_inner();
        let filter = convert::filter(&request)?;
        let query = query(&request);
        let page = page::request(&query, request.page_size, &request.page_token)?;
        let listed = self.parts.promises.promises(&caller.tenant, &filter, &page).await;
        let found = listed.map_err(ApiError::from)?;
        let object = list_of(filter.customer.as_ref(), "promises");
        let line = AuditRecord::of(&caller, "promise.list", object, self.parts.clock.now());
        let line = line.with_detail(format!("{} promises", found.records.len()));
        self.parts.reads.keep(&caller.tenant, line)?;
        Ok(Response::new(wire::ListPromisesResponse {
            promises: found.records.into_iter().map(convert::promise).collect(),
            next_page_token: page::next(&query, &found.next),
        }))
    }

    #[tracing::instrument(name = "ticket.end_promise", skip_all)]
    async fn end_promise(
        &self,
        request: Request<wire::EndPromiseRequest>,
    ) -> Result<Response<wire::EndPromiseResponse>, Status> {
        let caller = caller::of(&request)?;
        let ended = end(&self.parts, &caller, request.into_inner()).await?;
        Ok(Response::new(wire::EndPromiseResponse { promise: Some(convert::promise(ended)) }))
    }
}

async fn make(
    parts: &PromiseParts,
    caller: &Caller,
    request: wire::MakePromiseRequest,
) -> Result<Promise, ApiError> {
    let mut promise = convert::new_promise(request, caller, parts.clock.now())?;
    if let Some(ticket) = &promise.ticket {
        let ticket = parts.tickets.get(&caller.tenant, ticket).await?;
        if let Some(customer) = &promise.customer {
            check_customer(parts, &caller.tenant, customer, &ticket).await?;
        }
        promise.customer = ticket.customer;
    }
    audit(parts, caller, "promise.make", &promise.id).await?;
    let line = PromiseLine {
        applied: TicketMove::Note,
        actor: promise.made_by.clone(),
        note: format!("promised: {}", promise.what),
        at: promise.made_at,
    };
    Ok(parts.promises.make(&caller.tenant, &promise, &line).await?)
}

/// Refuses a customer who is not that of the ticket, whichever of the customer's records each of them
/// names.
async fn check_customer(
    parts: &PromiseParts,
    tenant: &TenantId,
    customer: &CustomerId,
    ticket: &Ticket,
) -> Result<(), ApiError> {
    let is_same = match &ticket.customer {
        Some(of_ticket) if of_ticket != customer => {
            leading(parts, tenant, of_ticket).await? == leading(parts, tenant, customer).await?
        }
        Some(_) => true,
        None => false,
    };
    let expected = "the customer of the ticket, or nothing";
    is_same.then_some(()).ok_or_else(|| ApiError::invalid_unseen("customer_id", expected))
}

/// Names the record that leads for a customer.
async fn leading(
    parts: &PromiseParts,
    tenant: &TenantId,
    customer: &CustomerId,
) -> Result<CustomerId, StoreError> {
    let gone = || StoreError::not_found(format!("customer {customer}"));
    let found = parts.customers.leading(tenant, customer).await?;
    found.map(|leading| leading.id).ok_or_else(gone)
}

async fn end(
    parts: &PromiseParts,
    caller: &Caller,
    request: wire::EndPromiseRequest,
) -> Result<Promise, ApiError> {
    let id: PromiseId = field::id("promise_id", &request.promise_id)?;
    let etag = field::etag("etag", &request.etag)?;
    let (how, note) = convert::end(request.end, request.note)?;
    let promise = parts.promises.promise(&caller.tenant, &id).await?;
    if etag.is_some_and(|read| read != promise.version) {
        return Err(ApiError::aborted("ETAG_STALE", "the promise has changed since it was read")
            .about("promise", id.as_str())
            .with("etag", promise.version.to_string()));
    }
    let ended = PromiseEnded { at: parts.clock.now(), by: caller.actor(), note };
    let (promise, line) = ending(&promise, how, ended, TicketMove::Note)?;
    audit(parts, caller, "promise.end", &id).await?;
    parts.promises.end(&caller.tenant, &promise, &line).await?;
    Ok(promise)
}

/// Gives a promise after its end, and what the life of its ticket says of it.
pub(crate) fn ending(
    promise: &Promise,
    how: PromiseEnd,
    ended: PromiseEnded,
    applied: TicketMove,
) -> Result<(Promise, PromiseLine), PromiseError> {
    let (at, by, note) = (ended.at, ended.by.clone(), ended.note.clone());
    let promise = promise.ended(how, ended)?;
    let why = note.map(|note| format!(" ({note})")).unwrap_or_default();
    let said = format!("promise \"{}\" is {}{why}", promise.what, promise.state);
    Ok((promise, PromiseLine { applied, actor: by, note: said, at }))
}

async fn audit(
    parts: &PromiseParts,
    caller: &Caller,
    action: &str,
    id: &PromiseId,
) -> Result<(), ApiError> {
    let line = AuditRecord::of(caller, action, format!("promise/{id}"), parts.clock.now());
    Ok(parts.audit.append(&caller.tenant, &line).await?)
}

/// Names what is asked for, so that a page token is good for it and for nothing else.
fn query(request: &wire::ListPromisesRequest) -> String {
    let filters =
        wire::ListPromisesRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    format!("promises {filters:?}")
}
