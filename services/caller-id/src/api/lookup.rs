//! Says who may be calling, within the budget and whatever the stores do.

use std::error::Error;
use std::sync::Arc;

use switchboard_api::callerid::v1::{LookupCallerRequest, LookupCallerResponse, NormalizedNumber};
use switchboard_api::convert::{customer as convert, phone};
use switchboard_api::{ApiError, field};
use switchboard_domain::center::Center;
use switchboard_domain::customer::{Lookup, LookupResult, Verification};
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::{Country, PhoneAddress, PhoneNumber};
use switchboard_lookup::Partial;
use switchboard_runtime::clock::Stopwatch;
use tokio::time::timeout;

use crate::CallerIdParts;

/// The field with the number that is looked up.
const CALLING: &str = "calling_number";
/// A country by which a number with a country code is read; it does not matter which.
const ANY_COUNTRY: &str = "CN";

/// Looks a caller up.
pub(super) async fn run(
    parts: &CallerIdParts,
    tenant: &TenantId,
    request: LookupCallerRequest,
) -> Result<LookupCallerResponse, ApiError> {
    let started = Stopwatch::start();
    let verification = convert::verification_field("verification", request.verification)?;
    let center = center_in_time(parts, tenant).await;
    let Some(home) = home(center.as_deref(), &request)? else {
        return Ok(unread(request.calling_number, verification));
    };
    let raw = &request.calling_number;
    phone::check_length(CALLING, raw)?;
    let address = match PhoneAddress::parse(raw, home) {
        Ok(address) => address,
        Err(error) => {
            let number = phone::impossible(CALLING, raw, error)?;
            return Ok(convert::lookup(number, verification, &nobody(), ""));
        }
    };
    let number = phone::normalized(raw, &address);
    let who = parts.lookup.recognise(tenant, address, verification, started.elapsed()).await;
    Ok(convert::lookup(number, verification, &who.lookup, who.reason()))
}

async fn center_in_time(parts: &CallerIdParts, tenant: &TenantId) -> Option<Arc<Center>> {
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
fn home(
    center: Option<&Center>,
    request: &LookupCallerRequest,
) -> Result<Option<Country>, ApiError> {
    let default = center.map(|center| center.default_country);
    let called = country_of_called(default, &request.called_number)?;
    let calling = is_in_full(&request.calling_number).then(any_country);
    Ok(called.or(default).or(calling))
}

// Written in full, the called number tells its country even without a center.
fn country_of_called(
    default: Option<Country>,
    called_number: &str,
) -> Result<Option<Country>, ApiError> {
    let home = default.or_else(|| is_in_full(called_number).then(any_country));
    let Some(home) = home.filter(|_| !called_number.is_empty()) else { return Ok(None) };
    let called = phone::address_field("called_number", called_number, home)?;
    Ok(called.number().and_then(PhoneNumber::country))
}

fn any_country() -> Country {
    Country::parse(ANY_COUNTRY).expect("the country has a numbering plan")
}

fn is_in_full(number: &str) -> bool {
    number.trim_start().starts_with('+')
}

fn unread(raw: String, verification: Verification) -> LookupCallerResponse {
    let raw = field::text(CALLING, raw, field::MAX_NUMBER).unwrap_or_default();
    let number = NormalizedNumber { raw, ..NormalizedNumber::default() };
    convert::lookup(number, verification, &nobody(), Partial::CenterUnavailable.as_str())
}

const fn nobody() -> Lookup {
    Lookup { result: LookupResult::Unknown, candidates: vec![] }
}
