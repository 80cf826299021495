//! Every key has one meaning in a node.

use super::{FlowFault, FlowParts};
use crate::flow::Key;
use crate::flow::node::{Collect, Confirm, Menu, Node, NodeId, Survey};

const OPTION: &str = "an option";
const HUMAN: &str = "the key for a human";
const DIGIT: &str = "a digit of the entry";

/// Finds the keys of a node that mean two things.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
pub(super) fn faults(parts: &FlowParts, id: &NodeId, node: &Node) -> Vec<FlowFault> {
    match node {
        Node::Menu(menu) => menu_faults(parts, id, menu),
        Node::Collect(collect) => collect_faults(parts, id, collect),
        Node::Confirm(confirm) => confirm_faults(parts, id, confirm),
        Node::Survey(survey) => survey_faults(parts, id, survey),
        _ => Vec::new(),
    }
}

fn menu_faults(parts: &FlowParts, id: &NodeId, menu: &Menu) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    if menu.options.is_empty() {
        faults.push(FlowFault::NoOptions(id.clone()));
    }
    if menu.options.get(&parts.human_key).is_some_and(|target| *target != parts.human) {
        faults.push(clash(id, parts.human_key, OPTION, HUMAN));
    }
    faults
}

fn confirm_faults(parts: &FlowParts, id: &NodeId, confirm: &Confirm) -> Vec<FlowFault> {
    let roles = [(confirm.yes, "yes"), (confirm.no, "no"), (parts.human_key, HUMAN)];
    clashes(id, &roles)
}

fn survey_faults(parts: &FlowParts, id: &NodeId, survey: &Survey) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    if survey.questions.is_empty() {
        faults.push(FlowFault::NoFields(id.clone()));
    }
    for question in &survey.questions {
        if question.least > question.most {
            let (node, field) = (id.clone(), question.name.clone());
            let problem = "needs a lowest score of at most its highest";
            faults.push(FlowFault::BadField { node, field, problem });
        }
        let score = parts.human_key.as_char().to_digit(10);
        if score.is_some_and(|score| (question.least..=question.most).contains(&score)) {
            faults.push(clash(id, parts.human_key, "a score", HUMAN));
        }
    }
    faults
}

fn collect_faults(parts: &FlowParts, id: &NodeId, collect: &Collect) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    if collect.fields.is_empty() {
        faults.push(FlowFault::NoFields(id.clone()));
    }
    if collect.fields.len() > 1 && collect.separator.is_none() {
        faults.push(FlowFault::NoSeparator(id.clone()));
    }
    let bound = [
        (collect.separator, "the separator"),
        (collect.terminator, "the terminator"),
        (collect.cancel, "the key that takes back"),
    ];
    let mut roles: Vec<(Key, &'static str)> =
        bound.into_iter().filter_map(|(key, role)| Some((key?, role))).collect();
    for (key, role) in &roles {
        if key.as_char().is_ascii_digit() {
            faults.push(clash(id, *key, role, DIGIT));
        }
    }
    if !parts.human_key.as_char().is_ascii_digit() {
        roles.push((parts.human_key, HUMAN));
    } else if collect.length().0 == 1 {
        // One key alone would be an entry, so nobody could reach a human with it.
        faults.push(clash(id, parts.human_key, "an entry of one digit", HUMAN));
    }
    faults.extend(clashes(id, &roles));
    faults
}

fn clashes(node: &NodeId, roles: &[(Key, &'static str)]) -> Vec<FlowFault> {
    let mut faults = Vec::new();
    for (index, (key, first)) in roles.iter().enumerate() {
        let others = roles.iter().skip(index + 1).filter(|(other, _)| other == key);
        faults.extend(others.map(|(_, second)| clash(node, *key, first, second)));
    }
    faults
}

fn clash(node: &NodeId, key: Key, first: &'static str, second: &'static str) -> FlowFault {
    FlowFault::KeyClash { node: node.clone(), key, first, second }
}
