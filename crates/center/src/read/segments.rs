//! How departments divide the customers: `segments.yaml`.

use std::collections::BTreeSet;

use switchboard_domain::center::{Segment, SegmentScheme};
use switchboard_domain::flow::expression::{Scope, Subject};

use super::treatments;
use crate::expression;
use crate::item::Item;
use crate::keys::people::SEGMENT;
use crate::known::Known;
use crate::yaml::{Entry, Value, Yaml};

/// Reads every scheme, in the order of the file.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Vec<SegmentScheme> {
    let mut taken = BTreeSet::new();
    let mut schemes = Vec::new();
    for (name, item) in root.into_iter().flat_map(|root| root.identified("scheme")) {
        let mut segments = item.list(|item| segment(item, known));
        segments.retain(|(segment, named)| {
            let is_new = taken.insert(segment.name.clone());
            if !is_new {
                named.report(format!("{:?} is the name of another segment", segment.name));
            }
            is_new
        });
        let segments = segments.into_iter().map(|(segment, _)| segment).collect();
        schemes.push(SegmentScheme { name: name.to_owned(), segments });
    }
    schemes
}

/// Gives the names of all segments, also of those that cannot be read.
pub(super) fn names(root: &Yaml) -> BTreeSet<String> {
    let entries = |yaml: &Yaml| match &yaml.value {
        Value::Map(entries) => entries.clone(),
        Value::Scalar(_) | Value::List(_) => Vec::new(),
    };
    let listed = |yaml: Yaml| match yaml.value {
        Value::List(items) => items,
        Value::Scalar(_) | Value::Map(_) => Vec::new(),
    };
    let segments = entries(root).into_iter().flat_map(|scheme| listed(scheme.yaml));
    let keys = segments.flat_map(|segment| entries(&segment));
    let named = keys.filter(|key| key.name == "segment");
    let name = |key: Entry| match key.yaml.value {
        Value::Scalar(name) => Some(name),
        Value::Map(_) | Value::List(_) => None,
    };
    named.filter_map(name).collect()
}

fn segment<'a>(item: &Item<'a>, known: &Known) -> Option<(Segment, Item<'a>)> {
    let fields = item.fields(&SEGMENT)?;
    let scope = Scope { fields: &known.record_fields, subject: Subject::Customer };
    let named = fields.required("segment");
    let name = named.as_ref().and_then(Item::name_like_id);
    let when = fields.required("when").and_then(|when| expression::condition(&when, &scope));
    let treatment = treatments::read(&fields, known);
    fields.finish();
    Some((Segment { name: name?, when: when?, treatment }, named?))
}
