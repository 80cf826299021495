//! A server's state directory: locked against a second owner, with a socket path short enough.

use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use crate::EmbeddedError;
use crate::identity::Identity;

/// The longest socket folder accepted: a socket path has at most 107 bytes, its file name some 20.
const MAX_SOCKET_FOLDER: usize = 86;

/// The directory of one server, held exclusively while it lives.
#[derive(Debug)]
pub(crate) struct StateDirectory {
    pub(crate) root: PathBuf,
    /// The folder of the unix socket.
    pub(crate) socket: PathBuf,
    _lock: File,
}

impl StateDirectory {
    /// Opens or makes the directory and takes its lock.
    pub(crate) fn open(path: &Path, identity: &Identity) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(path).map_err(EmbeddedError::io("make the directory", path))?;
        let root = fs::canonicalize(path).map_err(EmbeddedError::io("resolve", path))?;
        let lock = lock(&root)?;
        if let Identity::Dropped(_) = identity {
            fs::set_permissions(&root, fs::Permissions::from_mode(0o711))
                .map_err(EmbeddedError::io("set the mode of", &root))?;
        }
        let socket = socket_folder(&root);
        identity.own_directory(&socket)?;
        Ok(Self { root, socket, _lock: lock })
    }
}

fn lock(root: &Path) -> Result<File, EmbeddedError> {
    let path = root.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(EmbeddedError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(EmbeddedError::AlreadyRunning { directory: root.to_path_buf() })
        }
        Err(TryLockError::Error(source)) => Err(EmbeddedError::io("lock", &path)(source)),
    }
}

/// Gives the folder for sockets: inside the state directory, or a short one in the temporary one.
fn socket_folder(root: &Path) -> PathBuf {
    let inside = root.join("run");
    if inside.as_os_str().len() <= MAX_SOCKET_FOLDER {
        return inside;
    }
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = format!("switchboard-{}-{:016x}", geteuid(), hasher.finish());
    std::env::temp_dir().join(name)
}

/// Makes a directory for shared use by this user alone; refuses one that somebody else made.
pub(crate) fn private_root(path: &Path) -> Result<(), EmbeddedError> {
    fs::create_dir_all(path).map_err(EmbeddedError::io("make the directory", path))?;
    let metadata = fs::symlink_metadata(path).map_err(EmbeddedError::io("inspect", path))?;
    if !metadata.is_dir() || metadata.uid() != geteuid().as_raw() {
        let source = std::io::Error::other("it belongs to another user");
        return Err(EmbeddedError::io("use", path)(source));
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o711))
        .map_err(EmbeddedError::io("set the mode of", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_has_one_owner_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let owner = StateDirectory::open(place.path(), &Identity::Own).unwrap();

        let second = StateDirectory::open(place.path(), &Identity::Own);
        drop(owner);
        let third = StateDirectory::open(place.path(), &Identity::Own);

        assert!(matches!(second, Err(EmbeddedError::AlreadyRunning { .. })));
        assert!(third.is_ok());
    }

    #[test]
    fn a_deep_directory_gets_a_short_socket_folder() {
        let deep = PathBuf::from(format!("/{}", "deep/".repeat(40)));

        let folder = socket_folder(&deep);

        assert!(folder.as_os_str().len() <= MAX_SOCKET_FOLDER, "{}", folder.display());
    }
}
