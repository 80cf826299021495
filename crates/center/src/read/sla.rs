//! What is owed to customers by when: `sla.yaml`.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use switchboard_domain::ticket::sla::{ClockKind, SlaPolicy};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::tickets::SLA;
use crate::known::Known;

const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_hours(365 * 24);
const MOST_WARNING: Duration = Duration::from_hours(30 * 24);
const MOST_ESCALATIONS: usize = 6;

/// Reads every policy, in the order of the file.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Vec<SlaPolicy> {
    let entries = root.into_iter().flat_map(|root| root.identified("policy"));
    entries.filter_map(|(id, item)| policy(id, &item, known)).collect()
}

fn policy(id: &str, item: &Item<'_>, known: &Known) -> Option<SlaPolicy> {
    let fields = item.fields(&SLA)?;
    let kinds = fields.or("kinds", Vec::new(), |kinds| Some(kinds.list(|kind| known.kind(kind))));
    let policy = SlaPolicy {
        id: id.into(),
        kinds: kinds.into_iter().collect(),
        priorities: words(&fields, "priorities"),
        tiers: words(&fields, "tiers"),
        calendar: fields.optional("calendar").and_then(|name| known.calendar(&name)),
        acceptance: span(&fields, "acceptance"),
        first_response: span(&fields, "first_response"),
        response: span(&fields, "response"),
        resolution: span(&fields, "resolution"),
        warn_before: fields.or("warn_before", Duration::ZERO, |value| value.duration(MOST_WARNING)),
        escalations: fields
            .optional("escalations")
            .map(|list| escalations(&list))
            .unwrap_or_default(),
    };
    fields.finish();
    if ClockKind::ALL.into_iter().all(|clock| policy.target(clock).is_none()) {
        item.report("owes nothing: give acceptance, first_response, response or resolution");
    }
    Some(policy)
}

fn words<T: FromStr<Err: Display> + Ord>(fields: &Fields<'_>, name: &'static str) -> BTreeSet<T> {
    let read = |list: &Item<'_>| Some(list.list(Item::parse));
    fields.or(name, Vec::new(), read).into_iter().collect()
}

fn span(fields: &Fields<'_>, name: &'static str) -> Option<Duration> {
    fields.optional(name).and_then(|value| value.span(LEAST, MOST))
}

fn escalations(list: &Item<'_>) -> Vec<Duration> {
    let levels = list.list(|level| level.span(LEAST, MOST));
    if levels.len() > MOST_ESCALATIONS {
        list.report(format!("has more than {MOST_ESCALATIONS} levels"));
    }
    if !levels.is_sorted_by(|level, next| level < next) {
        list.report("does not ascend: each level comes later than the one before");
    }
    levels
}
