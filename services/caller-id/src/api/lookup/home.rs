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

/// Finds the country of a number without a country code, as for a call: that of the called number's
/// entry, else of the called number, else of the center. None when it matters and is not known.
pub(super) fn of(center: Option<&Center>, request: &LookupCallerRequest) -> Option<Country> {
    let called = request.called_number.as_str();
    if let Some(center) = center {
        return Some(of_called(center, called));
    }
    // Written in full, a number tells its country even without a center.
    let of_called = Some(called).filter(|called| is_in_full(called)).and_then(country_of);
    of_called.or_else(|| is_in_full(&request.calling_number).then(any_country))
}

fn of_called(center: &Center, called: &str) -> Country {
    let address = PhoneAddress::parse(called, center.default_country).ok();
    let number = address.as_ref().and_then(PhoneAddress::number);
    let entry = center.called_entry(number.map(PhoneNumber::e164)).filter(|_| !called.is_empty());
    let of_entry = entry.map(|entry| entry.default_country);
    let of_number = || number.and_then(PhoneNumber::country);
    of_entry.or_else(of_number).unwrap_or(center.default_country)
}

fn country_of(number: &str) -> Option<Country> {
    PhoneAddress::parse(number, any_country()).ok()?.number().and_then(PhoneNumber::country)
}

fn any_country() -> Country {
    Country::parse(ANY_COUNTRY).expect("the country has a numbering plan")
}

fn is_in_full(number: &str) -> bool {
    number.trim_start().starts_with('+')
}
