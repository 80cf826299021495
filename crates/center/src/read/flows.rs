//! `flows/*.yaml`: the frame of a flow and the checks on its graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use switchboard_domain::center::Canary;
use switchboard_domain::flow::{
    DEFAULT_MAX_STEPS, Flow, FlowFault, FlowParts, FlowVersion, Key, NodeId,
};
use switchboard_domain::ids::FlowId;

use super::Folder;
use super::nodes;
use crate::item::Item;
use crate::keys::flows as keys;
use crate::known::Known;
use crate::problem::Place;
use crate::yaml::{Value, Yaml};

const MAX_STEPS: u32 = 10_000;
/// More than this is no trial: publishing the version gives it every call.
const MAX_CANARY_PERCENT: u8 = 99;
const CANARIES: &str = "canaries.yaml";

/// Reads every flow.
pub(super) fn read(folder: &Folder<'_>, known: &Known) -> BTreeMap<FlowId, Arc<Flow>> {
    read_all(folder.flows(), known)
}

/// Reads every flow on trial, with its share of the calls.
pub(super) fn read_canaries(folder: &Folder<'_>, known: &Known) -> BTreeMap<FlowId, Canary> {
    let mut flows = read_all(folder.canaries(), known);
    let mut canaries = BTreeMap::new();
    for (id, value) in folder.file(CANARIES).iter().flat_map(Item::named::<FlowId>) {
        let value = value.called(format!("canary {:?}", id.as_str()));
        let percent = value.whole(1..=MAX_CANARY_PERCENT);
        if !known.flows.contains(id.as_str()) {
            value.report("is on trial beside no flow of this id");
        }
        match (folder.file(&format!("canaries/{id}.yaml")), percent) {
            (None, _) => value.report(format!("its text, canaries/{id}.yaml, is missing")),
            (Some(_), Some(percent)) => {
                let flow = flows.remove(&id);
                canaries.extend(flow.map(|flow| (id, Canary { flow, percent })));
            }
            (Some(_), None) => drop(flows.remove(&id)),
        }
    }
    for id in flows.keys() {
        if let Some(item) = folder.file(&format!("canaries/{id}.yaml")) {
            item.report(format!("its share of the calls is missing in {CANARIES}"));
        }
    }
    canaries
}

fn read_all<'a>(
    files: impl Iterator<Item = (&'a str, Item<'a>)>,
    known: &Known,
) -> BTreeMap<FlowId, Arc<Flow>> {
    let mut flows = BTreeMap::new();
    for (name, item) in files {
        match FlowId::parse(name) {
            Ok(id) => {
                if let Some(flow) = flow(&id, &item, known) {
                    flows.insert(id, Arc::new(flow));
                }
            }
            Err(error) => item.report(format!("the file's name is no flow id: {error}")),
        }
    }
    flows
}

/// Reads one flow.
pub(crate) fn flow(id: &FlowId, item: &Item<'_>, known: &Known) -> Option<Flow> {
    let complaints = item.complaints();
    let fields = item.fields(&keys::FLOW)?;
    let nodes_item = fields.required("nodes");
    let places = nodes_item.as_ref().map(places).unwrap_or_default();
    let names: BTreeSet<&str> = places.keys().map(NodeId::as_str).collect();
    let title = fields.required("title").and_then(|title| title.text());
    let start = fields.required("start").and_then(|start| nodes::target(&start, &names));
    let human = fields.required("human").and_then(|human| human_exit(&human, &names));
    let max_steps = fields.or("max_steps", DEFAULT_MAX_STEPS, |value| value.whole(1..=MAX_STEPS));
    fields.finish();
    let nodes = nodes::read(&nodes_item?, known, &names);
    let (human_key, human) = human?;
    let parts = FlowParts {
        id: id.clone(),
        version: version(item.yaml()),
        title: title?.into(),
        start: start?,
        human,
        human_key,
        max_steps,
        nodes,
    };
    // A graph with holes would only raise complaints that go away with the first ones.
    if item.complaints() > complaints {
        return None;
    }
    Flow::build(parts).map_err(|faults| report(item, &places, &faults)).ok()
}

fn human_exit(item: &Item<'_>, names: &BTreeSet<&str>) -> Option<(Key, NodeId)> {
    let fields = item.fields(&keys::HUMAN)?;
    let key = fields.or("key", Key::ZERO, |key| key.parse_with(Key::parse));
    let node = fields.required("node").and_then(|node| nodes::target(&node, names));
    fields.finish();
    Some((key, node?))
}

fn places(nodes: &Item<'_>) -> BTreeMap<NodeId, Place> {
    let entries = nodes.entries().into_iter();
    entries
        .filter_map(|(entry, _)| Some((NodeId::parse(entry.name.as_str()).ok()?, entry.place)))
        .collect()
}

fn report(item: &Item<'_>, places: &BTreeMap<NodeId, Place>, faults: &[FlowFault]) {
    for fault in faults {
        let place = fault.node().and_then(|node| places.get(node)).copied();
        item.called("flow").report_at(place.unwrap_or_else(|| item.place()), fault);
    }
}

/// Gives the version of a text.
///
/// FNV-1a over names and values: a new comment keeps the version, a new word changes it.
pub(crate) fn version(yaml: &Yaml) -> FlowVersion {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    hash.yaml(yaml);
    FlowVersion(hash.0)
}

struct Hash(u64);

impl Hash {
    fn yaml(&mut self, yaml: &Yaml) {
        match &yaml.value {
            Value::Scalar(text) => self.text("s", text),
            Value::List(items) => {
                self.text("l", &items.len().to_string());
                for value in items {
                    self.yaml(value);
                }
            }
            Value::Map(entries) => {
                self.text("m", &entries.len().to_string());
                for entry in entries {
                    self.text("k", &entry.name);
                    self.yaml(&entry.yaml);
                }
            }
        }
    }

    fn text(&mut self, kind: &str, text: &str) {
        for byte in kind.bytes().chain(text.bytes()).chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
