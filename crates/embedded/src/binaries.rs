//! Finds the server programs: a named folder first, then PATH, then Debian's versioned folders.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::EmbeddedError;

const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The folder of one Postgres installation.
#[derive(Clone, Debug)]
pub(crate) struct PostgresBinaries {
    folder: PathBuf,
    /// The major version, as written in a data directory's `PG_VERSION`.
    pub(crate) major: String,
}

impl PostgresBinaries {
    /// Finds an installation; with `wanted`, only one of that major version.
    pub(crate) fn find(named: Option<&Path>, wanted: Option<&str>) -> Result<Self, EmbeddedError> {
        let folders = match named {
            Some(folder) => vec![folder.to_path_buf()],
            None => postgres_folders(),
        };
        folders
            .into_iter()
            .filter_map(Self::inspect)
            .find(|found| wanted.is_none_or(|major| major == found.major))
            .ok_or(EmbeddedError::NotInstalled { program: "postgres", package: "postgresql" })
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    /// Accepts a folder when both programs in it run.
    fn inspect(folder: PathBuf) -> Option<Self> {
        let major = major_version(&version_of(&folder.join("postgres"))?)?;
        version_of(&folder.join("initdb"))?;
        Some(Self { folder, major })
    }
}

/// Finds `redis-server`.
pub(crate) fn find_redis(named: Option<&Path>) -> Result<PathBuf, EmbeddedError> {
    let candidates = match named {
        Some(folder) => vec![folder.join("redis-server")],
        None => on_path("redis-server"),
    };
    candidates
        .into_iter()
        .find(|program| version_of(program).is_some())
        .ok_or(EmbeddedError::NotInstalled { program: "redis-server", package: "redis-server" })
}

/// Lists folders to look for Postgres in, best first.
fn postgres_folders() -> Vec<PathBuf> {
    // What is on PATH may be a link or a wrapper: only the folder that it leads to has `initdb`.
    let linked = on_path("postgres")
        .into_iter()
        .filter_map(|program| fs::canonicalize(program).ok())
        .filter_map(|program| program.parent().map(Path::to_path_buf));
    linked.chain(versioned_folders(Path::new(DEBIAN_POSTGRES))).collect()
}

/// Lists `<root>/<major>/bin`, highest version first.
fn versioned_folders(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut versions: Vec<u32> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok()))
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    versions.into_iter().map(|version| root.join(version.to_string()).join("bin")).collect()
}

fn on_path(program: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .filter(|file| file.is_file())
        .collect()
}

/// Runs `program --version`, which shows that it is no broken wrapper.
fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads `15` out of `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_version(text: &str) -> Option<String> {
    let number =
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(number.chars().take_while(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_any_release_name() {
        let debian = major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n");
        let beta = major_version("postgres (PostgreSQL) 19beta2");

        assert_eq!(debian.as_deref(), Some("15"));
        assert_eq!(beta.as_deref(), Some("19"));
    }

    #[test]
    fn versioned_folders_come_highest_first() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9", "15", "18", "common"] {
            fs::create_dir(root.path().join(version)).unwrap();
        }

        let folders = versioned_folders(root.path());

        let names: Vec<_> =
            folders.iter().map(|folder| folder.strip_prefix(root.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("18/bin"), Path::new("15/bin"), Path::new("9/bin")]);
    }

    #[test]
    fn a_folder_without_programs_is_refused_with_the_package_to_install() {
        let empty = tempfile::tempdir().unwrap();

        let refused = PostgresBinaries::find(Some(empty.path()), None).unwrap_err();

        assert!(refused.to_string().contains("apt-get install postgresql"));
    }
}
