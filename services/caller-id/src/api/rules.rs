//! What a center asks of customers' records, and who sees what of them.

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::callerid::v1::{
    Customer as WireCustomer, GetProfileSchemaRequest, GetProfileSchemaResponse,
};
use switchboard_api::convert::customer as convert;
use switchboard_center::CacheError;
use switchboard_domain::caller::Caller;
use switchboard_domain::center::{Center, CustomerRules};
use switchboard_domain::customer::profile::{FieldPath, Profile, ProfileSchema};
use switchboard_domain::customer::{Change, ChangedCustomer, Customer};
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;

use crate::CallerIdParts;

/// Gives a tenant's center; nothing for a tenant that has none yet, and so no rules.
pub(super) async fn center_of(
    parts: &CallerIdParts,
    tenant: &TenantId,
) -> Result<Option<Arc<Center>>, ApiError> {
    match parts.centers.get(tenant).await {
        Ok(center) => Ok(Some(center)),
        Err(CacheError::NoCenter(_)) => Ok(None),
        Err(error) => Err(StoreError::from(error).into()),
    }
}

/// Refuses a new record that the center would not have.
pub(super) fn check_new(
    center: Option<&Center>,
    caller: &Caller,
    customer: &Customer,
) -> Result<(), ApiError> {
    let schema = schema_of(center);
    for (path, value) in &customer.profile {
        let checked = schema.check(customer.kind, caller.role, path, Some(value));
        checked.map_err(|fault| convert::profile::refused(path, Some(value), fault))?;
    }
    if center.is_some_and(|center| center.customer_rules.lacks_owner(customer)) {
        return Err(owner_required(customer));
    }
    Ok(())
}

/// Refuses changes that the center would not have.
pub(super) fn check_changes(
    center: Option<&Center>,
    caller: &Caller,
    changes: &[Change],
    outcome: &ChangedCustomer,
) -> Result<(), ApiError> {
    let (schema, customer) = (schema_of(center), &outcome.customer);
    for change in changes {
        if let Change::Profile(path, value) = change {
            let value = value.as_ref();
            let checked = schema.check(customer.kind, caller.role, path, value);
            checked.map_err(|fault| convert::profile::refused(path, value, fault))?;
        }
    }
    if center.is_some_and(|center| center.customer_rules.loses_owner(outcome)) {
        return Err(owner_required(customer));
    }
    Ok(())
}

/// Puts a record on the wire as its reader may see it.
pub(super) fn shown(
    center: Option<&Center>,
    caller: &Caller,
    now: Timestamp,
    customer: Customer,
) -> WireCustomer {
    let profile = visible(center, caller, &customer);
    let findings = customer.findings(&asked(center), now);
    convert::customer_with(customer, profile, &findings)
}

/// Puts a record of a list on the wire: masked, without the profile, with what is to be put right.
pub(super) fn listed(asked: &CustomerRules, now: Timestamp, customer: Customer) -> WireCustomer {
    let findings = customer.findings(asked, now).iter().map(ToString::to_string).collect();
    WireCustomer { findings, ..convert::listed(customer) }
}

/// Gives what a center asks of records.
pub(super) fn asked(center: Option<&Center>) -> CustomerRules {
    center.map(|center| center.customer_rules.clone()).unwrap_or_default()
}

/// Refuses changes of a record for which another one leads, but for what leads to that.
pub(super) fn check_leads(customer: &Customer, changes: &[Change]) -> Result<(), ApiError> {
    let leads_on = |change: &Change| matches!(change, Change::Numbers(_) | Change::ExternalIds(_));
    match &customer.merged_into {
        Some(winner) if !changes.iter().all(leads_on) => Err(convert::merged(&customer.id, winner)),
        Some(_) | None => Ok(()),
    }
}

/// Names the sensitive fields that a reader is about to see.
pub(super) fn sensitive(
    center: Option<&Center>,
    caller: &Caller,
    customer: &Customer,
) -> Vec<FieldPath> {
    let profile = visible(center, caller, customer);
    schema_of(center).sensitive(customer.kind, &profile)
}

/// Says what the center keeps about its customers.
pub(super) async fn schema(
    parts: &CallerIdParts,
    caller: &Caller,
    _: GetProfileSchemaRequest,
) -> Result<GetProfileSchemaResponse, ApiError> {
    let center = center_of(parts, &caller.tenant).await?;
    let schema = schema_of(center.as_deref());
    let sections = convert::profile::profile_schema(schema, caller.role);
    Ok(GetProfileSchemaResponse { sections })
}

fn visible(center: Option<&Center>, caller: &Caller, customer: &Customer) -> Profile {
    schema_of(center).shown(customer, caller.role)
}

fn schema_of(center: Option<&Center>) -> &ProfileSchema {
    static NOTHING: ProfileSchema = ProfileSchema { sections: Vec::new() };
    center.map_or(&NOTHING, |center| &center.profile)
}

fn owner_required(customer: &Customer) -> ApiError {
    let message = "a customer of this tier must have an owner";
    ApiError::failed_precondition("OWNER_REQUIRED", message)
        .with("field", "customer.owner_agent_id")
        .with("tier", customer.tier.to_string())
}
