//! The list of tenants; the one table that belongs to none of them.

use async_trait::async_trait;

use switchboard_store::error::StoreError;
use switchboard_store::tenants::{Tenant, Tenants};

use crate::error::about;
use crate::row::Reader;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Tenants for PostgresStore {
    async fn create(&self, tenant: &Tenant) -> Result<(), StoreError> {
        self.bounded(async {
            sqlx::query("INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)")
                .bind(tenant.id.as_str())
                .bind(&tenant.name)
                .bind(At(tenant.created_at))
                .execute(&self.pool)
                .await
                .map_err(about(format!("tenant {}", tenant.id)))?;
            Ok(())
        })
        .await
    }

    async fn list(&self) -> Result<Vec<Tenant>, StoreError> {
        self.bounded(async {
            let rows = sqlx::query("SELECT id, name, created_at FROM tenants ORDER BY id")
                .fetch_all(&self.pool)
                .await
                .map_err(about("the tenants"))?;
            rows.iter()
                .map(|row| {
                    let row = Reader::new(row, "tenants");
                    Ok(Tenant {
                        id: row.parse("id")?,
                        name: row.get("name")?,
                        created_at: row.at("created_at")?,
                    })
                })
                .collect()
        })
        .await
    }
}
