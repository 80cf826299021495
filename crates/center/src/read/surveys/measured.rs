//! What questions measure together: items, parts of loyalty, drivers.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::survey::{
    Driver, LoyaltyPart, Measured, Question, QuestionKind, Side, TEMPLATE,
};

use crate::fields::Fields;
use crate::item::Item;
use crate::nearest::did_you_mean;

const MOST_WEIGHT: u32 = 1_000;

/// Reads what makes customers content: names with weights, or nine names by their importance.
pub(super) fn drivers(item: &Item<'_>) -> Vec<Driver> {
    let drivers = if item.is_map() { weighed(item) } else { listed(item) };
    let names: BTreeSet<&String> = drivers.iter().map(|driver| &driver.name).collect();
    if names.len() < drivers.len() {
        item.report("names a driver twice");
    }
    drivers
}

fn weighed(item: &Item<'_>) -> Vec<Driver> {
    let named = item.identified("driver").into_iter();
    let read = |(name, weight): (&str, Item<'_>)| {
        let weight = weight.whole(1..=MOST_WEIGHT)?;
        Some(Driver { name: name.to_owned(), weight })
    };
    named.filter_map(read).collect()
}

fn listed(item: &Item<'_>) -> Vec<Driver> {
    let names = item.list(Item::name_like_id);
    if names.len() != TEMPLATE.len() {
        let most = TEMPLATE.len();
        item.report(format!("must name {most} drivers, or give each a weight"));
    }
    let weighed = names.into_iter().zip(TEMPLATE);
    weighed.map(|(name, weight)| Driver { name, weight }).collect()
}

/// Reads what a question measures.
pub(super) fn of_question(
    fields: &Fields<'_>,
    kind: Option<QuestionKind>,
    drivers: &[Driver],
) -> Measured {
    let item = fields.optional("item").and_then(|item| item.name_like_id());
    let sides = Side::ALL.iter().map(|side| (side.as_str(), *side)).collect::<Vec<_>>();
    let side = fields.optional("asks").and_then(|side| side.word(&sides));
    let parts = LoyaltyPart::ALL.iter().map(|part| (part.as_str(), *part)).collect::<Vec<_>>();
    let part = fields.optional("loyalty_part").and_then(|part| part.word(&parts));
    let driver = fields.optional("driver").and_then(|name| driver_of(&name, drivers));
    if item.is_some() != side.is_some() {
        fields.item().report("needs both \"item\" and \"asks\", or none of them");
    }
    if side == Some(Side::Expectation) && kind != Some(QuestionKind::Rating) {
        fields.item().report("asks what was expected, which is of the type rating");
    }
    let measures = side.is_some() || part.is_some() || driver.is_some();
    if measures && matches!(kind, Some(QuestionKind::Choice | QuestionKind::Text)) {
        fields.item().report("measures something and is not answered by points");
    }
    Measured { item: item.zip(side), part, driver }
}

fn driver_of(item: &Item<'_>, drivers: &[Driver]) -> Option<String> {
    let name = item.text()?;
    let known = drivers.iter().any(|driver| driver.name == name);
    if !known {
        let hint = did_you_mean(name, drivers.iter().map(|driver| driver.name.as_str()));
        item.report(format!("the survey has no driver {name:?}{hint}"));
    }
    known.then(|| name.to_owned())
}

/// Reports what is asked for only in part.
pub(super) fn check(item: &Item<'_>, questions: &[Question], drivers: &[Driver]) {
    let mut items: BTreeMap<&String, Vec<Side>> = BTreeMap::new();
    for (name, side) in questions.iter().filter_map(|question| question.measured.item.as_ref()) {
        items.entry(name).or_default().push(*side);
    }
    for (name, mut sides) in items {
        sides.sort_unstable();
        if sides != [Side::Expectation, Side::Performance] {
            item.report(format!(
                "asks of item {name:?} not once what was expected and once what was got"
            ));
        }
    }
    let parts: BTreeSet<LoyaltyPart> =
        questions.iter().filter_map(|question| question.measured.part).collect();
    let missing = LoyaltyPart::ALL.iter().find(|part| !parts.contains(part));
    if let Some(missing) = missing.filter(|_| !parts.is_empty()) {
        item.report(format!(
            "asks for parts of loyalty and not for {missing}: ask for all five or none"
        ));
    }
    let is_left_out = |driver: &&Driver| {
        !questions.iter().any(|question| question.measured.driver.as_ref() == Some(&driver.name))
    };
    if let Some(driver) = drivers.iter().find(is_left_out) {
        item.report(format!("has driver {:?} and no question about it", driver.name));
    }
}
