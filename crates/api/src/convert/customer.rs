//! Customers.

pub(crate) mod external_ids;
mod numbers;
pub mod profile;
mod search;
mod timeline;

use std::collections::BTreeMap;

use switchboard_domain::caller::Role;
use switchboard_domain::customer::profile::{Profile, ProfileSchema};
use switchboard_domain::customer::{Change, Customer, Finding, PartyKind, PartyType};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::time::Timestamp;
use switchboard_store::customers::CustomerEvent;

use super::phone;
use super::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;

pub use external_ids::other_name;
pub use search::search;
pub use timeline::{duplicate, timeline_entry};

const MAX_NAME: usize = 200;
const MAX_LANGUAGE: usize = 35;
const MAX_ALERT: usize = 500;
/// More than there are fields, those of the profile included.
const MAX_PATHS: usize = 500;
/// The fields of a record that can be changed, besides those of the profile.
const FIELDS: [&str; 9] = [
    "display_name",
    "kind",
    "party_type",
    "tier",
    "language",
    "numbers",
    "owner_agent_id",
    "alert",
    "external_ids",
];

/// Puts a customer on the wire, with what the reader may see of the profile, and what is to be put
/// right.
pub fn customer_with(customer: Customer, shown: Profile, findings: &[Finding]) -> wire::Customer {
    wire::Customer {
        profile: profile::profile(shown),
        findings: findings.iter().map(ToString::to_string).collect(),
        ..self::customer(customer)
    }
}

/// Says that another record leads for this one.
pub fn merged(customer: &CustomerId, leading: &CustomerId) -> ApiError {
    let message = "another customer leads for this one since they were merged";
    ApiError::failed_precondition("CUSTOMER_MERGED", message)
        .about("customer", customer.as_str())
        .with("merged_into", leading.as_str())
}

/// Puts a customer on the wire without the profile.
pub fn customer(customer: Customer) -> wire::Customer {
    wire::Customer {
        customer_id: customer.id.to_string(),
        display_name: customer.name,
        tier: customer.tier.to_string(),
        language: customer.language.unwrap_or_default(),
        numbers: numbers::shown(customer.numbers),
        owner_agent_id: customer.owner.map(|id| id.to_string()).unwrap_or_default(),
        alert: customer.alert.unwrap_or_default(),
        etag: customer.version.to_string(),
        create_time: Some(timestamp(customer.created_at)),
        kind: party_kind(customer.kind).into(),
        party_type: party_type(customer.party_type).into(),
        external_ids: external_ids::shown(customer.external_ids),
        profile: BTreeMap::new(),
        merged_into: customer.merged_into.map(|id| id.to_string()).unwrap_or_default(),
        merged_customer_ids: customer.merged.iter().map(ToString::to_string).collect(),
        review_time: Some(timestamp(customer.reviewed_at)),
        findings: vec![],
    }
}

/// Puts a customer of a list on the wire: the numbers are masked.
pub fn listed(kept: Customer) -> wire::Customer {
    let mut value = customer(kept);
    for number in &mut value.numbers {
        number.number = phone::masked(&number.number);
    }
    value
}

/// Checks the names of the fields in a mask: at least one, and `role` may change each, of some kind of
/// customer.
pub fn paths(
    mask: &prost_types::FieldMask,
    schema: &ProfileSchema,
    role: Role,
) -> Result<(), ApiError> {
    const PATHS: &str = "update_mask.paths";
    for path in &mask.paths {
        match path.strip_prefix("profile.") {
            Some(name) => profile::check_name(PATHS, name, schema, role)?,
            None if FIELDS.contains(&path.as_str()) => {}
            None => return Err(ApiError::invalid(PATHS, path, FIELDS.join(", "))),
        }
    }
    if mask.paths.is_empty() {
        return Err(ApiError::missing("update_mask"));
    }
    field::list(PATHS, mask.paths.clone(), MAX_PATHS).map(drop)
}

/// Reads the new values of the fields that a mask names, given at `now`.
pub fn changes(
    value: &wire::Customer,
    mask: Option<prost_types::FieldMask>,
    now: Timestamp,
) -> Result<Vec<Change>, ApiError> {
    let paths = mask.map(|mask| mask.paths).unwrap_or_default();
    if paths.is_empty() {
        return Err(ApiError::missing("update_mask"));
    }
    let paths = field::list("update_mask.paths", paths, MAX_PATHS)?;
    let read = |path: &String| change(value, path, now);
    paths.iter().map(read).collect()
}

