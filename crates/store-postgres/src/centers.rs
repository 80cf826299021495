//! Centers as versions; the next one is made from the one in force or not at all.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::types::Json;

use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_store::centers::{CenterVersion, Centers, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowText};

use crate::error::about;
use crate::flows;
use crate::row::{Reader, bigint};
use crate::signals::Topic;
use crate::store::PostgresStore;
use crate::timestamp::At;

#[async_trait]
impl Centers for PostgresStore {
    async fn save(&self, tenant: &TenantId, center: &NewCenterVersion) -> Result<u64, StoreError> {
        let version = self.bounded(self.save_center(tenant, center)).await?;
        self.signals.centers.ring(tenant.as_str());
        Ok(version)
    }

    async fn current(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        self.bounded(self.current_center(tenant)).await
    }

    async fn load(&self, tenant: &TenantId, version: u64) -> Result<CenterVersion, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "SELECT version, files, actor, applied_at
                 FROM center_versions
                 WHERE tenant_id = $1 AND version = $2",
            )
            .bind(scope.tenant)
            .bind(bigint(version))
            .fetch_one(scope.connection())
            .await
            .map_err(about(format!("center version {version}")))?;
            scope.commit().await?;
            let row = Reader::new(&row, "center_versions");
            Ok(CenterVersion {
                version: row.count("version")?,
                files: row.texts("files")?,
                actor: row.get("actor")?,
                at: row.at("applied_at")?,
            })
        })
        .await
    }

    async fn flow_text(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError> {
        self.bounded(self.read_flow_text(tenant, flow, version)).await
    }

    async fn flow_releases(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<FlowRelease>, StoreError> {
        self.bounded(self.read_flow_releases(tenant, flow, before, limit)).await
    }

    async fn watch(
        &self,
        tenant: &TenantId,
        known: u64,
        wait: Duration,
    ) -> Result<u64, StoreError> {
        let look = || self.bounded(self.current_center(tenant));
        self.signals.centers.look_until(tenant, wait, look, |current| *current != known).await
    }
}

impl PostgresStore {
    async fn save_center(
        &self,
        tenant: &TenantId,
        center: &NewCenterVersion,
    ) -> Result<u64, StoreError> {
        let version = center.based_on + 1;
        let mut scope = self.scope(tenant).await?;
        // The key refuses a version that exists, the condition one that would leave a gap.
        let done = sqlx::query(
            "INSERT INTO center_versions (tenant_id, version, files, actor, applied_at)
             SELECT $1, $2, $3, $4, $5
             FROM center_versions
             WHERE tenant_id = $1
             HAVING COALESCE(max(version), 0) = $2 - 1",
        )
        .bind(scope.tenant)
        .bind(bigint(version))
        .bind(Json(&center.files))
        .bind(&center.actor)
        .bind(At(center.at))
        .execute(scope.connection())
        .await
        .map_err(about("the center"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::conflict("the center"));
        }
        flows::save(&mut scope, center, version).await?;
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(Topic::Center.channel())
            .bind(scope.tenant)
            .execute(scope.connection())
            .await
            .map_err(about("the center"))?;
        scope.commit().await?;
        Ok(version)
    }

    async fn current_center(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let row = sqlx::query(
            "SELECT COALESCE(max(version), 0) AS version
             FROM center_versions
             WHERE tenant_id = $1",
        )
        .bind(scope.tenant)
        .fetch_one(scope.connection())
        .await
        .map_err(about("the center"))?;
        scope.commit().await?;
        Reader::new(&row, "center_versions").count("version")
    }
}
