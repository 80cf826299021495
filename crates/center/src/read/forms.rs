//! What is filled in and ticked for the tickets of a kind.

use switchboard_domain::ticket::{Checkpoint, EntryName, FormField, FormStep, TicketForm};

use super::profile::field::shape;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::tickets::FORM_FIELD;
use crate::known::Known;

const MAX_ENTRIES: usize = 40;

const CHECKPOINTS: [(&str, Checkpoint); 3] = [
    ("accept", Checkpoint::Accept),
    ("resolve", Checkpoint::Resolve),
    ("close", Checkpoint::Close),
];

/// Reads the form and the checklist of a kind.
pub(super) fn read(kind: &Fields<'_>, known: &Known) -> TicketForm {
    let fields =
        entries(kind.optional("form").as_ref(), "field", |name, item| field(name, item, known));
    let steps = entries(kind.optional("checklist").as_ref(), "step", |name, item| {
        known.localized(item).map(|display_name| FormStep { name, display_name })
    });
    TicketForm { fields, steps }
}

fn field(name: EntryName, item: &Item<'_>, known: &Known) -> Option<FormField> {
    let fields = item.fields(&FORM_FIELD)?;
    let display_name = fields.required("display_name").and_then(|names| known.localized(&names));
    let shape = shape(&fields);
    let required_at = fields.optional("required_at").and_then(|at| at.word(&CHECKPOINTS));
    fields.finish();
    Some(FormField { name, display_name: display_name?, shape: shape?, required_at })
}

fn entries<Entry>(
    item: Option<&Item<'_>>,
    what: &str,
    read: impl Fn(EntryName, &Item<'_>) -> Option<Entry>,
) -> Vec<Entry> {
    let Some(item) = item else { return Vec::new() };
    let named = item.named::<EntryName>();
    if named.len() > MAX_ENTRIES {
        item.report(format!("has {} entries; at most {MAX_ENTRIES} are kept", named.len()));
    }
    let read = |(name, entry): (EntryName, Item<'_>)| {
        let entry = entry.called(format!("{what} {name} of {}", entry.name()));
        read(name, &entry)
    };
    named.into_iter().filter_map(read).collect()
}
