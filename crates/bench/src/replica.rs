//! A whole center as a process of its own: the program as operators run it, on private servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use switchboard_client::Connection;

use crate::center::{self, Staff, TENANT};
use crate::machine;

/// How long a start may take: keys for ten thousand agents are made in it.
const START: Duration = Duration::from_mins(3);

/// A running center.
pub struct Replica {
    child: Child,
    folder: TempDir,
    address: String,
    redis: u32,
    postgres: u32,
}

/// What a center has computed so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// The program.
    pub replica: Duration,
    /// Its Redis.
    pub redis: Duration,
    /// Its Postgres, all processes of it.
    pub postgres: Duration,
}

impl Spent {
    /// Gives what was computed since an earlier moment.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self {
            replica: self.replica.saturating_sub(before.replica),
            redis: self.redis.saturating_sub(before.redis),
            postgres: self.postgres.saturating_sub(before.postgres),
        }
    }

    /// Gives what was computed in two spans.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            replica: self.replica + other.replica,
            redis: self.redis + other.redis,
            postgres: self.postgres + other.postgres,
        }
    }

    /// Gives what all of them computed.
    pub fn total(&self) -> Duration {
        self.replica + self.redis + self.postgres
    }
}

/// How often desktops give a sign of life.
#[derive(Clone, Copy, Debug)]
pub enum Heartbeats {
    /// As the program's own settings say.
    AsSet,
    /// So seldom that none falls into the measurement.
    None,
}

impl Replica {
    /// Starts the program with every role.
    pub async fn start(staff: Staff, heartbeats: Heartbeats) -> anyhow::Result<Self> {
        Self::with_flows(staff, heartbeats, 1).await
    }

    /// Starts the program alike, with so many flows that ask callers something.
    pub async fn with_flows(
        staff: Staff,
        heartbeats: Heartbeats,
        flows: usize,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let files = folder.path().join("center");
        center::write(&files, staff, flows)?;
        let mut command = Command::new(program()?);
        command
            .args(["up", "--fresh", "--port", "0", "--tenant", TENANT])
            .arg("--state-dir")
            .arg(folder.path().join("state"))
            .arg("--center")
            .arg(&files)
            .env("SWITCHBOARD__SERVER__MAX_STREAMS_PER_CONNECTION", "1000")
            .env("SWITCHBOARD__TELEMETRY__LOG_FILTER", "warn,sqlx::postgres::notice=warn")
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("log"))?)
            .kill_on_drop(true);
        if let Heartbeats::None = heartbeats {
            command.env("SWITCHBOARD__QUEUE__AGENT_LEASE", "4h");
            command.env("SWITCHBOARD__QUEUE__HEARTBEAT", "1h");
        }
        let mut child = command.spawn().context("cannot start the program")?;
        let address = timeout(START, address_of(&mut child)).await;
        let Ok(Ok(address)) = address else {
            bail!("the center did not start: {}", fs::read_to_string(folder.path().join("log"))?);
        };
        let redis = pid(&folder.path().join("state/redis/data/redis.pid"))?;
        let postgres = pid(&folder.path().join("state/postgres/data/postmaster.pid"))?;
        Ok(Self { child, folder, address, redis, postgres })
    }

    /// Connects as somebody whose token the program wrote.
    pub fn connect(&self, name: &str) -> anyhow::Result<Connection> {
        Ok(Connection::new(&self.address, &self.token(name)?)?)
    }

    /// Gives a token that the program wrote, such as of `agent-o1` or `gateway-gateway-1`.
    pub fn token(&self, name: &str) -> anyhow::Result<String> {
        let path = self.token_file(name);
        let token = fs::read_to_string(&path);
        Ok(token.with_context(|| format!("no token {}", path.display()))?.trim().to_owned())
    }

    /// Gives where a token that the program wrote lies.
    pub fn token_file(&self, name: &str) -> PathBuf {
        self.folder.path().join("state/tokens").join(name)
    }

    /// Gives where its settings lie.
    pub fn settings(&self) -> PathBuf {
        self.folder.path().join("state/switchboard.toml")
    }

    /// Gives the URL of its Postgres, as its settings say.
    pub fn postgres_url(&self) -> anyhow::Result<String> {
        self.url_of("[postgres]")
    }

    /// Gives where the program listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Gives the URL of its Redis, as its settings say.
    pub fn redis_url(&self) -> anyhow::Result<String> {
        self.url_of("[redis]")
    }

    fn url_of(&self, section: &str) -> anyhow::Result<String> {
        let settings = fs::read_to_string(self.settings())?;
        let section = settings.split(section).nth(1).context("the settings name the store")?;
        let url = section.split('"').nth(1).context("the settings hold its URL")?;
        Ok(url.to_owned())
    }

    /// Gives the process id of the program.
    pub fn id(&self) -> anyhow::Result<u32> {
        self.child.id().context("the program has ended")
    }

    /// Gives what the center has computed so far.
    pub fn spent(&self) -> anyhow::Result<Spent> {
        Ok(Spent {
            replica: machine::cpu_time(self.id()?)?,
            redis: machine::cpu_time(self.redis)?,
            postgres: machine::family_cpu_time(self.postgres)?,
        })
    }

    /// Waits until nothing is left to do, such as a history to write.
    pub async fn rest(&self) -> anyhow::Result<()> {
        let (id, started) = (self.id()?, Instant::now());
        while started.elapsed() < START {
            let before = machine::cpu_time(id)?;
            sleep(Duration::from_secs(2)).await;
            if machine::cpu_time(id)?.saturating_sub(before) < Duration::from_millis(400) {
                break;
            }
        }
        Ok(())
    }

    /// Ends the program in order.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.id()?.to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await?;
        ensure!(asked.success(), "the program cannot be told to end");
        timeout(START, self.child.wait()).await??;
        Ok(())
    }
}

/// The program lies beside this one.
pub(crate) fn program() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let program = here.parent().context("a program lies in a folder")?.join("switchboard");
    ensure!(program.exists(), "{} is not built: cargo xtask bench builds it", program.display());
    Ok(program)
}

async fn address_of(child: &mut Child) -> anyhow::Result<String> {
    let output = child.stdout.take().context("the output is read here")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = line.strip_prefix("address") {
            return Ok(address.trim().to_owned());
        }
    }
    bail!("the program ended")
}

fn pid(file: &Path) -> anyhow::Result<u32> {
    let text = fs::read_to_string(file).with_context(|| format!("no {}", file.display()))?;
    // Postgres writes more below.
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}
