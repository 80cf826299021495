//! Which agents who know a caller a queue tries before others.

use std::time::Duration;

use switchboard_domain::center::{Center, RoutePlan};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::LastTalk;
use switchboard_domain::floor::plan::RouteStep;
use switchboard_domain::floor::planner::{self, KnownBy, Wish};
use switchboard_domain::ids::{AgentId, QueueId};
use switchboard_domain::time::Timestamp;

use crate::demo;

const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);
const HOUR: Duration = Duration::from_hours(1);

/// The demo center whose booking queue says more of whom it prefers.
fn center(prefer: &str) -> Center {
    let mut files = demo();
    let queues = files.get_mut("queues.yaml").expect("the queues");
    let hold = "  preferred_agent_hold: 5s\n";
    *queues = queues.replace(hold, &format!("  preferred_agent_hold: 5s\n{prefer}"));
    crate::parse(&files).expect("a good center")
}

fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("an id")
}

/// The steps of a caller of booking whose account Li Wei looks after.
fn steps(center: &Center, last: &str, ago: Duration) -> Vec<RouteStep> {
    let queue = QueueId::parse("booking").expect("an id");
    let plan = RoutePlan { queue, requirement: Vec::new(), priority: 0 };
    let last = LastTalk { agent: agent(last), at: NOW - ago };
    let known = KnownBy { owner: Some(agent("li-wei")), last: Some(last) };
    let wish = Wish { channel: Channel::Voice, known: Some(&known), now: NOW };
    let define = |need: &planner::Need| planner::define_class(center, need);
    planner::route(center, &define, &plan, wish).expect("a way").steps
}

/// Whom the contact is held for, and when everybody else may have it.
fn held(steps: &[RouteStep]) -> (Vec<String>, Duration) {
    let is_personal = |step: &&RouteStep| step.class.key.as_str().starts_with('@');
    let names = steps.iter().take_while(is_personal).map(|step| step.class.key.to_string());
    let names: Vec<String> = names.collect();
    let after = steps[names.len()].after;
    (names, after)
}

#[test]
fn the_owner_alone_is_preferred_unless_the_queue_says_otherwise() {
    let found = held(&steps(&center(""), "zhang-min", HOUR));

    assert_eq!(found, (vec!["@li-wei".to_owned()], Duration::from_secs(5)));
}

#[test]
fn agents_who_know_the_caller_are_tried_in_the_order_of_the_queue() {
    let steps = steps(&center("  prefer: [last_agent, owner]\n"), "zhang-min", HOUR);

    let names = vec!["@zhang-min".to_owned(), "@li-wei".to_owned()];
    assert_eq!(held(&steps), (names, Duration::from_secs(10)));
    let skips: Vec<bool> = steps.iter().map(|step| step.when_empty).take(3).collect();
    assert_eq!(skips, [false, true, true], "nobody waits for somebody who is not at work");
}

#[test]
fn the_owner_who_talked_last_is_tried_once() {
    let found = held(&steps(&center("  prefer: [last_agent, owner]\n"), "li-wei", HOUR));

    assert_eq!(found, (vec!["@li-wei".to_owned()], Duration::from_secs(5)));
}

#[test]
fn a_talk_of_long_ago_and_an_agent_of_other_queues_are_passed_over() {
    let center = center("  prefer: last_agent\n  last_agent_window: 2h\n");

    let recent = held(&steps(&center, "zhang-min", HOUR * 2));
    let old = held(&steps(&center, "zhang-min", HOUR * 2 + Duration::from_millis(1)));
    let elsewhere = held(&steps(&center, "wang-fang", HOUR));

    assert_eq!(recent.0, ["@zhang-min"]);
    assert_eq!(old, (Vec::new(), Duration::ZERO));
    assert_eq!(elsewhere, (Vec::new(), Duration::ZERO));
}

#[test]
fn a_queue_may_prefer_nobody() {
    let found = held(&steps(&center("  prefer: nobody\n"), "zhang-min", HOUR));

    assert_eq!(found, (Vec::new(), Duration::ZERO));
}
