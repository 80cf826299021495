//! One field: its type, and what else a type allows. The forms of tickets have the same fields.

use std::collections::BTreeSet;

use switchboard_domain::caller::Role::{self, Admin, Agent, Supervisor};
use switchboard_domain::customer::profile::{FieldPath, FieldShape, Finite, Pattern, ProfileField};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::profile::FIELD;
use crate::known::Known;

const MAX_LENGTH: usize = 2_000;
const USUAL_LENGTH: usize = 200;
const MAX_ITEMS: usize = 50;
const USUAL_ITEMS: usize = 20;
const MAX_WORDS: usize = 50;

const READERS: [(&str, Role); 3] = [("agent", Agent), ("supervisor", Supervisor), ("admin", Admin)];
/// Agents read records and do not change them.
const WRITERS: [(&str, Role); 2] = [("supervisor", Supervisor), ("admin", Admin)];

/// The types of fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Integer,
    Boolean,
    Date,
    Phone,
    Choice,
    Texts,
}

const KINDS: [(&str, Kind); 8] = [
    ("text", Kind::Text),
    ("number", Kind::Number),
    ("integer", Kind::Integer),
    ("boolean", Kind::Boolean),
    ("date", Kind::Date),
    ("phone", Kind::Phone),
    ("enum", Kind::Choice),
    ("texts", Kind::Texts),
];

/// The keys that only some types have.
const OF_SOME: [(&str, &[Kind]); 6] = [
    ("max_length", &[Kind::Text, Kind::Texts]),
    ("pattern", &[Kind::Text]),
    ("min", &[Kind::Number, Kind::Integer]),
    ("max", &[Kind::Number, Kind::Integer]),
    ("values", &[Kind::Choice]),
    ("max_items", &[Kind::Texts]),
];

/// Reads a field of a section.
pub(super) fn read(
    section: &str,
    name: &str,
    item: &Item<'_>,
    known: &Known,
) -> Option<ProfileField> {
    let fields = item.fields(&FIELD)?;
    let display_name = fields.required("display_name").and_then(|names| known.localized(&names));
    let shape = shape(&fields);
    let is_sensitive = fields.or("sensitive", false, Item::flag);
    let writers = roles(&fields, "write", &WRITERS).unwrap_or_else(|| [Supervisor, Admin].into());
    let readers = roles(&fields, "read", &READERS).unwrap_or_else(|| usual_readers(is_sensitive));
    let is_at_ring = is_at_ring(&fields, !is_sensitive && readers.contains(&Agent));
    fields.finish();
    Some(ProfileField {
        path: FieldPath::new(section, name).ok()?,
        display_name: display_name?,
        shape: shape?,
        is_sensitive,
        readers,
        writers,
        is_at_ring,
    })
}

/// Reads whether agents are told a field at the ring, where that can be.
fn is_at_ring(fields: &Fields<'_>, can_be: bool) -> bool {
    let Some(told) = fields.optional("at_ring") else { return false };
    let is_told = told.flag().unwrap_or(false);
    if is_told && !can_be {
        told.report("is for fields that are not sensitive and that agents may read");
    }
    is_told
}

fn usual_readers(is_sensitive: bool) -> BTreeSet<Role> {
    if is_sensitive { [Supervisor, Admin].into() } else { [Agent, Supervisor, Admin].into() }
}

/// Reads the type of a field and what narrows it down.
pub(in crate::read) fn shape(fields: &Fields<'_>) -> Option<FieldShape> {
    let kind = fields.required("type").and_then(|kind| kind.word(&KINDS))?;
    for (key, kinds) in OF_SOME.iter().filter(|(_, kinds)| !kinds.contains(&kind)) {
        if let Some(item) = fields.optional(key) {
            let words = KINDS.iter().filter(|(_, one)| kinds.contains(one));
            let words: Vec<&str> = words.map(|(word, _)| *word).collect();
            item.report(format!("is for fields of type {} only", words.join(" or ")));
        }
    }
    let max_length = || fields.or("max_length", USUAL_LENGTH, |value| value.whole(1..=MAX_LENGTH));
    Some(match kind {
        Kind::Text => {
            let pattern = fields.optional("pattern");
            let pattern = pattern.and_then(|pattern| pattern.parse_with(Pattern::new));
            FieldShape::Text { max_length: max_length(), pattern }
        }
        Kind::Number => {
            let (min, max) = bounds(fields);
            FieldShape::Number { min, max }
        }
        Kind::Integer => {
            let (min, max) = bounds(fields);
            FieldShape::Integer { min, max }
        }
        Kind::Boolean => FieldShape::Boolean,
        Kind::Date => FieldShape::Date,
        Kind::Phone => FieldShape::Phone,
        Kind::Choice => FieldShape::Choice(words(fields)?),
        Kind::Texts => {
            let max_items = fields.or("max_items", USUAL_ITEMS, |value| value.whole(1..=MAX_ITEMS));
            FieldShape::Texts { max_items, max_length: max_length() }
        }
    })
}

fn bounds(fields: &Fields<'_>) -> (Option<Finite>, Option<Finite>) {
    let bound = |name| fields.optional(name).and_then(|value| number(&value));
    let (min, max) = (bound("min"), bound("max"));
    if let (Some(least), Some(most)) = (min, max)
        && least.get() > most.get()
    {
        fields.item().report(format!("takes nothing: {} is above {}", least.get(), most.get()));
    }
    (min, max)
}

fn number(item: &Item<'_>) -> Option<Finite> {
    let text = item.text()?;
    let number = text.parse().ok().and_then(Finite::new);
    if number.is_none() {
        item.report(format!("{text:?} is not a number"));
    }
    number
}

fn words(fields: &Fields<'_>) -> Option<Vec<String>> {
    let item = fields.required("values")?;
    let words = item.list(|word| word.text().map(String::from));
    let mut seen = BTreeSet::new();
    if let Some(twice) = words.iter().find(|word| !seen.insert(*word)) {
        item.report(format!("{twice:?} is there twice"));
    }
    if !(1..=MAX_WORDS).contains(&words.len()) {
        item.report(format!("must be 1 to {MAX_WORDS} words"));
        return None;
    }
    Some(words)
}

fn roles(
    fields: &Fields<'_>,
    name: &'static str,
    known: &[(&str, Role)],
) -> Option<BTreeSet<Role>> {
    let item = fields.optional(name)?;
    Some(item.list(|role| role.word(known)).into_iter().collect())
}
