//! What was filled in of the forms of tickets, sealed as a whole.
//!
//! The key is that of whom the ticket is about: the customer, else the call it came from. Whoever is
//! erased takes it along. A ticket of nobody has a key of its own.

use std::collections::BTreeMap;

use serde_json::Value;
use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{EntryName, Filled, Ticket};
use switchboard_store::error::StoreError;
use zeroize::Zeroizing;

use crate::customer_profiles::{from_json, to_json};
use crate::data_keys;
use crate::error::about;
use crate::scope::TenantScope;
use crate::vault::{of_contact, of_customer, of_ticket};

/// What a sealed form is bound to besides its key.
const PLACE: &str = "ticket_forms.sealed";

/// Begins the names of ticked steps; no field has such a name.
const STEP: &str = "step/";

/// What is sealed: values by field, and ticked steps.
type Entries = BTreeMap<String, Value>;

/// Gives what was filled in; nothing when the key was destroyed.
pub(super) async fn of(scope: &mut TenantScope<'_>, ticket: &Ticket) -> Result<Filled, StoreError> {
    let sealed: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT sealed FROM ticket_forms WHERE tenant_id = $1 AND ticket_id = $2",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(named(&ticket.id)))?;
    let Some(sealed) = sealed else { return Ok(Filled::default()) };
    let subject = subject(ticket);
    let keys = data_keys::find(scope, [subject.clone()]).await?;
    let Some(key) = keys.of(&subject) else { return Ok(Filled::default()) };
    let json = key.open(PLACE, &sealed).map_err(|error| StoreError::corrupt(PLACE, error))?;
    read(serde_json::from_slice(&json).map_err(|error| StoreError::corrupt(PLACE, error))?)
}

/// Keeps what was filled in of a new ticket; nothing of somebody who was erased.
pub(super) async fn insert(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    filled: &Filled,
) -> Result<(), StoreError> {
    if filled.is_empty() {
        return Ok(());
    }
    keep(scope, ticket, filled).await.map(drop)
}

/// Puts what is filled in now in the place of what was.
pub(super) async fn replace(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    filled: &Filled,
) -> Result<(), StoreError> {
    if keep(scope, ticket, filled).await? {
        return Ok(());
    }
    let erased = "whom it is about was erased";
    Err(StoreError::Refused { what: named(&ticket.id), source: erased.into() })
}

/// Keeps what is filled in; says no when there is no key any more.
async fn keep(
    scope: &mut TenantScope<'_>,
    ticket: &Ticket,
    filled: &Filled,
) -> Result<bool, StoreError> {
    let subject = subject(ticket);
    let keys = data_keys::ensure(scope, &[subject.clone()].into()).await?;
    let Some(key) = keys.of(&subject) else { return Ok(false) };
    let json = serde_json::to_vec(&written(filled)).map(Zeroizing::new);
    let json = json.map_err(|error| StoreError::corrupt(PLACE, error))?;
    sqlx::query(
        "INSERT INTO ticket_forms (tenant_id, ticket_id, sealed)
         VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET sealed = EXCLUDED.sealed",
    )
    .bind(scope.tenant)
    .bind(ticket.id.as_str())
    .bind(key.seal(PLACE, &json))
    .execute(scope.connection())
    .await
    .map_err(about(named(&ticket.id)))?;
    Ok(true)
}

fn named(ticket: &TicketId) -> String {
    format!("form of ticket {ticket}")
}

/// Names whom a ticket is about among the subjects of data keys.
pub(crate) fn subject(ticket: &Ticket) -> String {
    match (&ticket.customer, &ticket.interaction) {
        (Some(customer), _) => of_customer(customer.as_str()),
        (None, Some(contact)) => of_contact(contact.as_str()),
        (None, None) => of_ticket(ticket.id.as_str()),
    }
}

fn written(filled: &Filled) -> Entries {
    let values = filled.values.iter().map(|(name, value)| (name.to_string(), to_json(value)));
    let steps = filled.ticked.iter().map(|name| (format!("{STEP}{name}"), Value::Bool(true)));
    values.chain(steps).collect()
}

fn read(entries: Entries) -> Result<Filled, StoreError> {
    let name = |text: &str| -> Result<EntryName, StoreError> {
        text.parse().map_err(|error| StoreError::corrupt(PLACE, error))
    };
    let odd = || StoreError::corrupt(PLACE, "a value that no field has");
    let mut filled = Filled::default();
    for (text, value) in entries {
        match text.strip_prefix(STEP) {
            Some(step) => {
                filled.ticked.insert(name(step)?);
            }
            None => {
                filled.values.insert(name(&text)?, from_json(value).ok_or_else(odd)?);
            }
        }
    }
    Ok(filled)
}
