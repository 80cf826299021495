//! The folder of a site: who may use it, and where everything lies in it.

use std::env;
use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

const IN_WORKING_DIRECTORY: &str = ".state/demo";
/// Where root keeps state when others cannot enter the working directory: root's servers run as
/// another user, who must reach their data.
const OF_ROOT: &str = "/var/lib/switchboard/demo";

/// Gives the folder used when none is named: below the working directory, or where
/// `$XDG_STATE_HOME` says.
pub fn default_state_dir() -> PathBuf {
    let here = env::current_dir().unwrap_or_default().join(IN_WORKING_DIRECTORY);
    let home = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    match home {
        Some(home) if !here.exists() => home.join("switchboard"),
        _ if is_root() && !is_open_to_others(&here) => OF_ROOT.into(),
        _ => here,
    }
}

/// Gives the file with the settings of a site.
pub fn settings_file(state_dir: &Path) -> PathBuf {
    state_dir.join("switchboard.toml")
}

/// Gives the file with a credential of a site, such as `supervisor` or `agent-li-wei`.
pub fn token_file(state_dir: &Path, name: &str) -> PathBuf {
    state_dir.join("tokens").join(name)
}

/// The folder of one site, held exclusively while it lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Opens or makes the folder and takes its lock.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(path).with_context(|| format!("cannot make `{}`", path.display()))?;
        let path = fs::canonicalize(path)?;
        let lock = File::create(path.join("lock"))
            .with_context(|| format!("cannot write in `{}`", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another process already runs a center in `{}`", path.display())
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        for private in ["keys", "tokens"] {
            let private = path.join(private);
            fs::create_dir_all(&private)?;
            fs::set_permissions(&private, Permissions::from_mode(0o700))?;
        }
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.path.join("postgres")
    }

    pub(crate) fn redis(&self) -> PathBuf {
        self.path.join("redis")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        settings_file(&self.path)
    }

    pub(crate) fn signing_key(&self) -> PathBuf {
        self.path.join("keys").join("signing.pem")
    }

    pub(crate) fn jwks(&self) -> PathBuf {
        self.path.join("keys").join("jwks.json")
    }

    pub(crate) fn key_ring(&self) -> PathBuf {
        self.path.join("keys").join("key-ring")
    }

    /// Removes the data of earlier runs; keys stay.
    pub(crate) fn forget(&self) -> anyhow::Result<()> {
        for data in [self.postgres(), self.redis(), self.path.join("tokens")] {
            match fs::remove_dir_all(&data) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove {}", data.display()));
                }
                _ => {}
            }
        }
        let tokens = self.path.join("tokens");
        fs::create_dir(&tokens)?;
        Ok(fs::set_permissions(&tokens, Permissions::from_mode(0o700))?)
    }

    pub(crate) fn write_token(&self, name: &str, token: &str) -> io::Result<()> {
        write_private(&token_file(&self.path, name), token)
    }
}

/// Writes a file that only this user can read.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file =
        File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Says whether every folder on the way, as far as it exists, can be entered by anybody.
fn is_open_to_others(path: &Path) -> bool {
    let existing = path.ancestors().filter_map(|folder| fs::metadata(folder).ok());
    existing.into_iter().all(|folder| folder.permissions().mode() & 0o001 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_center_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let first = Folder::open(place.path()).unwrap();

        let second = Folder::open(place.path()).err().unwrap().to_string();
        drop(first);

        assert!(second.contains("already runs"), "{second}");
        assert!(Folder::open(place.path()).is_ok());
    }

    #[test]
    fn forgetting_keeps_the_keys() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        fs::write(folder.signing_key(), "key").unwrap();
        folder.write_token("supervisor", "token").unwrap();

        folder.forget().unwrap();

        assert!(folder.signing_key().exists());
        assert!(!token_file(place.path(), "supervisor").exists());
    }

    #[test]
    fn a_token_is_for_this_user_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();

        folder.write_token("admin", "token").unwrap();

        let file = fs::metadata(token_file(place.path(), "admin")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
