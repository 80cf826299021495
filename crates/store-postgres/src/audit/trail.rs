//! Reads the audit trail page by page.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::postgres::Postgres;

use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::audit::{AuditFilter, AuditRecord, AuditTrail};
use switchboard_store::error::StoreError;
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl AuditTrail for PostgresStore {
    async fn lines(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = statement(scope.tenant, filter, page)
                .build()
                .fetch_all(scope.connection())
                .await
                .map_err(about("the audit trail"))?;
            scope.commit().await?;
            let named = rows.iter().map(|row| {
                let row = Reader::new(row, "audit");
                Ok((row.get("key")?, super::read(&row)?))
            });
            let named = named.collect::<Result<Vec<(String, AuditRecord)>, StoreError>>()?;
            let page =
                Page::cut(named, page.size(), |(id, line)| Cursor { at: line.at, id: id.clone() });
            let records = page.records.into_iter().map(|(_, line)| line).collect();
            Ok(Page { records, next: page.next })
        })
        .await
    }
}

/// Writes the statement of a page with exactly what its filter says, so that an index answers it.
fn statement(tenant: &str, filter: &AuditFilter, page: &PageRequest) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "SELECT id::text AS key, actor, role, action, object, detail, happened_at FROM audit \
         WHERE tenant_id = ",
    );
    sql.push_bind(tenant.to_owned());
    if let Some(customer) = &filter.customer {
        push_objects(&mut sql, tenant, customer);
    }
    if let Some(object) = &filter.object {
        sql.push(" AND object = ").push_bind(object.clone());
    }
    if let Some(actor) = &filter.actor {
        sql.push(" AND actor = ").push_bind(actor.clone());
    }
    if let Some(from) = filter.from {
        sql.push(" AND happened_at >= ").push_bind(At(from));
    }
    if let Some(until) = filter.until {
        sql.push(" AND happened_at < ").push_bind(At(until));
    }
    if let Some(cursor) = page.after() {
        sql.push(" AND (happened_at, id) < (").push_bind(At(cursor.at));
        sql.push(", ").push_bind(cursor.id.clone()).push("::uuid)");
    }
    sql.push(" ORDER BY happened_at DESC, id DESC LIMIT ").push_bind(i64::from(page.size()) + 1);
    sql
}

/// What the trail calls what is kept of a customer: by table.
const OBJECTS: [(&str, &str); 5] = [
    ("interaction", "interactions"),
    ("ticket", "tickets"),
    ("follow-up", "follow_ups"),
    ("promise", "promises"),
    ("touchpoint", "touchpoints"),
];

/// Narrows down to the records of a customer, also one who was erased, and to what is kept of them.
fn push_objects(sql: &mut QueryBuilder<Postgres>, tenant: &str, customer: &CustomerId) {
    sql.push(" AND object = ANY(ARRAY(SELECT 'customer/' || led.id FROM (");
    push_records(sql, tenant, customer);
    sql.push(") AS led (id)");
    for (object, table) in OBJECTS {
        sql.push(format!(" UNION ALL SELECT '{object}/' || id FROM {table} WHERE tenant_id = "));
        sql.push_bind(tenant.to_owned()).push(" AND customer_id = ANY(ARRAY(");
        push_records(sql, tenant, customer);
        sql.push("))");
    }
    sql.push("))");
}

/// Names the record of a customer and those that were merged into it.
fn push_records(sql: &mut QueryBuilder<Postgres>, tenant: &str, customer: &CustomerId) {
    sql.push("SELECT ").push_bind(customer.to_string());
    sql.push(" UNION ALL SELECT id FROM customers WHERE tenant_id = ");
    sql.push_bind(tenant.to_owned());
    sql.push(" AND merged_into = ").push_bind(customer.to_string());
}
