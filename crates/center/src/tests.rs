//! The demo center, and what is said about centers that are none.

mod cached;
mod calendars;
mod care;
mod cases;
mod changed;
mod consents;
mod departments;
mod dispositions;
mod documented;
mod drained;
mod expressions;
mod faults;
mod preferred;
mod profile;
mod refusals;
mod retention;
mod schema;
mod scorecards;
mod segments;
mod showroom;
mod targets;
mod tickets;
mod transcript;
mod value;
mod versions;
mod warned;

use std::cell::RefCell;
use std::collections::BTreeMap;

use switchboard_domain::center::{Center, RouteRequest};
use switchboard_domain::customer::Tier;
use switchboard_domain::ids::{AgentId, QueueId};
use switchboard_domain::time::Timestamp;

use super::*;
use crate::keys::Section;
use crate::yaml::Entry;

#[test]
fn the_demo_center_is_sound() {
    let center = demo_center();

    assert_eq!(center.agents.len(), 6);
    assert_eq!(center.queues.len(), 4);
    assert_eq!(center.numbers.len(), 2);
    assert_eq!(center.tiers.len(), Tier::ALL.len());
    assert_eq!(center.ticket_rules.len(), 6);
    assert_eq!(center.macros.len(), 3);
}

#[test]
fn the_program_carries_every_file_of_the_demo_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/demo/center");

    let on_disk = read_folder(std::path::Path::new(folder)).expect("the folder is there");

    assert_eq!(on_disk, demo());
}

#[test]
fn the_demo_customers_fit_the_demo_center() {
    let customers = demo_customers();
    let center = demo_center();

    assert_eq!(customers.len(), 12);
    for tier in Tier::ALL {
        assert!(customers.iter().any(|customer| customer.tier == tier), "{tier}");
    }
    for owner in customers.iter().filter_map(|customer| customer.owner.as_ref()) {
        assert!(center.agents.contains_key(owner), "{owner}");
    }
}

#[test]
fn language_tier_and_queue_together_say_what_a_caller_needs() {
    let center = demo_center();
    let queue = QueueId::parse("booking").expect("an id");
    let english = center.languages.keys().find(|tag| tag.as_str() == "en");

    let plan = center
        .plan_route(RouteRequest {
            queue: &queue,
            language: english,
            tier: Some(Tier::A1),
            segments: &[],
            skills: &[],
            priority_boost: 7,
        })
        .expect("the queue exists");

    assert_eq!(plan.priority, 5 + 30 + 7);
    let needs: Vec<String> =
        plan.requirement.iter().map(|need| format!("{}>={}", need.skill, need.level)).collect();
    assert_eq!(needs, ["booking>=1", "english>=3"]);
    let able: Vec<&str> = center
        .agents
        .values()
        .filter(|agent| agent.serves(&plan.queue, &plan.requirement))
        .map(|agent| agent.id.as_str())
        .collect();
    assert_eq!(able, ["emma-lin", "li-wei"]);
}

#[test]
fn an_unknown_queue_has_no_plan_and_an_unknown_caller_has_one() {
    let center = demo_center();
    let unknown = QueueId::parse("nowhere").expect("an id");
    let booking = QueueId::parse("booking").expect("an id");
    let request = |queue| RouteRequest {
        queue,
        language: None,
        tier: None,
        segments: &[],
        skills: &[],
        priority_boost: 0,
    };

    assert_eq!(center.plan_route(request(&unknown)), None);
    assert_eq!(center.plan_route(request(&booking)).map(|plan| plan.priority), Some(5));
}

#[test]
fn today_is_the_center_s_today() {
    let evening_in_greenwich = Timestamp::from_millis(1_795_291_200_000);

    assert_eq!(today(&demo_center(), evening_in_greenwich).to_string(), "2026-11-22");
}

#[test]
fn a_comment_keeps_a_flow_s_version_and_a_word_changes_it() {
    let version = |edit: &dyn Fn(&str) -> String| {
        let mut files = demo();
        let flow = files.get_mut("flows/hotline.yaml").expect("the flow");
        *flow = edit(flow);
        parse(&files).expect("still sound").flows.values().next().expect("a flow").version()
    };

    let before = version(&|text| text.into());

    assert_eq!(version(&|text| format!("# a note\n{text}")), before);
    assert_ne!(version(&|text| text.replace("max_steps: 100", "max_steps: 101")), before);
}

#[test]
fn a_folder_is_read_with_its_flows_and_without_strangers() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    std::fs::create_dir(folder.path().join("flows")).expect("a folder");
    write("center.yaml", "a: b");
    write("README.md", "about");
    write("flows/hotline.yaml", "c: d");

    let files = read_folder(folder.path()).expect("readable");

    assert_eq!(files.keys().collect::<Vec<_>>(), ["center.yaml", "flows/hotline.yaml"]);
}

#[test]
fn files_from_other_systems_are_read_alike() {
    let foreign = |text: &String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let files = demo().iter().map(|(name, text)| (name.clone(), foreign(text))).collect();

    assert_eq!(parse(&files), parse(&demo()));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = read_folder(std::path::Path::new("no/such/folder")).expect_err("not there");

    assert!(error.to_string().contains("no/such/folder"), "{error}");
}

#[test]
fn agents_are_found_by_id() {
    let center = demo_center();

    let agent = center.agent(&AgentId::parse("emma-lin").expect("an id"));

    assert_eq!(agent.map(|agent| agent.display_name.as_str()), Some("Emma Lin"));
}

thread_local! {
    static SEEN: RefCell<Option<Vec<Seen>>> = const { RefCell::new(None) };
}

/// A key that was read.
struct Seen {
    section: &'static str,
    key: String,
    file: String,
    place: Place,
}

/// Notes that a key was read, if somebody wants to know.
pub(crate) fn note(section: &Section, entry: &Entry, file: &str) {
    SEEN.with_borrow_mut(|seen| {
        if let Some(seen) = seen {
            let (key, file) = (entry.name.clone(), file.to_owned());
            seen.push(Seen { section: section.title, key, file, place: entry.place });
        }
    });
}

fn demo_center() -> Center {
    parse(&demo()).expect("the demo center is sound")
}

/// Gives the demo's files with one text replaced in one file.
fn demo_with(file: &str, old: &str, new: &str) -> BTreeMap<String, String> {
    let mut files = demo();
    let text = files.get_mut(file).expect("a file of the demo");
    assert!(text.contains(old), "{file} does not contain {old:?}");
    *text = text.replacen(old, new, 1);
    files
}