fn change(value: &wire::Customer, path: &str, now: Timestamp) -> Result<Change, ApiError> {
    let within = |error: ApiError| error.within("customer");
    if let Some(name) = path.strip_prefix("profile.") {
        let (field, value) = profile::read_one(&value.profile, name).map_err(within)?;
        return Ok(Change::Profile(field, value));
    }
    let text = |text: &String, max| field::text(path, text.clone(), max).map(said).map_err(within);
    Ok(match path {
        "display_name" => {
            let name = field::required_text(path, value.display_name.clone(), MAX_NAME);
            Change::Name(name.map_err(within)?)
        }
        "kind" => Change::Kind(party_kind_field(path, value.kind).map_err(within)?),
        "party_type" => {
            Change::PartyType(party_type_field(path, value.party_type).map_err(within)?)
        }
        "tier" => Change::Tier(tier(path, &value.tier).map_err(within)?),
        "language" => Change::Language(text(&value.language, MAX_LANGUAGE)?),
        "owner_agent_id" => {
            let owner = field::optional_id(path, &value.owner_agent_id);
            Change::Owner(owner.map_err(within)?)
        }
        "alert" => Change::Alert(text(&value.alert, MAX_ALERT)?),
        "numbers" => {
            let numbers = numbers::read(value.numbers.clone(), now);
            Change::Numbers(numbers.map_err(within)?)
        }
        "external_ids" => {
            let external_ids = external_ids::read(value.external_ids.clone());
            Change::ExternalIds(external_ids.map_err(within)?)
        }
        "profile" => {
            let expected = "one path for each field, such as `profile.family.children`";
            return Err(ApiError::invalid("update_mask.paths", path, expected));
        }
        _ => return Err(ApiError::invalid("update_mask.paths", path, FIELDS.join(", "))),
    })
}

/// Puts the life of a record on the wire.
pub fn event(event: CustomerEvent) -> wire::CustomerEvent {
    wire::CustomerEvent {
        version: event.version,
        fields: event.fields,
        actor: event.actor,
        at: Some(timestamp(event.at)),
    }
}

/// Reads a new customer, made at `now`; `spare` names it when the request does not.
pub fn new_customer(
    value: wire::Customer,
    spare: CustomerId,
    now: Timestamp,
) -> Result<Customer, ApiError> {
    let id = field::optional_id("customer_id", &value.customer_id)?.unwrap_or(spare);
    let name = field::required_text("display_name", value.display_name, MAX_NAME)?;
    let tier = tier("tier", &value.tier)?;
    Ok(Customer {
        kind: party_kind_field("kind", value.kind)?,
        party_type: party_type_field("party_type", value.party_type)?,
        language: said(field::text("language", value.language, MAX_LANGUAGE)?),
        owner: field::optional_id("owner_agent_id", &value.owner_agent_id)?,
        alert: said(field::text("alert", value.alert, MAX_ALERT)?),
        numbers: numbers::read(value.numbers, now)?,
        external_ids: external_ids::read(value.external_ids)?,
        profile: profile::read(value.profile)?,
        ..Customer::new(id, name, tier, now)
    })
}

const fn party_kind(kind: PartyKind) -> wire::PartyKind {
    match kind {
        PartyKind::Person => wire::PartyKind::Person,
        PartyKind::Company => wire::PartyKind::Company,
    }
}

fn party_kind_field(field: &str, value: i32) -> Result<PartyKind, ApiError> {
    Ok(match field::known::<wire::PartyKind>(field, value)? {
        wire::PartyKind::Unspecified | wire::PartyKind::Person => PartyKind::Person,
        wire::PartyKind::Company => PartyKind::Company,
    })
}

const fn party_type(party_type: PartyType) -> wire::PartyType {
    match party_type {
        PartyType::Current => wire::PartyType::Current,
        PartyType::Target => wire::PartyType::Target,
        PartyType::Prospect => wire::PartyType::Prospect,
        PartyType::Partner => wire::PartyType::Partner,
        PartyType::Staff => wire::PartyType::Staff,
    }
}

fn party_type_field(field: &str, value: i32) -> Result<PartyType, ApiError> {
    Ok(match field::known::<wire::PartyType>(field, value)? {
        wire::PartyType::Unspecified | wire::PartyType::Current => PartyType::Current,
        wire::PartyType::Target => PartyType::Target,
        wire::PartyType::Prospect => PartyType::Prospect,
        wire::PartyType::Partner => PartyType::Partner,
        wire::PartyType::Staff => PartyType::Staff,
    })
}

fn tier<T: std::str::FromStr>(field: &str, value: &str) -> Result<T, ApiError> {
    if value.is_empty() {
        return Err(ApiError::missing(field));
    }
    value.parse().map_err(|_| ApiError::invalid(field, value, "A1, A2, A3, B1, B2, C1 or C2"))
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
