//! What is owed to customers by when: `sla.yaml`.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use switchboard_domain::ticket::Destination;
use switchboard_domain::ticket::sla::{ClockKind, Escalation, SlaPolicy};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::tickets::{ESCALATION, SLA};
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
    let names = |list: &Item<'_>| Some(list.list(|name| known.department(name)));
    let queues = |list: &Item<'_>| Some(list.list(|queue| known.queue(queue)));
    let policy = SlaPolicy {
        id: id.into(),
        kinds: kinds.into_iter().collect(),
        priorities: words(&fields, "priorities"),
        media: words(&fields, "media"),
        departments: fields.or("departments", Vec::new(), names).into_iter().collect(),
        queues: fields.or("queues", Vec::new(), queues).into_iter().collect(),
        tiers: words(&fields, "tiers"),
        calendar: fields.optional("calendar").and_then(|name| known.calendar(&name)),
        acceptance: span(&fields, "acceptance"),
        first_response: span(&fields, "first_response"),
        response: span(&fields, "response"),
        resolution: span(&fields, "resolution"),
        warn_before: fields.or("warn_before", Duration::ZERO, |value| value.duration(MOST_WARNING)),
        escalations: fields
            .optional("escalations")
            .map(|list| escalations(&list, known))
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

fn escalations(list: &Item<'_>, known: &Known) -> Vec<Escalation> {
    let levels = list.list(|level| escalation(level, known));
    if levels.len() > MOST_ESCALATIONS {
        list.report(format!("has more than {MOST_ESCALATIONS} levels"));
    }
    if !levels.is_sorted_by(|level, next| level.after < next.after) {
        list.report("does not ascend: each level comes later than the one before");
    }
    levels
}

/// Reads a level: a time, or what is done then.
fn escalation(level: &Item<'_>, known: &Known) -> Option<Escalation> {
    if !level.is_map() {
        return level.span(LEAST, MOST).map(Escalation::told);
    }
    let fields = level.fields(&ESCALATION)?;
    let after = fields.required("after").and_then(|after| after.span(LEAST, MOST));
    let agents = |list: &Item<'_>| Some(list.list(|agent| known.agent(agent)));
    let raises = fields.optional("raise");
    let to = Destination {
        department: fields.optional("department").and_then(|name| known.department(&name)),
        queue: fields.optional("queue").and_then(|queue| known.queue(&queue)),
        agent: fields.optional("agent").and_then(|agent| known.agent(&agent)),
    };
    let notifies = fields.or("notify", Vec::new(), agents).into_iter().collect();
    fields.finish();
    if to.queue.is_some() && to.agent.is_some() {
        level.report("leads to a queue and an agent: give one of them");
    }
    let is_moved = !to.is_nowhere();
    if let Some(raise) = raises.as_ref().filter(|_| is_moved) {
        raise
            .report("is not needed: a ticket that goes somewhere else is raised by a grade anyway");
    }
    let raises = raises.and_then(|raise| raise.flag()).unwrap_or_default();
    Some(Escalation { after: after?, to, raises, notifies })
}
