//! One private Redis server on a unix socket.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::EmbeddedError;
use crate::binaries;
use crate::directory::StateDirectory;
use crate::identity::Identity;
use crate::keeper::Launch;
use crate::orphan;
use crate::process::Process;

/// Loading a large append-only file counts too.
const READY_LIMIT: Duration = Duration::from_mins(1);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const PING_LIMIT: Duration = Duration::from_secs(1);

/// How to run a private Redis.
#[derive(Clone, Debug)]
pub struct RedisOptions {
    /// The directory of the server; made when absent.
    pub dir: PathBuf,
    /// Whether writes go to an append-only file, flushed each second.
    pub appendonly: bool,
    /// The folder of `redis-server`; searched for when absent.
    pub binaries: Option<PathBuf>,
}

impl RedisOptions {
    /// Makes the usual options for a directory.
    pub fn new(dir: impl Into<PathBuf>, appendonly: bool) -> Self {
        Self { dir: dir.into(), appendonly, binaries: None }
    }
}

/// A running private Redis; stopped when dropped.
#[derive(Debug)]
pub struct Server {
    site: Site,
    process: Process,
}

impl Server {
    /// Starts a server on the data that its directory holds.
    pub async fn start(options: &RedisOptions) -> Result<Self, EmbeddedError> {
        let identity = Identity::choose()?;
        let program = binaries::find_redis(options.binaries.as_deref())?;
        let state = StateDirectory::open(&options.dir, &identity)?;
        let site = Site { state, identity, program, appendonly: options.appendonly };
        site.identity.own_directory(&site.data())?;
        let process = site.launch().await?;
        Ok(Self { site, process })
    }

    /// Gives the connection URL.
    pub fn url(&self) -> String {
        format!("unix://{}", crate::postgres::escape(&self.site.socket().to_string_lossy()))
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

    /// Halts the server: it answers nobody until [`Self::resume`].
    pub fn pause(&self) {
        self.process.signal(Signal::SIGSTOP);
    }

    /// Lets a halted server go on.
    pub fn resume(&self) {
        self.process.signal(Signal::SIGCONT);
    }

    /// Starts the server again on the same data and the same URL, stopping it first if it runs.
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.process.stop(Signal::SIGTERM, STOP_PATIENCE).await;
        self.process = self.site.launch().await?;
        Ok(())
    }

    /// Removes all data and starts the server again, as a machine lost for good would.
    pub async fn restart_empty(&mut self) -> Result<(), EmbeddedError> {
        self.process.kill();
        let data = self.site.data();
        fs::remove_dir_all(&data).map_err(EmbeddedError::io("remove", &data))?;
        self.site.identity.own_directory(&data)?;
        self.process = self.site.launch().await?;
        Ok(())
    }

    /// Stops the server and waits for its end.
    pub async fn stop(self) {
        self.process.stop(Signal::SIGTERM, STOP_PATIENCE).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.site.appendonly {
            self.process.stop_blocking(Signal::SIGTERM, STOP_PATIENCE);
        } else {
            self.process.kill();
        }
    }
}

/// The files of one server.
#[derive(Debug)]
struct Site {
    state: StateDirectory,
    identity: Identity,
    program: PathBuf,
    appendonly: bool,
}

impl Site {
    fn data(&self) -> PathBuf {
        self.state.root.join("data")
    }

    fn socket(&self) -> PathBuf {
        self.state.socket.join("redis.sock")
    }

    fn pid_file(&self) -> PathBuf {
        self.data().join("redis.pid")
    }

    async fn launch(&self) -> Result<Process, EmbeddedError> {
        orphan::settle(&self.pid_file(), &self.data()).await?;
        let log = self.state.root.join("redis.log");
        drop(fs::rename(&log, log.with_extension("old")));
        let launch = Launch {
            program: self.program.clone(),
            arguments: self.arguments(),
            identity: self.identity.clone(),
            // Without data to save, the end may be abrupt; it then reaches a halted server too.
            death_signal: if self.appendonly { "TERM" } else { "KILL" },
            log,
        };
        let process = Process::start("redis-server", launch).await?;
        let socket = self.socket();
        process.ready(READY_LIMIT, async || answers(&socket).await).await?;
        Ok(process)
    }

    fn arguments(&self) -> Vec<String> {
        let socket = self.socket().to_string_lossy().into_owned();
        let data = self.data().to_string_lossy().into_owned();
        let pid_file = self.pid_file().to_string_lossy().into_owned();
        let appendonly = if self.appendonly { "yes" } else { "no" };
        let settings = [
            ("--port", "0"),
            ("--unixsocket", socket.as_str()),
            ("--unixsocketperm", "700"),
            ("--dir", data.as_str()),
            ("--pidfile", pid_file.as_str()),
            ("--daemonize", "no"),
            ("--save", ""),
            ("--appendonly", appendonly),
            ("--appendfsync", "everysec"),
            ("--maxmemory-policy", "noeviction"),
        ];
        settings.into_iter().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
    }
}

/// Says whether a server answers a PING on the socket: while it loads its data it does not.
async fn answers(socket: &std::path::Path) -> bool {
    let ping = async {
        let mut stream = UnixStream::connect(socket).await?;
        stream.write_all(b"PING\r\n").await?;
        let mut reply = [0; 5];
        stream.read_exact(&mut reply).await?;
        Ok::<_, std::io::Error>(&reply == b"+PONG")
    };
    tokio::time::timeout(PING_LIMIT, ping).await.is_ok_and(|pong| pong.unwrap_or(false))
}

#[cfg(test)]
mod tests;
