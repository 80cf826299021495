//! Every key of the reference is accepted, every other is refused with the nearest one, and the page
//! on disk is the page the readers would write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{SEEN, Seen, demo};
use crate::keys::PAGES;
use crate::{parse, parse_customers, read_folder, reference};

const CUSTOMERS: &str = "wang:\n  name: Wang\n  tier: A1\n  language: en\n  owner: chen\n  \
                         alert: Be quick\n  numbers: {\"+8613800000001\": mobile}\n";

#[test]
fn every_documented_key_is_accepted() {
    let read: BTreeSet<(&str, String)> =
        every_key().into_iter().map(|seen| (seen.section, seen.key)).collect();

    let sections = PAGES.iter().flat_map(|page| page.sections);
    let documented = sections
        .flat_map(|section| section.keys.iter().map(|key| (section.title, key.name.to_owned())));
    let unread: Vec<_> = documented.filter(|key| !read.contains(key)).collect();

    assert_eq!(unread, [], "the folder `every_key` lacks these");
}

#[test]
fn every_key_with_a_slip_is_refused_with_the_nearest_one() {
    let files = folder();
    for Seen { key, file, place, .. } in every_key() {
        let text = files.get(&file).map_or(CUSTOMERS, String::as_str);
        let slip = with_slip(text, &key, place.line, place.column);

        let said = complaints(&files, &file, slip);

        let wanted = format!("unknown key \"{key}x\"; did you mean \"{key}\"?");
        let at = format!("{file}:{}:{}: ", place.line, place.column);
        let is_told = said.iter().any(|line| line.starts_with(&at) && line.contains(&wanted));
        assert!(is_told, "{at}{wanted}\n{said:#?}");
    }
}

#[test]
fn the_page_on_disk_is_the_page_of_the_readers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/center.md");

    let on_disk = std::fs::read_to_string(path).expect("the page is there");

    assert!(on_disk.ends_with(&reference()), "out of date: run `cargo xtask prepare`");
}

#[test]
fn defaults_in_the_comments_of_the_demo_are_keys() {
    let text = &demo()["queues.yaml"];
    let queue = &crate::keys::queues::QUEUE;
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let keys = comments.filter_map(|line| line.strip_prefix("#   ")?.split_once(':'));
    let keys: Vec<&str> = keys.map(|(key, _)| key).filter(|key| !key.starts_with(' ')).collect();

    assert!(keys.len() > 15, "{keys:?}");
    for key in keys {
        assert!(queue.has(key), "{key}");
    }
}

/// Reads every key there is, and gives each with its place.
fn every_key() -> Vec<Seen> {
    SEEN.set(Some(Vec::new()));
    let problems = parse(&folder()).err();
    let customers = parse_customers("customers.yaml", CUSTOMERS).err();
    assert_eq!((problems, customers), (None, None));
    SEEN.take().expect("it was set just now")
}

fn folder() -> BTreeMap<String, String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/every_key");
    read_folder(Path::new(path)).expect("the folder is there")
}

fn with_slip(text: &str, key: &str, line: usize, column: usize) -> String {
    let mut lines: Vec<String> = text.split('\n').map(String::from).collect();
    let slipped = &mut lines[line - 1];
    let (start, _) = slipped.char_indices().nth(column - 1).expect("the place is in the file");
    assert!(slipped[start..].starts_with(key), "{slipped}");
    slipped.insert(start + key.len(), 'x');
    lines.join("\n")
}

fn complaints(files: &BTreeMap<String, String>, file: &str, text: String) -> Vec<String> {
    let problems = if files.contains_key(file) {
        let mut files = files.clone();
        files.insert(file.into(), text);
        parse(&files).expect_err("a slip is refused")
    } else {
        parse_customers(file, &text).expect_err("a slip is refused")
    };
    problems.iter().map(ToString::to_string).collect()
}
