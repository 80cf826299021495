//! The repository as the other tests see it: its packages and its files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// What `cargo metadata` says about every package that is built here.
static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &platform])
        .current_dir(root())
        .output()
        .expect("cargo runs these tests, so it is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
});

/// A direct dependency of a package of ours.
pub(crate) struct Dependency {
    /// The name of the crate depended on.
    pub(crate) name: String,
    /// True when only tests use it.
    pub(crate) dev: bool,
    /// True when it is a package of this workspace.
    pub(crate) ours: bool,
}

/// The folder that holds the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests folder has a parent")
}

/// Every package that takes part in the build, ours and others'.
pub(crate) fn packages() -> &'static [Value] {
    METADATA["packages"].as_array().expect("the metadata lists packages")
}

/// The packages of this workspace.
pub(crate) fn members() -> impl Iterator<Item = &'static Value> {
    packages().iter().filter(|package| package["source"].is_null())
}

/// A text field of a package.
pub(crate) fn text<'a>(package: &'a Value, field: &str) -> &'a str {
    package[field].as_str().unwrap_or_default()
}

/// The folder of a package of ours, relative to the root.
pub(crate) fn folder(package: &Value) -> String {
    let manifest = Path::new(text(package, "manifest_path"));
    let folder = manifest.parent().expect("a manifest lies in a folder");
    let relative = folder.strip_prefix(root()).expect("our packages lie below the root");
    relative.to_string_lossy().into_owned()
}

/// The direct dependencies of a package.
pub(crate) fn dependencies(package: &Value) -> Vec<Dependency> {
    let listed = package["dependencies"].as_array().expect("a package lists its dependencies");
    let read = |dependency: &Value| Dependency {
        name: text(dependency, "name").to_owned(),
        dev: dependency["kind"] == "dev",
        ours: dependency["path"].is_string(),
    };
    listed.iter().map(read).collect()
}

/// Every file with this ending below a folder of the repository, in order.
pub(crate) fn files(below: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(below), ending, &mut found);
    found.sort();
    found
}

/// A path as a reader of the repository writes it.
pub(crate) fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// Reads a file of the repository.
pub(crate) fn read(path: &Path) -> String {
    let text = fs::read_to_string(path);
    assert!(text.is_ok(), "{} cannot be read", path.display());
    text.unwrap_or_default()
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // Build output, local data and version control are not part of the repository's text.
        let skipped = ["target", "node_modules"].contains(&name.as_str()) || name.starts_with('.');
        if path.is_dir() && !skipped {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}
