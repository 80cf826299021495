//! Makes customers.

use switchboard_api::callerid::v1::{
    CreateCustomerRequest, CreateCustomerResponse, Customer as WireCustomer,
};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::center::{Language, LanguageError};
use switchboard_domain::customer::Customer;
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use super::{external_ids, rules};
use crate::CallerIdParts;

/// Makes a customer, who is recognised from the next call on.
pub(super) async fn run(
    parts: &CallerIdParts,
    caller: &Caller,
    request: CreateCustomerRequest,
) -> Result<CreateCustomerResponse, ApiError> {
    let customer = field::required("customer", request.customer)?;
    let customer = read(parts, customer).map_err(|error| error.within("customer"))?;
    let center = rules::center_of(parts, &caller.tenant).await?;
    rules::check_new(center.as_deref(), caller, &customer)?;
    let object = format!("customer/{}", customer.id);
    if parts.customers.get(&caller.tenant, &customer.id).await.is_ok() {
        return Err(taken(&customer));
    }
    external_ids::refuse_taken(parts, &caller.tenant, &customer).await?;
    // The line comes first: a customer who is not on the trail is not made.
    let line = AuditRecord::of(caller, "customer.create", object, customer.created_at);
    parts.audit.append(&caller.tenant, &line).await?;
    keep(parts, caller, &customer).await?;
    let customer = rules::shown(center.as_deref(), caller, parts.clock.now(), customer);
    Ok(CreateCustomerResponse { customer: Some(customer) })
}

async fn keep(parts: &CallerIdParts, caller: &Caller, customer: &Customer) -> Result<(), ApiError> {
    match parts.customers.create(&caller.tenant, customer, &caller.actor()).await {
        Err(StoreError::Conflict { .. }) => Err(taken(customer)),
        kept => Ok(kept?),
    }
}

fn taken(customer: &Customer) -> ApiError {
    ApiError::already_exists("customer", customer.id.as_str())
}

fn read(parts: &CallerIdParts, customer: WireCustomer) -> Result<Customer, ApiError> {
    let customer = convert::new_customer(customer, spare_id(parts), parts.clock.now())?;
    check_language(customer.language.as_deref())?;
    Ok(customer)
}

/// Refuses a tag that no center could speak.
pub(crate) fn check_language(language: Option<&str>) -> Result<(), ApiError> {
    let Some(language) = language else { return Ok(()) };
    let refuse = |error: LanguageError| ApiError::invalid("language", language, error.to_string());
    Language::parse(language).map(drop).map_err(refuse)
}

/// Makes an id for a customer whom nobody named.
pub(crate) fn spare_id(parts: &CallerIdParts) -> CustomerId {
    CustomerId::parse(parts.ids.uuid().to_string()).expect("a UUID has the characters of an id")
}
