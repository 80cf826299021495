//! Which operating system user runs the servers: Postgres refuses to run as root.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{User, geteuid};

use crate::EmbeddedError;

/// The user that servers run as.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// The user of this process.
    Own,
    /// An unprivileged user, because this process is root.
    Dropped(User),
}

impl Identity {
    /// Chooses the user: this one, or for root `postgres`, else `nobody`.
    pub(crate) fn choose() -> Result<Self, EmbeddedError> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        let named = |name| User::from_name(name).ok().flatten();
        named("postgres")
            .or_else(|| named("nobody"))
            .map(Self::Dropped)
            .ok_or(EmbeddedError::NoUser)
    }

    /// Makes a command run as this user.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Self::Dropped(user) = self {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }

    /// Makes a directory that only this user can use, and checks that the user can reach it.
    pub(crate) fn own_directory(&self, path: &Path) -> Result<(), EmbeddedError> {
        fs::create_dir_all(path).map_err(EmbeddedError::io("make the directory", path))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .map_err(EmbeddedError::io("set the mode of", path))?;
        let Self::Dropped(user) = self else {
            return Ok(());
        };
        std::os::unix::fs::chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
            .map_err(EmbeddedError::io("change the owner of", path))?;
        self.check_reachable(path)
    }

    /// Checks that this user can search every parent of a path.
    fn check_reachable(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Self::Dropped(user) = self else {
            return Ok(());
        };
        for parent in path.ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty()) {
            let metadata = fs::metadata(parent).map_err(EmbeddedError::io("inspect", parent))?;
            if !can_search(user, &metadata) {
                let directory = parent.to_path_buf();
                return Err(EmbeddedError::NotSearchable { directory, user: user.name.clone() });
            }
        }
        Ok(())
    }
}

fn can_search(user: &User, metadata: &fs::Metadata) -> bool {
    let bit = if metadata.uid() == user.uid.as_raw() {
        0o100
    } else if metadata.gid() == user.gid.as_raw() {
        0o010
    } else {
        0o001
    };
    metadata.mode() & bit != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_parent_is_named() {
        let Ok(identity @ Identity::Dropped(_)) = Identity::choose() else {
            return;
        };
        let closed = tempfile::tempdir().unwrap();
        fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();

        let refused = identity.own_directory(&closed.path().join("data"));

        let Err(EmbeddedError::NotSearchable { directory, .. }) = refused else {
            panic!("not refused: {refused:?}")
        };
        assert_eq!(directory, closed.path());
    }
}
