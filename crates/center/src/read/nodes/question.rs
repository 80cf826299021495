//! Nodes that wait for the caller: menu, collect and confirm.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::PromptKey;
use switchboard_domain::flow::{
    Asking, Attempts, Collect, Confirm, Field, FieldKind, Key, Menu, Node, NodeId, Timers,
};

use super::Scope;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::Section;
use crate::keys::flows::asking as keys;

const LEAST_TIMER: Duration = Duration::from_millis(200);
const MAX_TIMER: Duration = Duration::from_mins(1);
const MAX_OVERALL: Duration = Duration::from_mins(5);
const MAX_ATTEMPTS: u32 = 10;
const MAX_FIELD_DIGITS: usize = 64;
const MAX_NUMBER: u32 = 999_999_999;
const MAX_DAYS_AHEAD: u32 = 3_660;
const DEFAULT_ATTEMPTS: u32 = 2;
const YES: Option<Key> = Key::new('1');
const NO: Option<Key> = Key::new('2');

pub(super) fn menu(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let options = fields.required("options").map(|value| options(&value, scope));
    let asking = asking(fields, scope);
    Some(Node::Menu(Menu { asking, options: options? }))
}

pub(super) fn collect(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let entry = fields.required("fields").map(|value| value.list(|field| read_field(field, scope)));
    let next = scope.to(fields, "next");
    Some(Node::Collect(Collect {
        asking: asking(fields, scope),
        separator: maybe_key(fields, "separator", Some(Key::STAR)),
        terminator: maybe_key(fields, "terminator", Some(Key::POUND)),
        cancel: maybe_key(fields, "cancel", None),
        fields: entry?,
        next: next?,
    }))
}

pub(super) fn confirm(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let key = |name, default| fields.or(name, default, |key| key.parse_with(Key::parse).map(Some));
    let (yes, no) = (key("yes", YES), key("no", NO));
    let (next, again) = (scope.to(fields, "next"), scope.to(fields, "redo"));
    Some(Node::Confirm(Confirm {
        asking: asking(fields, scope),
        yes: yes?,
        no: no?,
        tries: fields.or("tries", DEFAULT_ATTEMPTS, |value| value.whole(0..=MAX_ATTEMPTS)),
        otherwise: scope.maybe_to(fields, "exhausted"),
        next: next?,
        again: again?,
    }))
}

/// Reads how a node asks.
pub(super) fn asking(fields: &Fields<'_>, scope: &Scope<'_>) -> Asking {
    Asking {
        prompts: scope.prompts(fields, "prompts"),
        attempts: attempts(fields, scope),
        timers: timers(fields),
        barge_in: fields.or("barge_in", true, Item::flag),
    }
}

/// Reads a key, or that there is none.
pub(super) fn maybe_key(
    fields: &Fields<'_>,
    name: &'static str,
    default: Option<Key>,
) -> Option<Key> {
    match fields.optional(name) {
        Some(item) if item.scalar() == Some("none") => None,
        Some(item) => item.parse_with(Key::parse),
        None => default,
    }
}

fn options(item: &Item<'_>, scope: &Scope<'_>) -> BTreeMap<Key, NodeId> {
    let mut options = BTreeMap::new();
    for (entry, value) in item.entries() {
        match Key::parse(&entry.name) {
            Ok(key) => options.extend(scope.target(&value).map(|target| (key, target))),
            Err(error) => item.report_at(entry.place, error),
        }
    }
    options
}

fn attempts(fields: &Fields<'_>, scope: &Scope<'_>) -> Attempts {
    let (max_no_input, no_input_prompts, on_no_input) = retries(fields, "no_input", scope);
    let (max_no_match, no_match_prompts, on_no_match) = retries(fields, "no_match", scope);
    Attempts {
        max_no_input,
        max_no_match,
        again_prompts: scope.prompts(fields, "again"),
        no_input_prompts,
        no_match_prompts,
        on_no_input,
        on_no_match,
    }
}

fn retries(
    fields: &Fields<'_>,
    name: &'static str,
    scope: &Scope<'_>,
) -> (u32, Vec<PromptKey>, Option<NodeId>) {
    let Some(fields) = fields.optional(name).and_then(|value| value.fields(&keys::ATTEMPTS)) else {
        return (DEFAULT_ATTEMPTS, Vec::new(), None);
    };
    let most = fields.or("max", DEFAULT_ATTEMPTS, |value| value.whole(0..=MAX_ATTEMPTS));
    let prompts = scope.prompts(&fields, "prompts");
    let exit = fields.optional("next").and_then(|value| scope.target(&value));
    fields.finish();
    (most, prompts, exit)
}

fn timers(fields: &Fields<'_>) -> Timers {
    let timer = |name, default, most| {
        fields.or(name, Duration::from_secs(default), |value| value.span(LEAST_TIMER, most))
    };
    Timers {
        first_digit: timer("first_digit", 10, MAX_TIMER),
        inter_digit: timer("inter_digit", 5, MAX_TIMER),
        overall: timer("overall", 60, MAX_OVERALL),
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Digits,
    Pin,
    Number,
    Date,
}

const KINDS: [(&str, Kind); 4] =
    [("digits", Kind::Digits), ("pin", Kind::Pin), ("number", Kind::Number), ("date", Kind::Date)];

impl Kind {
    fn keys(self) -> &'static Section {
        match self {
            Self::Digits => &keys::DIGITS,
            Self::Pin => &keys::PIN,
            Self::Number => &keys::NUMBER,
            Self::Date => &keys::DATE,
        }
    }

    fn read(self, fields: &Fields<'_>) -> Option<FieldKind> {
        match self {
            Self::Digits | Self::Pin => digits_kind(fields),
            Self::Number => number_kind(fields),
            Self::Date => Some(date_kind(fields)),
        }
    }
}

fn read_field(item: &Item<'_>, scope: &Scope<'_>) -> Option<Field> {
    let fields = item.fields(&keys::FIELD)?;
    let Some(said) = fields.required("kind").and_then(|kind| kind.word(&KINDS)) else {
        fields.finish();
        return None;
    };
    let fields = fields.of(said.keys());
    let name = fields.required("name").and_then(|name| name.text());
    let kind = said.read(&fields);
    let flag = |key| fields.or(key, false, Item::flag);
    let optional = !matches!(said, Kind::Pin) && flag("optional");
    let sensitive = match said {
        Kind::Pin => true,
        Kind::Digits => flag("sensitive"),
        Kind::Number | Kind::Date => false,
    };
    let invalid_prompt = fields.optional("invalid").and_then(|key| scope.known.prompt(&key));
    fields.finish();
    Some(Field { name: name?.into(), kind: kind?, optional, sensitive, invalid_prompt })
}

fn digits_kind(fields: &Fields<'_>) -> Option<FieldKind> {
    let length = |name| fields.required(name).and_then(|value| value.whole(1..=MAX_FIELD_DIGITS));
    let (min, max) = (length("min"), length("max"));
    Some(FieldKind::Digits { min: min?, max: max? })
}

fn number_kind(fields: &Fields<'_>) -> Option<FieldKind> {
    let least = fields.or("least", 0, |value| value.whole(0..=MAX_NUMBER));
    let most = fields.required("most").and_then(|value| value.whole(0..=MAX_NUMBER));
    Some(FieldKind::Number { least, most: most? })
}

fn date_kind(fields: &Fields<'_>) -> FieldKind {
    let ahead = fields.optional("max_days_ahead");
    FieldKind::Date { max_days_ahead: ahead.and_then(|value| value.whole(0..=MAX_DAYS_AHEAD)) }
}
