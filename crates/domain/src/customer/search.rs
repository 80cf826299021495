//! How customers are found by name: what is written of a name for the search, and what is asked.
//!
//! A name is found from each of its words and each of its Chinese characters on, whatever the case
//! and the accents, and Chinese names by their pinyin, in full or by its initials: 周海涛 by `周`,
//! `海涛`, `zhou haitao` and `zht`. A search is a beginning of what is written, so that an index in the
//! order of the letters answers it.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;
use std::iter::once;

use pinyin::{ToPinyin, ToPinyinMulti};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most words and characters of a name that are written down.
const MAX_PARTS: usize = 24;
/// The most characters of one key; more tell nobody apart.
const MAX_KEY: usize = 48;
/// The most words of a search; of more the first count.
const MAX_WORDS: usize = 4;
/// The most readings of a surname.
const MAX_READINGS: usize = 4;
/// The fewest last digits of a number that say enough.
pub const MIN_ENDING: usize = 4;
/// The most digits of a number.
const MAX_DIGITS: usize = 15;

/// The words of a search for a name, each of which must fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameQuery {
    first: String,
    others: Vec<String>,
}

/// The last digits of a number.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberEnding(String);

/// Says why nothing can be searched for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SearchError {
    /// The text has no letter and no digit.
    #[error("a search for a name needs a letter or a digit")]
    Nothing,
    /// There are not enough digits, too many, or something else.
    #[error("a number is searched for by its last {MIN_ENDING} to {MAX_DIGITS} digits")]
    BadEnding,
}

/// A word, or one Chinese character.
enum Part {
    Word(String),
    Han(char),
}

/// Gives the keys under which a name is found.
pub fn name_keys(name: &str) -> BTreeSet<String> {
    let parts = parts(name);
    let mut keys = BTreeSet::new();
    for start in 0..parts.len() {
        let rest = &parts[start..];
        keys.insert(cut(rest.iter().map(Part::written).collect()));
        if rest.iter().any(Part::is_han) {
            keys.extend(readings(rest).into_iter().map(cut));
        }
    }
    if parts.iter().filter(|part| part.is_han()).count() > 1 {
        keys.extend(readings_of_first(&parts).map(|first| initials(&first, &parts)).map(cut));
    }
    keys
}

/// Gives the key of a whole name, which customers of the same name share; empty for no name at all.
pub fn whole_key(name: &str) -> String {
    cut(parts(name).iter().map(Part::written).collect())
}

impl NameQuery {
    /// Reads what somebody types.
    pub fn parse(text: &str) -> Result<Self, SearchError> {
        let words = text.split_whitespace().map(whole_key).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.take(MAX_WORDS).collect();
        words.sort_by_key(|word| Reverse(word.chars().count()));
        let mut words = words.into_iter();
        let first = words.next().ok_or(SearchError::Nothing)?;
        Ok(Self { first, others: words.collect() })
    }

    /// Gives the longest word, which leads to the fewest customers.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Gives the other words, the longest first.
    pub fn others(&self) -> &[String] {
        &self.others
    }
}

impl NumberEnding {
    /// Reads digits, with whatever people write between them.
    pub fn parse(text: &str) -> Result<Self, SearchError> {
        let is_between = |letter: char| matches!(letter, ' ' | '-' | '.' | '(' | ')' | '/' | '+');
        let digits: String = text.chars().filter(|letter| !is_between(*letter)).collect();
        let fits = (MIN_ENDING..=MAX_DIGITS).contains(&digits.len());
        if fits && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(SearchError::BadEnding)
        }
    }

    /// Gives the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NumberEnding {
    /// Shows nothing: digits may be a whole number.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NumberEnding")
    }
}

impl Part {
    fn written(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Han(character) => character.to_string(),
        }
    }

    fn spoken(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Han(character) => {
                character.to_pinyin().map_or_else(String::new, |it| it.plain().replace('ü', "v"))
            }
        }
    }

    const fn is_han(&self) -> bool {
        matches!(self, Self::Han(_))
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut in_word = false;
    for character in plain(text).chars() {
        if character.to_pinyin().is_some() {
            parts.push(Part::Han(character));
            in_word = false;
        } else if !character.is_alphanumeric() {
            in_word = false;
        } else if let Some(Part::Word(word)) = parts.last_mut().filter(|_| in_word) {
            word.push(character);
        } else {
            parts.push(Part::Word(character.to_string()));
            in_word = true;
        }
    }
    parts.truncate(MAX_PARTS);
    parts
}

/// Takes case, accents and widths away.
pub(crate) fn plain(text: &str) -> String {
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).flat_map(simpler).collect()
}

/// Gives what people type for letters that no accent makes.
fn simpler(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ı' => ('i', None),
        other => (other, None),
    };
    once(first).chain(second)
}

