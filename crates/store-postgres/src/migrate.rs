//! Bringing the schema up to date; the owner of the database does it, before services start.

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection};
use thiserror::Error;

use crate::settings::PostgresSettings;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Says why the schema is not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The database cannot be reached as its owner.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// A migration failed, or differs from what this database ran before.
    #[error("the schema cannot be brought up to date")]
    Failed(#[source] sqlx::migrate::MigrateError),
}

/// Applies every migration that is missing, one process at a time.
pub async fn migrate(settings: &PostgresSettings) -> Result<(), MigrateError> {
    let options = settings.owner_options().clone().disable_statement_logging();
    let mut owner =
        PgConnection::connect_with(&options).await.map_err(MigrateError::Unreachable)?;
    MIGRATIONS.run_direct(None, &mut owner, false).await.map_err(MigrateError::Failed)?;
    owner.close().await.map_err(MigrateError::Unreachable)
}

/// Names the schema: equal when every migration is.
pub fn schema_fingerprint() -> String {
    // Eight bytes of each hash tell two schemas apart as well as all of them.
    let bytes = MIGRATIONS.iter().flat_map(|step| step.checksum.iter().take(8));
    bytes.fold(String::new(), |mut hex, byte| {
        hex.push_str(&format!("{byte:02x}"));
        hex
    })
}
