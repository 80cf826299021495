//! Everything that is kept of a customer, for the customer.

use std::collections::BTreeMap;
use std::iter;

use switchboard_api::callerid::v1::export_customer_response::Record;
use switchboard_api::callerid::v1::{ExportCustomerRequest, ExportCustomerResponse};
use switchboard_api::convert::history::{self, Numbers};
use switchboard_api::convert::ticket::{beside, promise};
use switchboard_api::convert::{
    consent, customer as convert, follow_up, number_rule, occurrence, subject, ticket, touchpoint,
    value,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::Customer;
use switchboard_domain::ids::{CustomerId, TenantId, TicketId};
use switchboard_domain::phone::PhoneAddress;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::FollowUpFilter;
use switchboard_store::page::{MAX_PAGE_SIZE, Page, PageRequest};
use switchboard_store::promises::PromiseFilter;
use switchboard_store::subjects::Traces;
use switchboard_store::touchpoints::TouchpointFilter;

use super::{object, trail};
use crate::CallerIdParts;

/// Gives everything that is kept of a customer.
pub(in crate::api) async fn export(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ExportCustomerRequest,
) -> Result<Vec<ExportCustomerResponse>, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    trail(parts, caller, "customer.export", &id).await?;
    let tenant = &caller.tenant;
    let customer = parts.customers.get(tenant, &id).await?;
    let mut records = of_record(parts, tenant, customer.clone()).await?;
    for merged in &customer.merged {
        let merged = parts.customers.get(tenant, merged).await?;
        records.extend(of_record(parts, tenant, merged).await?);
    }
    let traces = parts.subjects.traces(tenant, &id).await?;
    records.extend(interactions(parts, tenant, &traces).await?);
    records.extend(tickets(parts, tenant, &traces).await?);
    records.extend(promises(parts, tenant, (&id, &traces)).await?);
    let said = parts.consents.consents(tenant, &id, None).await?;
    records.extend(said.iter().map(consent::told).map(Record::Consent));
    let happened = parts.occurrences.occurrences(tenant, &id).await?;
    records.extend(happened.iter().map(occurrence::told).map(Record::Occurrence));
    records.extend(follow_ups(parts, tenant, &id).await?);
    records.extend(touchpoints(parts, tenant, &id).await?);
    let told = |record| ExportCustomerResponse { record: Some(record) };
    Ok(records.into_iter().map(told).collect())
}

/// Gives a record with its whole profile, its life, its worth, the lists of its numbers, a hold, and
/// who did what with it.
async fn of_record(
    parts: &CallerIdParts,
    tenant: &TenantId,
    customer: Customer,
) -> Result<Vec<Record>, ApiError> {
    let profile = customer.profile.clone();
    let mut records =
        vec![Record::Customer(convert::customer_with(customer.clone(), profile, &[]))];
    let events = parts.customers.events(tenant, &customer.id).await?;
    records.extend(events.into_iter().map(convert::event).map(Record::Event));
    let worth = parts.values.get(tenant, &customer.id).await?;
    if worth.version > 0 || worth.computed_at.is_some() {
        records.push(Record::Value(value::value(&worth)));
    }
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    for number in &customer.numbers {
        let address = PhoneAddress::parse(number.e164.as_str(), center.default_country);
        let Ok(address) = address else { continue };
        let rules = parts.callers.lookup(tenant, &address).await?.rules;
        records.extend(rules.into_iter().map(number_rule::rule).map(Record::NumberRule));
    }
    let hold = parts.subjects.hold(tenant, &customer.id).await?;
    records.extend(hold.map(subject::hold).map(Record::LegalHold));
    let lines = parts.audit.about(tenant, &object(&customer.id)).await?;
    records.extend(lines.into_iter().map(subject::audit_line).map(Record::AuditLine));
    Ok(records)
}

async fn interactions(
    parts: &CallerIdParts,
    tenant: &TenantId,
    traces: &Traces,
) -> Result<Vec<Record>, ApiError> {
    let mut records = Vec::new();
    for call in &traces.contacts {
        let story = parts.history.interaction(tenant, call).await?;
        records.push(Record::Interaction(history::story(story, vec![], Numbers::Shown)));
    }
    Ok(records)
}

async fn tickets(
    parts: &CallerIdParts,
    tenant: &TenantId,
    traces: &Traces,
) -> Result<Vec<Record>, ApiError> {
    let mut records = Vec::new();
    for id in &traces.tickets {
        let about = parts.tickets.get(tenant, id).await?;
        let events = parts.tickets.events(tenant, id).await?;
        let filled = parts.tickets.filled(tenant, &about).await?;
        let around = parts.tickets.beside(tenant, &about).await?;
        // What others' tickets are about is theirs.
        let story = ticket::Story { events, filled, ..ticket::Story::default() };
        let told = ticket::told(about, story, None, parts.clock.now());
        records.push(Record::Ticket(beside::with(told, around)));
    }
    Ok(records)
}

/// Gives what was promised to the customer, and about the customer's tickets, each once.
async fn promises(
    parts: &CallerIdParts,
    tenant: &TenantId,
    (id, traces): (&CustomerId, &Traces),
) -> Result<Vec<Record>, ApiError> {
    let to_them = PromiseFilter { customer: Some(id.clone()), ..PromiseFilter::default() };
    let about = |ticket: &TicketId| PromiseFilter {
        ticket: Some(ticket.clone()),
        ..PromiseFilter::default()
    };
    let mut found = BTreeMap::new();
    for filter in iter::once(to_them).chain(traces.tickets.iter().map(about)) {
        let filter = &filter;
        let all = all(|page| async move { parts.promises.promises(tenant, filter, &page).await });
        found.extend(all.await?.into_iter().map(|promise| (promise.id.clone(), promise)));
    }
    Ok(found.into_values().map(promise::promise).map(Record::Promise).collect())
}

async fn follow_ups(
    parts: &CallerIdParts,
    tenant: &TenantId,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = &FollowUpFilter { customer: Some(id.clone()), ..FollowUpFilter::default() };
    let all = all(|page| async move { parts.follow_ups.list(tenant, filter, &page).await });
    let mut records = Vec::new();
    for call in all.await? {
        let answers = parts.follow_ups.answers(tenant, &call.id).await?;
        records.push(Record::FollowUp(follow_up::answered(call, &answers, None)));
    }
    Ok(records)
}

async fn touchpoints(
    parts: &CallerIdParts,
    tenant: &TenantId,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = &TouchpointFilter { customer: Some(id.clone()), ..TouchpointFilter::default() };
    let all = all(|page| async move { parts.touchpoints.list(tenant, filter, &page).await });
    Ok(all.await?.into_iter().map(touchpoint::touchpoint).map(Record::Touchpoint).collect())
}

/// Asks for page after page.
async fn all<Found, Asked>(ask: impl Fn(PageRequest) -> Asked) -> Result<Vec<Found>, ApiError>
where
    Asked: Future<Output = Result<Page<Found>, StoreError>>,
{
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let page = PageRequest::parse(MAX_PAGE_SIZE, &token).map_err(ApiError::internal)?;
        let found = ask(page).await?;
        all.extend(found.records);
        token = found.next;
        if token.is_empty() {
            return Ok(all);
        }
    }
}
