//! How the fields of customers' profiles are kept: all of them, sealed with the customer's key.
//!
//! Which of them are sensitive is the configuration's to say, and may change any day; what is sealed
//! needs no second thought.

use std::collections::BTreeMap;

use serde_json::Value;
use switchboard_domain::customer::Customer;
use switchboard_domain::customer::profile::{FieldPath, Profile, ProfileValue};
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;
use zeroize::Zeroizing;

use crate::data_keys::KeySet;
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::vault::of_customer;

/// What a sealed profile is bound to besides its customer.
const PLACE: &str = "customers.profile";

/// Puts the profile a customer has now in the place of the one before; none without a key.
pub(crate) async fn replace(
    scope: &mut TenantScope<'_>,
    customer: &Customer,
    keys: &KeySet,
) -> Result<(), StoreError> {
    let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { return Ok(()) };
    sqlx::query("UPDATE customers SET profile = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(scope.tenant)
        .bind(customer.id.as_str())
        .bind(seal(&customer.profile, key)?)
        .execute(scope.connection())
        .await
        .map_err(about(format!("the profile of customer {}", customer.id)))?;
    Ok(())
}

/// Puts the profiles that customers have now in the place of those before; none without a key.
pub(crate) async fn replace_all(
    scope: &mut TenantScope<'_>,
    customers: &[&Customer],
    keys: &KeySet,
) -> Result<(), StoreError> {
    let (mut ids, mut sealed) = (Vec::new(), Vec::new());
    for customer in customers {
        let Some(key) = keys.of(&of_customer(customer.id.as_str())) else { continue };
        ids.push(customer.id.as_str());
        sealed.push(seal(&customer.profile, key)?);
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE customers
         SET profile = sealed.profile
         FROM unnest($2::text[], $3::bytea[]) AS sealed (id, profile)
         WHERE customers.tenant_id = $1 AND customers.id = sealed.id",
    )
    .bind(scope.tenant)
    .bind(ids)
    .bind(sealed)
    .execute(scope.connection())
    .await
    .map_err(about("the profiles of customers"))?;
    Ok(())
}

fn seal(profile: &Profile, key: &DataKey) -> Result<Option<Vec<u8>>, StoreError> {
    if profile.is_empty() {
        return Ok(None);
    }
    let values = profile.iter().map(|(path, value)| (path.as_str(), to_json(value)));
    let values: BTreeMap<&str, Value> = values.collect();
    let json = serde_json::to_vec(&values).map(Zeroizing::new);
    let json = json.map_err(|error| StoreError::corrupt(PLACE, error))?;
    Ok(Some(key.seal(PLACE, &json)))
}

/// Reads the profile of a row of customers; none without a key.
pub(crate) fn read(row: &Reader<'_>, key: Option<&DataKey>) -> Result<Profile, StoreError> {
    let sealed: Option<&[u8]> = row.get("profile")?;
    let (Some(sealed), Some(key)) = (sealed, key) else { return Ok(Profile::new()) };
    let json = key.open(PLACE, sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    let values: BTreeMap<String, Value> =
        serde_json::from_slice(&json).map_err(|error| StoreError::corrupt(PLACE, error))?;
    let odd = || StoreError::corrupt(PLACE, "a value that no field has");
    let read =
        |(path, value): (String, Value)| Ok((to_path(&path)?, from_json(value).ok_or_else(odd)?));
    values.into_iter().map(read).collect()
}

fn to_path(text: &str) -> Result<FieldPath, StoreError> {
    text.parse().map_err(|error| StoreError::corrupt(PLACE, error))
}

/// Writes a value of a typed field.
pub(crate) fn to_json(value: &ProfileValue) -> Value {
    match value {
        ProfileValue::Text(text) => text.as_str().into(),
        ProfileValue::Number(number) => number.get().into(),
        ProfileValue::Boolean(flag) => (*flag).into(),
        ProfileValue::Texts(texts) => texts.as_slice().into(),
    }
}

/// Reads a value of a typed field; none for what no field has.
pub(crate) fn from_json(value: Value) -> Option<ProfileValue> {
    match value {
        Value::String(text) => Some(ProfileValue::Text(text)),
        Value::Number(number) => number.as_f64().and_then(ProfileValue::number),
        Value::Bool(flag) => Some(ProfileValue::Boolean(flag)),
        Value::Array(values) => texts(values).map(ProfileValue::Texts),
        Value::Null | Value::Object(_) => None,
    }
}

fn texts(values: Vec<Value>) -> Option<Vec<String>> {
    let text = |value| match value {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    };
    values.into_iter().map(text).collect()
}
