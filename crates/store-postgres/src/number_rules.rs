//! The lists of numbers that supervisors keep: sealed with a key for each rule, under blind indexes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::{NumberRuleId, TenantId};
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;
use switchboard_store::number_rules::NumberRules;
use switchboard_store::page::{Cursor, Page, PageRequest};

use crate::data_keys::{self, KeySet};
use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::timestamp::At;
use crate::vault::{self, of_number_rule};

/// What the sealed part of a rule is bound to besides its key.
const PLACE: &str = "number_rules.sealed";
const NUMBER: &str = "number";
const REASON: &str = "reason";

#[async_trait]
impl NumberRules for PostgresStore {
    async fn set(&self, tenant: &TenantId, rule: &NumberRule) -> Result<NumberRule, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let id = id_for(&mut scope, rule).await?;
            let kept = NumberRule { id, ..rule.clone() };
            let subject = of_number_rule(kept.id.as_str());
            let keys = data_keys::ensure(&mut scope, &[subject.clone()].into()).await?;
            let gone = || StoreError::not_found(format!("number rule {}", kept.id));
            upsert(&mut scope, &kept, keys.of(&subject).ok_or_else(gone)?).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(kept)
        })
        .await
    }

    async fn rules(
        &self,
        tenant: &TenantId,
        kind: Option<RuleKind>,
        page: &PageRequest,
    ) -> Result<Page<NumberRule>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT id, kind, sealed, made_by, made_at, expires_at
                 FROM number_rules
                 WHERE tenant_id = $1
                     AND ($2::text IS NULL OR kind = $2)
                     AND ($3::timestamptz IS NULL OR (made_at, id) < ($3, $4))
                 ORDER BY made_at DESC, id DESC
                 LIMIT $5",
            )
            .bind(scope.tenant)
            .bind(kind.map(RuleKind::as_str))
            .bind(page.after().map(|cursor| At(cursor.at)))
            .bind(page.after().map(|cursor| cursor.id.as_str()))
            .bind(i64::from(page.size()) + 1)
            .fetch_all(scope.connection())
            .await
            .map_err(about("the rules of numbers"))?;
            let rules = read_all(&mut scope, &rows).await?;
            scope.commit().await?;
            Ok(Page::cut(rules, page.size(), |rule| Cursor {
                at: rule.made_at,
                id: rule.id.to_string(),
            }))
        })
        .await
    }

    async fn delete(&self, tenant: &TenantId, id: &NumberRuleId) -> Result<NumberRule, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let row = sqlx::query(
                "DELETE FROM number_rules
                 WHERE tenant_id = $1 AND id = $2
                 RETURNING id, kind, sealed, made_by, made_at, expires_at",
            )
            .bind(scope.tenant)
            .bind(id.as_str())
            .fetch_optional(scope.connection())
            .await
            .map_err(about(format!("number rule {id}")))?;
            let missing = || StoreError::not_found(format!("number rule {id}"));
            let row = row.ok_or_else(missing)?;
            let rule = read_all(&mut scope, &[row]).await?.pop().ok_or_else(missing)?;
            // From copies of the table, too, it is gone.
            data_keys::destroy(&mut scope, &[of_number_rule(id.as_str())]).await?;
            scope.commit().await?;
            self.signals.note_caller_change(tenant.as_str());
            Ok(rule)
        })
        .await
    }
}

/// Gives the id of the rule that puts the number on the list, or the one of the new rule.
async fn id_for(
    scope: &mut TenantScope<'_>,
    rule: &NumberRule,
) -> Result<NumberRuleId, StoreError> {
    let number_index = scope.vault.number_index(&rule.number);
    let row = sqlx::query(
        "SELECT id FROM number_rules
         WHERE tenant_id = $1 AND number_index = $2 AND kind = $3
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(number_index.as_bytes())
    .bind(rule.kind.as_str())
    .fetch_optional(scope.connection())
    .await
    .map_err(about("the rules of a number"))?;
    row.map_or_else(|| Ok(rule.id.clone()), |row| Reader::new(&row, "number_rules").parse("id"))
}

async fn upsert(
    scope: &mut TenantScope<'_>,
    rule: &NumberRule,
    key: &DataKey,
) -> Result<(), StoreError> {
    let number_index = scope.vault.number_index(&rule.number);
    let texts = BTreeMap::from([
        (NUMBER.to_owned(), rule.number.clone()),
        (REASON.to_owned(), rule.reason.clone()),
    ]);
    sqlx::query(
        "INSERT INTO number_rules
             (tenant_id, id, number_index, kind, sealed, made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, id) DO UPDATE SET
             sealed = EXCLUDED.sealed,
             made_by = EXCLUDED.made_by,
             made_at = EXCLUDED.made_at,
             expires_at = EXCLUDED.expires_at",
    )
    .bind(scope.tenant)
    .bind(rule.id.as_str())
    .bind(number_index.as_bytes())
    .bind(rule.kind.as_str())
    .bind(vault::seal(key, PLACE, &texts)?)
    .bind(&rule.made_by)
    .bind(At(rule.made_at))
    .bind(rule.expires_at.map(At))
    .execute(scope.connection())
    .await
    .map_err(about(format!("number rule {}", rule.id)))?;
    Ok(())
}

/// Opens the rules that rows hold.
pub(crate) async fn read_all(
    scope: &mut TenantScope<'_>,
    rows: &[PgRow],
) -> Result<Vec<NumberRule>, StoreError> {
    let subject = |row: &PgRow| Ok(of_number_rule(Reader::new(row, "number_rules").get("id")?));
    let subjects = rows.iter().map(subject).collect::<Result<Vec<_>, StoreError>>()?;
    let keys = data_keys::find(scope, subjects).await?;
    rows.iter().map(|row| read(&Reader::new(row, "number_rules"), &keys)).collect()
}

fn read(row: &Reader<'_>, keys: &KeySet) -> Result<NumberRule, StoreError> {
    let id: NumberRuleId = row.parse("id")?;
    let key = keys.of(&of_number_rule(id.as_str()));
    let mut texts = vault::open(key, PLACE, row.get("sealed")?)?;
    Ok(NumberRule {
        id,
        number: texts.remove(NUMBER).unwrap_or_default(),
        kind: row.word("kind", RuleKind::parse)?,
        reason: texts.remove(REASON).unwrap_or_default(),
        made_by: row.get("made_by")?,
        made_at: row.at("made_at")?,
        expires_at: row.at_optional("expires_at")?,
    })
}
