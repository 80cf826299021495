//! Promises to customers, each change with its line in the life of the ticket.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::postgres::{PgRow, Postgres};

use switchboard_domain::ids::{PromiseId, TenantId, TicketId};
use switchboard_domain::promise::{Promise, PromiseEnded};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};
use switchboard_store::promises::{PromiseFilter, PromiseLine, Promises};

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::tickets::words;
use crate::timestamp::At;

#[async_trait]
impl Promises for PostgresStore {
    async fn make(
        &self,
        tenant: &TenantId,
        promise: &Promise,
        line: &PromiseLine,
    ) -> Result<Promise, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            if insert(&mut scope, promise).await? {
                tell(&mut scope, promise.ticket.as_ref(), line).await?;
                scope.commit().await?;
                return Ok(promise.clone());
            }
            let known = by_id(&mut scope, &promise.id).await?;
            scope.commit().await?;
            known
                .filter(|known| is_same(known, promise))
                .ok_or_else(|| StoreError::conflict(named(&promise.id)))
        })
        .await
    }

    async fn promise(&self, tenant: &TenantId, id: &PromiseId) -> Result<Promise, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let promise = by_id(&mut scope, id).await?;
            scope.commit().await?;
            promise.ok_or_else(|| StoreError::not_found(named(id)))
        })
        .await
    }

    async fn promises(
        &self,
        tenant: &TenantId,
        filter: &PromiseFilter,
        page: &PageRequest,
    ) -> Result<Page<Promise>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = statement(scope.tenant, filter, page)
                .build()
                .fetch_all(scope.connection())
                .await
                .map_err(about("the promises"))?;
            scope.commit().await?;
            let promises = rows.iter().map(read).collect::<Result<_, _>>()?;
            Ok(Page::cut(promises, page.size(), |promise: &Promise| Cursor {
                at: promise.due_at,
                id: promise.id.to_string(),
            }))
        })
        .await
    }

    async fn end(
        &self,
        tenant: &TenantId,
        promise: &Promise,
        line: &PromiseLine,
    ) -> Result<(), StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            update(&mut scope, promise).await?;
            tell(&mut scope, promise.ticket.as_ref(), line).await?;
            scope.commit().await
        })
        .await
    }
}

fn named(id: &PromiseId) -> String {
    format!("promise {id}")
}

/// Tells whether a promise is the one that was made before under its name.
fn is_same(known: &Promise, made: &Promise) -> bool {
    (&known.ticket, &known.customer, &known.what, known.due_at)
        == (&made.ticket, &made.customer, &made.what, made.due_at)
}

async fn insert(scope: &mut TenantScope<'_>, promise: &Promise) -> Result<bool, StoreError> {
    let done = sqlx::query(include_str!("../queries/insert_promise.sql"))
        .bind(scope.tenant)
        .bind(promise.id.as_str())
        .bind(promise.ticket.as_ref().map(AsRef::<str>::as_ref))
        .bind(promise.customer.as_ref().map(AsRef::<str>::as_ref))
        .bind(&promise.what)
        .bind(promise.owner.as_ref().map(AsRef::<str>::as_ref))
        .bind(At(promise.due_at))
        .bind(&promise.made_by)
        .bind(At(promise.made_at))
        .execute(scope.connection())
        .await
        .map_err(about(named(&promise.id)))?;
    Ok(done.rows_affected() == 1)
}

async fn update(scope: &mut TenantScope<'_>, promise: &Promise) -> Result<(), StoreError> {
    let ended = promise.ended.as_ref();
    let done = sqlx::query(
        "UPDATE promises
         SET state = $4, ended_at = $5, ended_by = $6, note = $7, version = $3 + 1
         WHERE tenant_id = $1 AND id = $2 AND version = $3",
    )
    .bind(scope.tenant)
    .bind(promise.id.as_str())
    .bind(bigint(promise.version.saturating_sub(1)))
    .bind(promise.state.as_str())
    .bind(ended.map(|ended| At(ended.at)))
    .bind(ended.map(|ended| ended.by.as_str()))
    .bind(ended.and_then(|ended| ended.note.as_deref()))
    .execute(scope.connection())
    .await
    .map_err(about(named(&promise.id)))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::conflict(named(&promise.id))) }
}

