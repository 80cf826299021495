//! The country that a calling number without a country code belongs to.

use std::error::Error;
use std::sync::Arc;

use switchboard_api::callerid::v1::LookupCallerRequest;
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::{Country, PhoneAddress, PhoneNumber};
use tokio::time::timeout;

use crate::CallerIdParts;

/// A country by which a number with a country code is read; it does not matter which.
const ANY_COUNTRY: &str = "CN";

/// Gives the center, unless it cannot be had within the budget.
pub(super) async fn center_in_time(
    parts: &CallerIdParts,
    tenant: &TenantId,
) -> Option<Arc<Center>> {
    let found = timeout(parts.lookup.budget(), parts.centers.get(tenant)).await;
    let missing: Box<dyn Error + Send> = match found {
        Ok(Ok(center)) => return Some(center),
        Ok(Err(error)) => Box::new(error),
        Err(late) => Box::new(late),
    };
    tracing::warn!(tenant.id = %tenant, error = %missing, "a lookup has no center");
    None
}

/// Finds the country of a number without a country code; none when it matters and is not known.
pub(super) fn of(center: Option<&Center>, request: &LookupCallerRequest) -> Option<Country> {
    let default = center.map(|center| center.default_country);
    let called = country_of_called(default, &request.called_number);
    let calling = || is_in_full(&request.calling_number).then(any_country);
    called.or(default).or_else(calling)
}

// Written in full, the called number tells its country even without a center; one that cannot be
// read tells nothing.
fn country_of_called(default: Option<Country>, called_number: &str) -> Option<Country> {
    let home = default.or_else(|| is_in_full(called_number).then(any_country))?;
    PhoneAddress::parse(called_number, home).ok()?.number().and_then(PhoneNumber::country)
}

fn any_country() -> Country {
    Country::parse(ANY_COUNTRY).expect("the country has a numbering plan")
}

fn is_in_full(number: &str) -> bool {
    number.trim_start().starts_with('+')
}
