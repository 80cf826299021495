//! How long what happened is kept: `retention.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::retention::{Kept, RetentionPolicy};

use crate::duration;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::retention::RETENTION;

const DAY: Duration = Duration::from_hours(24);
/// What people ask about afterwards is not gone before they could.
const MONTH: Duration = Duration::from_hours(30 * 24);
const CENTURY: Duration = Duration::from_hours(36_500 * 24);
/// 02:00.
const USUAL_TIME: u16 = 120;

/// Each kind of record with its key, and the least that it is kept.
const KEYS: [(Kept, &str, Duration); 6] = [
    (Kept::Events, "events", MONTH),
    (Kept::Interactions, "interactions", MONTH),
    (Kept::Tickets, "tickets", DAY),
    (Kept::Customers, "customers", MONTH),
    (Kept::Lookups, "lookups", DAY),
    (Kept::Audit, "audit", MONTH),
];

/// Reads the policy.
pub(super) fn read(root: &Item<'_>) -> Option<RetentionPolicy> {
    let fields = root.fields(&RETENTION)?;
    let run_at = fields.or("run_at", USUAL_TIME, Item::minute_of_day);
    let mut keep = BTreeMap::new();
    for (kept, key, least) in KEYS {
        let span = fields.optional(key).and_then(|span| span.span(least, CENTURY));
        keep.extend(span.map(|span| (kept, span)));
    }
    // A part is not kept longer than the whole.
    within(&fields, &keep, (Kept::Events, Kept::Interactions));
    within(&fields, &keep, (Kept::Lookups, Kept::Audit));
    fields.finish();
    Some(RetentionPolicy { run_at, keep })
}

fn within(fields: &Fields<'_>, keep: &BTreeMap<Kept, Duration>, (part, whole): (Kept, Kept)) {
    if let (Some(span), Some(most)) = (keep.get(&part), keep.get(&whole))
        && span > most
    {
        let [span, most] = [*span, *most].map(duration::format);
        fields.item().report(format!(
            "{part} are kept {span}, longer than {whole}, which are kept {most} and take them along"
        ));
    }
}