/// Adds a line to the life of the promise's ticket, if it has one that goes on.
async fn tell(
    scope: &mut TenantScope<'_>,
    ticket: Option<&TicketId>,
    line: &PromiseLine,
) -> Result<(), StoreError> {
    let Some(ticket) = ticket else { return Ok(()) };
    let told = sqlx::query(include_str!("../queries/tell_ticket.sql"))
        .bind(scope.tenant)
        .bind(ticket.as_str())
        .bind(line.applied.as_str())
        .bind(&line.actor)
        .bind(&line.note)
        .bind(At(line.at))
        .execute(scope.connection())
        .await
        .map_err(about(format!("ticket {ticket}")))?;
    if told.rows_affected() == 0 {
        return Ok(());
    }
    words::add(scope, ticket, [line.note.as_str()]).await
}

async fn by_id(scope: &mut TenantScope<'_>, id: &PromiseId) -> Result<Option<Promise>, StoreError> {
    let row = sqlx::query("SELECT * FROM promises WHERE tenant_id = $1 AND id = $2")
        .bind(scope.tenant)
        .bind(id.as_str())
        .fetch_optional(scope.connection())
        .await
        .map_err(about(named(id)))?;
    row.as_ref().map(read).transpose()
}

/// Writes the statement of a page with exactly what its filter says, so that an index answers it.
fn statement(tenant: &str, filter: &PromiseFilter, page: &PageRequest) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT * FROM promises WHERE tenant_id = ");
    sql.push_bind(tenant.to_owned());
    if let Some(state) = filter.state {
        sql.push(format!(" AND state = '{state}'"));
    }
    if let Some(ticket) = &filter.ticket {
        sql.push(" AND ticket_id = ").push_bind(ticket.to_string());
    }
    if let Some(customer) = filter.customer.as_ref().map(ToString::to_string) {
        sql.push(" AND customer_id = ANY(ARRAY(SELECT ").push_bind(customer.clone());
        sql.push(" UNION ALL SELECT id FROM customers WHERE tenant_id = ");
        sql.push_bind(tenant.to_owned());
        sql.push(" AND merged_into = ").push_bind(customer).push("))");
    }
    if let Some(owner) = &filter.owner {
        sql.push(" AND owner_id = ").push_bind(owner.to_string());
    }
    if let Some(before) = filter.due_before {
        sql.push(" AND due_at < ").push_bind(At(before));
    }
    if let Some(cursor) = page.after() {
        sql.push(" AND (due_at, id) > (").push_bind(At(cursor.at));
        sql.push(", ").push_bind(cursor.id.clone()).push(")");
    }
    sql.push(" ORDER BY due_at, id LIMIT ").push_bind(i64::from(page.size()) + 1);
    sql
}

fn read(row: &PgRow) -> Result<Promise, StoreError> {
    let row = Reader::new(row, "promises");
    let by: Option<String> = row.get("ended_by")?;
    let ended = by.map(|by| {
        Ok::<_, StoreError>(PromiseEnded { at: row.at("ended_at")?, by, note: row.get("note")? })
    });
    Ok(Promise {
        id: row.parse("id")?,
        ticket: row.parse_optional("ticket_id")?,
        customer: row.parse_optional("customer_id")?,
        what: row.get("what")?,
        owner: row.parse_optional("owner_id")?,
        due_at: row.at("due_at")?,
        state: row.parse("state")?,
        made_by: row.get("made_by")?,
        made_at: row.at("made_at")?,
        ended: ended.transpose()?,
        version: row.count("version")?,
    })
}
