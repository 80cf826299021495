//! How departments divide the customers: `segments.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{Segment, SegmentScheme};
use switchboard_domain::flow::expression::{Scope, Subject};

use super::treatments;
use crate::expression;
use crate::item::Item;
use crate::keys::people::SEGMENT;
use crate::known::Known;

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

fn segment<'a>(item: &Item<'a>, known: &Known) -> Option<(Segment, Item<'a>)> {
    let fields = item.fields(&SEGMENT)?;
    let no_fields = BTreeMap::new();
    let scope = Scope { fields: &no_fields, subject: Subject::Customer };
    let named = fields.required("segment");
    let name = named.as_ref().and_then(Item::name_like_id);
    let when = fields.required("when").and_then(|when| expression::condition(&when, &scope));
    let treatment = treatments::read(&fields, known);
    fields.finish();
    Some((Segment { name: name?, when: when?, treatment }, named?))
}
