//! `prompts.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use switchboard_domain::center::{Canary, PromptKey, PromptSource, Prompts};
use switchboard_domain::flow::{Flow, Node};
use switchboard_domain::ids::FlowId;

use crate::item::Item;
use crate::keys::people::PROMPT;
use crate::known::Known;
use crate::nearest::did_you_mean;

/// Reads `prompts.yaml`.
pub(super) fn read(
    root: Option<&Item<'_>>,
    known: &Known,
    flows: &BTreeMap<FlowId, Arc<Flow>>,
    canaries: &BTreeMap<FlowId, Canary>,
) -> Prompts {
    let on_trial = canaries.values().map(|canary| &canary.flow);
    let fields = field_names(flows.values().chain(on_trial));
    let mut sources = BTreeMap::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("prompt {:?}", entry.name));
        match PromptKey::parse(entry.name.as_str()) {
            Ok(key) => {
                sources.insert(key, known.by_language(&value, |value| source(value, &fields)));
            }
            Err(error) => value.report_at(entry.place, error),
        }
    }
    Prompts::new(sources, known.default_language.clone())
}

fn source(item: &Item<'_>, fields: &BTreeSet<&str>) -> Option<PromptSource> {
    if !item.is_map() {
        let text = item.text()?;
        check_names(item, text, fields);
        return Some(PromptSource::Text(text.into()));
    }
    let entries = item.fields(&PROMPT)?;
    let asset = entries.required("asset").and_then(|asset| asset.text());
    entries.finish();
    Some(PromptSource::Asset(asset?.into()))
}

// When a flow is broken its fields are unknown, and complaints about them would only distract.
fn check_names(item: &Item<'_>, text: &str, fields: &BTreeSet<&str>) {
    let names = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    for name in names.filter(|name| !fields.is_empty() && !fields.contains(name)) {
        let hint = did_you_mean(name, fields.iter().copied());
        item.report(format!("no flow sets a field {name:?}{hint}"));
    }
}

fn field_names<'a>(flows: impl Iterator<Item = &'a Arc<Flow>>) -> BTreeSet<&'a str> {
    let nodes = flows.flat_map(|flow| flow.nodes().values());
    nodes
        .flat_map(|node| match node {
            Node::Collect(collect) => {
                collect.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>()
            }
            Node::Set { values, .. } => values.keys().map(String::as_str).collect(),
            Node::Play(_)
            | Node::Menu(_)
            | Node::Branch(_)
            | Node::Queue(_)
            | Node::HangUp { .. } => Vec::new(),
        })
        .collect()
}
