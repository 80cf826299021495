//! Customers, and the answer to who is calling.

use switchboard_domain::customer::{
    Candidate, Customer, CustomerNumber, Lookup, LookupResult, Verification,
};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::phone::{E164, PhoneAddress};
use switchboard_domain::time::Timestamp;

use super::phone;
use super::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::{agent::v1 as desk, call::v1 as call, callerid::v1 as wire};

const MAX_NAME: usize = 200;
const MAX_LANGUAGE: usize = 35;
const MAX_NUMBERS: usize = 20;
const MAX_LABEL: usize = 64;
const MAX_ALERT: usize = 500;
const MAX_CANDIDATES: usize = 10;

/// Puts a customer on the wire.
pub fn customer(customer: Customer) -> wire::Customer {
    let number = |one: CustomerNumber| wire::CustomerNumber {
        number: one.e164.as_str().to_owned(),
        label: one.label,
    };
    wire::Customer {
        customer_id: customer.id.to_string(),
        display_name: customer.name,
        tier: customer.tier.to_string(),
        language: customer.language.unwrap_or_default(),
        numbers: customer.numbers.into_iter().map(number).collect(),
        owner_agent_id: customer.owner.map(|id| id.to_string()).unwrap_or_default(),
        alert: customer.alert.unwrap_or_default(),
        etag: customer.version.to_string(),
        create_time: Some(timestamp(customer.created_at)),
    }
}

/// Reads a new customer, made at `now`; `spare` names it when the request does not.
pub fn new_customer(
    value: wire::Customer,
    spare: CustomerId,
    now: Timestamp,
) -> Result<Customer, ApiError> {
    let numbers = field::list("numbers", value.numbers, MAX_NUMBERS)?;
    Ok(Customer {
        id: field::optional_id("customer_id", &value.customer_id)?.unwrap_or(spare),
        name: field::required_text("display_name", value.display_name, MAX_NAME)?,
        tier: tier("tier", &value.tier)?,
        language: said(field::text("language", value.language, MAX_LANGUAGE)?),
        owner: field::optional_id("owner_agent_id", &value.owner_agent_id)?,
        alert: said(field::text("alert", value.alert, MAX_ALERT)?),
        numbers: numbers.into_iter().enumerate().map(number).collect::<Result<_, _>>()?,
        created_at: now,
        version: 1,
    })
}

/// Puts the answer to a lookup on the wire; `partial` says why it is incomplete, if it is.
pub fn lookup(
    raw: &str,
    address: &PhoneAddress,
    answer: &Lookup,
    partial: &str,
) -> wire::LookupCallerResponse {
    let candidates = answer.candidates.iter().take(MAX_CANDIDATES);
    wire::LookupCallerResponse {
        number: Some(phone::normalized(raw, address)),
        kind: kind(answer.result).into(),
        candidates: candidates.map(candidate).collect(),
        partial_reason: partial.to_owned(),
    }
}

/// Puts a candidate on the card an agent sees.
pub fn card_candidate(candidate: &Candidate) -> desk::CustomerCandidate {
    let customer = &candidate.evidence.customer;
    desk::CustomerCandidate {
        customer_id: customer.id.to_string(),
        display_name: customer.name.clone(),
        tier: customer.tier.to_string(),
        language: customer.language.clone().unwrap_or_default(),
        alert: customer.alert.clone().unwrap_or_default(),
        open_tickets: candidate.evidence.open_tickets,
    }
}

/// Reads how far the network vouches for the number of a lookup; unset means not verified.
pub fn verification_field(field: &str, value: i32) -> Result<Verification, ApiError> {
    Ok(match field::known::<wire::NumberVerification>(field, value)? {
        wire::NumberVerification::Unspecified | wire::NumberVerification::NotVerified => {
            Verification::NotVerified
        }
        wire::NumberVerification::Full => Verification::Full,
        wire::NumberVerification::Partial => Verification::Partial,
        wire::NumberVerification::Gateway => Verification::Gateway,
        wire::NumberVerification::Failed => Verification::Failed,
    })
}

/// Reads how far the network vouches for the number of a call; unset means not verified.
pub fn call_verification_field(field: &str, value: i32) -> Result<Verification, ApiError> {
    Ok(match field::known::<call::CallerVerification>(field, value)? {
        call::CallerVerification::Unspecified | call::CallerVerification::NotVerified => {
            Verification::NotVerified
        }
        call::CallerVerification::Full => Verification::Full,
        call::CallerVerification::Partial => Verification::Partial,
        call::CallerVerification::Gateway => Verification::Gateway,
        call::CallerVerification::Failed => Verification::Failed,
    })
}

fn candidate(candidate: &Candidate) -> wire::CallerCandidate {
    let customer = &candidate.evidence.customer;
    let last_agent = candidate.evidence.last_agent.as_ref();
    wire::CallerCandidate {
        customer_id: customer.id.to_string(),
        display_name: customer.name.clone(),
        tier: customer.tier.to_string(),
        language: customer.language.clone().unwrap_or_default(),
        confidence: candidate.confidence.into(),
        reason: candidate.reason.as_str().to_owned(),
        alert: customer.alert.clone().unwrap_or_default(),
        last_agent_id: last_agent.map(ToString::to_string).unwrap_or_default(),
        open_tickets: candidate.evidence.open_tickets,
    }
}

const fn kind(result: LookupResult) -> wire::CallerKind {
    match result {
        LookupResult::Known => wire::CallerKind::Known,
        LookupResult::Ambiguous => wire::CallerKind::Ambiguous,
        LookupResult::Unknown => wire::CallerKind::Unknown,
        LookupResult::Withheld => wire::CallerKind::Withheld,
    }
}

fn tier<T: std::str::FromStr>(field: &str, value: &str) -> Result<T, ApiError> {
    if value.is_empty() {
        return Err(ApiError::missing(field));
    }
    value.parse().map_err(|_| ApiError::invalid(field, value, "A1, A2, A3, B1, B2, C1 or C2"))
}

fn number((index, value): (usize, wire::CustomerNumber)) -> Result<CustomerNumber, ApiError> {
    let outer = format!("numbers[{index}]");
    let label = field::text("label", value.label, MAX_LABEL).map_err(|it| it.within(&outer))?;
    let e164 = E164::parse(&value.number)
        .map_err(|error| phone::unreadable("number", error).within(&outer))?;
    Ok(CustomerNumber { e164, label })
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
