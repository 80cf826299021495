//! Where tickets go: `dispatch.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::flow::expression::{Scope, Subject};
use switchboard_domain::ticket::{Destination, DispatchRule};

use crate::expression;
use crate::item::Item;
use crate::keys::tickets::DISPATCH;
use crate::known::Known;

/// Reads every rule, in the order of the file.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Vec<DispatchRule> {
    let entries = root.into_iter().flat_map(|root| root.identified("dispatch rule"));
    entries.filter_map(|(id, item)| rule(id, &item, known)).collect()
}

fn rule(id: &str, item: &Item<'_>, known: &Known) -> Option<DispatchRule> {
    let fields = item.fields(&DISPATCH)?;
    let no_fields = BTreeMap::new();
    let scope = Scope { fields: &no_fields, subject: Subject::Ticket };
    let when = fields.required("when").and_then(|when| expression::condition(&when, &scope));
    let department = fields.optional("department");
    let accepts = fields.or("accept", false, Item::flag);
    let (queue, agent) = (fields.optional("queue"), fields.optional("agent"));
    fields.finish();
    match (&department, &queue, &agent) {
        (None, None, None) => item.report("leads nowhere: give department, queue or agent"),
        (_, Some(_), Some(_)) => item.report("leads to a queue and an agent: give one of them"),
        _ => {}
    }
    let to = Destination {
        department: department.and_then(|name| known.department(&name)),
        queue: queue.and_then(|name| known.queue(&name)),
        agent: agent.and_then(|name| known.agent(&name)),
    };
    Some(DispatchRule { id: id.into(), when: when?, accepts, to })
}
