//! Replicas of every role, each a process of its own, on one Redis and one Postgres.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use switchboard::tenant;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_embedded::redis;
use switchboard_embedded::testing::fresh_durable_redis;
use switchboard_runtime::auth::{Minter, SigningKey};
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::config::Config;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;
use switchboard_sealing::KeyRing;
use switchboard_store_postgres::testing::migrated_database;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const TOKEN_LIFETIME: Duration = Duration::from_hours(1);
const START_LIMIT: Duration = Duration::from_secs(30);
/// Says which log lines replicas write to standard error; none without it.
const LOG: &str = "TRIALS_LOG";

/// The replicas that serve now; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Serving(Arc<Mutex<Vec<SocketAddr>>>);

impl Serving {
    /// Gives the addresses.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Vec<SocketAddr>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Servers and credentials of one trial.
pub struct Site {
    program: PathBuf,
    settings: Vec<(String, String)>,
    stores: DurableStores,
    minter: Minter,
    serving: Serving,
    _redis: redis::Server,
    _keys: TempDir,
}

impl Site {
    /// Starts the servers; replicas will be processes of `program`, the binary of this crate.
    pub async fn open(program: PathBuf) -> anyhow::Result<Self> {
        let redis = fresh_durable_redis().await?;
        let database = migrated_database().await?;
        let keys = tempfile::tempdir()?;
        let (key, jwks) = (SigningKey::generate(), keys.path().join("jwks.json"));
        key.write(&keys.path().join("signing.pem"), &jwks)?;
        let ring = KeyRing::generate().to_text();
        let settings = settings(&redis.url(), &database, &jwks.to_string_lossy(), &ring);
        let config = Config::from_layers(None, settings.clone())?;
        let stores = DurableStores::connect(&config.patient(), &Tasks::new(Shutdown::new()))?;
        let (minter, serving) = (Minter::new(key, &config.auth), Serving::default());
        Ok(Self { program, settings, stores, minter, serving, _redis: redis, _keys: keys })
    }

    /// Makes a tenant with a center.
    pub async fn furnish(&self, id: &str, files: BTreeMap<String, String>) -> anyhow::Result<()> {
        let problems = switchboard_center::parse(&files).err();
        ensure!(problems.is_none(), "the center of {id} is wrong: {problems:?}");
        let (id, now) = (TenantId::parse(id)?, SystemClock.now());
        tenant::ensure(&self.stores, &id, id.as_str(), now).await?;
        tenant::apply(&self.stores, &id, files, "trials", now).await?;
        Ok(())
    }

    /// Makes a credential.
    pub fn token(&self, tenant: &str, role: Role, subject: &str) -> anyhow::Result<String> {
        let tenant = TenantId::parse(tenant)?;
        let caller = Caller { tenant, role, subject: subject.to_owned() };
        Ok(self.minter.mint(&caller, SystemClock.now(), TOKEN_LIFETIME))
    }

    /// Gives the replicas that serve.
    pub fn serving(&self) -> Serving {
        self.serving.clone()
    }

    /// Starts a replica, and waits until it serves.
    pub async fn replica(&self) -> anyhow::Result<Replica> {
        let log = if std::env::var(LOG).is_ok() { Stdio::inherit() } else { Stdio::null() };
        let mut child = Command::new(&self.program)
            .arg("replica")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let output = child.stdout.take().context("the replica has no output")?;
        let mut lines = BufReader::new(output).lines();
        let line = tokio::time::timeout(START_LIMIT, lines.next_line()).await??;
        let address = line.context("the replica ended at once")?.parse::<SocketAddr>()?;
        self.serving.change(|addresses| addresses.push(address));
        Ok(Replica { address, child, serving: self.serving.clone() })
    }
}

/// A process with every role.
#[derive(Debug)]
pub struct Replica {
    address: SocketAddr,
    child: Child,
    serving: Serving,
}

impl Replica {
    /// Kills it at once, as a crash would.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        // Clients find out by themselves; only new connections go elsewhere.
        self.child.kill().await?;
        self.serving.change(|addresses| addresses.retain(|address| *address != self.address));
        Ok(())
    }
}

/// Serves as a replica until the process that started this one is gone.
pub async fn serve_as_replica() -> anyhow::Result<()> {
    if let Ok(filter) = std::env::var(LOG) {
        let filter = tracing_subscriber::EnvFilter::new(filter);
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter);
        subscriber.with_writer(std::io::stderr).with_ansi(false).init();
    }
    let tasks = Tasks::new(Shutdown::new());
    let roles = switchboard::Roles::all();
    let running = switchboard::start(Config::load(None)?, &roles, &tasks).await?;
    say(&running.address.to_string())?;
    // Nothing is ever written to it: it ends with the process that holds the other side.
    let parent = || std::io::stdin().read_to_end(&mut Vec::new());
    drop(tokio::task::spawn_blocking(parent).await?);
    Ok(())
}

/// Writes a line for whoever started this program.
pub fn say(line: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "{line}")?;
    output.flush().context("standard output is closed")
}

fn settings(redis: &str, postgres: &str, jwks: &str, ring: &str) -> Vec<(String, String)> {
    let settings = [
        ("SERVER__LISTEN", "127.0.0.1:0"),
        ("REDIS__URL", redis),
        ("POSTGRES__URL", postgres),
        ("POSTGRES__MAX_CONNECTIONS", "6"),
        ("AUTH__JWKS_FILE", jwks),
        ("PRIVACY__KEY_RING", ring),
    ];
    settings.map(|(name, value)| (format!("SWITCHBOARD__{name}"), value.to_owned())).to_vec()
}
