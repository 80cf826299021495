//! What a called number means: which flow answers, in which language.
//!
//! An entry is one number, a range of numbers, or every other number. The entry of the number itself
//! wins, then the narrowest range, then the entry for every other number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use thiserror::Error;

use crate::center::locale::Language;
use crate::ids::FlowId;
use crate::phone::{Country, E164};

/// What happens to calls to one number, or to each number of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledNumber {
    /// Which numbers these are.
    pub span: NumberSpan,
    /// The name callers know this number by, when it differs from the center's.
    pub brand: Option<String>,
    /// The flow that answers.
    pub flow: FlowId,
    /// The language the caller hears first.
    pub language: Language,
    /// Where a calling number in national form is assumed to be from: that of the trunk.
    pub default_country: Country,
}

/// Which called numbers an entry is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberSpan {
    /// This number.
    One(E164),
    /// Every number from one to another, both included; they have the same number of digits.
    Range {
        /// The lowest.
        first: E164,
        /// The highest.
        last: E164,
    },
    /// Every number that no other entry is for.
    Others,
}

/// Says why a text names no called numbers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberSpanError {
    /// It is no number, and no two numbers with a hyphen between them.
    #[error(
        "{0:?} is none: a called number is written like \"+862160000000\", a range of them like \
         \"+862160000100-+862160000199\", every other number \"*\""
    )]
    NotNumbers(String),
    /// The ends of a range cannot be counted through.
    #[error("the ends of the range {0:?} have different numbers of digits")]
    UnequalEnds(String),
    /// The higher end of a range comes first.
    #[error("the range {0:?} ends before it begins")]
    Backwards(String),
}

impl NumberSpan {
    /// Reads `+862160000000`, `+862160000100-+862160000199`, or `*` for every other number.
    pub fn parse(text: &str) -> Result<Self, NumberSpanError> {
        let cut = || text.chars().take(40).collect::<String>();
        let number =
            |part: &str| E164::parse(part.trim()).map_err(|_| NumberSpanError::NotNumbers(cut()));
        if text == "*" {
            return Ok(Self::Others);
        }
        let Some((first, last)) = text.split_once('-') else { return number(text).map(Self::One) };
        let (first, last) = (number(first)?, number(last)?);
        if first.as_str().len() != last.as_str().len() {
            return Err(NumberSpanError::UnequalEnds(cut()));
        }
        match first.cmp(&last) {
            std::cmp::Ordering::Less => Ok(Self::Range { first, last }),
            std::cmp::Ordering::Equal => Ok(Self::One(first)),
            std::cmp::Ordering::Greater => Err(NumberSpanError::Backwards(cut())),
        }
    }

    /// Gives one of the numbers; none for every other number.
    pub const fn sample(&self) -> Option<&E164> {
        match self {
            Self::One(number) | Self::Range { first: number, .. } => Some(number),
            Self::Others => None,
        }
    }
}

impl fmt::Display for NumberSpan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(number) => formatter.write_str(number.as_str()),
            Self::Range { first, last } => {
                write!(formatter, "{}-{}", first.as_str(), last.as_str())
            }
            Self::Others => formatter.write_str("*"),
        }
    }
}

/// Says that two entries claim the same number with the same right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{one} and {other} are equally wide and overlap, so neither would win")]
pub struct NumberClash {
    /// The entry that begins first.
    pub one: NumberSpan,
    /// The other.
    pub other: NumberSpan,
}

/// What every called number means; finding one is a search in a tree, however many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalledNumbers {
    entries: Vec<CalledNumber>,
    exact: BTreeMap<E164, usize>,
    /// Where the narrowest range changes, and which one it is from there on.
    segments: BTreeMap<u64, Option<usize>>,
    others: Option<usize>,
}

impl CalledNumbers {
    /// Takes the entries; tells every pair of which neither would win.
    pub fn build(entries: Vec<CalledNumber>) -> Result<Self, Vec<NumberClash>> {
        let mut clashes = Vec::new();
        let mut numbers = Self::default();
        let mut ranges = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let taken = match &entry.span {
                NumberSpan::One(number) => numbers.exact.insert(number.clone(), index),
                NumberSpan::Others => numbers.others.replace(index),
                NumberSpan::Range { first, last } => {
                    ranges.push(Interval { from: value(first), to: value(last), index });
                    None
                }
            };
            clashes.extend(taken.map(|taken| clash(&entries, taken, index)));
        }
        ranges.sort_by_key(|range| (range.width(), range.from));
        for pair in ranges.windows(2) {
            if let [one, other] = pair
                && one.width() == other.width()
                && other.from <= one.to
            {
                clashes.push(clash(&entries, one.index, other.index));
            }
        }
        if !clashes.is_empty() {
            return Err(clashes);
        }
        numbers.segments = segments(&ranges);
        numbers.entries = entries;
        Ok(numbers)
    }

    /// Gives what a number means; none when no entry is for it.
    pub fn find(&self, number: &E164) -> Option<&CalledNumber> {
        let narrowest = || {
            let (_, range) = self.segments.range(..=value(number)).next_back()?;
            *range
        };
        let index = self.exact.get(number).copied().or_else(narrowest).or(self.others)?;
        self.entries.get(index)
    }

    /// Gives what a called text means that is no number of the public network.
    pub fn others(&self) -> Option<&CalledNumber> {
        self.entries.get(self.others?)
    }

    /// Gives every entry, in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = &CalledNumber> {
        self.entries.iter()
    }

    /// Gives how many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Says whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

struct Interval {
    from: u64,
    to: u64,
    index: usize,
}

impl Interval {
    fn width(&self) -> u64 {
        self.to - self.from
    }
}

// Sorted by width, so a lower place in the list means a narrower range.
fn segments(ranges: &[Interval]) -> BTreeMap<u64, Option<usize>> {
    let mut changes: BTreeMap<u64, Vec<(usize, bool)>> = BTreeMap::new();
    for (place, range) in ranges.iter().enumerate() {
        changes.entry(range.from).or_default().push((place, true));
        changes.entry(range.to + 1).or_default().push((place, false));
    }
    let mut open = BTreeSet::new();
    let mut segments = BTreeMap::new();
    for (at, changed) in changes {
        for (place, opens) in changed {
            if opens {
                open.insert(place)
            } else {
                open.remove(&place)
            };
        }
        let narrowest = open.first().and_then(|place| ranges.get(*place));
        segments.insert(at, narrowest.map(|range| range.index));
    }
    segments
}

// A number of at most 15 digits that does not begin with 0, so its value is the number itself.
fn value(number: &E164) -> u64 {
    number.as_str().trim_start_matches('+').parse().unwrap_or(u64::MAX - 1)
}

fn clash(entries: &[CalledNumber], one: usize, other: usize) -> NumberClash {
    let span = |index: usize| entries[index].span.clone();
    NumberClash { one: span(one), other: span(other) }
}

#[cfg(test)]
mod tests;
