//! Which tickets together are one incident: `clusters.yaml`.

use std::time::Duration;

use switchboard_domain::ticket::{
    ClusterRule, IncidentPlan, MAX_CLUSTER_TICKETS, MAX_CLUSTER_WINDOW, TicketPriority,
};

use crate::item::Item;
use crate::keys::clusters::{CLUSTER, INCIDENT};
use crate::known::Known;

const LEAST_WINDOW: Duration = Duration::from_mins(1);
/// One customer alone is no cluster, if nobody says otherwise.
const USUAL_CUSTOMERS: u32 = 2;
const MAX_SUBJECT: usize = 200;

/// Reads every rule, in the order of the file.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Vec<ClusterRule> {
    let entries = root.into_iter().flat_map(|root| root.identified("cluster rule"));
    entries.filter_map(|(id, item)| rule(id, &item, known)).collect()
}

fn rule(id: &str, item: &Item<'_>, known: &Known) -> Option<ClusterRule> {
    let fields = item.fields(&CLUSTER)?;
    let kinds = fields.or("kinds", Vec::new(), |kinds| Some(kinds.list(|kind| known.kind(kind))));
    let category = fields.optional("category").and_then(|category| known.category(&category));
    let department = fields.optional("department").and_then(|name| known.department(&name));
    let tickets = fields.required("tickets").and_then(|count| count.whole(2..=MAX_CLUSTER_TICKETS));
    let named = fields.optional("customers");
    let customers = named.as_ref().and_then(|count| count.whole(0..=MAX_CLUSTER_TICKETS));
    let within = fields.required("within");
    let within = within.and_then(|within| within.span(LEAST_WINDOW, MAX_CLUSTER_WINDOW));
    let incident = fields.required("incident").and_then(|plan| incident(&plan, known));
    fields.finish();
    let tickets = tickets?;
    if let (Some(count), Some(named)) = (customers, named)
        && count > tickets
    {
        named.report(format!("{count} customers cannot make {tickets} tickets: give at most that"));
    }
    Some(ClusterRule {
        id: id.into(),
        kinds,
        category,
        department,
        tickets,
        customers: customers.unwrap_or(USUAL_CUSTOMERS),
        within: within?,
        incident: incident?,
    })
}

fn incident(item: &Item<'_>, known: &Known) -> Option<IncidentPlan> {
    let fields = item.fields(&INCIDENT)?;
    let subject = fields.required("subject").and_then(|subject| line(&subject));
    let plan = IncidentPlan {
        subject: subject.unwrap_or_default(),
        kind: fields.or("kind", known.kinds.usual(), |kind| known.kind(kind)),
        category: fields.optional("category").and_then(|category| known.category(&category)),
        priority: fields.or("priority", TicketPriority::Urgent, Item::parse),
        department: fields.optional("department").and_then(|name| known.department(&name)),
        queue: fields.optional("queue").and_then(|queue| known.queue(&queue)),
    };
    fields.finish();
    Some(plan).filter(|plan| !plan.subject.is_empty())
}

fn line(item: &Item<'_>) -> Option<String> {
    let text = item.text()?;
    if text.chars().count() > MAX_SUBJECT {
        item.report(format!("has more than {MAX_SUBJECT} characters"));
        return None;
    }
    Some(text.to_owned())
}
