//! Menus that ran outside a call, as events before the first epoch.

use std::collections::BTreeSet;

use async_trait::async_trait;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::interaction::{Fact, Interaction};
use switchboard_domain::ticket::due_tickets;
use switchboard_store::error::StoreError;
use switchboard_store::history::{MenuHistory, MenuStep, MenuStory};
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::row::bigint;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::rule_tickets;
use crate::vault::of_contact;
use crate::{interactions, outbox_rows};

/// The epoch of what happened before the floor knew a call; epochs of the floor are above it.
const BEFORE_THE_FLOOR: u64 = 0;

#[async_trait]
impl MenuHistory for PostgresStore {
    async fn keep_menu(&self, tenant: &TenantId, story: &MenuStory) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let known = known_steps(&mut scope, &story.interaction).await?;
            let new = story.steps.get(known..).unwrap_or_default();
            let Some(first) = new.first() else { return scope.commit().await };
            let subject = BTreeSet::from([of_contact(story.interaction.as_str())]);
            let keys = data_keys::ensure(&mut scope, &subject).await?;
            let entries = entries(&mut scope, story, (known, new)).await?;
            outbox_rows::insert(&mut scope, BEFORE_THE_FLOOR, &entries, &keys).await?;
            fold(&mut scope, story, first, &keys).await?;
            scope.commit().await
        })
        .await
    }
}

/// Counts the steps that are kept, and makes everybody else who keeps this menu wait.
async fn known_steps(
    scope: &mut TenantScope<'_>,
    interaction: &ContactId,
) -> Result<usize, StoreError> {
    let failed = || about(format!("the menu of {interaction}"));
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))")
        .bind(scope.tenant)
        .bind(interaction.as_str())
        .execute(scope.connection())
        .await
        .map_err(failed())?;
    let known: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM interaction_events
         WHERE tenant_id = $1 AND interaction_id = $2 AND epoch = $3",
    )
    .bind(scope.tenant)
    .bind(interaction.as_str())
    .bind(bigint(BEFORE_THE_FLOOR))
    .fetch_one(scope.connection())
    .await
    .map_err(failed())?;
    Ok(usize::try_from(known).unwrap_or(usize::MAX))
}

async fn entries(
    scope: &mut TenantScope<'_>,
    story: &MenuStory,
    (known, steps): (usize, &[MenuStep]),
) -> Result<Vec<OutboxEntry>, StoreError> {
    let numbers: Vec<i64> =
        sqlx::query_scalar("SELECT nextval('menu_event_numbers') FROM generate_series(1, $1)")
            .bind(i32::try_from(steps.len()).unwrap_or(i32::MAX))
            .fetch_all(scope.connection())
            .await
            .map_err(about("numbers for the steps of a menu"))?;
    let numbered = steps.iter().zip(numbers).enumerate();
    Ok(numbered
        .map(|(place, (step, number))| OutboxEntry {
            epoch: BEFORE_THE_FLOOR,
            id: OutboxId::new(step.at.as_millis().unsigned_abs(), number.unsigned_abs()),
            entity: EntityKind::Contact,
            entity_id: story.interaction.to_string(),
            version: (known + place + 1) as u64,
            at: step.at,
            wall: step.at,
            kind: step.kind.clone(),
            fields: step.fields.clone(),
            trace: None,
        })
        .collect())
}

/// Folds the whole story into an interaction that nobody knows yet.
async fn fold(
    scope: &mut TenantScope<'_>,
    story: &MenuStory,
    first: &MenuStep,
    keys: &KeySet,
) -> Result<(), StoreError> {
    let mut interaction = Interaction::begin(story.interaction.clone(), first.at);
    for MenuStep { kind, fields, at } in &story.steps {
        let fact = Fact { kind, fields, wall: *at };
        interaction.fold(&fact).map_err(|error| {
            StoreError::corrupt(format!("the menu of {}", story.interaction), error)
        })?;
    }
    interactions::begin(scope, &interaction, story.steps.len() as u64, keys).await?;
    for (rule, ticket) in due_tickets(&interaction, &story.rules) {
        rule_tickets::make(scope, rule, &ticket, story.now).await?;
    }
    Ok(())
}
