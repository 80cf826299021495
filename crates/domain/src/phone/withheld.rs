//! Callers who do not show a number, in the words and codes that switches use for them.

use std::fmt;

/// Why there is no number to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Withheld {
    /// The caller asked to stay anonymous.
    Anonymous,
    /// The caller or the carrier restricted the number.
    Restricted,
    /// The network could not tell the number.
    Unavailable,
    /// The switch reported nothing at all.
    Missing,
}

/// Words that stand in the place of a number, and what they mean.
const WORDS: [(&str, Withheld); 14] = [
    ("anonymous", Withheld::Anonymous),
    ("anonymous.invalid", Withheld::Anonymous),
    ("anonym", Withheld::Anonymous),
    ("withheld", Withheld::Anonymous),
    ("restricted", Withheld::Restricted),
    ("private", Withheld::Restricted),
    ("blocked", Withheld::Restricted),
    ("hidden", Withheld::Restricted),
    ("unavailable", Withheld::Unavailable),
    ("unknown", Withheld::Unavailable),
    ("<unknown>", Withheld::Unavailable),
    ("no caller id", Withheld::Unavailable),
    ("out of area", Withheld::Unavailable),
    ("not available", Withheld::Unavailable),
];

/// The same words spelled on a keypad, as some carriers send them.
const KEYPAD_CODES: [(&str, Withheld); 5] = [
    ("+266696687", Withheld::Anonymous),
    ("+7378742833", Withheld::Restricted),
    ("+2562533", Withheld::Restricted),
    ("+86282452253", Withheld::Unavailable),
    ("+8566696", Withheld::Unavailable),
];

impl Withheld {
    /// Recognises a text that says that the number is withheld.
    pub fn recognise(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Missing);
        }
        let word = WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
        let code = KEYPAD_CODES.iter().find(|(code, _)| text == *code);
        word.or(code).map(|(_, reason)| *reason)
    }

    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Restricted => "restricted",
            Self::Unavailable => "unavailable",
            Self::Missing => "missing",
        }
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
