//! The page of behaviours names tests that exist, at least one on each level.

use std::path::Path;

use crate::workspace;

/// How many behaviours the page has at least: none is dropped in passing.
const LEAST: usize = 19;

#[test]
fn every_behaviour_names_tests_that_exist_on_both_levels() {
    let folder = workspace::root().join("docs");
    let page = workspace::read(&folder.join("behaviours.md"));
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|row| row.contains("](")).collect();
    assert!(rows.len() >= LEAST, "the page has {} behaviours, not {LEAST}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [behaviour, lowest, story] = cells.as_slice() else {
            wrong.push(format!("not three cells: {row}"));
            continue;
        };
        for (level, cell) in [("lowest level", lowest), ("story", story)] {
            let tests = tests(cell);
            if tests.is_empty() {
                wrong.push(format!("no test as {level}: {behaviour}"));
            }
            let missing = tests.into_iter().filter(|(name, file)| !holds(&folder.join(file), name));
            wrong.extend(missing.map(|(name, file)| format!("no test `{name}` in {file}")));
        }
    }
    assert!(wrong.is_empty(), "docs/behaviours.md is wrong: {wrong:#?}");
}

/// The tests a cell links to: name and file.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    let link = |text| {
        let (name, rest): (&str, &str) = str::split_once(text, "`](")?;
        Some((name, rest.split(')').next()?))
    };
    cell.split("[`").skip(1).filter_map(link).collect()
}

fn holds(file: &Path, test: &str) -> bool {
    let source = workspace::read(file);
    let head = format!("fn {test}()");
    let mut before = "";
    for line in source.lines() {
        let is_test = before.trim_start().starts_with("#[test]") || before.contains("::test");
        if is_test && line.contains(&head) {
            return true;
        }
        before = line;
    }
    false
}
