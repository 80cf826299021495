//! What tickets are and which calls leave them: `kinds.yaml`, `categories.yaml` and `tickets.yaml`.

use std::time::Duration;

use switchboard_domain::ids::TicketKindId;
use switchboard_domain::ticket::{
    CallBackPlan, Categories, Category, TicketKind, TicketKinds, TicketPriority, TicketRule,
};

use super::care::Calls;
use super::forms;
use crate::item::Item;
use crate::keys::tickets::{CALL_BACK, KIND, TICKET};
use crate::known::Known;

/// The longest time in which an open ticket takes up what comes in.
const MAX_JOINS_WITHIN: Duration = Duration::from_hours(365 * 24);
/// The longest time after which a ticket has somebody called back.
const MAX_CALL_BACK_AFTER: Duration = Duration::from_hours(30 * 24);

/// Reads `kinds.yaml`.
pub(super) fn kinds(root: Option<&Item<'_>>, known: &Known) -> TicketKinds {
    let named = root.into_iter().flat_map(Item::named::<TicketKindId>);
    TicketKinds::new(named.filter_map(|(id, item)| kind(id, &item, known)).collect())
}

fn kind(id: TicketKindId, item: &Item<'_>, known: &Known) -> Option<TicketKind> {
    let fields = item.called(format!("kind {id}")).fields(&KIND)?;
    let joins_within =
        fields.or("joins_within", Duration::ZERO, |within| within.duration(MAX_JOINS_WITHIN));
    let kind = TicketKind {
        id,
        needs_department: fields.or("department", false, Item::flag),
        needs_informing: fields.or("informed", false, Item::flag),
        needs_review: fields.or("reviewed", false, Item::flag),
        joins_within: Some(joins_within).filter(|within| !within.is_zero()),
        form: forms::read(&fields, known),
    };
    fields.finish();
    Some(kind)
}

/// Reads `categories.yaml`.
pub(super) fn categories(root: Option<&Item<'_>>) -> Categories {
    let mut found = Vec::new();
    if let Some(root) = root {
        grow(root, None, &mut found);
    }
    found.into_iter().collect()
}

fn grow(item: &Item<'_>, above: Option<&Category>, found: &mut Vec<Category>) {
    for (entry, below) in item.entries() {
        let category = match above {
            Some(above) => above.below(&entry.name),
            None => entry.name.parse(),
        };
        match category {
            Ok(category) => {
                grow(&below, Some(&category), found);
                found.push(category);
            }
            Err(error) => item.report_at(entry.place, error),
        }
    }
}

/// Reads `tickets.yaml`.
pub(super) fn rules(root: Option<&Item<'_>>, calls: Calls<'_>) -> Vec<TicketRule> {
    let entries = root.into_iter().flat_map(|root| root.identified("ticket rule"));
    entries.filter_map(|(id, item)| rule(id, &item, calls)).collect()
}

fn rule(id: &str, item: &Item<'_>, calls: Calls<'_>) -> Option<TicketRule> {
    let (fields, known) = (item.fields(&TICKET)?, calls.known);
    let on = fields.required("on").and_then(|on| on.parse());
    let queue = fields.optional("queue").and_then(|queue| known.queue(&queue));
    let subject = fields.required("subject").and_then(|subject| subject.text());
    let kind = fields.or("kind", known.kinds.usual(), |kind| known.kind(kind));
    let category = fields.optional("category").and_then(|category| known.category(&category));
    let priority = fields.or("priority", TicketPriority::Normal, Item::parse);
    let department = fields.optional("department").and_then(|name| known.department(&name));
    let call_back = fields.optional("call_back").and_then(|plan| call_back(&plan, calls));
    fields.finish();
    Some(TicketRule {
        id: id.into(),
        on: on?,
        queue,
        subject: subject?.into(),
        joins_within: known.kinds.of(&kind).joins_within,
        kind,
        category,
        priority,
        department,
        call_back,
    })
}

fn call_back(item: &Item<'_>, calls: Calls<'_>) -> Option<CallBackPlan> {
    let fields = item.fields(&CALL_BACK)?;
    let queue = fields.required("queue").and_then(|queue| calls.queue(&queue));
    let after = fields.or("after", Duration::ZERO, |after| after.duration(MAX_CALL_BACK_AFTER));
    fields.finish();
    Some(CallBackPlan { queue: queue?, after })
}
