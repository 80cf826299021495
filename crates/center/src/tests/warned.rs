//! What works and is probably not meant is told, and does not keep a center out of force.

use std::collections::BTreeMap;

use super::{demo, demo_with};
use crate::check;

#[test]
fn the_demo_gives_no_cause_for_warnings() {
    assert_eq!(warnings(&demo()), [] as [&str; 0]);
}

#[test]
fn queues_and_agents_who_do_not_find_each_other_are_named() {
    let idle = demo_with("agents.yaml", "queues: {booking: 1, timetable: 2}", "queues: {}");
    let wishes = "preferred_skills: {mandarin: 10, refund: 9}";
    let fussy = demo_with("queues.yaml", "hours: always", wishes);
    let loud = demo_with("queues.yaml", "hours: always", "strategy: {ring_n: 7}");
    let mut unserved = demo();
    edit(&mut unserved, "agents.yaml", &[("refund: 1, ", ""), (", refund: 1", "")]);
    let mut mute = demo();
    edit(&mut mute, "center.yaml", &[("skill: {english: 3}", "skill: {english: 10}")]);
    edit(&mut mute, "agents.yaml", &[("english: 10", "english: 9")]);

    told(&idle, "agent \"zhang-min\": serves no queue");
    let wish = "none of its agents has skill \"refund\" at level 9";
    told(&fussy, &format!("preferred_skills of queue \"timetable\": {wish}"));
    told(&loud, "strategy of queue \"timetable\": rings 7 agents at once, and only 6 serve it");
    told(&unserved, "queues.yaml:72:3: queue \"refund\": nobody serves it");
    told(&mute, "queue \"refund\": nobody serves its callers of language \"en\"");
}

#[test]
fn capacity_that_is_missing_is_named() {
    let mut chats = demo();
    let agents = chats.get_mut("agents.yaml").expect("a file");
    *agents = agents.replace("  endpoint:", "  capacity: {chat: 2}\n  endpoint:");

    told(&chats, "queue \"refund\": none of its agents has capacity for calls");
    told(&chats, "callback of queue \"rebooking\": none of its agents has capacity for callbacks");
}

#[test]
fn tickets_that_are_sent_to_a_queue_whose_agents_take_no_tasks_are_told() {
    let mut center = demo();
    center.insert("dispatch.yaml".into(), "all: {when: 'true', queue: refund}\n".into());

    let told_of = "tickets are sent to it, and none of its agents has capacity for tasks";
    told(&center, &format!("queue \"refund\": {told_of}"));
}

#[test]
fn callbacks_that_end_before_their_last_attempt_are_named() {
    let short = demo_with("queues.yaml", "retry_after: 10m", "retry_after: 10m, lifetime: 20m");

    told(&short, "callback of queue \"rebooking\": its lifetime ends before the last attempt");
}

#[test]
fn a_missing_translation_is_named_and_another_language_is_heard() {
    let line = "  en: Please enter the order number and end with the pound key.\n";
    let silent = demo_with("prompts.yaml", line, "");

    told(&silent, "prompt \"ask-order\": has no translation into \"en\"; callers hear another");
}

#[test]
fn what_nothing_leads_to_is_named() {
    let queue = demo_with("flows/hotline.yaml", "queue: refund", "queue: booking");
    let calendar = demo_with("queues.yaml", "hours: daytime", "hours: always");
    let mut flow = demo();
    flow.insert("flows/spare.yaml".into(), flow["flows/hotline.yaml"].clone());

    told(
        &queue,
        "queue \"refund\": no flow, tier, segment or other queue leads to it; only transfers do",
    );
    told(&calendar, "calendars.yaml:11:3: calendar \"daytime\": no queue and no flow uses it");
    told(&flow, "flows/spare.yaml:5:1: flow: no number, no queue and no flow leads to it");
}

#[test]
fn ways_out_that_lead_back_are_named() {
    let mut back = demo_with("queues.yaml", "overflow: busy", "overflow: {flow: sorry}");
    let flow = "title: Sorry\nstart: wait\nhuman: {node: wait}\nnodes:\n  \
                wait: {type: queue, queue: timetable}\n";
    back.insert("flows/sorry.yaml".into(), flow.into());
    let drains = demo_with("queues.yaml", "overflow: busy", "overflow: {queue: refund}");
    let mut drains = drains;
    let queues = drains.get_mut("queues.yaml").expect("a file");
    queues.push_str("  draining: true\n");

    told(&back, "overflow of queue \"timetable\": leads to a flow that leads back without asking");
    told(&drains, "overflow of queue \"timetable\": leads to a queue that takes no new contacts");
}

#[test]
fn a_file_of_comments_is_an_empty_file() {
    let mut files = demo();
    files.insert("tickets.yaml".into(), "# none yet\n".into());
    files.insert("tiers.yaml".into(), String::new());

    let center = check(&files).center.expect("a center");

    assert!(center.ticket_rules.is_empty() && center.tiers.is_empty());
}

fn edit(files: &mut BTreeMap<String, String>, file: &str, changes: &[(&str, &str)]) {
    let text = files.get_mut(file).expect("a file of the demo");
    for (old, new) in changes {
        *text = text.replace(old, new);
    }
}

fn told(files: &BTreeMap<String, String>, warning: &str) {
    let said = warnings(files);

    assert!(said.iter().any(|line| line.contains(warning)), "{warning}\n{said:#?}");
}

fn warnings(files: &BTreeMap<String, String>) -> Vec<String> {
    let found = check(files);
    assert!(found.problems.is_empty(), "{:#?}", found.problems);
    assert!(found.center.is_some());
    found.warnings.iter().map(ToString::to_string).collect()
}
