//! Throwaway servers for tests: quick to start, alone in their process, gone when it ends.
//!
//! The first test on a machine makes a Postgres data directory and keeps it as a template in the
//! temporary directory; every test process then starts on a copy of it. Everything that a process
//! makes lies in one folder, which a janitor removes when the process ends, however it ends.

mod patience;
mod run;
mod template;

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;

use crate::EmbeddedError;
use crate::postgres::{self, Durability, PostgresOptions};
use crate::redis::{self, RedisOptions};

pub use patience::{LIMIT, comes_true, eventually};

/// The database that [`prepared_postgres`] hands to its caller for preparation.
pub const TEMPLATE_DATABASE: &str = "prepared";

/// Gives this process's Postgres: started once, shared by its tests, with no database of its own.
pub async fn shared_postgres() -> Result<&'static postgres::Server, EmbeddedError> {
    prepared_postgres("plain", "", async |_url| Ok(())).await
}

/// Gives this process's Postgres with the database [`TEMPLATE_DATABASE`] already prepared.
///
/// `prepare` gets the URL of that empty database and must close its connections. It runs once for
/// each `fingerprint` under a `name`, not once for each process: the outcome is kept as a template.
/// Take the migrations' hash as the fingerprint.
pub async fn prepared_postgres(
    name: &str,
    fingerprint: &str,
    prepare: impl AsyncFnOnce(String) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<&'static postgres::Server, EmbeddedError> {
    static SERVERS: Mutex<Option<HashMap<String, &'static postgres::Server>>> =
        Mutex::const_new(None);
    let mut servers = SERVERS.lock().await;
    let servers = servers.get_or_insert_default();
    let key = format!("{name} {fingerprint}");
    if let Some(server) = servers.get(&key) {
        return Ok(server);
    }
    let state_dir = run::next_directory("postgres")?;
    template::copy(name, fingerprint, &state_dir, prepare).await?;
    let options = PostgresOptions::new(state_dir, Durability::Throwaway);
    let server: &'static postgres::Server =
        Box::leak(Box::new(postgres::Server::start(&options).await?));
    servers.insert(key, server);
    Ok(server)
}

/// Makes a database with a name of its own and gives its URL; with a template, as a copy of it.
pub async fn fresh_database(
    server: &postgres::Server,
    template: Option<&str>,
) -> Result<String, EmbeddedError> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
    match template {
        Some(template) => {
            server.create_database_from_template(&name, template).await?;
        }
        None => server.create_database(&name).await?,
    }
    Ok(server.url(&name))
}

/// Starts a Postgres of its own for a fault test: its commits survive a kill.
pub async fn fresh_postgres() -> Result<postgres::Server, EmbeddedError> {
    let state_dir = run::next_directory("postgres")?;
    template::copy("plain", "", &state_dir, async |_url| Ok(())).await?;
    postgres::Server::start(&PostgresOptions::new(state_dir, Durability::SurvivesKill)).await
}

/// Starts an empty Redis for one test; it keeps nothing over a restart.
pub async fn fresh_redis() -> Result<redis::Server, EmbeddedError> {
    redis::Server::start(&RedisOptions::new(run::next_directory("redis")?, false)).await
}

/// Starts an empty Redis with an append-only file, for fault tests.
pub async fn fresh_durable_redis() -> Result<redis::Server, EmbeddedError> {
    redis::Server::start(&RedisOptions::new(run::next_directory("redis")?, true)).await
}

#[cfg(test)]
mod tests;
