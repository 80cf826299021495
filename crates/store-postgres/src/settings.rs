//! How to reach Postgres, and how long to wait for it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use thiserror::Error;

/// The role under which every statement runs; the migrations make it.
const SERVING_ROLE: &str = "SET ROLE switchboard_app";
/// How long a connection may have rested without being asked for a sign of life before it is used.
const FRESH: Duration = Duration::from_secs(1);

/// How to reach Postgres, and how long to wait for it.
#[derive(Clone)]
pub struct PostgresSettings {
    options: PgConnectOptions,
    /// The most connections, one of them for notifications.
    pub max_connections: u32,
    /// How long to wait for a connection; short, because a caller waits meanwhile.
    pub acquire_timeout: Duration,
    /// How long one call of a store may take in all.
    pub call_timeout: Duration,
}

/// Says that a text is no address of a Postgres; it hides the text, which may hold a password.
#[derive(Debug, Error)]
#[error("the database URL cannot be read")]
pub struct SettingsError(#[source] sqlx::Error);

impl PostgresSettings {
    /// Reads `postgres://user:password@host:port/database` and takes the usual limits.
    pub fn parse(url: &str) -> Result<Self, SettingsError> {
        let options = PgConnectOptions::from_str(url).map_err(SettingsError)?;
        Ok(Self {
            options: options.application_name("switchboard"),
            max_connections: 16,
            acquire_timeout: Duration::from_millis(500),
            call_timeout: Duration::from_secs(5),
        })
    }

    /// Makes a pool that connects when it is first used.
    pub(crate) fn serving_pool(&self) -> PgPool {
        // The server gives up first, so that an abandoned statement does not hold its locks.
        let limit = self.call_timeout.as_millis().to_string();
        let options = self.options.clone().options([("statement_timeout", limit)]);
        PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(self.acquire_timeout)
            // Asked before every use, a busy connection would do one round trip more for each.
            .test_before_acquire(false)
            .before_acquire(|connection, about| {
                Box::pin(async move {
                    if about.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::query(SERVING_ROLE).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options)
    }

    /// Makes a pool of one connection for the owner's work, on which no role is taken.
    pub(crate) fn owner_pool(&self) -> PgPool {
        PgPoolOptions::new().max_connections(1).connect_lazy_with(self.options.clone())
    }

    /// Gives one connection's options, for the owner's work.
    pub(crate) const fn owner_options(&self) -> &PgConnectOptions {
        &self.options
    }
}

impl fmt::Debug for PostgresSettings {
    /// Leaves the address out, which may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostgresSettings")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("call_timeout", &self.call_timeout)
            .finish_non_exhaustive()
    }
}
