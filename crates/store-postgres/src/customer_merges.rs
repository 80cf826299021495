//! Records of one customer: pointers from losers to winners, and nothing moved.

mod look_alikes;

use async_trait::async_trait;

use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::customer_merges::{CustomerMerges, LookAlikes, Merge, MergeOrder};
use switchboard_store::customers::CustomerEvent;
use switchboard_store::error::StoreError;

use crate::customer_events;
use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;

/// What the event of a record that leads to another one is about.
const MERGED_INTO: &str = "merged_into";
/// What the event of a record that another one leads to is about.
const MERGED: &str = "merged_customer_ids";

#[async_trait]
impl CustomerMerges for PostgresStore {
    async fn merge(&self, tenant: &TenantId, order: &MergeOrder) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let (winner, loser) = (&order.winner, &order.loser);
            let mut sides = [
                (winner, Some(order.winner_version), MERGED),
                (loser, Some(order.loser_version), MERGED_INTO),
            ];
            // Always in one order, so that two merges never wait for each other.
            sides.sort_by_key(|(id, ..)| *id);
            for (id, version, field) in sides {
                let version = next_version(&mut scope, id, version, true).await?;
                tell(&mut scope, id, version, (field, &order.actor, order.at)).await?;
            }
            sqlx::query(
                "INSERT INTO customer_merges (tenant_id, loser_id, winner_id, merged_at)
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(scope.tenant)
            .bind(loser.as_str())
            .bind(winner.as_str())
            .bind(At(order.at))
            .execute(scope.connection())
            .await
            .map_err(about(format!("customer {loser}")))?;
            lead_to(&mut scope, loser, Some(winner)).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(())
        })
        .await
    }

    async fn merge_of(
        &self,
        tenant: &TenantId,
        loser: &CustomerId,
    ) -> Result<Option<Merge>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "SELECT winner_id, merged_at
                 FROM customer_merges
                 WHERE tenant_id = $1 AND loser_id = $2",
            )
            .bind(scope.tenant)
            .bind(loser.as_str())
            .fetch_optional(scope.connection())
            .await
            .map_err(about(format!("the merge of customer {loser}")))?;
            scope.commit().await?;
            let Some(row) = row else { return Ok(None) };
            let row = Reader::new(&row, "customer_merges");
            Ok(Some(Merge { winner: row.parse("winner_id")?, at: row.at("merged_at")? }))
        })
        .await
    }

    async fn unmerge(
        &self,
        tenant: &TenantId,
        loser: &CustomerId,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let winner = forget(&mut scope, loser).await?;
            lead_to(&mut scope, loser, None).await?;
            let mut sides = [(&winner, MERGED), (loser, MERGED_INTO)];
            sides.sort_by_key(|(id, _)| *id);
            for (id, field) in sides {
                let version = next_version(&mut scope, id, None, false).await?;
                tell(&mut scope, id, version, (field, actor, at)).await?;
            }
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(())
        })
        .await
    }

    async fn look_alikes(
        &self,
        tenant: &TenantId,
        after: Option<&CustomerId>,
        at_most: u32,
    ) -> Result<LookAlikes, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = look_alikes::behind(&mut scope, after, at_most).await?;
            scope.commit().await?;
            Ok(found)
        })
        .await
    }

    async fn look_alikes_of(
        &self,
        tenant: &TenantId,
        id: &CustomerId,
    ) -> Result<LookAlikes, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = look_alikes::of(&mut scope, id).await?;
            scope.commit().await?;
            Ok(found)
        })
        .await
    }
}

/// Brings a record one version on; a conflict unless it is at a version, if one is given, and is not
/// merged, if it must not be.
async fn next_version(
    scope: &mut TenantScope<'_>,
    id: &CustomerId,
    from: Option<u64>,
    must_lead: bool,
) -> Result<u64, StoreError> {
    let version: Option<i64> = sqlx::query_scalar(
        "UPDATE customers
         SET version = version + 1
         WHERE tenant_id = $1 AND id = $2
             AND ($3::bigint IS NULL OR version = $3)
             AND (NOT $4 OR merged_into IS NULL)
         RETURNING version",
    )
    .bind(scope.tenant)
    .bind(id.as_str())
    .bind(from.map(bigint))
    .bind(must_lead)
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("customer {id}")))?;
    let version = version.and_then(|version| u64::try_from(version).ok());
    version.ok_or_else(|| StoreError::conflict(format!("customer {id}")))
}

async fn tell(
    scope: &mut TenantScope<'_>,
    id: &CustomerId,
    version: u64,
    (field, actor, at): (&str, &str, Timestamp),
) -> Result<(), StoreError> {
    let fields = vec![field.to_owned()];
    let event = CustomerEvent { version, fields, actor: actor.to_owned(), at };
    customer_events::insert(scope, &[(id, &event)]).await
}

async fn lead_to(
    scope: &mut TenantScope<'_>,
    loser: &CustomerId,
    winner: Option<&CustomerId>,
) -> Result<(), StoreError> {
    sqlx::query(include_str!("../queries/lead_to.sql"))
        .bind(scope.tenant)
        .bind(loser.as_str())
        .bind(winner.map(CustomerId::as_str))
        .execute(scope.connection())
        .await
        .map_err(about(format!("customer {loser}")))?;
    Ok(())
}

/// Takes the order of a merge away and gives its winner; a conflict when there is none any more.
async fn forget(scope: &mut TenantScope<'_>, loser: &CustomerId) -> Result<CustomerId, StoreError> {
    let row = sqlx::query(
        "DELETE FROM customer_merges
         WHERE tenant_id = $1 AND loser_id = $2
         RETURNING winner_id",
    )
    .bind(scope.tenant)
    .bind(loser.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("the merge of customer {loser}")))?;
    let row = row.ok_or_else(|| StoreError::conflict(format!("customer {loser}")))?;
    Reader::new(&row, "customer_merges").parse("winner_id")
}
