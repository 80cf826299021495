//! What agents note as the result of a talk: `dispositions.yaml`, and the queues that ask for it.

use std::collections::BTreeMap;

use switchboard_domain::center::disposition::MAX_DISPOSITION_DEPTH;
use switchboard_domain::center::{Disposition, Dispositions, QueueDispositions};
use switchboard_domain::ids::DispositionId;

use crate::item::Item;
use crate::keys::dispositions::{DISPOSITION, OF_QUEUE};
use crate::known::Known;

/// Reads `dispositions.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Dispositions {
    let named: Vec<(DispositionId, Item<'_>)> =
        root.into_iter().flat_map(Item::named::<DispositionId>).collect();
    let read = named.iter().filter_map(|(code, item)| Some((code.clone(), one(item, known)?)));
    let all = Dispositions::new(read.collect::<BTreeMap<_, _>>());
    for (code, item) in &named {
        if all.way_up(code).count() > MAX_DISPOSITION_DEPTH {
            let message = format!("is in itself, or in more than {MAX_DISPOSITION_DEPTH} groups");
            item.called(format!("disposition {code}")).report(message);
        }
    }
    all
}

fn one(item: &Item<'_>, known: &Known) -> Option<Disposition> {
    let fields = item.fields(&DISPOSITION)?;
    let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
    let under = fields.optional("under").and_then(|group| known.disposition(&group));
    fields.finish();
    Some(Disposition { display_name: display_name.unwrap_or_default(), under })
}

/// Reads what a queue asks its agents to note.
pub(super) fn of_queue(item: &Item<'_>, known: &Known) -> Option<QueueDispositions> {
    let fields = item.fields(&OF_QUEUE)?;
    let dispositions = QueueDispositions {
        codes: fields
            .or("codes", Vec::new(), |codes| Some(codes.list(|code| known.disposition(code)))),
        required: fields.or("required", false, Item::flag),
        default: fields.optional("default").and_then(|code| known.disposition(&code)),
    };
    fields.finish();
    Some(dispositions)
}
