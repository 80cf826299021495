//! Keeping a batch: each new event is folded into its interaction, and may leave tickets behind.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use switchboard_domain::ids::ContactId;
use switchboard_domain::interaction::{Fact, Interaction};
use switchboard_domain::ticket::{TicketRule, due_tickets};
use switchboard_domain::time::Timestamp;
use switchboard_store::dead_events::Replay;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{EntityKind, OutboxEntry};
use switchboard_store::projection::{Batch, ProjectionError, adds};

use crate::data_keys::{self, KeySet};
use crate::interactions::{self, Projected};
use crate::outbox_rows;
use crate::scope::TenantScope;
use crate::tickets::rule_tickets;

/// The event that ends a contact, and with it decides its tickets.
const ENDED: &str = "contact_ended";

/// The interactions that a batch is about, as they become.
type Touched = BTreeMap<String, Projected>;

/// Keeps the entries of a batch that are not kept yet, with all that follows from them.
pub(super) async fn keep(
    scope: &mut TenantScope<'_>,
    batch: &Batch,
) -> Result<(), ProjectionError> {
    let subjects = batch.entries.iter().filter_map(outbox_rows::subject).collect();
    let keys = data_keys::ensure(scope, &subjects).await.map_err(poison)?;
    let inserted = outbox_rows::insert(scope, batch.epoch, &batch.entries, &keys).await;
    let inserted = inserted.map_err(poison)?;
    let new: HashSet<_> = inserted.into_iter().collect();
    let entries = || batch.entries.iter().filter(|entry| new.contains(&entry.id));
    let mut touched = find_touched(scope, entries(), &keys).await?;
    for entry in entries() {
        fold_one(scope, batch, entry, &mut touched).await?;
    }
    let touched: Vec<&Projected> = touched.values().collect();
    interactions::save(scope, &touched, &keys).await.map_err(poison)
}

async fn find_touched<'entry>(
    scope: &mut TenantScope<'_>,
    entries: impl Iterator<Item = &'entry OutboxEntry>,
    keys: &KeySet,
) -> Result<Touched, StoreError> {
    let contacts: BTreeSet<&str> = entries.filter_map(OutboxEntry::contact).collect();
    let contacts: Vec<&str> = contacts.into_iter().collect();
    let found = interactions::find_all(scope, &contacts, keys).await?;
    Ok(found.into_iter().map(|found| (found.interaction.id.to_string(), found)).collect())
}

async fn fold_one(
    scope: &mut TenantScope<'_>,
    batch: &Batch,
    entry: &OutboxEntry,
    touched: &mut Touched,
) -> Result<(), ProjectionError> {
    let Some(projected) = fold_fact(touched, entry)? else { return Ok(()) };
    if entry.kind == ENDED {
        make_tickets(scope, &projected.interaction, &batch.rules, batch.now).await?;
    }
    Ok(())
}

/// Keeps an entry that could not be kept in its turn, and folds its contact anew, in order.
pub(crate) async fn replay(
    scope: &mut TenantScope<'_>,
    entry: &OutboxEntry,
    replay: &Replay,
) -> Result<(), ProjectionError> {
    let subjects = outbox_rows::subject(entry).into_iter().collect();
    let keys = data_keys::ensure(scope, &subjects).await?;
    let inserted = outbox_rows::insert(scope, entry.epoch, std::slice::from_ref(entry), &keys);
    inserted.await.map_err(poison)?;
    let Some(name) = entry.contact() else { return Ok(()) };
    let contact = ContactId::parse(name).map_err(unreadable)?;
    let before = interactions::find(scope, &contact).await?;
    let mut touched = Touched::new();
    for kept in outbox_rows::about_contact(scope, &contact).await? {
        fold_fact(&mut touched, &kept)?;
    }
    let Some(anew) = touched.remove(name) else { return Ok(()) };
    interactions::save(scope, &[&anew], &keys).await.map_err(poison)?;
    if before.and_then(|before| before.interaction.outcome()) != anew.interaction.outcome() {
        make_tickets(scope, &anew.interaction, &replay.rules, replay.now).await?;
    }
    Ok(())
}

/// Makes the tickets that a contact leaves behind, unless they were made before.
async fn make_tickets(
    scope: &mut TenantScope<'_>,
    interaction: &Interaction,
    rules: &[TicketRule],
    now: Timestamp,
) -> Result<(), ProjectionError> {
    for (rule, ticket) in due_tickets(interaction, rules) {
        rule_tickets::make(scope, rule, &ticket, now).await.map_err(poison)?;
    }
    Ok(())
}

/// Folds an entry into its interaction and gives that; none when it adds nothing.
fn fold_fact<'touched>(
    touched: &'touched mut Touched,
    entry: &OutboxEntry,
) -> Result<Option<&'touched mut Projected>, ProjectionError> {
    let Some(projected) = to_fold_into(touched, entry)? else { return Ok(None) };
    let fact = Fact { kind: &entry.kind, fields: &entry.fields, wall: entry.wall };
    projected.interaction.fold(&fact).map_err(unreadable)?;
    Ok(Some(projected))
}

/// Gives the interaction to fold an entry into; none when there is none, or the entry is too old.
fn to_fold_into<'touched>(
    touched: &'touched mut Touched,
    entry: &OutboxEntry,
) -> Result<Option<&'touched mut Projected>, ProjectionError> {
    let Some(name) = entry.contact() else { return Ok(None) };
    let contact = ContactId::parse(name).map_err(unreadable)?;
    if entry.entity != EntityKind::Contact {
        // An agent's event adds to a contact that is known, and makes none.
        return Ok(touched.get_mut(name));
    }
    let projected = touched.entry(name.to_owned()).or_insert_with(|| Projected {
        interaction: Interaction::begin(contact, entry.wall),
        epoch: 0,
        version: 0,
    });
    let standing = (projected.epoch, projected.version);
    if !adds((entry.epoch, entry.version), standing) {
        return Ok(None);
    }
    (projected.epoch, projected.version) = (entry.epoch, entry.version);
    Ok(Some(projected))
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> ProjectionError {
    ProjectionError::Poison(error.into())
}

/// A value that the schema refuses today, it refuses tomorrow: such an entry is poison.
fn poison(error: StoreError) -> ProjectionError {
    match error {
        StoreError::Refused { .. } | StoreError::NotFound { .. } | StoreError::Corrupt { .. } => {
            ProjectionError::Poison(error.into())
        }
        StoreError::Unavailable(_) | StoreError::Conflict { .. } | StoreError::Taken { .. } => {
            ProjectionError::Store(error)
        }
    }
}
