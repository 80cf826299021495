//! Keeping a batch: each new event is folded into its interaction, and may leave tickets behind.

use std::collections::{BTreeMap, HashSet};

use switchboard_domain::ids::ContactId;
use switchboard_domain::interaction::{Fact, Interaction};
use switchboard_domain::ticket::due_tickets;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{EntityKind, OutboxEntry};
use switchboard_store::projection::{Batch, ProjectionError};

use crate::error::about;
use crate::interactions::{self, Projected};
use crate::outbox_rows::{self, contact_of};
use crate::scope::TenantScope;
use crate::tickets::rule_tickets;

/// The event that ends a contact, and with it decides its tickets.
const ENDED: &str = "contact_ended";

/// The interactions that a batch is about, as they become.
type Touched = BTreeMap<ContactId, Option<Projected>>;

/// Keeps the entries of a batch that are not kept yet, with all that follows from them.
pub(super) async fn keep(
    scope: &mut TenantScope<'_>,
    batch: &Batch,
) -> Result<(), ProjectionError> {
    let inserted = outbox_rows::insert(scope, batch.epoch, &batch.entries).await;
    let inserted = inserted.map_err(|error| poison(about("an event")(error)))?;
    let new: HashSet<_> = inserted.into_iter().collect();
    let mut touched = Touched::new();
    for entry in batch.entries.iter().filter(|entry| new.contains(&entry.id)) {
        fold_one(scope, batch, entry, &mut touched).await?;
    }
    for projected in touched.values().flatten() {
        interactions::save(scope, projected).await.map_err(poison)?;
    }
    Ok(())
}

async fn fold_one(
    scope: &mut TenantScope<'_>,
    batch: &Batch,
    entry: &OutboxEntry,
    touched: &mut Touched,
) -> Result<(), ProjectionError> {
    let Some(contact) = contact_of(entry) else { return Ok(()) };
    let contact = ContactId::parse(contact).map_err(unreadable)?;
    if !touched.contains_key(&contact) {
        let found = interactions::find(scope, &contact).await?;
        touched.insert(contact.clone(), found);
    }
    let slot = touched.entry(contact.clone()).or_default();
    let Some(projected) = next_version(slot, contact, entry) else { return Ok(()) };
    let fact = Fact { kind: &entry.kind, fields: &entry.fields, wall: entry.wall };
    projected.interaction.fold(&fact).map_err(unreadable)?;
    if entry.kind == ENDED {
        for (rule, ticket) in due_tickets(&projected.interaction, &batch.rules) {
            rule_tickets::make(scope, rule, &ticket, batch.now).await.map_err(poison)?;
        }
    }
    Ok(())
}

/// Gives the interaction to fold an entry into; none when the entry comes too late to count.
fn next_version<'slot>(
    slot: &'slot mut Option<Projected>,
    contact: ContactId,
    entry: &OutboxEntry,
) -> Option<&'slot mut Projected> {
    if entry.entity != EntityKind::Contact {
        // An agent's event adds to a contact that is known, and makes none.
        return slot.as_mut();
    }
    let projected = slot.get_or_insert_with(|| Projected {
        interaction: Interaction::begin(contact, entry.wall),
        epoch: 0,
        version: 0,
    });
    if (entry.epoch, entry.version) <= (projected.epoch, projected.version) {
        return None;
    }
    (projected.epoch, projected.version) = (entry.epoch, entry.version);
    Some(projected)
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> ProjectionError {
    ProjectionError::Poison(error.into())
}

/// A value that the schema refuses today, it refuses tomorrow: such an entry is poison.
fn poison(error: StoreError) -> ProjectionError {
    match error {
        StoreError::Refused { .. } => ProjectionError::Poison(error.into()),
        StoreError::Unavailable(_)
        | StoreError::Conflict { .. }
        | StoreError::NotFound { .. }
        | StoreError::Corrupt { .. } => ProjectionError::Store(error),
    }
}
