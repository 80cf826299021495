//! Nodes that wait for the caller: menu and collect.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::PromptKey;
use switchboard_domain::flow::{Attempts, Collect, Field, FieldKind, Key, Menu, NodeId, Timers};

use super::Scope;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::flows as keys;

const LEAST_TIMER: Duration = Duration::from_millis(200);
const MAX_TIMER: Duration = Duration::from_mins(1);
const MAX_OVERALL: Duration = Duration::from_mins(5);
const MAX_ATTEMPTS: u32 = 10;
const MAX_FIELD_DIGITS: usize = 64;
const MAX_DAYS_AHEAD: u32 = 3_660;
const DEFAULT_ATTEMPTS: u32 = 2;

/// Reads a menu.
pub(super) fn menu(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Menu> {
    let options = fields.required("options").map(|value| options(&value, scope));
    Some(Menu {
        prompts: scope.prompts(fields, "prompts"),
        attempts: attempts(fields, scope),
        timers: timers(fields),
        barge_in: fields.or("barge_in", true, Item::flag),
        options: options?,
    })
}

/// Reads a collect node.
pub(super) fn collect(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Collect> {
    let key = |name, default| match fields.optional(name) {
        Some(item) if item.text() == Some("none") => None,
        Some(item) => item.parse_with(Key::parse),
        None => default,
    };
    let entry = fields.required("fields").map(|value| value.list(|field| read_field(field, scope)));
    let next = scope.next(fields);
    Some(Collect {
        prompts: scope.prompts(fields, "prompts"),
        separator: key("separator", Some(Key::STAR)),
        terminator: key("terminator", Some(Key::POUND)),
        attempts: attempts(fields, scope),
        timers: timers(fields),
        barge_in: fields.or("barge_in", true, Item::flag),
        fields: entry?,
        next: next?,
    })
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

fn read_field(item: &Item<'_>, scope: &Scope<'_>) -> Option<Field> {
    let fields = item.fields(&keys::FIELD)?;
    let said = fields.required("kind");
    let kinds = [("digits", true), ("date", false)];
    let Some(has_digits) = said.and_then(|kind| kind.word(&kinds)) else {
        fields.finish();
        return None;
    };
    let fields = fields.of(if has_digits { &keys::DIGITS } else { &keys::DATE });
    let name = fields.required("name").and_then(|name| name.text());
    let kind = if has_digits { digits_kind(&fields) } else { Some(date_kind(&fields)) };
    let optional = fields.or("optional", false, Item::flag);
    let invalid_prompt = fields.optional("invalid").and_then(|key| scope.known.prompt(&key));
    fields.finish();
    Some(Field { name: name?.into(), kind: kind?, optional, invalid_prompt })
}

fn digits_kind(fields: &Fields<'_>) -> Option<FieldKind> {
    let length = |name| fields.required(name).and_then(|value| value.whole(1..=MAX_FIELD_DIGITS));
    let (min, max) = (length("min"), length("max"));
    Some(FieldKind::Digits { min: min?, max: max? })
}

fn date_kind(fields: &Fields<'_>) -> FieldKind {
    let ahead = fields.optional("max_days_ahead");
    FieldKind::Date { max_days_ahead: ahead.and_then(|value| value.whole(0..=MAX_DAYS_AHEAD)) }
}
