//! By what work is judged: `scorecards.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::ids::{ScorecardId, check_id};
use switchboard_domain::quality::{
    Criterion, MOST_CRITERIA, MOST_POINTS, MOST_WEIGHT, Scorecard, Subject,
};

use crate::item::Item;
use crate::keys::quality::{CRITERION, SCORECARD};
use crate::known::Known;

const USUAL_PASS: u8 = 80;

/// Reads every scorecard.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<ScorecardId, Scorecard> {
    let named = root.into_iter().flat_map(Item::named::<ScorecardId>);
    let scorecards = named.filter_map(|(id, item)| {
        let card = scorecard(id.clone(), &item.called(format!("scorecard {id}")), known)?;
        Some((id, card))
    });
    scorecards.collect()
}

fn scorecard(id: ScorecardId, item: &Item<'_>, known: &Known) -> Option<Scorecard> {
    let fields = item.fields(&SCORECARD)?;
    let subjects = Subject::ALL.iter().map(|subject| (subject.as_str(), *subject));
    let subjects = subjects.collect::<Vec<_>>();
    let subject = fields.required("subject").and_then(|subject| subject.word(&subjects));
    let queues = fields.optional("queues").map(|list| list.list(|queue| known.queue(queue)));
    let kinds = fields.optional("kinds");
    if let Some(list) = kinds.as_ref().filter(|_| subject == Some(Subject::Call)) {
        list.report("is about tickets, and a call has no kind");
    }
    let kinds = kinds.map(|list| list.list(|kind| known.kind(kind))).unwrap_or_default();
    let pass = fields.or("pass", USUAL_PASS, |percent| percent.whole(0..=100));
    let criteria = fields.required("criteria");
    let criteria = criteria.map(|list| criteria_of(&list, known)).unwrap_or_default();
    fields.finish();
    Some(Scorecard {
        id,
        subject: subject?,
        queues: queues.unwrap_or_default().into_iter().collect(),
        kinds: kinds.into_iter().collect::<BTreeSet<_>>(),
        pass,
        criteria,
    })
}

fn criteria_of(list: &Item<'_>, known: &Known) -> Vec<Criterion> {
    let entries = list.entries();
    if entries.is_empty() || entries.len() > MOST_CRITERIA {
        list.report(format!("must have 1 to {MOST_CRITERIA} criteria"));
    }
    let mut criteria = Vec::new();
    for (entry, item) in entries {
        if let Err(error) = check_id(&entry.name) {
            item.report_at(entry.place, error);
        }
        criteria.extend(criterion(entry.name.as_str().into(), &item, known));
    }
    criteria
}

fn criterion(name: String, item: &Item<'_>, known: &Known) -> Option<Criterion> {
    let fields = item.fields(&CRITERION)?;
    let text = fields.required("text").and_then(|text| known.localized(&text));
    let points = fields.or("points", 1, |points| points.whole(1..=MOST_POINTS));
    let weight = fields.or("weight", 1, |weight| weight.whole(1..=MOST_WEIGHT));
    let is_critical = fields.or("critical", false, Item::flag);
    let is_optional = fields.or("optional", false, Item::flag);
    fields.finish();
    Some(Criterion { name, text: text?, points, weight, is_critical, is_optional })
}
