//! Queues that were removed are kept until they are empty, whatever else was removed with them.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{Center, OverflowAction, Queue};
use switchboard_domain::ids::{AgentId, QueueId};

use super::demo;
use crate::{keep_draining, parse};

#[test]
fn a_removed_queue_goes_on_with_its_rules_and_its_agents() {
    let after = keep_draining(&demo(), &without_refund(), &refund());

    let center = parse(&after).expect("still a center");
    let queue = of(&center, "refund");
    assert!(queue.draining);
    let before = parse(&demo()).expect("the demo is sound");
    let undrained = Queue { draining: false, ..queue.clone() };
    assert_eq!(undrained, *of(&before, "refund"));
    let ranks = |version: &Center| {
        let agents = version.agents.values();
        agents.map(|agent| agent.queues.get(&queue.id).copied()).collect::<Vec<_>>()
    };
    assert_eq!(ranks(&center), ranks(&before));
}

#[test]
fn what_drains_already_can_drain_on() {
    let first = keep_draining(&demo(), &without_refund(), &refund());

    let second = keep_draining(&first, &without_refund(), &refund());

    assert_eq!(second, first);
}

#[test]
fn nothing_is_kept_that_nobody_asks_for() {
    let after = keep_draining(&demo(), &without_refund(), &BTreeSet::new());

    assert_eq!(after, without_refund());
}

#[test]
fn what_the_queue_referred_to_may_be_gone_too() {
    let mut before = demo();
    edit(&mut before, "queues.yaml", |text| {
        text.replacen(
            "  skills: {refund: 1}\n",
            "  skills: {refund: 1, booking: 1}\n  hours: always\n  when_closed: {queue: booking}\n  \
             rings: [{after: 1m, drop: refund}, {after: 2m, lower: {english: 1}}]\n",
            1,
        )
        .replace("    declined: {threshold: 1, then: not_ready}\n  overflow: voicemail", "    declined: {threshold: 1}\n  overflow: {queue: rebooking}")
    });
    for agent in ["wang-fang", "emma-lin", "david-xu"] {
        edit(&mut before, "agents.yaml", |text| {
            text.replace(&format!("{agent}:"), &format!("{agent}:\n  # every skill"))
                .replace("skills: {refund: 8,", "skills: {booking: 1, refund: 8,")
                .replace("skills: {refund: 6,", "skills: {booking: 1, refund: 6,")
        });
    }
    parse(&before).expect("the version before is sound");
    let mut after = demo();
    after
        .retain(|file, _| !matches!(file.as_str(), "tickets.yaml" | "calendars.yaml" | "sla.yaml"));
    edit(&mut after, "queues.yaml", |text| {
        let kept = text.find("refund:\n").expect("the last queue");
        text[..kept].replace("  hours: always\n", "").replace(", hours: daytime", "")
    });
    edit(&mut after, "skills.yaml", |text| {
        text.replace("refund:\n  display_name: {zh-CN: 退票, en: Refund}\n", "")
    });
    edit(&mut after, "agents.yaml", |text| {
        let gone = text.find("wang-fang:").expect("an agent");
        let next = text.find("chen-jie:").expect("the agent after");
        let kept = format!("{}{}", &text[..gone], &text[next..]);
        kept.replace(", refund: 4", "")
            .replace("refund: 6, ", "")
            .replace(", refund: 1}", "}")
            .replace("refund: 1, ", "")
            .replace("booking: 1, refund: 1", "booking: 1")
    });
    edit(&mut after, "flows/hotline.yaml", |text| text.replace("queue: refund", "queue: booking"));
    parse(&after).expect("the version after is sound");

    let kept = parse(&keep_draining(&before, &after, &refund())).expect("still a center");

    let queue = of(&kept, "refund");
    let needs: Vec<&str> = queue.requirement.iter().map(|need| need.skill.as_str()).collect();
    assert_eq!(needs, ["booking"], "a skill that is gone is needed no more");
    assert_eq!((queue.rings.len(), &queue.hours), (0, &None));
    let rebooking = QueueId::parse("rebooking").expect("an id");
    assert_eq!(queue.overflow, OverflowAction::Queue(rebooking));
    let served = |agent: &str| {
        let agent = kept.agents.get(&AgentId::parse(agent).expect("an id"));
        agent.map(|agent| agent.queues.contains_key(&queue.id))
    };
    assert_eq!((served("emma-lin"), served("wang-fang")), (Some(true), None));
}

fn without_refund() -> BTreeMap<String, String> {
    let mut files = demo();
    files.remove("tickets.yaml");
    edit(&mut files, "queues.yaml", |text| {
        text[..text.find("refund:\n").expect("the last queue")].to_owned()
    });
    edit(&mut files, "agents.yaml", |text| {
        text.replace("refund: 1, ", "").replace(", refund: 1", "")
    });
    edit(&mut files, "flows/hotline.yaml", |text| text.replace("queue: refund", "queue: booking"));
    parse(&files).expect("a center without the queue");
    files
}

fn edit(files: &mut BTreeMap<String, String>, file: &str, change: impl Fn(&str) -> String) {
    let text = files.get_mut(file).expect("a file of the demo");
    *text = change(text);
}

fn refund() -> BTreeSet<QueueId> {
    BTreeSet::from([QueueId::parse("refund").expect("an id")])
}

fn of<'a>(center: &'a Center, queue: &str) -> &'a Queue {
    &center.queues[&QueueId::parse(queue).expect("an id")]
}
