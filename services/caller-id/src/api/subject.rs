//! What customers may ask for as persons: their data, and its end.

use switchboard_api::callerid::v1::export_customer_response::Record;
use switchboard_api::callerid::v1::{
    EraseCustomerRequest, EraseCustomerResponse, ExportCustomerRequest, ExportCustomerResponse,
    SetLegalHoldRequest, SetLegalHoldResponse,
};
use switchboard_api::convert::history::{self, Numbers};
use switchboard_api::convert::{
    customer as convert, follow_up, number_rule, subject, ticket, touchpoint,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::customer::Customer;
use switchboard_domain::ids::CustomerId;
use switchboard_domain::phone::PhoneAddress;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::FollowUpFilter;
use switchboard_store::history::InteractionFilter;
use switchboard_store::page::{MAX_PAGE_SIZE, Page, PageRequest};
use switchboard_store::subjects::{Erasure, LegalHold};
use switchboard_store::tickets::TicketFilter;
use switchboard_store::touchpoints::TouchpointFilter;

use crate::CallerIdParts;

const MAX_REASON: usize = 500;

/// Gives everything that is kept of a customer.
pub(super) async fn export(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ExportCustomerRequest,
) -> Result<Vec<ExportCustomerResponse>, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    trail(parts, caller, "customer.export", &id).await?;
    let customer = parts.customers.get(&caller.tenant, &id).await?;
    let mut records = of_record(parts, caller, customer.clone()).await?;
    for merged in &customer.merged {
        let merged = parts.customers.get(&caller.tenant, merged).await?;
        records.extend(of_record(parts, caller, merged).await?);
    }
    records.extend(interactions(parts, caller, &id).await?);
    records.extend(tickets(parts, caller, &id).await?);
    records.extend(follow_ups(parts, caller, &id).await?);
    records.extend(touchpoints(parts, caller, &id).await?);
    let lines = parts.audit.about(&caller.tenant, &object(&id)).await?;
    records.extend(lines.into_iter().map(subject::audit_line).map(Record::AuditLine));
    let told = |record| ExportCustomerResponse { record: Some(record) };
    Ok(records.into_iter().map(told).collect())
}

/// Erases a customer.
pub(super) async fn erase(
    parts: &CallerIdParts,
    caller: &Caller,
    request: EraseCustomerRequest,
) -> Result<EraseCustomerResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    if request.customer_id_again != request.customer_id {
        let expected = "the same as `customer_id`";
        return Err(ApiError::invalid("customer_id_again", &request.customer_id_again, expected));
    }
    trail(parts, caller, "customer.erase", &id).await?;
    let now = parts.clock.now();
    match parts.subjects.erase(&caller.tenant, &id, &caller.actor(), now).await? {
        Erasure::Done(places) => {
            Ok(EraseCustomerResponse { places: places.iter().map(subject::place).collect() })
        }
        Erasure::Merged(winner) => {
            let why =
                "the record was merged into another: that one is erased, and this one with it";
            Err(ApiError::failed_precondition("CUSTOMER_MERGED", why)
                .about("customer", id.as_str())
                .with("merged_into", winner.as_str()))
        }
        Erasure::Held(hold) => {
            let why = "the law needs what is kept of the customer";
            Err(ApiError::failed_precondition("LEGAL_HOLD", why)
                .about("customer", id.as_str())
                .with("held_by", hold.made_by))
        }
    }
}

/// Holds a customer, or lifts the hold.
pub(super) async fn set_hold(
    parts: &CallerIdParts,
    caller: &Caller,
    request: SetLegalHoldRequest,
) -> Result<SetLegalHoldResponse, ApiError> {
    let id: CustomerId = field::id("customer_id", &request.customer_id)?;
    let hold = if request.held {
        Some(LegalHold {
            reason: field::required_text("reason", request.reason, MAX_REASON)?,
            made_by: caller.subject.clone(),
            made_at: parts.clock.now(),
        })
    } else {
        None
    };
    let action = if request.held { "customer.hold" } else { "customer.lift_hold" };
    trail(parts, caller, action, &id).await?;
    parts.subjects.set_hold(&caller.tenant, &id, hold.as_ref()).await?;
    Ok(SetLegalHoldResponse { hold: hold.map(subject::hold) })
}

