//! From what a caller presses or writes to the keys of an entry.

use std::borrow::Cow;

use super::Input;
use crate::flow::Key;

/// Gives the keys of an entry, however the gateway stopped listening: whether they suffice is the
/// node's to say. A gateway that reports the terminator too does no harm.
pub(super) fn keys_of(
    input: &Input,
    separator: Option<Key>,
    terminator: Option<Key>,
) -> Option<Cow<'_, str>> {
    let entry = match input {
        Input::Digits { keys, .. } => Cow::Borrowed(keys.as_str()),
        Input::Text(text) => Cow::Owned(written(text, separator)),
        Input::Start | Input::Silence | Input::Answer(_) | Input::MediaDone | Input::HangUp => {
            return None;
        }
    };
    let ended = terminator.is_some_and(|key| entry.ends_with(key.as_char()));
    let length = entry.len() - usize::from(ended);
    let bare = match entry {
        Cow::Borrowed(keys) => Cow::Borrowed(&keys[..length]),
        Cow::Owned(mut keys) => {
            keys.truncate(length);
            Cow::Owned(keys)
        }
    };
    Some(bare).filter(|keys| !keys.is_empty())
}

// Spaces stand for the separator, wide characters for narrow ones, and days may be written with
// marks between their parts.
fn written(text: &str, separator: Option<Key>) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    };
    let parts: Vec<String> = text
        .split_whitespace()
        .map(|part| {
            part.chars().map(narrow).filter(|key| !matches!(key, '-' | '/' | '.')).collect()
        })
        .collect();
    match separator {
        Some(key) => parts.join(key.as_char().encode_utf8(&mut [0; 4])),
        None => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_separates_with_spaces() {
        let keys = |text: &str| {
            let input = Input::Text(text.into());
            keys_of(&input, Some(Key::STAR), Some(Key::POUND)).map(Cow::into_owned)
        };

        assert_eq!(keys("021 010 1225").as_deref(), Some("021*010*1225"));
        assert_eq!(keys(" 021*010  2026-12-25 ").as_deref(), Some("021*010*20261225"));
        assert_eq!(keys("０２１　０１０＃").as_deref(), Some("021*010"));
        assert_eq!(keys("  "), None);
    }
}
