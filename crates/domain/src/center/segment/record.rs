//! What conditions about customers know of the fields that a center keeps.

use std::collections::{BTreeMap, BTreeSet};

use crate::customer::profile::{FieldShape, ProfileField, ProfileSchema, ProfileValue};
use crate::customer::{Customer, PartyKind};
use crate::flow::ValueKind;

/// Gives the fields of records that conditions may ask for, and what they hold.
///
/// Not those that are sensitive, for whoever sees a segment would know; not lists of texts; and not those
/// that mean different things of persons and companies.
pub fn fields_in_conditions(schema: &ProfileSchema) -> BTreeMap<String, ValueKind> {
    let (mut known, mut unlike) = (BTreeMap::new(), BTreeSet::new());
    let fields = PartyKind::ALL.iter().flat_map(|kind| schema.of(*kind)).flat_map(|it| &it.fields);
    for field in fields {
        let (name, kind) = (field.path.to_string(), kind_of(field));
        if known.insert(name.clone(), kind).is_some_and(|other| other != kind) {
            unlike.insert(name);
        }
    }
    let fits = |(name, kind): (String, Option<ValueKind>)| {
        Some((name.clone(), kind?)).filter(|_| !unlike.contains(&name))
    };
    known.into_iter().filter_map(fits).collect()
}

/// Gives what a record says of those that are asked for, as texts. What is not among the values that a
/// field takes now is not known.
pub(super) fn fields_of(
    schema: &ProfileSchema,
    customer: &Customer,
    asked: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let values = customer.profile.iter().filter(|(path, _)| asked.contains(path.as_str()));
    let told = values.filter_map(|(path, value)| {
        let field = schema.field(customer.kind, path)?;
        kind_of(field)?;
        field.shape.accepts(value).then(|| (path.to_string(), text_of(value)))
    });
    told.collect()
}

fn kind_of(field: &ProfileField) -> Option<ValueKind> {
    if field.is_sensitive {
        return None;
    }
    match &field.shape {
        FieldShape::Text { .. } | FieldShape::Date | FieldShape::Phone | FieldShape::Choice(_) => {
            Some(ValueKind::Text)
        }
        FieldShape::Number { .. } | FieldShape::Integer { .. } => Some(ValueKind::Number),
        FieldShape::Boolean => Some(ValueKind::Flag),
        FieldShape::Texts { .. } => None,
    }
}

/// Writes a value as conditions read it, which count in whole numbers.
fn text_of(value: &ProfileValue) -> String {
    match value {
        ProfileValue::Number(number) => number.get().trunc().to_string(),
        ProfileValue::Text(_) | ProfileValue::Boolean(_) | ProfileValue::Texts(_) => {
            value.to_string()
        }
    }
}
