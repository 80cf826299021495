//! How tickets are found by what was written about them: which words are written down of a text, and
//! which are asked for.
//!
//! Words count whatever their case and accents, from their beginning on: `refund` finds *refunds*. Of
//! Chinese every two characters in a row count as a word, so that 手续费 is found by `手续费`, `手续`
//! and `续费` in any text, without a dictionary that would have to know each word.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::customer::search::plain;

/// The most words written down of one text; those that come later are not found.
const MAX_TEXT: usize = 400;
/// The most characters of a word that count.
const MAX_WORD: usize = 24;
/// The most words of a search; of more the first count.
const MAX_ASKED: usize = 8;

/// The words of a search, each of which must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextQuery(Vec<Term>);

/// One word that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word, or its beginning.
    pub word: String,
    /// Whether longer words that begin so fit too.
    pub is_beginning: bool,
}

/// Says that nothing can be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a search for tickets needs a letter or a digit")]
pub struct NothingAsked;

/// Gives the words under which a text is found.
pub fn text_words<'text>(texts: impl IntoIterator<Item = &'text str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in texts {
        for word in runs(text).iter().flat_map(Run::written) {
            if words.len() >= MAX_TEXT {
                return words;
            }
            words.insert(word);
        }
    }
    words
}

impl TextQuery {
    /// Reads what somebody types.
    pub fn parse(text: &str) -> Result<Self, NothingAsked> {
        let mut terms: Vec<Term> = Vec::new();
        for term in runs(text).iter().flat_map(Run::asked) {
            if terms.len() < MAX_ASKED && !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.is_empty() { Err(NothingAsked) } else { Ok(Self(terms)) }
    }

    /// Gives the words.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

/// Letters that follow each other: of an alphabet, or Chinese.
enum Run {
    Word(String),
    Han(Vec<char>),
}

impl Run {
    fn written(&self) -> Vec<String> {
        match self {
            Self::Word(word) => vec![cut(word)],
            // The last one too, so that each character is the beginning of a word.
            Self::Han(characters) => (0..characters.len())
                .map(|start| characters[start..].iter().take(2).collect())
                .collect(),
        }
    }

    fn asked(&self) -> Vec<Term> {
        let whole = |word| Term { word, is_beginning: false };
        match self {
            Self::Word(word) => vec![Term { word: cut(word), is_beginning: true }],
            Self::Han(characters) if characters.len() == 1 => {
                vec![Term { word: characters.iter().collect(), is_beginning: true }]
            }
            Self::Han(characters) => {
                characters.windows(2).map(|two| whole(two.iter().collect())).collect()
            }
        }
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut goes_on = false;
    for letter in plain(text).chars() {
        if !letter.is_alphanumeric() {
            goes_on = false;
            continue;
        }
        match (runs.last_mut().filter(|_| goes_on), is_han(letter)) {
            (Some(Run::Han(characters)), true) => characters.push(letter),
            (Some(Run::Word(word)), false) => word.push(letter),
            (_, true) => runs.push(Run::Han(vec![letter])),
            (_, false) => runs.push(Run::Word(letter.to_string())),
        }
        goes_on = true;
    }
    runs
}

/// Tells whether a letter is Chinese, as kanji are too; kana are written without blanks like these, and
/// cut like these.
const fn is_han(letter: char) -> bool {
    matches!(
        letter,
        '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3134f}'
    )
}

fn cut(word: &str) -> String {
    word.chars().take(MAX_WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells whether a text is found by what somebody types, as the store finds it.
    fn finds(typed: &str, text: &str) -> bool {
        let words = text_words([text]);
        let query = TextQuery::parse(typed).expect("a query");
        query.terms().iter().all(|term| {
            words.iter().any(|word| {
                *word == term.word || (term.is_beginning && word.starts_with(&term.word))
            })
        })
    }

    #[test]
    fn words_are_found_by_their_beginnings_whatever_their_case_and_accents() {
        let text = "Refunds for the late TRAIN to Zürich (G1234)";
        for typed in ["refund", "REFUNDS", "late train", "zurich", "g1234", "g12", "train refund"] {
            assert!(finds(typed, text), "{typed}");
        }
        for typed in ["fund", "refunded", "rain", "late bus", "1234"] {
            assert!(!finds(typed, text), "{typed}");
        }
    }

    #[test]
    fn chinese_is_found_by_any_characters_in_a_row() {
        let text = "客户要求退还手续费，已收12306工单";
        for typed in ["手续费", "手续", "退还手续费", "费", "工单", "客户 工单", "12306", "单"]
        {
            assert!(finds(typed, text), "{typed}");
        }
        for typed in ["手费", "续手", "退费", "费已", "票"] {
            assert!(!finds(typed, text), "{typed}");
        }
    }

    #[test]
    fn several_texts_are_one_and_long_ones_end_somewhere() {
        let words = text_words(["late train", "train refund"]);
        let long = (0..2_000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");

        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["late", "refund", "train"]);
        assert_eq!(text_words([long.as_str()]).len(), MAX_TEXT);
        assert_eq!(text_words(["x".repeat(99).as_str()]), BTreeSet::from(["x".repeat(MAX_WORD)]));
    }

    #[test]
    fn a_search_needs_something_to_search_for_and_takes_no_more_than_it_can_use() {
        for text in ["", " ", "?!"] {
            assert_eq!(TextQuery::parse(text), Err(NothingAsked));
        }
        let many = TextQuery::parse("a b c d e f g h i j a").expect("a query");
        assert_eq!(many.terms().len(), MAX_ASKED);
        assert_eq!(TextQuery::parse("a a A").expect("a query").terms().len(), 1);
    }
}
