//! What a simulated caller does.

use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::flow::Key;

use super::CallerInput;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::cases as keys;

const AFTER: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_mins(10);

/// Reads what the caller does.
pub(super) fn read(fields: &Fields<'_>, channel: Channel) -> Vec<CallerInput> {
    let Some(item) = fields.optional("inputs") else { return Vec::new() };
    item.each().iter().filter_map(|item| input(item, channel)).collect()
}

/// Reads what a caller does at once, as it stands in a test file: keys, `silence`, `hang_up`, or a
/// text where callers write.
pub fn parse_input(text: &str, channel: Channel) -> Result<CallerInput, String> {
    match text {
        "silence" => Ok(CallerInput::Silence),
        "hang_up" => Ok(CallerInput::HangUp),
        text if channel != Channel::Voice => Ok(CallerInput::Text(text.into())),
        keys if keys.chars().all(|key| Key::new(key).is_some()) && !keys.is_empty() => {
            Ok(CallerInput::Keys { keys: keys.into(), after: AFTER, every: EVERY })
        }
        other => {
            Err(format!("{other:?} is neither keys, of `0-9 * #`, nor `silence` nor `hang_up`"))
        }
    }
}

fn input(item: &Item<'_>, channel: Channel) -> Option<CallerInput> {
    if !item.is_map() {
        return item.parse_with(|text| parse_input(text, channel));
    }
    let fields = item.fields(&keys::TIMED_KEYS)?;
    let keys = fields
        .required("keys")
        .and_then(|value| value.parse_with(|text| parse_input(text, Channel::Voice)));
    let after = fields.or("after", AFTER, |value| value.duration(LONGEST));
    let every = fields.or("every", EVERY, |value| value.duration(LONGEST));
    fields.finish();
    match keys? {
        CallerInput::Keys { keys, .. } => Some(CallerInput::Keys { keys, after, every }),
        CallerInput::Text(_) | CallerInput::Silence | CallerInput::HangUp => {
            item.report("\"keys\" are keys, of `0-9 * #`");
            None
        }
    }
}
