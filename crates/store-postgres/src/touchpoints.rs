//! The care calendar: each day planned once, and fired once with what it becomes.

use std::collections::BTreeMap;

use async_trait::async_trait;

use switchboard_domain::ids::{CustomerId, TenantId, TouchpointId};
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Outcome, Touchpoint, TouchpointFigures, TouchpointState};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};
use switchboard_store::touchpoints::{Firing, TouchpointFilter, TouchpointReport, Touchpoints};

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::{follow_ups, tickets};

const TABLE: &str = "touchpoints";

#[async_trait]
impl Touchpoints for PostgresStore {
    async fn plan(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        touchpoints: &[Touchpoint],
    ) -> Result<Vec<Touchpoint>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let kept = plan(&mut scope, customer, touchpoints).await?;
            scope.commit().await?;
            Ok(kept)
        })
        .await
    }

    async fn try_plan(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        touchpoints: &[Touchpoint],
    ) -> Result<Vec<Touchpoint>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // The transaction ends without being committed.
            plan(&mut scope, customer, touchpoints).await
        })
        .await
    }

    async fn due(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        after: Option<&Cursor>,
        most: u32,
    ) -> Result<Vec<Touchpoint>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT touchpoints.*
                 FROM touchpoints
                 WHERE tenant_id = $1 AND state = 'planned' AND opens_at <= $2
                     AND ($3::timestamptz IS NULL OR (opens_at, id) > ($3, $4))
                 ORDER BY opens_at, id
                 LIMIT $5",
            )
            .bind(scope.tenant)
            .bind(At(now))
            .bind(after.map(|cursor| At(cursor.at)))
            .bind(after.map(|cursor| cursor.id.as_str()))
            .bind(i64::from(most))
            .fetch_all(scope.connection())
            .await
            .map_err(about("the touchpoints that are due"))?;
            scope.commit().await?;
            rows.iter().map(|row| read(&Reader::new(row, TABLE))).collect()
        })
        .await
    }

    async fn has_twin(
        &self,
        tenant: &TenantId,
        (touchpoint, is_of_the_year): (&Touchpoint, bool),
        leading: &CustomerId,
    ) -> Result<bool, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let found = sqlx::query_scalar(include_str!("../queries/touchpoint_twin.sql"))
                .bind(scope.tenant)
                .bind(touchpoint.id.as_str())
                .bind(touchpoint.customer.as_str())
                .bind(leading.as_str())
                .bind(&touchpoint.plan)
                .bind(touchpoint.anchor_on.to_string())
                .bind(i32::from(touchpoint.month))
                .bind(is_of_the_year.then(|| touchpoint.day.to_string()))
                .fetch_one(scope.connection())
                .await
                .map_err(about(format!("the twin of touchpoint {}", touchpoint.id)))?;
            scope.commit().await?;
            Ok(found)
        })
        .await
    }

    async fn fire(&self, tenant: &TenantId, firing: &Firing) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            // Before all else, as an erasure does.
            let successor = match &firing.successor {
                Some(next) if hold_leading(&mut scope, &next.customer).await?.is_some() => {
                    Some(next)
                }
                Some(_) | None => None,
            };
            update(&mut scope, &firing.touchpoint).await?;
            if let Some(follow_up) = &firing.follow_up {
                follow_ups::write::insert(&mut scope, follow_up).await?;
            }
            if let Some(order) = &firing.ticket {
                tickets::create(&mut scope, order).await?;
            }
            if let Some(successor) = successor {
                insert(&mut scope, successor).await?;
            }
            scope.commit().await
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &TouchpointId) -> Result<Touchpoint, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "SELECT touchpoints.* FROM touchpoints WHERE tenant_id = $1 AND id = $2",
            )
            .bind(scope.tenant)
            .bind(id.as_str())
            .fetch_optional(scope.connection())
            .await
            .map_err(about(format!("touchpoint {id}")))?;
            scope.commit().await?;
            let row = row.ok_or_else(|| StoreError::not_found(format!("touchpoint {id}")))?;
            read(&Reader::new(&row, TABLE))
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &TouchpointFilter,
        page: &PageRequest,
    ) -> Result<Page<Touchpoint>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(include_str!("../queries/list_touchpoints.sql"))
                .bind(scope.tenant)
                .bind(filter.customer.as_ref().map(AsRef::<str>::as_ref))
                .bind(&filter.plan)
                .bind(filter.state.map(TouchpointState::as_str))
                .bind(filter.opens_before.map(At))
                .bind(page.after().map(|cursor| At(cursor.at)))
                .bind(page.after().map(|cursor| cursor.id.as_str()))
                .bind(i64::from(page.size()) + 1)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the touchpoints"))?;
            scope.commit().await?;
            let found: Result<_, _> =
                rows.iter().map(|row| read(&Reader::new(row, TABLE))).collect();
            Ok(Page::cut(found?, page.size(), |touchpoint: &Touchpoint| Cursor {
                at: touchpoint.opens_at,
                id: touchpoint.id.to_string(),
            }))
        })
        .await
    }

    async fn touchpoint_figures(
        &self,
        tenant: &TenantId,
        report: &TouchpointReport,
    ) -> Result<BTreeMap<String, TouchpointFigures>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(include_str!("../queries/touchpoint_figures.sql"))
                .bind(scope.tenant)
                .bind(At(report.from))
                .bind(At(report.until))
                .bind(At(report.now))
                .bind(&report.plan)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the figures of touchpoints"))?;
            scope.commit().await?;
            let mut found: BTreeMap<String, TouchpointFigures> = BTreeMap::new();
            for row in rows.iter().map(|row| Reader::new(row, TABLE)) {
                let outcome = row.word("outcome", Outcome::parse)?;
                let reason: Option<&str> = row.get("reason")?;
                let figures = found.entry(row.get("plan")?).or_default();
                figures.count(outcome, reason.unwrap_or_default(), row.count("number")?);
            }
            Ok(found)
        })
        .await
    }
}

