//! A center's folder on disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::yaml::MAX_FILE_BYTES;

const MAX_FILES: usize = 10_000;
const CASES: &str = "tests";
const SUBFOLDERS: [&str; 2] = ["flows", "canaries"];

/// Reads the YAML files of a folder and of its folders `flows` and `canaries`, by path inside the folder.
///
/// Other files and folders are left alone, so a README may stand beside them.
pub fn read_folder(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    read_level(folder, "", &mut files)?;
    for name in SUBFOLDERS {
        let below = folder.join(name);
        if below.is_dir() {
            read_level(&below, &format!("{name}/"), &mut files)?;
        }
    }
    if files.is_empty() {
        let message = format!("{} holds no YAML file", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    Ok(files)
}

/// Reads the files of test cases beside a center's flows, by path inside the folder; none is no error.
pub fn read_cases(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let below = folder.join(CASES);
    if below.is_dir() {
        read_level(&below, &format!("{CASES}/"), &mut files)?;
    }
    Ok(files)
}

fn read_level(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| about(folder, &error))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let Some(name) = name.filter(|_| is_yaml(&path)) else { continue };
        if files.len() >= MAX_FILES {
            return Err(io::Error::other(format!("more than {MAX_FILES} files")));
        }
        files.insert(format!("{prefix}{name}"), read_file(&path)?);
    }
    Ok(())
}

fn read_file(path: &Path) -> io::Result<String> {
    let size = fs::metadata(path)?.len();
    if size > u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX) {
        let message = format!("{} is larger than {MAX_FILE_BYTES} bytes", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    fs::read_to_string(path).map_err(|error| about(path, &error))
}

fn is_yaml(path: &Path) -> bool {
    let extension =
        path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    extension && path.is_file()
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
