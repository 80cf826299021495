//! What can go wrong with a private server, said so that the reader knows what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Says why a private server did not do what it was asked.
#[derive(Debug, Error)]
pub enum EmbeddedError {
    /// No usable program was found.
    #[error(
        "cannot find a working `{program}`: name its folder, put it on PATH, or run \
         `apt-get install {package}`"
    )]
    NotInstalled {
        /// The program looked for.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
    },
    /// The data directory was made by another major version.
    #[error(
        "`{}` was made by Postgres {found}, which is not installed: install it, or choose \
         another state directory", directory.display()
    )]
    WrongVersion {
        /// The data directory.
        directory: PathBuf,
        /// The major version that made it.
        found: String,
    },
    /// The unprivileged user that runs the server cannot reach its directory.
    #[error(
        "user `{user}` runs the server and cannot enter `{}`: choose a state directory elsewhere",
        directory.display()
    )]
    NotSearchable {
        /// The parent that is closed to the user.
        directory: PathBuf,
        /// The user that runs the server.
        user: String,
    },
    /// Root cannot run Postgres and no other user exists.
    #[error("neither user `postgres` nor user `nobody` exists, and the server cannot run as root")]
    NoUser,
    /// Another process uses the directory.
    #[error("another process already runs a server in `{}`", directory.display())]
    AlreadyRunning {
        /// The directory in use.
        directory: PathBuf,
    },
    /// A program ended before it was ready.
    #[error("`{program}` ended early ({status}); the end of its log:\n{log}")]
    EndedEarly {
        /// The program.
        program: &'static str,
        /// How it ended.
        status: String,
        /// The last lines that it wrote.
        log: String,
    },
    /// A server was not ready in time.
    #[error("`{program}` was not ready after {seconds} s; the end of its log:\n{log}")]
    NotReady {
        /// The program.
        program: &'static str,
        /// How long it was waited for.
        seconds: u64,
        /// The last lines that it wrote.
        log: String,
    },
    /// Postgres refused a statement.
    #[error("postgres refused the statement: {message}")]
    Refused {
        /// What Postgres said.
        message: String,
    },
    /// A database name holds a character outside lower case letters, digits and `_`.
    #[error("`{name}` is no database name: only lower case letters, digits and `_`")]
    BadName {
        /// The name.
        name: String,
    },
    /// The operating system refused an operation.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Preparing a template database failed.
    #[error("cannot prepare the template database")]
    Prepare(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl EmbeddedError {
    /// Gives a function that wraps an I/O error with what was tried.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_path_buf(), source }
    }
}
