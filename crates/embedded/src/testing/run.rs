//! The folder of this process's throwaway servers, and the janitor that removes it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use nix::unistd::geteuid;

use crate::EmbeddedError;
use crate::directory::private_root;

/// Reads until this process ends and its pipe closes, then removes the folder.
///
/// The servers get their signal at the same moment, so a first attempt may meet files that they
/// still write.
const JANITOR: &str = r#"
read -r _
tries=0
while [ -e "$1" ] && [ "$tries" -lt 100 ]; do
  sleep 0.1
  rm -rf "$1" 2>/dev/null
  tries=$((tries + 1))
done
"#;

/// What keeps the folder of this process alive.
struct Run {
    folder: PathBuf,
    _owner: File,
    _janitor: Child,
}

/// Gives a new directory path for a server, inside this process's folder.
pub(crate) fn next_directory(kind: &str) -> Result<PathBuf, EmbeddedError> {
    static RUN: Mutex<Option<Run>> = Mutex::new(None);
    static MADE: AtomicU32 = AtomicU32::new(0);
    let mut run = RUN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = match &*run {
        Some(run) => run.folder.clone(),
        None => run.insert(begin()?).folder.clone(),
    };
    Ok(folder.join(format!("{kind}-{}", MADE.fetch_add(1, Ordering::Relaxed))))
}

/// Gives the folder that all test processes of this user share.
pub(crate) fn shared_root() -> Result<PathBuf, EmbeddedError> {
    let root = std::env::temp_dir().join(format!("switchboard-tests-{}", geteuid()));
    private_root(&root)?;
    Ok(root)
}

fn begin() -> Result<Run, EmbeddedError> {
    let root = shared_root()?;
    sweep(&root);
    let folder = tempfile::Builder::new()
        .prefix("run-")
        .permissions(fs::Permissions::from_mode(0o711))
        .tempdir_in(&root)
        .map_err(EmbeddedError::io("make a folder in", &root))?
        .keep();
    let owner = claim(&folder).map_err(EmbeddedError::io("claim", &folder))?;
    let janitor = Command::new("sh")
        .args(["-c", JANITOR, "sh"])
        .arg(&folder)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(EmbeddedError::io("start a janitor for", &folder))?;
    Ok(Run { folder, _owner: owner, _janitor: janitor })
}

fn claim(folder: &Path) -> io::Result<File> {
    let owner = File::create(folder.join("owner"))?;
    owner.try_lock()?;
    Ok(owner)
}

/// Removes the folders of processes whose janitor was killed along with them.
fn sweep(root: &Path) {
    let Ok(entries) = fs::read_dir(root) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let is_run = entry.file_name().to_string_lossy().starts_with("run-");
        let abandoned =
            || File::open(entry.path().join("owner")).is_ok_and(|f| f.try_lock().is_ok());
        if is_run && abandoned() {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}
