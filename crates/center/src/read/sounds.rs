//! `prompts.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use switchboard_domain::center::{Canary, PromptKey, PromptSource, Prompts};
use switchboard_domain::flow::{Flow, Readout, Slot, slots};
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
                sources.insert(key, known.spoken(&value, |value| source(value, &fields)));
            }
            Err(error) => value.report_at(entry.place, error),
        }
    }
    Prompts::new(sources, known.default_language.clone())
}

fn source(item: &Item<'_>, fields: &BTreeSet<String>) -> Option<PromptSource> {
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
fn check_names(item: &Item<'_>, text: &str, fields: &BTreeSet<String>) {
    for slot in slots(text).into_iter().filter(|_| !fields.is_empty()) {
        if !fields.contains(slot.field) {
            let hint = did_you_mean(slot.field, fields.iter().map(String::as_str));
            item.report(format!("no flow sets a field {:?}{hint}", slot.field));
        }
        check_readout(item, slot);
    }
}

/// Reports a way to read a value out that there is not.
pub(super) fn check_readout(item: &Item<'_>, slot: Slot<'_>) {
    if let Some(word) = slot.readout.filter(|word| Readout::parse(word).is_none()) {
        let words = Readout::ALL.map(|(known, _)| known);
        let hint = did_you_mean(word, words);
        item.report(format!("a value is read out as {}, not {word:?}{hint}", words.join(", ")));
    }
}

fn field_names<'a>(flows: impl Iterator<Item = &'a Arc<Flow>>) -> BTreeSet<String> {
    flows.flat_map(|flow| flow.fields().into_keys()).collect()
}
