//! What a macro fills in: checked against the form of each kind it is for.

use std::collections::BTreeSet;

use switchboard_domain::customer::profile::{FieldShape, ProfileValue};
use switchboard_domain::ticket::{EntryName, Filling, FormField, TicketKind};

use crate::fields::Fields;
use crate::item::Item;
use crate::nearest::did_you_mean;

/// Reads what a step fills in and ticks.
pub(super) fn read(fields: &Fields<'_>, kinds: &[&TicketKind]) -> Filling {
    let mut filling = Filling::default();
    for (entry, item) in fields.optional("form").iter().flat_map(Item::entries) {
        let item = item.called(format!("{} of {}", entry.name, item.name()));
        let shapes =
            each(kinds, |kind| field(kind, &entry.name).map(|it| &it.shape).ok_or("field"));
        match shapes {
            Ok(shapes) => filling.values.extend(
                name(&entry.name)
                    .zip(value(&item, &shapes))
                    .map(|(name, value)| (name, Some(value))),
            ),
            Err(fault) => item.report_at(entry.place, fault.told(&entry.name)),
        }
    }
    for item in fields.optional("tick").iter().flat_map(Item::each) {
        let Some(text) = item.text() else { continue };
        let known = each(kinds, |kind| {
            kind.form.steps.iter().find(|step| step.name.as_str() == text).ok_or("step")
        });
        match known {
            Ok(_) => filling.ticks.extend(name(text).map(|name| (name, true))),
            Err(fault) => item.report(fault.told(text)),
        }
    }
    filling
}

/// Says that a kind has no such field or step.
struct Unknown<'a> {
    kind: &'a TicketKind,
    what: &'static str,
}

impl Unknown<'_> {
    fn told(&self, name: &str) -> String {
        let form = &self.kind.form;
        let known: BTreeSet<&str> = match self.what {
            "step" => form.steps.iter().map(|step| step.name.as_str()).collect(),
            _ => form.fields.iter().map(|field| field.name.as_str()).collect(),
        };
        let (kind, what) = (&self.kind.id, self.what);
        format!("the kind {kind} has no {what} {name:?}{}", did_you_mean(name, known))
    }
}

fn each<'a, Found>(
    kinds: &[&'a TicketKind],
    find: impl Fn(&'a TicketKind) -> Result<Found, &'static str>,
) -> Result<Vec<Found>, Unknown<'a>> {
    let found = kinds.iter().map(|kind| find(kind).map_err(|what| Unknown { kind, what }));
    found.collect()
}

fn field<'a>(kind: &'a TicketKind, name: &str) -> Option<&'a FormField> {
    kind.form.fields.iter().find(|field| field.name.as_str() == name)
}

fn name(text: &str) -> Option<EntryName> {
    text.parse().ok()
}

/// Reads a value that each of the fields takes.
fn value(item: &Item<'_>, shapes: &[&FieldShape]) -> Option<ProfileValue> {
    let value = match shapes.first()? {
        FieldShape::Number { .. } | FieldShape::Integer { .. } => {
            let text = item.text()?;
            text.parse().ok().and_then(ProfileValue::number)
        }
        FieldShape::Boolean => Some(ProfileValue::Boolean(item.flag()?)),
        FieldShape::Texts { .. } => {
            Some(ProfileValue::Texts(item.list(|text| text.text().map(String::from))))
        }
        FieldShape::Text { .. } | FieldShape::Date | FieldShape::Phone | FieldShape::Choice(_) => {
            Some(ProfileValue::Text(item.text()?.to_owned()))
        }
    };
    let misfit = |shape: &&&FieldShape| !value.as_ref().is_some_and(|value| shape.accepts(value));
    if let Some(shape) = shapes.iter().find(misfit) {
        item.report(format!("the field takes {}", shape.expected()));
        return None;
    }
    value
}