/// Gives a record with its whole profile, its life, the lists of its numbers, a hold.
async fn of_record(
    parts: &CallerIdParts,
    caller: &Caller,
    customer: Customer,
) -> Result<Vec<Record>, ApiError> {
    let tenant = &caller.tenant;
    let profile = customer.profile.clone();
    let mut records =
        vec![Record::Customer(convert::customer_with(customer.clone(), profile, &[]))];
    let events = parts.customers.events(tenant, &customer.id).await?;
    records.extend(events.into_iter().map(convert::event).map(Record::Event));
    let center = parts.centers.get(tenant).await.map_err(StoreError::from)?;
    for number in &customer.numbers {
        let address = PhoneAddress::parse(number.e164.as_str(), center.default_country);
        let Ok(address) = address else { continue };
        let rules = parts.callers.lookup(tenant, &address).await?.rules;
        records.extend(rules.into_iter().map(number_rule::rule).map(Record::NumberRule));
    }
    let hold = parts.subjects.hold(tenant, &customer.id).await?;
    records.extend(hold.map(subject::hold).map(Record::LegalHold));
    Ok(records)
}

async fn interactions(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = InteractionFilter { customer: Some(id.clone()), ..InteractionFilter::default() };
    let (mut records, mut page) = (Vec::new(), Some(first_page()?));
    while let Some(wanted) = page {
        let found = parts.history.interactions(&caller.tenant, &filter, &wanted).await?;
        for call in &found.records {
            let story = parts.history.interaction(&caller.tenant, &call.id).await?;
            records.push(Record::Interaction(history::story(story, vec![], Numbers::Shown)));
        }
        page = page_after(&found)?;
    }
    Ok(records)
}

async fn tickets(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = TicketFilter { customer: Some(id.clone()), ..TicketFilter::default() };
    let (mut records, mut page) = (Vec::new(), Some(first_page()?));
    while let Some(wanted) = page {
        let found = parts.tickets.list(&caller.tenant, &filter, &wanted).await?;
        page = page_after(&found)?;
        for about in found.records {
            let events = parts.tickets.events(&caller.tenant, &about.id).await?;
            records.push(Record::Ticket(ticket::told(about, events, None, parts.clock.now())));
        }
    }
    Ok(records)
}

async fn follow_ups(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = FollowUpFilter { customer: Some(id.clone()), ..FollowUpFilter::default() };
    let (mut records, mut page) = (Vec::new(), Some(first_page()?));
    while let Some(wanted) = page {
        let found = parts.follow_ups.list(&caller.tenant, &filter, &wanted).await?;
        page = page_after(&found)?;
        for call in found.records {
            let answers = parts.follow_ups.answers(&caller.tenant, &call.id).await?;
            records.push(Record::FollowUp(follow_up::answered(call, &answers, None)));
        }
    }
    Ok(records)
}

async fn touchpoints(
    parts: &CallerIdParts,
    caller: &Caller,
    id: &CustomerId,
) -> Result<Vec<Record>, ApiError> {
    let filter = TouchpointFilter { customer: Some(id.clone()), ..TouchpointFilter::default() };
    let (mut records, mut page) = (Vec::new(), Some(first_page()?));
    while let Some(wanted) = page {
        let found = parts.touchpoints.list(&caller.tenant, &filter, &wanted).await?;
        page = page_after(&found)?;
        let days = found.records.into_iter().map(touchpoint::touchpoint);
        records.extend(days.map(Record::Touchpoint));
    }
    Ok(records)
}

fn first_page() -> Result<PageRequest, ApiError> {
    PageRequest::parse(MAX_PAGE_SIZE, "").map_err(ApiError::internal)
}

fn page_after<T>(page: &Page<T>) -> Result<Option<PageRequest>, ApiError> {
    let more = Some(&page.next).filter(|token| !token.is_empty());
    let parse = |token: &String| PageRequest::parse(MAX_PAGE_SIZE, token);
    more.map(parse).transpose().map_err(ApiError::internal)
}

async fn trail(
    parts: &CallerIdParts,
    caller: &Caller,
    action: &str,
    id: &CustomerId,
) -> Result<(), StoreError> {
    let line = AuditRecord::of(caller, action, object(id), parts.clock.now());
    parts.audit.append(&caller.tenant, &line).await
}

fn object(id: &CustomerId) -> String {
    format!("customer/{id}")
}
