//! Flows as immutable versions, and the log of what was in force when.

use std::collections::BTreeMap;

use sqlx::types::Json;
use switchboard_domain::flow::{FlowVersion, FlowVersionError};
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_store::centers::{NewCenterVersion, NewFlowText};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowStanding, FlowText, ReleaseCause};
use thiserror::Error;

use crate::error::about;
use crate::row::{Reader, bigint};
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;

/// Says that a stored word is no cause of a release.
#[derive(Debug, Error)]
#[error("{0:?} is no cause of a release")]
struct UnknownCause(String);

/// Keeps what a new version of a center changes for flows, in the transaction that keeps the center.
pub(crate) async fn save(
    scope: &mut TenantScope<'_>,
    center: &NewCenterVersion,
    version: u64,
) -> Result<(), StoreError> {
    save_texts(scope, center).await?;
    save_releases(scope, center, version).await
}

async fn save_texts(
    scope: &mut TenantScope<'_>,
    center: &NewCenterVersion,
) -> Result<(), StoreError> {
    let texts = &center.flows.texts;
    let flows: Vec<&str> = texts.iter().map(|text| text.flow.as_str()).collect();
    let versions: Vec<String> = texts.iter().map(|text| text.version.to_string()).collect();
    let bodies: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
    let calls: Vec<Json<BTreeMap<String, String>>> = texts.iter().map(calls_of).collect();
    // Texts of one version differ in comments only, so the first one stays.
    sqlx::query(
        "INSERT INTO flow_versions (
             tenant_id, flow_id, version, body, calls, author, note, created_at
         )
         SELECT $1, flow_id, version, body, calls, $6, $7, $8
         FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[])
             AS texts (flow_id, version, body, calls)
         ON CONFLICT (tenant_id, flow_id, version) DO NOTHING",
    )
    .bind(scope.tenant)
    .bind(flows)
    .bind(versions)
    .bind(bodies)
    .bind(calls)
    .bind(&center.actor)
    .bind(&center.flows.note)
    .bind(At(center.at))
    .execute(scope.connection())
    .await
    .map_err(about("a flow version"))?;
    Ok(())
}

async fn save_releases(
    scope: &mut TenantScope<'_>,
    center: &NewCenterVersion,
    version: u64,
) -> Result<(), StoreError> {
    let standings = &center.flows.standings;
    let flows: Vec<&str> = standings.iter().map(|(flow, _)| flow.as_str()).collect();
    let versions: Vec<String> = standings.iter().map(|(_, it)| it.version.to_string()).collect();
    let canaries = standings.iter().map(|(_, it)| it.canary);
    let trials: Vec<Option<String>> =
        canaries.clone().map(|canary| canary.map(|(tried, _)| tried.to_string())).collect();
    let shares: Vec<Option<i64>> =
        canaries.map(|canary| canary.map(|(_, percent)| i64::from(percent))).collect();
    sqlx::query(
        "INSERT INTO flow_releases (
             tenant_id, flow_id, center_version, version, canary_version, canary_percent, cause,
             author, note, released_at
         )
         SELECT $1, flow_id, $2, version, canary_version, canary_percent, $7, $8, $9, $10
         FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[])
             AS standings (flow_id, version, canary_version, canary_percent)",
    )
    .bind(scope.tenant)
    .bind(bigint(version))
    .bind(flows)
    .bind(versions)
    .bind(trials)
    .bind(shares)
    .bind(center.flows.cause.as_str())
    .bind(&center.actor)
    .bind(&center.flows.note)
    .bind(At(center.at))
    .execute(scope.connection())
    .await
    .map_err(about("a flow release"))?;
    Ok(())
}

impl PostgresStore {
    pub(crate) async fn read_flow_text(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let row = sqlx::query(
            "SELECT body, calls, author, note, created_at
             FROM flow_versions
             WHERE tenant_id = $1 AND flow_id = $2 AND version = $3",
        )
        .bind(scope.tenant)
        .bind(flow.as_str())
        .bind(version.to_string())
        .fetch_one(scope.connection())
        .await
        .map_err(about(format!("flow version {flow}@{version}")))?;
        scope.commit().await?;
        let row = Reader::new(&row, "flow_versions");
        Ok(FlowText {
            flow: flow.clone(),
            version,
            text: row.get("body")?,
            calls: called(&row)?,
            author: row.get("author")?,
            note: row.get("note")?,
            at: row.at("created_at")?,
        })
    }

    pub(crate) async fn read_flow_releases(
        &self,
        tenant: &TenantId,
        flow: &FlowId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<FlowRelease>, StoreError> {
        let mut scope = self.scope(tenant).await?;
        let rows = sqlx::query(
            "SELECT
                 center_version, version, canary_version, canary_percent, cause, author, note,
                 released_at
             FROM flow_releases
             WHERE tenant_id = $1 AND flow_id = $2 AND center_version < $3
             ORDER BY center_version DESC
             LIMIT $4",
        )
        .bind(scope.tenant)
        .bind(flow.as_str())
        .bind(before.map_or(i64::MAX, bigint))
        .bind(i64::from(limit))
        .fetch_all(scope.connection())
        .await
        .map_err(about("the flow releases"))?;
        scope.commit().await?;
        rows.iter().map(|row| release(flow, &Reader::new(row, "flow_releases"))).collect()
    }
}

fn calls_of(text: &NewFlowText) -> Json<BTreeMap<String, String>> {
    let calls = text.calls.iter();
    Json(calls.map(|(flow, version)| (flow.to_string(), version.to_string())).collect())
}

fn called(row: &Reader<'_>) -> Result<BTreeMap<FlowId, FlowVersion>, StoreError> {
    let column = "flow_versions.calls";
    let pair = |(flow, version): (String, String)| {
        let flow = FlowId::parse(flow).map_err(|error| StoreError::corrupt(column, error))?;
        let version = version
            .parse()
            .map_err(|error: FlowVersionError| StoreError::corrupt(column, error))?;
        Ok((flow, version))
    };
    row.texts("calls")?.into_iter().map(pair).collect()
}

fn release(flow: &FlowId, row: &Reader<'_>) -> Result<FlowRelease, StoreError> {
    let cause: String = row.get("cause")?;
    let share: Option<i64> = row.get("canary_percent")?;
    let canary = row.parse_optional::<FlowVersion>("canary_version")?;
    let unknown = || StoreError::corrupt("flow_releases.cause", UnknownCause(cause.clone()));
    Ok(FlowRelease {
        flow: flow.clone(),
        center_version: row.count("center_version")?,
        standing: FlowStanding {
            version: row.parse("version")?,
            canary: canary.zip(share.and_then(|percent| u8::try_from(percent).ok())),
        },
        cause: ReleaseCause::parse(&cause).ok_or_else(unknown)?,
        author: row.get("author")?,
        note: row.get("note")?,
        at: row.at("released_at")?,
    })
}
