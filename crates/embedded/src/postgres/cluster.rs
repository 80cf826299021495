//! The files of one Postgres server: its data directory, socket, log and settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::EmbeddedError;
use crate::binaries::PostgresBinaries;
use crate::directory::StateDirectory;
use crate::identity::Identity;
use crate::keeper::Launch;
use crate::postgres::{Durability, USER};
use crate::process::Process;

const DATA: &str = "data";
/// Names the socket file; in a private folder it clashes with nobody.
const PORT: u16 = 5432;
const INITDB_LIMIT: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) state: StateDirectory,
    pub(crate) identity: Identity,
    pub(crate) binaries: PostgresBinaries,
}

impl Cluster {
    pub(crate) fn data(&self) -> PathBuf {
        self.state.root.join(DATA)
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.state.root.join("postgres.log")
    }

    pub(crate) fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.state.socket.join(format!(".s.PGSQL.{PORT}"))
    }

    pub(crate) fn socket_lock(&self) -> PathBuf {
        self.state.socket.join(format!(".s.PGSQL.{PORT}.lock"))
    }

    /// Says whether the server of that process accepts connections.
    pub(crate) fn is_ready(&self, process_id: u32) -> bool {
        let text = fs::read_to_string(self.pid_file()).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        lines.next() == Some(process_id.to_string().as_str()) && lines.nth(6) == Some("ready")
    }

    /// Makes the data directory when there is none.
    pub(crate) async fn ensure(&self, durability: Durability) -> Result<(), EmbeddedError> {
        let data = self.data();
        if data.join("PG_VERSION").exists() {
            return Ok(());
        }
        // Made beside and renamed, so that a killed start never leaves half a directory.
        let fresh = self.state.root.join("data.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(EmbeddedError::io("remove", &fresh))?;
        }
        self.identity.own_directory(&fresh)?;
        self.initialise(&fresh, durability).await?;
        fs::rename(&fresh, &data).map_err(EmbeddedError::io("rename", &fresh))
    }

    async fn initialise(&self, fresh: &Path, durability: Durability) -> Result<(), EmbeddedError> {
        let mut arguments = texts(&["--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust"]);
        arguments.extend(["-U".to_owned(), USER.to_owned()]);
        if durability == Durability::Throwaway {
            // Small log segments make a copy of the directory a third smaller.
            arguments.push("--wal-segsize=1".to_owned());
        }
        arguments.extend(["-D".to_owned(), fresh.to_string_lossy().into_owned()]);
        let launch = Launch {
            program: self.binaries.initdb(),
            arguments,
            identity: self.identity.clone(),
            death_signal: "KILL",
            log: self.state.root.join("initdb.log"),
        };
        let process = Process::start("initdb", launch).await?;
        // It is ready when the version file exists *and* it has ended; its end is the sign.
        let outcome = process.ready(INITDB_LIMIT, async || process.succeeded()).await;
        process.kill();
        outcome
    }

    /// Gives the server's command line.
    pub(crate) fn arguments(&self, durability: Durability) -> Vec<String> {
        let socket = self.state.socket.to_string_lossy();
        let mut settings = texts(&[
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
        ]);
        settings.push(format!("unix_socket_directories={socket}"));
        settings.push(format!("port={PORT}"));
        settings.extend(texts(match durability {
            Durability::Durable => &["fsync=on", "synchronous_commit=on"],
            Durability::SurvivesKill => &["fsync=off", "synchronous_commit=on"],
            Durability::Throwaway => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "shared_buffers=32MB",
            ],
        }));
        let data = self.data().to_string_lossy().into_owned();
        let flags = settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]);
        ["-D".to_owned(), data].into_iter().chain(flags).collect()
    }
}

/// Reads the major version that made a data directory, when there is one.
pub(crate) fn major_of(root: &Path) -> Option<String> {
    let text = fs::read_to_string(root.join(DATA).join("PG_VERSION")).ok()?;
    Some(text.trim().to_owned())
}

/// Says that the version is wrong, when some version was wanted and none like it found.
pub(crate) fn explain(error: EmbeddedError, root: &Path, wanted: Option<String>) -> EmbeddedError {
    match wanted {
        Some(found) => EmbeddedError::WrongVersion { directory: root.join(DATA), found },
        None => error,
    }
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
