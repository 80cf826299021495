//! The rules that speak of queues: `tiers.yaml` and `tickets.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::TierRule;
use switchboard_domain::customer::Tier;
use switchboard_domain::ids::check_id;
use switchboard_domain::ticket::{TicketPriority, TicketRule};

use super::queues::MAX_PRIORITY;
use crate::item::Item;
use crate::keys::people::{TICKET, TIER};
use crate::known::Known;

/// Reads `tiers.yaml`.
pub(super) fn tiers(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<Tier, TierRule> {
    let mut tiers = BTreeMap::new();
    for (tier, item) in root.into_iter().flat_map(Item::named::<Tier>) {
        let Some(fields) = item.called(format!("tier {tier}")).fields(&TIER) else { continue };
        let rule = TierRule {
            priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
            skills: fields.or("skills", Vec::new(), |value| Some(known.requirement(value))),
            instead_of: fields.or("instead_of", BTreeMap::new(), |value| {
                Some(known.queue_map(value, |queue| known.queue(queue)))
            }),
        };
        fields.finish();
        tiers.insert(tier, rule);
    }
    tiers
}

/// Reads `tickets.yaml`.
pub(super) fn ticket_rules(root: Option<&Item<'_>>, known: &Known) -> Vec<TicketRule> {
    let mut rules = Vec::new();
    for (entry, value) in root.into_iter().flat_map(Item::entries) {
        let value = value.called(format!("ticket rule {:?}", entry.name));
        if let Err(error) = check_id(&entry.name) {
            value.report_at(entry.place, error);
        }
        rules.extend(ticket_rule(&entry.name, &value, known));
    }
    rules
}

fn ticket_rule(id: &str, item: &Item<'_>, known: &Known) -> Option<TicketRule> {
    let fields = item.fields(&TICKET)?;
    let on = fields.required("on").and_then(|on| on.parse());
    let queue = fields.optional("queue").and_then(|queue| known.queue(&queue));
    let subject = fields.required("subject").and_then(|subject| subject.text());
    let priority = fields.or("priority", TicketPriority::Normal, Item::parse);
    let department = fields.optional("department").and_then(|name| name.text());
    fields.finish();
    Some(TicketRule {
        id: id.into(),
        on: on?,
        queue,
        subject: subject?.into(),
        priority,
        department: department.map(String::from),
    })
}
