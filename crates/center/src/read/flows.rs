//! `flows/*.yaml`: the frame of a flow and the checks on its graph.

mod declared;
mod order;
mod version;

pub(crate) use order::calls_in;
pub(crate) use version::of as version;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::center::{Canary, Endpoint};
use switchboard_domain::flow::{
    DEFAULT_MAX_STEPS, DEFAULT_MAX_TIME, Flow, FlowFault, FlowParts, Key, NodeId, ValueKind,
};
use switchboard_domain::ids::{EndpointId, FlowId};

use super::Folder;
use super::nodes::{self, Scope};
use super::settings::Settings;
use crate::item::{Code, Item};
use crate::keys::flows as keys;
use crate::known::Known;
use crate::problem::Place;

pub(super) use declared::KINDS;

const MAX_STEPS: u32 = 10_000;
/// More than this is no trial: publishing the version gives it every call.
const MAX_CANARY_PERCENT: u8 = 99;
const CANARIES: &str = "canaries.yaml";
const LEAST_TIME: Duration = Duration::from_secs(10);
const MOST_TIME: Duration = Duration::from_hours(2);

/// What flows are read with.
struct Reader<'a> {
    known: &'a Known,
    endpoints: &'a BTreeMap<EndpointId, Endpoint>,
}

/// Reads every flow, those that others call before the others.
pub(super) fn read(
    folder: &Folder<'_>,
    known: &Known,
    settings: Option<&Settings>,
) -> BTreeMap<FlowId, Arc<Flow>> {
    let items = named(folder.flows());
    let none = BTreeMap::new();
    let reader = Reader { known, endpoints: settings.map_or(&none, |found| &found.endpoints) };
    let mut flows = BTreeMap::new();
    for id in order::callees_first(&items) {
        // What a flow calls is part of it; without that, everything it sets would seem unknown.
        let callees = order::callees(&items[id]);
        let modules: Option<BTreeMap<FlowId, Arc<Flow>>> = callees
            .into_iter()
            .filter(|callee| items.contains_key(callee))
            .map(|callee| flows.get(&callee).cloned().map(|flow| (callee, flow)))
            .collect();
        if let Some(flow) = modules.and_then(|modules| reader.flow(id, &items[id], modules)) {
            flows.insert(id.clone(), Arc::new(flow));
        }
    }
    flows
}

/// Reads every flow on trial, with its share of the calls; what it calls is in force.
pub(super) fn read_canaries(
    folder: &Folder<'_>,
    known: &Known,
    settings: Option<&Settings>,
    in_force: &BTreeMap<FlowId, Arc<Flow>>,
) -> BTreeMap<FlowId, Canary> {
    let none = BTreeMap::new();
    let reader = Reader { known, endpoints: settings.map_or(&none, |found| &found.endpoints) };
    let texts = named(folder.canaries());
    let mut canaries = BTreeMap::new();
    let shares = folder.file(CANARIES);
    for (id, value) in shares.iter().flat_map(Item::named::<FlowId>) {
        let value = value.called(format!("canary {:?}", id.as_str()));
        let percent = value.whole(1..=MAX_CANARY_PERCENT);
        if !known.flows.contains(id.as_str()) {
            value.report("is on trial beside no flow of this id");
        }
        let Some(item) = texts.get(&id) else {
            value.report(format!("its text, canaries/{id}.yaml, is missing"));
            continue;
        };
        let callees = order::callees(item).into_iter();
        let modules = callees.filter_map(|callee| Some((callee.clone(), in_force.get(&callee)?)));
        let modules = modules.map(|(callee, flow)| (callee, Arc::clone(flow))).collect();
        if let (Some(flow), Some(percent)) = (reader.flow(&id, item, modules), percent) {
            canaries.insert(id, Canary { flow: Arc::new(flow), percent });
        }
    }
    let has_share = |id: &FlowId| shares.as_ref().is_some_and(|it| it.child(id.as_str()).is_some());
    for (_, item) in texts.iter().filter(|(id, _)| !has_share(id)) {
        item.report(format!("its share of the calls is missing in {CANARIES}"));
    }
    canaries
}