/// Gives the pinyin of parts; several for a surname that is read in several ways.
fn readings(parts: &[Part]) -> Vec<String> {
    let rest: String = parts.iter().skip(1).map(Part::spoken).collect();
    readings_of_first(parts).map(|first| format!("{first}{rest}")).collect()
}

fn readings_of_first(parts: &[Part]) -> impl Iterator<Item = String> {
    let mut readings: Vec<String> = parts.first().map(Part::spoken).into_iter().collect();
    if let Some(Part::Han(surname)) = parts.first()
        && let Some(all) = surname.to_pinyin_multi()
    {
        readings.extend(all.into_iter().map(|reading| reading.plain().replace('ü', "v")));
    }
    let mut seen = BTreeSet::new();
    readings.retain(|reading| !reading.is_empty() && seen.insert(reading.clone()));
    readings.truncate(MAX_READINGS);
    readings.into_iter()
}

fn initials(first: &str, parts: &[Part]) -> String {
    let rest = parts.iter().skip(1).filter_map(|part| part.spoken().chars().next());
    first.chars().take(1).chain(rest).collect()
}

fn cut(key: String) -> String {
    match key.char_indices().nth(MAX_KEY) {
        Some((end, _)) => key[..end].to_owned(),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells whether a name is found by what somebody types, as the store finds it.
    fn finds(typed: &str, name: &str) -> bool {
        let keys = name_keys(name);
        let query = NameQuery::parse(typed).expect("a query");
        let mut words = once(&query.first).chain(&query.others);
        words.all(|word| keys.iter().any(|key| key.starts_with(word.as_str())))
    }

    #[test]
    fn a_latin_name_is_found_by_any_word_and_its_beginning() {
        let name = "Grace O'Neill-Müller";
        for typed in ["grace", "GRACE", "gra", "muller", "Müller", "mul grace", "neill", "o'neill"]
        {
            assert!(finds(typed, name), "{typed}");
        }
        for typed in ["race", "uller", "grace miller", "graces"] {
            assert!(!finds(typed, name), "{typed}");
        }
        assert!(finds("strasse", "Jürgen Straße") && finds("lodz", "Łódź"));
    }

    #[test]
    fn a_chinese_name_is_found_by_characters_pinyin_and_initials() {
        let name = "周海涛";
        for typed in ["周", "海涛", "周海涛", "zhou", "zhouhaitao", "zhou hai tao", "ZHT", "haitao"]
        {
            assert!(finds(typed, name), "{typed}");
        }
        for typed in ["海周", "ouhai", "ht zhou li", "张"] {
            assert!(!finds(typed, name), "{typed}");
        }
        assert!(finds("lv", "吕布") && finds("lvbu", "吕布"));
    }

    #[test]
    fn a_surname_is_found_by_each_of_its_readings() {
        for typed in ["zeng", "zengzi", "zz"] {
            assert!(finds(typed, "曾子"), "{typed}");
        }
        assert!(finds("shan", "单雄信") && finds("dan", "单雄信"));
    }

    #[test]
    fn names_of_several_scripts_and_widths_are_found() {
        assert!(finds("abc票务", "ＡＢＣ票务公司") && finds("piaowu", "ＡＢＣ票务公司"));
        assert!(finds("李 grace", "Grace 李") && finds("lee", "李 (Lee)"));
        assert!(finds("иван", "Иван Петров"));
    }

    #[test]
    fn keys_are_few_and_short_however_long_the_name() {
        let keys = name_keys(&"票务公司".repeat(50));

        assert!(keys.len() < 150, "{}", keys.len());
        assert!(keys.iter().all(|key| key.chars().count() <= MAX_KEY));
        assert_eq!(name_keys("…?").len(), 0);
    }

    #[test]
    fn what_names_nobody_is_no_search() {
        for text in ["", " ", "?!"] {
            assert_eq!(NameQuery::parse(text), Err(SearchError::Nothing));
        }
        let query = NameQuery::parse("a bb ccc dddd eeeee").expect("a query");
        assert_eq!((query.first(), query.others().join(" ")), ("dddd", "ccc bb a".to_owned()));
    }

    #[test]
    fn a_number_is_searched_for_by_four_digits_or_more() {
        let ending = |text| NumberEnding::parse(text).map(|ending| ending.as_str().to_owned());

        assert_eq!(ending("0001"), Ok("0001".to_owned()));
        assert_eq!(ending("+86 138-0000 0001"), Ok("8613800000001".to_owned()));
        for text in ["001", "", "12ab", "1234567890123456"] {
            assert_eq!(ending(text), Err(SearchError::BadEnding), "{text}");
        }
    }
}
