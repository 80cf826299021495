//! What must come of a case.

use switchboard_domain::center::{Language, Level, SkillRequirement};
use switchboard_domain::ids::SkillId;

use super::Expected;
use super::given::texts;
use crate::item::Item;
use crate::keys::cases as keys;

const ENDS: [&str; 5] = ["queue", "transferred", "hung_up", "caller_gone", "waiting"];
const REASONS: [&str; 6] =
    ["chosen", "human_key", "no_input", "no_match", "budget_spent", "time_spent"];

/// Reads what must come of a case.
pub(super) fn read(item: &Item<'_>) -> Option<Expected> {
    let fields = item.fields(&keys::EXPECTATIONS)?;
    let lists = |name| fields.optional(name).map(|value| list(&value));
    let many = |name| lists(name).unwrap_or_default();
    let word = |name, words: &[&'static str]| {
        let known: Vec<_> = words.iter().map(|word| (*word, *word)).collect();
        fields.optional(name).and_then(|value| value.word(&known)).map(String::from)
    };
    let expected = Expected {
        path: lists("path"),
        through: many("through"),
        prompts: many("prompts"),
        texts: many("texts"),
        fields: fields.optional("fields").map(|value| texts(&value)).unwrap_or_default(),
        no_fields: many("no_fields"),
        end: word("end", &ENDS),
        queue: fields.optional("queue").and_then(|value| value.parse()),
        reason: word("reason", &REASONS),
        priority: fields.optional("priority").and_then(|value| value.whole(0..=10_000)),
        skills: fields.optional("skills").map(|value| skills(&value)),
        answered: lists("answered"),
        language: fields.optional("ends_in").and_then(|value| value.parse_with(Language::parse)),
    };
    fields.finish();
    if expected == Expected::default() {
        item.report("expects nothing, so nothing is tested");
    }
    Some(expected)
}

/// Reads a list of texts, or one text as a list of one.
pub(super) fn list(item: &Item<'_>) -> Vec<String> {
    item.list(|value| value.text().map(String::from))
}

fn skills(item: &Item<'_>) -> Vec<SkillRequirement> {
    let named = item.named::<SkillId>().into_iter();
    named
        .filter_map(|(skill, level)| {
            Some(SkillRequirement { skill, level: Level::new(level.whole(1..=10)?)? })
        })
        .collect()
}
