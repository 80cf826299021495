//! One private Postgres server on a unix socket.

mod cluster;
mod wire;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::EmbeddedError;
use crate::binaries::PostgresBinaries;
use crate::directory::StateDirectory;
use crate::identity::Identity;
use crate::keeper::Launch;
use crate::orphan;
use crate::process::Process;
use cluster::Cluster;

/// The superuser of a private server; the socket folder's mode is what keeps others out.
pub const USER: &str = "switchboard";

/// A recovery after a crash counts too, so this is far above the usual tenth of a second.
const READY_LIMIT: Duration = Duration::from_mins(1);
const STOP_PATIENCE: Duration = Duration::from_secs(15);
/// How often a start is tried again while a killed server's backends still hold its memory.
const START_TRIES: u32 = 40;

/// What a server promises to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Commits survive power loss.
    Durable,
    /// Commits survive a killed server, not power loss: for fault tests.
    SurvivesKill,
    /// Nothing is promised: for tests.
    Throwaway,
}

/// How to run a private Postgres.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The directory of the server; made when absent, its data is kept between runs.
    pub state_dir: PathBuf,
    /// What the server promises to keep.
    pub durability: Durability,
    /// The folder of `postgres` and `initdb`; searched for when absent.
    pub binaries: Option<PathBuf>,
}

impl PostgresOptions {
    /// Makes the usual options for a state directory.
    pub fn new(state_dir: impl Into<PathBuf>, durability: Durability) -> Self {
        Self { state_dir: state_dir.into(), durability, binaries: None }
    }
}

/// A running private Postgres; stopped when dropped.
#[derive(Debug)]
pub struct Server {
    cluster: Cluster,
    durability: Durability,
    process: Process,
}

impl Server {
    /// Starts a server, after making its data directory when there is none.
    pub async fn start(options: &PostgresOptions) -> Result<Self, EmbeddedError> {
        let identity = Identity::choose()?;
        let state = StateDirectory::open(&options.state_dir, &identity)?;
        let wanted = cluster::major_of(&state.root);
        let binaries = PostgresBinaries::find(options.binaries.as_deref(), wanted.as_deref())
            .map_err(|error| cluster::explain(error, &state.root, wanted))?;
        let cluster = Cluster { state, identity, binaries };
        cluster.ensure(options.durability).await?;
        let process = launch(&cluster, options.durability).await?;
        Ok(Self { cluster, durability: options.durability, process })
    }

    /// Gives the connection URL of a database; `postgres` always exists.
    pub fn url(&self, database: &str) -> String {
        let folder = self.cluster.state.socket.to_string_lossy();
        format!("postgres://{USER}@localhost/{database}?host={}", escape(&folder))
    }

    /// Makes an empty database.
    pub async fn create_database(&self, name: &str) -> Result<(), EmbeddedError> {
        self.execute(&format!("CREATE DATABASE {}", checked(name)?)).await
    }

    /// Makes a database as a copy of another one, to which nobody may be connected.
    pub async fn create_database_from_template(
        &self,
        name: &str,
        template: &str,
    ) -> Result<(), EmbeddedError> {
        let (name, template) = (checked(name)?, checked(template)?);
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await
    }

    /// Removes a database and cuts its connections.
    pub async fn drop_database(&self, name: &str) -> Result<(), EmbeddedError> {
        self.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", checked(name)?)).await
    }

    /// Gives the process id of the server.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Says whether the server process runs.
    pub fn is_running(&self) -> bool {
        self.process.is_running()
    }

    /// Kills the server at once, as a crash would.
    pub fn kill(&self) {
        self.process.kill();
    }

    /// Halts the server process: new connections hang until [`Self::resume`].
    ///
    /// Sessions that exist go on, because each has a process of its own.
    pub fn pause(&self) {
        self.process.signal(Signal::SIGSTOP);
    }

    /// Lets a halted server go on.
    pub fn resume(&self) {
        self.process.signal(Signal::SIGCONT);
    }

    /// Starts the server again on the same data and the same URL, stopping it first if it runs.
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.process.stop(Signal::SIGINT, STOP_PATIENCE).await;
        self.process = launch(&self.cluster, self.durability).await?;
        Ok(())
    }

    /// Stops the server, with everything saved, and waits for its end.
    pub async fn stop(self) {
        self.process.stop(Signal::SIGINT, STOP_PATIENCE).await;
    }

    async fn execute(&self, statement: &str) -> Result<(), EmbeddedError> {
        wire::execute(&self.cluster.socket(), USER, statement).await
    }

    /// On drop: fast shutdown, or for throwaway data the immediate one, which saves nothing.
    fn end_signal(&self) -> Signal {
        match self.durability {
            Durability::Durable | Durability::SurvivesKill => Signal::SIGINT,
            Durability::Throwaway => Signal::SIGQUIT,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.stop_blocking(self.end_signal(), STOP_PATIENCE);
    }
}

async fn launch(cluster: &Cluster, durability: Durability) -> Result<Process, EmbeddedError> {
    orphan::settle(&cluster.pid_file(), &cluster.data()).await?;
    let mut tries = 1;
    loop {
        match launch_once(cluster, durability).await {
            Err(EmbeddedError::EndedEarly { log, .. })
                if tries < START_TRIES && log.contains("still in use") =>
            {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            outcome => return outcome,
        }
    }
}

async fn launch_once(cluster: &Cluster, durability: Durability) -> Result<Process, EmbeddedError> {
    drop(fs::remove_file(cluster.socket_lock()));
    // Each start has a log of its own, so that an early end shows its own reason.
    drop(fs::rename(cluster.log(), cluster.log().with_extension("old")));
    let launch = Launch {
        program: cluster.binaries.postgres(),
        arguments: cluster.arguments(durability),
        identity: cluster.identity.clone(),
        death_signal: match durability {
            Durability::Durable | Durability::SurvivesKill => "INT",
            Durability::Throwaway => "QUIT",
        },
        log: cluster.log(),
    };
    let process = Process::start("postgres", launch).await?;
    let ready = async || cluster.is_ready(process.id());
    if let Err(error) = process.ready(READY_LIMIT, ready).await {
        process.stop(Signal::SIGQUIT, STOP_PATIENCE).await;
        return Err(error);
    }
    Ok(process)
}

/// Accepts a name that needs no quoting.
fn checked(name: &str) -> Result<&str, EmbeddedError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && name.len() < 64 && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(EmbeddedError::BadName { name: name.to_owned() })
    }
}

/// Escapes a path for a URL.
pub(crate) fn escape(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
