//! Reading long lists in pages, newest first, without skipping or repeating a record.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use switchboard_domain::time::Timestamp;

/// The most records one page holds.
pub const MAX_PAGE_SIZE: u32 = 200;
/// The records of a page when nothing is asked for.
pub const DEFAULT_PAGE_SIZE: u32 = 50;
/// The most bytes that the records of one answer weigh: clients of gRPC take 4 MiB if nobody tells them
/// otherwise, and an answer needs some for itself.
pub const MAX_BYTES: usize = 3 << 20;

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    size: u32,
    after: Option<Cursor>,
}

impl PageRequest {
    /// Asks for a page; size 0 means the default, larger sizes are cut to [`MAX_PAGE_SIZE`].
    ///
    /// `token` is what the page before gave; empty for the first page.
    pub fn parse(size: u32, token: &str) -> Result<Self, PageTokenError> {
        let size = if size == 0 { DEFAULT_PAGE_SIZE } else { size.min(MAX_PAGE_SIZE) };
        let after = if token.is_empty() { None } else { Some(token.parse()?) };
        Ok(Self { size, after })
    }

    /// Gives how many records the page holds at most.
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// Gives the last record of the page before.
    pub const fn after(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { size: DEFAULT_PAGE_SIZE, after: None }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<Record> {
    /// The records, newest first.
    pub records: Vec<Record>,
    /// The token of the next page; empty after the last one.
    pub next: String,
}

impl<Record> Page<Record> {
    /// Makes a page of up to `size` + 1 records read: the one too many tells that more follow.
    pub fn cut(mut records: Vec<Record>, size: u32, cursor: impl Fn(&Record) -> Cursor) -> Self {
        let size = size as usize;
        let has_more = records.len() > size;
        records.truncate(size);
        let last = records.last().filter(|_| has_more);
        let next = last.map(|record| cursor(record).to_string()).unwrap_or_default();
        Self { records, next }
    }
}

/// Gives how many of the first records one answer holds by what they weigh, in bytes; at least one.
pub fn fitting(weights: impl IntoIterator<Item = usize>) -> usize {
    let mut sum = 0;
    let fits = |weight: &usize| {
        sum += weight;
        sum <= MAX_BYTES
    };
    weights.into_iter().take_while(fits).count().max(1)
}

/// Where a page ended: the time and the id of its last record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the record began.
    pub at: Timestamp,
    /// Which record it is.
    pub id: String,
}

/// Says that a page token is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the page token is not one that was given out")]
pub struct PageTokenError;

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}~{}", self.at, self.id)
    }
}

impl FromStr for Cursor {
    type Err = PageTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('~').ok_or(PageTokenError)?;
        switchboard_domain::ids::check_id(id).map_err(|_| PageTokenError)?;
        let at = at.parse().map_err(|_| PageTokenError)?;
        Ok(Self { at: Timestamp::from_millis(at), id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: i64) -> Cursor {
        Cursor { at: Timestamp::from_millis(number), id: format!("r-{number}") }
    }

    #[test]
    fn a_full_page_leads_to_the_next_and_the_last_one_nowhere() {
        let full = Page::cut(vec![3, 2, 1], 2, |number| numbered(*number));
        let last = Page::cut(vec![1], 2, |number| numbered(*number));

        assert_eq!((full.records.as_slice(), full.next.as_str()), ([3, 2].as_slice(), "2~r-2"));
        assert_eq!((last.records.as_slice(), last.next.as_str()), ([1].as_slice(), ""));
    }

    #[test]
    fn an_answer_holds_what_fits_and_at_least_one_record() {
        let half = MAX_BYTES / 2;

        assert_eq!(fitting([half, half, 1, 1]), 2);
        assert_eq!(fitting([MAX_BYTES + 1, 1]), 1);
        assert_eq!(fitting([1; 5]), 5);
    }

    #[test]
    fn a_token_reads_back() {
        let request = PageRequest::parse(0, "2~r-2").expect("a token we gave");

        assert_eq!(request.size(), DEFAULT_PAGE_SIZE);
        assert_eq!(request.after(), Some(&numbered(2)));
    }

    #[test]
    fn tokens_of_others_are_refused() {
        for token in ["x", "1~", "~r-1", "1~two words", "now~r-1"] {
            assert_eq!(PageRequest::parse(10, token), Err(PageTokenError), "{token}");
        }
    }

    #[test]
    fn nobody_gets_a_page_without_end() {
        let request = PageRequest::parse(u32::MAX, "").expect("a large page");

        assert_eq!(request.size(), MAX_PAGE_SIZE);
    }
}
