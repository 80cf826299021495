//! What a center keeps about its customers, and asks of their records: `profile.yaml`.

pub(super) mod field;

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::PartyKind;
use switchboard_domain::customer::profile::{ProfileSchema, ProfileSection, is_name};

use crate::item::Item;
use crate::keys::profile::{PROFILE, SECTION};
use crate::known::Known;
use crate::yaml::Entry;

const DAY: Duration = Duration::from_hours(24);
const LONGEST_REVIEW: Duration = Duration::from_hours(24 * 3650);
const MAX_FIELDS: usize = 40;

/// Reads `profile.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> (ProfileSchema, CustomerRules) {
    let Some(fields) = root.and_then(|root| root.fields(&PROFILE)) else {
        return Default::default();
    };
    let owner_required = fields.optional("owner_required_tiers");
    let owner_required: BTreeSet<_> =
        owner_required.iter().flat_map(|tiers| tiers.list(Item::parse)).collect();
    let review_after =
        fields.optional("review_after").and_then(|span| span.span(DAY, LONGEST_REVIEW));
    let mut sections = Vec::new();
    for (name, kind) in [("person", PartyKind::Person), ("company", PartyKind::Company)] {
        for (entry, item) in fields.optional(name).iter().flat_map(Item::entries) {
            let item = item.called(format!("section {:?}", entry.name));
            sections.extend(section(entry, kind, &item, known));
        }
    }
    fields.finish();
    (ProfileSchema { sections }, CustomerRules { owner_required, review_after })
}

fn section(
    entry: &Entry,
    kind: PartyKind,
    item: &Item<'_>,
    known: &Known,
) -> Option<ProfileSection> {
    check_name(entry, item);
    let fields = item.fields(&SECTION)?;
    let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
    let enabled = fields.optional("enabled").and_then(|value| value.flag());
    let listed = fields.required("fields");
    fields.finish();
    let mut found = Vec::new();
    for (named, value) in listed.iter().flat_map(Item::entries) {
        let value = value.called(format!("field {:?} of {}", named.name, item.name()));
        check_name(named, &value);
        found.extend(field::read(&entry.name, &named.name, &value, known));
    }
    if let Some(listed) = listed.filter(|_| found.len() > MAX_FIELDS) {
        listed.report(format!("has {} fields; at most {MAX_FIELDS} are kept", found.len()));
    }
    // What is sensitive is kept only where somebody said so.
    let is_on = enabled.unwrap_or_else(|| !found.iter().any(|field| field.is_sensitive));
    Some(ProfileSection {
        kind,
        name: entry.name.as_str().into(),
        display_name: display_name?,
        is_on,
        fields: found,
    })
}

fn check_name(entry: &Entry, item: &Item<'_>) {
    if !is_name(&entry.name) {
        let message = format!("{:?} is no name of 1 to 32 characters of a-z 0-9 _", entry.name);
        item.report_at(entry.place, message);
    }
}
