//! Files stay small enough to read in one sitting, and open with what they are for.

use std::path::{Path, PathBuf};

use crate::workspace;

/// STYLE.md aims at 250; this is where it stops.
const FILE_LINES: usize = 400;

/// A service's `main` names its role and hands over.
const MAIN_LINES: usize = 15;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["mod", "util", "utils", "helper", "helpers", "common", "misc"];

#[test]
fn no_file_outgrows_its_reader() {
    let large = names(rust_files().into_iter().filter(|file| {
        let lines = production_lines(&workspace::read(file));
        lines > FILE_LINES && !holds_tests(file)
    }));
    assert!(large.is_empty(), "over {FILE_LINES} production lines, split by subject: {large:#?}");
}

/// Files that hold tests are exempt: they are about the file that they test.
#[test]
fn every_file_opens_with_its_purpose() {
    let silent = names(
        rust_files()
            .into_iter()
            .filter(|file| !workspace::read(file).starts_with("//! ") && !holds_tests(file)),
    );
    assert!(silent.is_empty(), "these do not open with `//!`: {silent:#?}");
}

#[test]
fn every_file_has_a_name_that_says_something() {
    let nameless = names(rust_files().into_iter().filter(|file| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        EMPTY_NAMES.contains(&stem.as_ref())
    }));
    assert!(nameless.is_empty(), "these could hold anything: {nameless:#?}");
}

#[test]
fn every_service_starts_in_a_few_lines() {
    let mains = workspace::files("services", "rs").into_iter().filter(|file| is_service_main(file));
    let long = names(mains.filter(|file| workspace::read(file).lines().count() > MAIN_LINES));
    assert!(long.is_empty(), "over {MAIN_LINES} lines: {long:#?}");
}

fn names(files: impl Iterator<Item = PathBuf>) -> Vec<String> {
    files.map(|file| workspace::relative(&file)).collect()
}

/// True for `<subject>/tests.rs` and for what lies below `<subject>/tests/`.
fn holds_tests(file: &Path) -> bool {
    let inside = workspace::relative(file);
    inside.ends_with("/tests.rs") || inside.contains("/tests/")
}

fn is_service_main(file: &Path) -> bool {
    file.ends_with("src/main.rs") && !file.ends_with("services/switchboard/src/main.rs")
}

/// The lines before the tests, which stand last in a file.
fn production_lines(text: &str) -> usize {
    text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count()
}

fn rust_files() -> Vec<PathBuf> {
    ["crates", "services", "tests", "xtask"]
        .iter()
        .flat_map(|folder| workspace::files(folder, "rs"))
        .collect()
}