/// Reads one flow by itself, with the flows it calls.
pub(crate) fn read_one(
    id: &FlowId,
    item: &Item<'_>,
    known: &Known,
    modules: BTreeMap<FlowId, Arc<Flow>>,
) -> Option<Flow> {
    Reader { known, endpoints: &BTreeMap::new() }.flow(id, item, modules)
}

fn named<'a>(files: impl Iterator<Item = (&'a str, Item<'a>)>) -> BTreeMap<FlowId, Item<'a>> {
    let mut items = BTreeMap::new();
    for (name, item) in files {
        match FlowId::parse(name) {
            Ok(id) => drop(items.insert(id, item)),
            Err(error) => item.report(format!("the file's name is no flow id: {error}")),
        }
    }
    items
}

impl Reader<'_> {
    fn flow(
        &self,
        id: &FlowId,
        item: &Item<'_>,
        modules: BTreeMap<FlowId, Arc<Flow>>,
    ) -> Option<Flow> {
        let complaints = item.complaints();
        let fields = item.fields(&keys::FLOW)?;
        let nodes_item = fields.required("nodes");
        let places = nodes_item.as_ref().map(places).unwrap_or_default();
        let names: BTreeSet<&str> = places.keys().map(NodeId::as_str).collect();
        let title = fields.required("title").and_then(|title| title.text());
        let start = fields.required("start").and_then(|start| nodes::target(&start, &names));
        let human = fields.required("human").and_then(|human| human_exit(&human, &names));
        let max_steps =
            fields.or("max_steps", DEFAULT_MAX_STEPS, |value| value.whole(1..=MAX_STEPS));
        let max_time =
            fields.or("max_time", DEFAULT_MAX_TIME, |value| value.span(LEAST_TIME, MOST_TIME));
        let inputs = fields.or("inputs", BTreeMap::new(), |value| Some(inputs(value)));
        fields.finish();
        let nodes_item = nodes_item?;
        let declared = declared::fields(&nodes_item, &inputs, &modules);
        let scope = Scope {
            known: self.known,
            names: &names,
            fields: &declared.seen,
            secrets: &declared.secret,
            endpoints: self.endpoints,
        };
        let nodes = nodes::read(&nodes_item, &scope);
        let (human_key, human) = human?;
        let version = version(item.yaml(), modules.values().map(|flow| flow.version()));
        let parts = FlowParts {
            id: id.clone(),
            version,
            title: title?.into(),
            start: start?,
            human,
            human_key,
            max_steps,
            max_time,
            inputs,
            modules,
            nodes,
        };
        // A graph with holes would only raise complaints that go away with the first ones.
        if item.complaints() > complaints {
            return None;
        }
        Flow::build(parts).map_err(|faults| report(item, &places, &faults)).ok()
    }
}

fn human_exit(item: &Item<'_>, names: &BTreeSet<&str>) -> Option<(Key, NodeId)> {
    let fields = item.fields(&keys::HUMAN)?;
    let key = fields.or("key", Key::ZERO, |key| key.parse_with(Key::parse));
    let node = fields.required("node").and_then(|node| nodes::target(&node, names));
    fields.finish();
    Some((key, node?))
}

fn inputs(item: &Item<'_>) -> BTreeMap<String, ValueKind> {
    let named = item.named::<String>().into_iter();
    named.filter_map(|(name, kind)| Some((name, kind.word(&KINDS)?))).collect()
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
        let place = place.unwrap_or_else(|| item.place());
        item.called("flow").fault_at(place, fault.code(), fault);
    }
}

/// Reports flows that return although callers arrive in them.
pub(super) fn check_returns(item: &Item<'_>, flow: &Flow) {
    let returns = |id: &NodeId| {
        let node = item.below(&["nodes", id.as_str()]);
        let message = "returns, but callers arrive in this flow and nothing called it";
        node.called(format!("node {:?}", id.as_str())).refuse(Code::ReturnWithoutCall, message);
    };
    let nodes = flow.nodes().iter();
    nodes
        .filter(|(_, node)| matches!(node, switchboard_domain::flow::Node::Return))
        .for_each(|(id, _)| returns(id));
}
