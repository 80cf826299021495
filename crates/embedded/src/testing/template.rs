//! Postgres data directories that are made once and copied by every test process.

use std::error::Error;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::sleep;

use crate::EmbeddedError;
use crate::binaries::PostgresBinaries;
use crate::postgres::{Durability, PostgresOptions, Server};
use crate::testing::TEMPLATE_DATABASE;
use crate::testing::run::shared_root;

/// How long another process may take to make the template, in polls of [`POLL`].
const LOCK_TRIES: u32 = 6000;
const POLL: Duration = Duration::from_millis(20);

/// Copies the template to `<target>/data`, after making it when it is absent or outdated.
pub(crate) async fn copy(
    name: &str,
    fingerprint: &str,
    target: &Path,
    prepare: impl AsyncFnOnce(String) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<(), EmbeddedError> {
    let major = PostgresBinaries::find(None, None)?.major;
    let root = shared_root()?;
    // Held over the copy too, so that nobody replaces the template meanwhile.
    let _lock = lock(&root.join(format!("template-{major}-{name}.lock"))).await?;
    let template = root.join(format!("template-{major}-{name}"));
    let marker = template.join("fingerprint");
    if fs::read_to_string(&marker).ok().as_deref() != Some(fingerprint) {
        make(&template, prepare).await?;
        fs::write(&marker, fingerprint).map_err(EmbeddedError::io("write", &marker))?;
    }
    fs::create_dir_all(target).map_err(EmbeddedError::io("make the directory", target))?;
    copy_tree(&template.join("data"), &target.join("data")).await
}

async fn make(
    template: &Path,
    prepare: impl AsyncFnOnce(String) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> Result<(), EmbeddedError> {
    if template.exists() {
        fs::remove_dir_all(template).map_err(EmbeddedError::io("remove", template))?;
    }
    let server = Server::start(&PostgresOptions::new(template, Durability::Throwaway)).await?;
    server.create_database(TEMPLATE_DATABASE).await?;
    prepare(server.url(TEMPLATE_DATABASE)).await.map_err(EmbeddedError::Prepare)?;
    server.stop().await;
    Ok(())
}

async fn lock(path: &Path) -> Result<File, EmbeddedError> {
    let file = File::create(path).map_err(EmbeddedError::io("open", path))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => sleep(POLL).await,
            Err(TryLockError::Error(error)) => return Err(EmbeddedError::io("lock", path)(error)),
        }
    }
    Err(EmbeddedError::AlreadyRunning { directory: path.to_path_buf() })
}

/// Copies with owners and modes: the server refuses a directory that is not its user's.
async fn copy_tree(from: &Path, to: &Path) -> Result<(), EmbeddedError> {
    let status = Command::new("cp")
        .args(["-a", "--reflink=auto"])
        .args([from, to])
        .status()
        .await
        .map_err(EmbeddedError::io("copy", from))?;
    if status.success() {
        Ok(())
    } else {
        Err(EmbeddedError::io("copy", from)(std::io::Error::other(status.to_string())))
    }
}
