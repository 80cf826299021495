//! The data keys, one for each subject: made, found, wrapped anew.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use sqlx::postgres::PgRow;

use switchboard_domain::ids::TenantId;
use switchboard_sealing::{DataKey, KeyId};
use switchboard_store::data_keys::{DataKeys, KeyStanding, MasterKey};
use switchboard_store::error::StoreError;

use crate::error::about;
use crate::row::Reader;
use crate::scope::TenantScope;
use crate::store::PostgresStore;
use crate::vault::Vault;

/// The data keys of several subjects; nothing in the place of one that was destroyed.
pub(crate) struct KeySet(HashMap<String, Option<DataKey>>);

impl KeySet {
    /// Gives the key of a subject; none when it was destroyed, or never made.
    pub(crate) fn of(&self, subject: &str) -> Option<&DataKey> {
        self.0.get(subject)?.as_ref()
    }

    /// Unwraps the keys of subjects; one that was destroyed has nothing wrapped.
    pub(crate) fn unwrap<'row>(
        vault: Vault<'_>,
        wrapped: impl IntoIterator<Item = (String, Option<&'row [u8]>)>,
    ) -> Result<Self, StoreError> {
        let unwrapped = wrapped.into_iter().map(|(subject, wrapped)| {
            let key = wrapped.map(|wrapped| vault.unwrap(&subject, wrapped)).transpose()?;
            Ok((subject, key))
        });
        unwrapped.collect::<Result<_, _>>().map(Self)
    }
}

/// Makes the key of a new subject.
pub(crate) async fn make(
    scope: &mut TenantScope<'_>,
    subject: String,
) -> Result<KeySet, StoreError> {
    let (key, wrapped) = scope.vault.new_key(&subject);
    insert(scope, &[&subject], &[wrapped]).await?;
    Ok(KeySet(HashMap::from([(subject, Some(key))])))
}

/// Gives the keys of subjects, as far as there are any.
pub(crate) async fn find(
    scope: &mut TenantScope<'_>,
    subjects: impl IntoIterator<Item = String>,
) -> Result<KeySet, StoreError> {
    let subjects: Vec<String> = subjects.into_iter().collect();
    if subjects.is_empty() {
        return Ok(KeySet(HashMap::new()));
    }
    let rows = sqlx::query(include_str!("../queries/data_keys_of_subjects.sql"))
        .bind(scope.tenant)
        .bind(subjects)
        .fetch_all(scope.connection())
        .await
        .map_err(about("the data keys"))?;
    let mut wrapped: Vec<(String, Option<&[u8]>)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let row = Reader::new(row, "data_keys");
        wrapped.push((row.get("subject")?, row.get("wrapped")?));
    }
    KeySet::unwrap(scope.vault, wrapped)
}

/// Gives the keys of subjects, and makes those that never were; a destroyed one stays so.
pub(crate) async fn ensure(
    scope: &mut TenantScope<'_>,
    subjects: &BTreeSet<String>,
) -> Result<KeySet, StoreError> {
    let mut keys = find(scope, subjects.iter().cloned()).await?;
    let missing: Vec<&str> =
        subjects.iter().map(String::as_str).filter(|name| !keys.0.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(keys);
    }
    let mut wrapped = Vec::with_capacity(missing.len());
    for subject in &missing {
        let (key, form) = scope.vault.new_key(subject);
        keys.0.insert((*subject).to_owned(), Some(key));
        wrapped.push(form);
    }
    insert(scope, &missing, &wrapped).await?;
    Ok(keys)
}

/// Destroys the keys of subjects: nothing they sealed can be read any more, wherever it was copied.
pub(crate) async fn destroy(
    scope: &mut TenantScope<'_>,
    subjects: &[String],
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE data_keys
         SET wrapped = NULL
         WHERE tenant_id = $1 AND subject = ANY($2) AND wrapped IS NOT NULL",
    )
    .bind(scope.tenant)
    .bind(subjects)
    .execute(scope.connection())
    .await
    .map_err(about("the data keys"))?;
    Ok(done.rows_affected())
}

