//! Every key of the reference is accepted, every other is refused with the nearest one, and the page
//! on disk is the page the readers would write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use switchboard_domain::ticket::TicketKinds;

use super::{SEEN, Seen, demo};
use crate::keys::PAGES;
use crate::{parse, parse_cases, parse_customers, read_folder, reference};

const CASES_FILE: &str = "tests/main.yaml";
const CUSTOMERS: &str = "wang:\n  name: Wang\n  tier: A1\n  language: en\n  owner: chen\n  \
                         alert: Be quick\n  numbers: {\"+8613800000001\": mobile}\n";

/// A file of test cases with every key there is.
const CASES: &str = "\
flow: main
given:
  at: 2026-11-23 10:00
  caller: \"+8613800000001\"
  called: \"+862160000000\"
  language: en
  channel: voice
  lists: [allow, test]
  verification: full
  customer: {id: wang, tier: A1, language: en, segments: [frequent], open_tickets: 2}
  answers:
    how-full: {staffing: {available: 1, staffed: 2, waiting: 3, oldest: 1m, wait: 2m}}
    who: [{customer: {tier: B1}}, not_found]
    bank: {fetched: {balance: 100}}
    report: {ticket: 7}
cases:
  a case:
    at: 2026-11-23T10:00
    caller: \"+8613800000001\"
    called: \"+862160000000\"
    language: en
    channel: voice
    lists: [block]
    verification: full
    customer: {}
    answers: {bank: late}
    inputs: [silence, \"12#\", {keys: \"3\", after: 2s, every: 1s}, hang_up]
    expect:
      path: [begin]
      through: [begin]
      prompts: [hello]
      texts: [Hello]
      fields: {order: 12}
      no_fields: [pin]
      end: queue
      queue: first
      reason: chosen
      priority: 5
      skills: {english: 3}
      answered: [safety]
      ends_in: en
";

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
        let text = match file.as_str() {
            CASES_FILE => CASES,
            other => files.get(other).map_or(CUSTOMERS, String::as_str),
        };
        let slip = with_slip(text, &key, place.line, place.column);

        let said = complaints(&files, &file, slip);

        let wanted = format!("unknown key \"{key}x\"; did you mean \"{key}\"?");
        let at = format!("{file}:{}:{}: ", place.line, place.column);
        let is_told = said.iter().any(|line| line.starts_with(&at) && line.contains(&wanted));
        assert!(is_told, "{at}{wanted}\n{said:#?}");
    }
}

#[test]
fn the_standard_kinds_of_tickets_are_named_with_what_they_ask_for() {
    let about = PAGES.iter().find(|page| page.file == "kinds.yaml").expect("a page").about;

    for kind in TicketKinds::default().iter() {
        let (_, rest) = about.split_once(&format!("`{}`", kind.id)).expect("it is named");
        // A list in brackets holds for the kinds before it that stand together.
        let together = rest.trim_start_matches(|letter: char| letter != '(' && letter != ',');
        let asked = together.strip_prefix('(').and_then(|list| list.split_once(')'));
        let asked = asked.map_or("", |(list, _)| list);
        let demands = [
            ("department", kind.needs_department),
            ("informed", kind.needs_informing),
            ("reviewed", kind.needs_review),
        ];
        for (demand, is_asked) in demands {
            assert_eq!(asked.contains(demand), is_asked, "{}: {demand}", kind.id);
        }
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
    let cases = parse_cases(CASES_FILE, CASES).err();
    assert_eq!((problems, customers, cases), (None, None, None));
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
    } else if file == CASES_FILE {
        parse_cases(file, &text).expect_err("a slip is refused")
    } else {
        parse_customers(file, &text).expect_err("a slip is refused")
    };
    problems.iter().map(ToString::to_string).collect()
}
