//! In which order flows are read: those that are called before those that call.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::ids::FlowId;

use crate::item::{Code, Item};
use crate::problem::Problems;
use crate::yaml::{Value, Yaml};

/// Gives the flows that a text calls, silently.
pub(crate) fn calls_in(yaml: &Yaml) -> BTreeSet<FlowId> {
    callees(&Item::root("flow", &Problems::default(), yaml))
}

/// Gives the flows that a flow calls, silently.
pub(super) fn callees(flow: &Item<'_>) -> BTreeSet<FlowId> {
    calls(flow).into_iter().map(|(id, _)| id).collect()
}

/// Gives every flow that calls itself on no way, after all that it calls; reports the others.
pub(super) fn callees_first<'i>(items: &'i BTreeMap<FlowId, Item<'_>>) -> Vec<&'i FlowId> {
    let mut ordered = Vec::new();
    let mut done = BTreeSet::new();
    loop {
        let ready: Vec<&FlowId> = items
            .iter()
            .filter(|(id, _)| !done.contains(*id))
            .filter(|(_, item)| {
                callees(item)
                    .iter()
                    .all(|callee| done.contains(callee) || !items.contains_key(callee))
            })
            .map(|(id, _)| id)
            .collect();
        if ready.is_empty() {
            break;
        }
        done.extend(ready.iter().copied());
        ordered.extend(ready);
    }
    for (id, item) in items.iter().filter(|(id, _)| !done.contains(*id)) {
        report_circle(items, id, item);
    }
    ordered
}

// Who only calls into a circle is not part of it.
fn report_circle(items: &BTreeMap<FlowId, Item<'_>>, id: &FlowId, item: &Item<'_>) {
    for (callee, call) in calls(item) {
        if reaches(items, &callee, id) {
            call.refuse(Code::Recursion, format!("flow {callee} leads back to flow {id}"));
        }
    }
}

fn reaches(items: &BTreeMap<FlowId, Item<'_>>, from: &FlowId, to: &FlowId) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
    while let Some(id) = open.pop() {
        if id == *to {
            return true;
        }
        if seen.insert(id.clone()) {
            open.extend(items.get(&id).map(callees).unwrap_or_default());
        }
    }
    false
}

fn calls<'a>(flow: &Item<'a>) -> Vec<(FlowId, Item<'a>)> {
    let Some(nodes) = flow.child("nodes") else { return Vec::new() };
    let Value::Map(entries) = &nodes.yaml().value else { return Vec::new() };
    let nodes = entries.iter().map(|entry| nodes.at(&entry.yaml, format!("node {:?}", entry.name)));
    nodes
        .filter(|node| node.child("type").and_then(|kind| kind.scalar()) == Some("call"))
        .filter_map(|node| {
            let callee = node.child("flow")?;
            Some((FlowId::parse(callee.scalar()?).ok()?, callee))
        })
        .collect()
}