/// Keeps touchpoints of a customer who is there and for whom no other leads, and gives them as they are
/// kept.
async fn plan(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
    touchpoints: &[Touchpoint],
) -> Result<Vec<Touchpoint>, StoreError> {
    let leading = hold_leading(scope, customer).await?;
    let leading = leading.ok_or_else(|| StoreError::not_found(format!("customer {customer}")))?;
    if leading != customer.as_str() {
        return Err(StoreError::conflict(format!("customer {customer}")));
    }
    let mut kept = Vec::with_capacity(touchpoints.len());
    for touchpoint in touchpoints {
        insert(scope, touchpoint).await?;
        kept.push(same_day(scope, touchpoint).await?);
    }
    Ok(kept)
}

/// Keeps the record that leads for a customer from being erased or merged until the end of the
/// transaction, and names it; nothing for a customer who is gone.
///
/// An erasure takes the same lock before it deletes, so that nothing is planned behind its back.
async fn hold_leading(
    scope: &mut TenantScope<'_>,
    customer: &CustomerId,
) -> Result<Option<String>, StoreError> {
    sqlx::query_scalar(
        "SELECT id
         FROM customers
         WHERE tenant_id = $1 AND erased_at IS NULL AND id = (
             SELECT coalesce(merged_into, id) FROM customers WHERE tenant_id = $1 AND id = $2
         )
         FOR SHARE",
    )
    .bind(scope.tenant)
    .bind(customer.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about(format!("customer {customer}")))
}

/// Keeps a touchpoint, unless its customer, plan, anchor and month have one.
async fn insert(scope: &mut TenantScope<'_>, touchpoint: &Touchpoint) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO touchpoints (
             tenant_id, id, customer_id, plan, anchor_on, month, day, opens_at, closes_at, state,
             version
         )
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
         ON CONFLICT ON CONSTRAINT touchpoints_once DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(touchpoint.id.as_str())
    .bind(touchpoint.customer.as_str())
    .bind(&touchpoint.plan)
    .bind(touchpoint.anchor_on.to_string())
    .bind(i32::from(touchpoint.month))
    .bind(touchpoint.day.to_string())
    .bind(At(touchpoint.opens_at))
    .bind(At(touchpoint.closes_at))
    .bind(touchpoint.state.as_str())
    .execute(scope.connection())
    .await
    .map_err(about(format!("touchpoint {}", touchpoint.id)))?;
    Ok(())
}

async fn same_day(
    scope: &mut TenantScope<'_>,
    touchpoint: &Touchpoint,
) -> Result<Touchpoint, StoreError> {
    let row = sqlx::query(
        "SELECT touchpoints.*
         FROM touchpoints
         WHERE tenant_id = $1 AND customer_id = $2 AND plan = $3 AND anchor_on = $4 AND month = $5",
    )
    .bind(scope.tenant)
    .bind(touchpoint.customer.as_str())
    .bind(&touchpoint.plan)
    .bind(touchpoint.anchor_on.to_string())
    .bind(i32::from(touchpoint.month))
    .fetch_one(scope.connection())
    .await
    .map_err(about(format!("touchpoint {}", touchpoint.id)))?;
    read(&Reader::new(&row, TABLE))
}

async fn update(scope: &mut TenantScope<'_>, touchpoint: &Touchpoint) -> Result<(), StoreError> {
    let what = format!("touchpoint {}", touchpoint.id);
    let done = sqlx::query(
        "UPDATE touchpoints
         SET state = $4, reason = $5, follow_up_id = $6, ticket_id = $7, version = $3 + 1
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(touchpoint.id.as_str())
    .bind(bigint(touchpoint.version.saturating_sub(1)))
    .bind(touchpoint.state.as_str())
    .bind(&touchpoint.reason)
    .bind(touchpoint.follow_up.as_ref().map(AsRef::<str>::as_ref))
    .bind(touchpoint.ticket.as_ref().map(AsRef::<str>::as_ref))
    .execute(scope.connection())
    .await
    .map_err(about(what.clone()))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::conflict(what)) }
}

fn read(row: &Reader<'_>) -> Result<Touchpoint, StoreError> {
    let month: i32 = row.get("month")?;
    Ok(Touchpoint {
        id: row.parse("id")?,
        customer: row.parse("customer_id")?,
        plan: row.get("plan")?,
        anchor_on: row.parse("anchor_on")?,
        month: u16::try_from(month)
            .map_err(|error| StoreError::corrupt("touchpoints.month", error))?,
        day: row.parse("day")?,
        opens_at: row.at("opens_at")?,
        closes_at: row.at("closes_at")?,
        state: row.word("state", TouchpointState::parse)?,
        reason: row.get("reason")?,
        follow_up: row.parse_optional("follow_up_id")?,
        ticket: row.parse_optional("ticket_id")?,
        version: row.count("version")?,
    })
}
