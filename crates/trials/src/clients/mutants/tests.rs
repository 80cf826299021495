//! A small true history in which the judge finds nothing, and exposes every lie.

use std::collections::BTreeMap;

use super::*;
use crate::clients::history::{QueueRule, Record, Step};

/// A step: time, kind, state after it, and particulars.
type Written<'w> = (i64, &'w str, &'w str, &'w [(&'w str, &'w str)]);

fn steps(written: &[Written<'_>]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, (at, kind, state, fields)) in written.iter().enumerate() {
        let number = u64::try_from(index + 1).unwrap();
        let after = ("state", *state);
        let fields = fields
            .iter()
            .chain([&after])
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let kind = (*kind).to_owned();
        steps.push(Step { sequence: number, version: number, at: *at, kind, fields });
    }
    steps
}

fn record(call: &str, end: [&str; 3], offers: usize, steps: Vec<Step>) -> Record {
    let [outcome, reason, agent] = end.map(str::to_owned);
    let kept = u64::try_from(steps.len()).unwrap();
    Record {
        call: call.to_owned(),
        is_ended: true,
        reason,
        outcome,
        agent,
        offers,
        closed: vec!["told elsewhere".to_owned(); offers],
        made: offers,
        numbers: (1..=kept).collect(),
        steps,
    }
}

fn in_line(queue: &'static str, rank: &'static str) -> [(&'static str, &'static str); 3] {
    [("queue", queue), ("class", queue), ("rank", rank)]
}

const fn offer(name: &'static str, agent: &'static str) -> [(&'static str, &'static str); 2] {
    [("offer", name), ("agent", agent)]
}

fn records() -> Vec<Record> {
    let first = steps(&[
        (100, "contact_started", "in_menu", &[]),
        (100, "contact_queued", "queued", &in_line("general", "100")),
        (110, "contact_offered", "offered", &offer("o1", "ann")),
        (120, "contact_requeued", "queued", &offer("o1", "ann")),
        (130, "contact_offered", "offered", &offer("o2", "bob")),
        (140, "contact_connecting", "connecting", &offer("o2", "bob")),
        (150, "contact_connected", "connected", &[("agent", "bob")]),
        (200, "contact_ended", "ended", &[]),
    ]);
    let second = steps(&[
        (105, "contact_started", "in_menu", &[]),
        (105, "contact_queued", "queued", &in_line("general", "105")),
        (210, "contact_offered", "offered", &offer("o3", "bob")),
        (215, "contact_connecting", "connecting", &offer("o3", "bob")),
        (220, "contact_connected", "connected", &[("agent", "bob")]),
        (230, "contact_ended", "ended", &[]),
    ]);
    let third = steps(&[
        (300, "contact_started", "in_menu", &[]),
        (300, "contact_queued", "queued", &in_line("narrow", "300")),
        (330, "contact_ended", "ended", &[]),
    ]);
    let fourth =
        steps(&[(310, "contact_started", "in_menu", &[]), (310, "contact_ended", "ended", &[])]);
    vec![
        record("c1", ["answered", "caller_hung_up", "bob"], 2, first),
        record("c2", ["answered", "caller_hung_up", "bob"], 1, second),
        record("c3", ["abandoned", "caller_hung_up", ""], 0, third),
        record("c4", ["overflowed", "queue_full", ""], 0, fourth),
    ]
}

fn arrives(call: &str, queue: &str) -> What {
    What::Arrives { gateway: "g".to_owned(), call: call.to_owned(), queue: queue.to_owned() }
}

fn waits(call: &str, queue: &str) -> What {
    What::Waits { call: call.to_owned(), queue: queue.to_owned() }
}

fn left(call: &str, by_caller: bool) -> What {
    What::Left { call: call.to_owned(), by_caller }
}

/// A desk rings, the agent accepts, the gateway bridges.
fn served(call: &str, agent: &str, offer: &str) -> Vec<What> {
    let (call, agent, offer) = (call.to_owned(), agent.to_owned(), offer.to_owned());
    let request = format!("accept {offer}");
    vec![
        ring(&call, &agent, &offer),
        What::Accepts { agent: agent.clone(), offer: offer.clone() },
        What::Answered { request, answer: "done".to_owned() },
        closed(&agent, &offer, "accepted"),
        What::Ordered {
            call: call.clone(),
            agent: agent.clone(),
            offer: offer.clone(),
            command: format!("bridge-{offer}"),
        },
        What::Dials { call: call.clone(), agent: agent.clone() },
        What::Bridged { call, agent, offer },
    ]
}

fn ring(call: &str, agent: &str, offer: &str) -> What {
    let (call, agent, offer) = (call.to_owned(), agent.to_owned(), offer.to_owned());
    What::Rings { agent, call, offer }
}

fn closed(agent: &str, offer: &str, outcome: &str) -> What {
    let (agent, offer, outcome) = (agent.to_owned(), offer.to_owned(), outcome.to_owned());
    What::Closed { agent, offer, outcome }
}

fn sample() -> History {
    let mut told = vec![arrives("c1", "general"), waits("c1", "general")];
    told.extend([arrives("c2", "general"), waits("c2", "general")]);
    told.extend([ring("c1", "ann", "o1"), closed("ann", "o1", "declined")]);
    told.extend(served("c1", "bob", "o2"));
    told.push(left("c1", true));
    told.extend(served("c2", "bob", "o3"));
    told.push(left("c2", true));
    told.extend([arrives("c3", "narrow"), waits("c3", "narrow"), arrives("c4", "narrow")]);
    told.extend([What::Diverted { call: "c4".to_owned() }, left("c4", false), left("c3", true)]);
    let entry = |(at, what)| Entry { at, what };
    let queues = BTreeMap::from([
        ("general".to_owned(), QueueRule { limit: None, cool_down: 1_000 }),
        ("narrow".to_owned(), QueueRule { limit: Some(1), cool_down: 1_000 }),
    ]);
    let entries = (0_u64..).map(|at| at * 1_000).zip(told).map(entry).collect();
    History { entries, records: records(), unrest: Vec::new(), queues, began: 0 }
}

#[test]
fn a_true_history_is_found_true() {
    assert_eq!(judge(&sample()), []);
}

#[test]
fn every_lie_is_exposed() {
    let trial = try_all(&sample());

    assert_eq!(trial.missed, Vec::<&str>::new());
    assert_eq!(trial.caught, trial.total);
}

#[test]
fn an_agent_who_hands_a_caller_over_may_take_the_next_before_the_gateway_let_go() {
    let mut history = sample();
    let bridged = find(&history, |what| matches!(what, What::Bridged { .. })).unwrap();
    let hands_over = What::HandsOver { agent: "bob".to_owned(), call: "c1".to_owned() };
    let next = served("c2", "bob", "o3");
    history.entries.truncate(bridged + 1);
    for what in [hands_over].into_iter().chain(next) {
        history.entries.push(Entry { at: 1_000_000, what });
    }

    let found = judge(&history);

    assert!(found.iter().all(|violation| violation.rule != Rule::OneCaller), "{found:#?}");
}