async fn insert(
    scope: &mut TenantScope<'_>,
    subjects: &[&str],
    wrapped: &[Vec<u8>],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO data_keys (tenant_id, subject, wrapped)
         SELECT $1, made.subject, made.wrapped
         FROM unnest($2::text[], $3::bytea[]) AS made (subject, wrapped)",
    )
    .bind(scope.tenant)
    .bind(subjects)
    .bind(wrapped)
    .execute(scope.connection())
    .await
    .map_err(about("a data key"))?;
    Ok(())
}

#[async_trait]
impl DataKeys for PostgresStore {
    async fn master_keys(&self, tenant: &TenantId) -> Result<Vec<MasterKey>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = sqlx::query(
                "SELECT wrapped_by, count(*) AS data_keys
                 FROM data_keys
                 WHERE tenant_id = $1 AND wrapped IS NOT NULL
                 GROUP BY wrapped_by
                 ORDER BY wrapped_by",
            )
            .bind(scope.tenant)
            .fetch_all(scope.connection())
            .await
            .map_err(about("the master keys"))?;
            let vault = scope.vault;
            scope.commit().await?;
            let counts = rows.iter().map(count).collect::<Result<Vec<_>, _>>()?;
            Ok(told(vault, &counts))
        })
        .await
    }

    async fn rewrap(&self, tenant: &TenantId, at_most: u32) -> Result<u64, StoreError> {
        self.bounded(async {
            let mut scope = self.scope(tenant).await?;
            let rows = old(&mut scope, at_most).await?;
            let (mut subjects, mut wrapped) = (Vec::new(), Vec::new());
            for row in &rows {
                let row = Reader::new(row, "data_keys");
                let subject: String = row.get("subject")?;
                wrapped.push(scope.vault.rewrap(&subject, row.get("wrapped")?)?);
                subjects.push(subject);
            }
            sqlx::query(
                "UPDATE data_keys
                 SET wrapped = anew.wrapped
                 FROM unnest($2::text[], $3::bytea[]) AS anew (subject, wrapped)
                 WHERE data_keys.tenant_id = $1 AND data_keys.subject = anew.subject",
            )
            .bind(scope.tenant)
            .bind(&subjects)
            .bind(&wrapped)
            .execute(scope.connection())
            .await
            .map_err(about("the data keys"))?;
            scope.commit().await?;
            Ok(subjects.len() as u64)
        })
        .await
    }
}

/// Locks some of the data keys that another master key of the ring wraps.
async fn old(scope: &mut TenantScope<'_>, at_most: u32) -> Result<Vec<PgRow>, StoreError> {
    let old: Vec<Vec<u8>> =
        scope.vault.master_keys().skip(1).map(|id| id.as_bytes().to_vec()).collect();
    sqlx::query(
        "SELECT subject, wrapped
         FROM data_keys
         WHERE tenant_id = $1 AND wrapped_by = ANY($2)
         LIMIT $3
         FOR UPDATE",
    )
    .bind(scope.tenant)
    .bind(old)
    .bind(i64::from(at_most))
    .fetch_all(scope.connection())
    .await
    .map_err(about("the data keys"))
}

fn count(row: &PgRow) -> Result<(KeyId, u64), StoreError> {
    let row = Reader::new(row, "data_keys");
    let id: &[u8] = row.get("wrapped_by")?;
    let id = id.try_into().map_err(|error| StoreError::corrupt("data_keys.wrapped_by", error))?;
    Ok((KeyId::from_bytes(id), row.count("data_keys")?))
}

/// Names every master key of the ring, in its order, and then those that the ring lacks.
fn told(vault: Vault<'_>, counts: &[(KeyId, u64)]) -> Vec<MasterKey> {
    let of = |id: KeyId| counts.iter().find(|(counted, _)| *counted == id).map_or(0, |one| one.1);
    let ring: Vec<KeyId> = vault.master_keys().collect();
    let known = ring.iter().enumerate().map(|(place, id)| {
        let standing = if place == 0 { KeyStanding::InUse } else { KeyStanding::Known };
        MasterKey { id: id.to_string(), standing, data_keys: of(*id) }
    });
    let missing = counts.iter().filter(|(id, _)| !ring.contains(id)).map(|(id, data_keys)| {
        MasterKey { id: id.to_string(), standing: KeyStanding::Missing, data_keys: *data_keys }
    });
    known.chain(missing).collect()
}
