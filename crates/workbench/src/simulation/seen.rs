//! From what a step said to what a transcript shows of it.

use std::collections::BTreeMap;

use switchboard_domain::flow::{
    CollectDirective, Directive, Flow, Hop, Outcome, Step, Stop, Utterance,
};
use switchboard_domain::ids::FlowId;

use crate::script::Asked;
use crate::transcript::{Ending, Listening, Said, Seen};

/// Gives where a call of a flow begins.
pub(super) fn first(flow: &Flow) -> Stop {
    Stop { flow: flow.id().clone(), node: flow.start().clone() }
}

/// Tells the nodes of a step in order, each with what was said and asked there.
pub(super) fn stops(
    root: &Flow,
    from: &Stop,
    begins: bool,
    step: &Step,
    asked: Vec<Asked>,
) -> Vec<Seen> {
    let ends = step.path.iter().map(|hop| hop.told).chain([step.directives.len()]);
    let hops = std::iter::once(None).chain(step.path.iter().map(Some));
    let mut begin = 0;
    let mut seen = Vec::new();
    for (hop, end) in hops.zip(ends) {
        let said = step.directives.get(begin..end).unwrap_or_default();
        begin = end;
        // A node the caller leaves without a word is not told again.
        if hop.is_some() || begins || !said.is_empty() || step.path.is_empty() {
            seen.push(at(root, hop, from, said));
        }
    }
    attach(&mut seen, asked);
    seen
}

fn at(root: &Flow, hop: Option<&Hop>, from: &Stop, said: &[Directive]) -> Seen {
    let stop = hop.map_or(from, |hop| &hop.to).clone();
    let flow = find(root, &stop.flow);
    let kind = flow.and_then(|flow| flow.nodes().get(&stop.node)).map_or("", |node| node.kind());
    let edge = hop.map(|hop| hop.edge.to_string());
    Seen { stop, kind, edge, said: said.iter().flat_map(words).collect(), asked: Vec::new() }
}

/// Puts each question to the node that asked it, in order.
fn attach(seen: &mut [Seen], asked: Vec<Asked>) {
    let mut place = 0;
    for question in asked {
        let mut rest = seen.iter().skip(place);
        let found = rest.position(|one| one.stop.node == question.node).map(|at| at + place);
        place = found.unwrap_or(place);
        if let Some(at) = seen.get_mut(place) {
            at.asked.push(question);
        }
    }
}

/// Finds a flow by its id among a flow and those it calls.
pub(crate) fn find<'a>(root: &'a Flow, id: &FlowId) -> Option<&'a Flow> {
    if root.id() == id {
        return Some(root);
    }
    root.modules().values().find_map(|module| find(module, id))
}

fn words(directive: &Directive) -> Vec<Said> {
    match directive {
        Directive::Play(sounds) => spoken(sounds),
        Directive::Collect(collect) => spoken(&collect.prompts),
        Directive::Record(on) => vec![Said::Recording(*on)],
        Directive::Answered(topic) => vec![Said::Topic(topic.clone())],
        Directive::Route(_) | Directive::HangUp => Vec::new(),
    }
}

fn spoken(sounds: &[Utterance]) -> Vec<Said> {
    sounds.iter().cloned().map(Said::Prompt).collect()
}

/// Tells how the gateway listens after a step.
pub(super) fn listening(directives: &[Directive]) -> Option<Listening> {
    let collect: &CollectDirective = directives.iter().rev().find_map(super::collect)?;
    Some(Listening {
        least: collect.min_digits,
        most: collect.max_digits,
        terminator: collect.terminator,
        first_digit: collect.timers.first_digit,
        sensitive: collect.sensitive,
    })
}

/// Tells how a call ended; nothing while it goes on.
pub(super) fn ending(step: &Step) -> Option<Ending> {
    match step.outcome.as_ref()? {
        Outcome::Routed => step.directives.iter().rev().find_map(routed),
        Outcome::Transferred => Some(Ending::Transferred),
        Outcome::HungUp | Outcome::AlreadyEnded => Some(Ending::HungUp),
        Outcome::CallerGone => Some(Ending::CallerGone),
        Outcome::Ask(_) | Outcome::StillAsking => None,
    }
}

fn routed(directive: &Directive) -> Option<Ending> {
    match directive {
        Directive::Route(route) => Some(Ending::Queue(Box::new(route.clone()))),
        Directive::Play(_)
        | Directive::Collect(_)
        | Directive::Record(_)
        | Directive::Answered(_)
        | Directive::HangUp => None,
    }
}

/// Gives the fields that differ, with nothing for one that is gone.
pub(super) fn changed(
    before: Option<&BTreeMap<String, String>>,
    after: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let none = BTreeMap::new();
    let before = before.unwrap_or(&none);
    let set = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let set = set.map(|(name, value)| (name.clone(), Some(value.clone())));
    set.chain(gone.map(|name| (name.clone(), None))).collect()
}
