//! What a network says of a caller, fit to be kept and shown: however long and odd, it is no reason
//! to refuse the call.

use super::MAX_RAW_LENGTH;

/// The longest name of a caller that is kept, in characters.
const MAX_NAME: usize = 128;

/// Gives what stood in a number's place without control characters, cut after [`MAX_RAW_LENGTH`].
///
/// What was left out is no part of a number: whoever reads one reads the text as it came.
pub fn number_as_received(raw: &str) -> String {
    legible(&raw[..raw.floor_char_boundary(MAX_RAW_LENGTH)])
}

/// Gives a caller's name without control characters, cut after 128 characters.
pub fn name_as_received(raw: &str) -> String {
    legible(raw).chars().take(MAX_NAME).collect()
}

fn legible(text: &str) -> String {
    let shown = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().map(shown).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_shown_is_kept_as_it_came() {
        assert_eq!(number_as_received("call me, Li"), "call me, Li");
        assert_eq!(number_as_received("138 0000 0001"), "138 0000 0001");
        assert_eq!(name_as_received("李伟 (Beijing)"), "李伟 (Beijing)");
    }

    #[test]
    fn control_characters_become_spaces_and_what_is_too_long_is_cut() {
        assert_eq!(number_as_received("138\u{0}0000\r\n"), "138 0000");
        assert_eq!(name_as_received("\u{1b}[31mLi\tWei"), "[31mLi Wei");
        assert_eq!(number_as_received(&"1".repeat(70_000)).len(), MAX_RAW_LENGTH);
        assert_eq!(number_as_received(&"号".repeat(100)).chars().count(), 85);
        assert_eq!(name_as_received(&"号".repeat(500)).chars().count(), MAX_NAME);
    }
}
