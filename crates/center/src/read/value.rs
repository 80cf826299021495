//! How the worth of customers is computed: `value.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::customer::value::{
    Axis, Grading, InputRule, LevelBounds, Measure, Missing, Scale, ScaleError, Score, Share, Sign,
    ValueInput, ValueModel,
};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::value as keys;
use crate::nearest::did_you_mean;

const MAX_WEIGHT: u32 = 1_000;
const DEFAULT_KNOWN: u8 = 50;
const HIGH_FROM: u16 = 6_667;
const MID_FROM: u16 = 3_334;
const TIERS: [&str; 6] = ["A1", "A2", "A3", "B1", "B2", "C1"];
const MISSING: [(&str, Missing); 2] = [("leave_out", Missing::LeaveOut), ("worst", Missing::Worst)];
const SIGNS: [(&str, Sign); 2] = [("plus", Sign::Plus), ("minus", Sign::Minus)];
const AXES: [(&str, Axis); 3] =
    [("value", Axis::Value), ("potential", Axis::Potential), ("loyalty", Axis::Loyalty)];

/// Reads the model.
pub(super) fn read(root: &Item<'_>) -> Option<ValueModel> {
    let fields = root.fields(&keys::VALUE)?;
    let rules = fields.required("inputs").map(|inputs| rules(&inputs));
    let missing = fields.or("missing", Missing::default(), |value| value.word(&MISSING));
    let known_at_least = fields.or("known_at_least", DEFAULT_KNOWN, |value| value.whole(0..=100));
    let grading = fields.required("tiers").and_then(|tiers| grading(&tiers));
    let levels = fields.optional("axes").map_or_else(default_levels, |axes| levels(&axes));
    let recompute_at = fields.optional("recompute_at").and_then(|time| time.minute_of_day());
    fields.finish();
    Some(ValueModel {
        rules: rules?,
        missing,
        known_at_least,
        grading: grading?,
        levels: levels?,
        recompute_at,
    })
}

fn rules(item: &Item<'_>) -> BTreeMap<ValueInput, InputRule> {
    let mut rules = BTreeMap::new();
    for (entry, value) in item.entries() {
        match ValueInput::parse(&entry.name) {
            Some(input) => {
                let value = value.called(format!("input {input}"));
                rules.extend(rule(&value).map(|rule| (input, rule)));
            }
            None => item.report_at(entry.place, no_input(&entry.name)),
        }
    }
    if item.names().is_empty() {
        item.report("names no input");
    }
    rules
}

fn no_input(name: &str) -> String {
    let words: Vec<&str> = ValueInput::ALL.iter().map(|input| input.as_str()).collect();
    format!("{name:?} is none of {}{}", words.join(", "), did_you_mean(name, words.iter().copied()))
}

fn rule(item: &Item<'_>) -> Option<InputRule> {
    let fields = item.fields(&keys::INPUT)?;
    let weight = fields.required("weight").and_then(|weight| weight.whole(1..=MAX_WEIGHT));
    let sign = fields.or("sign", Sign::default(), |value| value.word(&SIGNS));
    let axis = fields.or("axis", Axis::default(), |value| value.word(&AXES));
    let scale = scale(&fields);
    fields.finish();
    Some(InputRule { weight: weight?, sign, axis, scale: scale? })
}

fn scale(fields: &Fields<'_>) -> Option<Scale> {
    let given = ["linear", "log", "words"].map(|name| fields.optional(name));
    match given {
        [Some(linear), None, None] => bounds(&linear, Scale::linear),
        [None, Some(log), None] => bounds(&log, Scale::logarithmic),
        [None, None, Some(words)] => table(&words),
        _ => {
            fields.item().report("needs exactly one of linear, log and words");
            None
        }
    }
}

fn bounds(
    item: &Item<'_>,
    make: impl FnOnce(i64, i64) -> Result<Scale, ScaleError>,
) -> Option<Scale> {
    let fields = item.fields(&keys::BOUNDS)?;
    let number = |name| fields.required(name).and_then(|value| value.whole(i64::MIN..=i64::MAX));
    let (from, to) = (number("from"), number("to"));
    fields.finish();
    make(from?, to?).map_err(|error| item.report(error)).ok()
}

fn table(item: &Item<'_>) -> Option<Scale> {
    let mut words = BTreeMap::new();
    for (entry, value) in item.entries() {
        if let Err(error) = Measure::word(&entry.name) {
            item.report_at(entry.place, error);
        }
        let share = value.whole(0..=100_u8).and_then(Share::percent);
        words.extend(share.map(|share| (entry.name.clone(), share)));
    }
    Scale::table(words).map_err(|error| item.report(error)).ok()
}

fn grading(item: &Item<'_>) -> Option<Grading> {
    let fields = item.fields(&keys::TIERS)?;
    let is_by_rank =
        fields.or("by", false, |value| value.word(&[("score", false), ("rank", true)]));
    let most = if is_by_rank { 100 } else { Score::BEST };
    let given = TIERS.map(|tier| fields.required(tier).and_then(|value| value.whole(0..=most)));
    fields.finish();
    let [Some(a1), Some(a2), Some(a3), Some(b1), Some(b2), Some(c1)] = given else { return None };
    let steps = [a1, a2, a3, b1, b2, c1];
    let made = if is_by_rank {
        Grading::by_rank(steps.map(|percent| u8::try_from(percent).unwrap_or(u8::MAX)))
    } else {
        Grading::by_score(steps.map(score))
    };
    made.map_err(|error| item.report(error)).ok()
}

fn default_levels() -> Option<LevelBounds> {
    LevelBounds::new(score(HIGH_FROM), score(MID_FROM))
}

fn levels(item: &Item<'_>) -> Option<LevelBounds> {
    let fields = item.fields(&keys::AXES)?;
    let bound = |name| fields.required(name).and_then(|value| value.whole(0..=Score::BEST));
    let (high, mid) = (bound("high"), bound("mid"));
    fields.finish();
    let levels = LevelBounds::new(score(high?), score(mid?));
    if levels.is_none() {
        item.report("mid must begin below high");
    }
    levels
}

fn score(points: u16) -> Score {
    Score::new(points).unwrap_or_default()
}
