//! Pages of lists: sizes, and tokens that are bound to the query they came from.

use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};

use crate::error::ApiError;

/// The characters of a token that name its query.
const QUERY_MARK: usize = 16;

/// Reads which page of a stored list is wanted; `query` tells one set of filters from another.
///
/// Size 0 means the default, too much means the most, less than 0 is refused.
pub fn request(query: &str, size: i32, page_token: &str) -> Result<PageRequest, ApiError> {
    let size = u32::try_from(size).map_err(|_| {
        let expected = format!("0 to {MAX_PAGE_SIZE}");
        ApiError::invalid("page_size", &size.to_string(), expected)
    })?;
    let cursor = cursor(query, page_token)?.unwrap_or_default();
    Ok(PageRequest::parse(size, &cursor)?)
}

/// Reads which page of a list is wanted whose store makes its own cursors: the cursor, and the size.
pub fn after(query: &str, size: i32, page_token: &str) -> Result<(Option<String>, u32), ApiError> {
    let size = request(query, size, "")?.size();
    Ok((cursor(query, page_token)?, size))
}

/// Reads which page of a list that is numbered downwards is wanted: the number that the page before
/// ended with, and the size.
pub fn before(query: &str, size: i32, page_token: &str) -> Result<(Option<u64>, u32), ApiError> {
    let size = request(query, size, "")?.size();
    let refuse =
        |_| ApiError::invalid("page_token", page_token, "the `next_page_token` of the same query");
    let before = cursor(query, page_token)?;
    Ok((before.map(|number| number.parse().map_err(refuse)).transpose()?, size))
}

/// Makes the token of the next page from what the store gave; empty after the last page.
pub fn next(query: &str, stored: &str) -> String {
    if stored.is_empty() { String::new() } else { token(query, stored) }
}

/// Cuts one page out of a whole list in the order of its keys, and gives the next page's token.
pub fn of_list<Record>(
    query: &str,
    (size, page_token): (i32, &str),
    records: impl IntoIterator<Item = Record>,
    key: impl Fn(&Record) -> String,
) -> Result<(Vec<Record>, String), ApiError> {
    let after = cursor(query, page_token)?;
    let size = request(query, size, "")?.size() as usize;
    let is_later = |record: &Record| after.as_ref().is_none_or(|after| key(record) > *after);
    let mut page: Vec<Record> = records.into_iter().filter(is_later).take(size + 1).collect();
    let has_more = page.len() > size;
    page.truncate(size);
    let last = page.last().filter(|_| has_more);
    let next = last.map(|record| token(query, &key(record))).unwrap_or_default();
    Ok((page, next))
}

// Good for the same query only.
fn token(query: &str, cursor: &str) -> String {
    let mut token = mark(query);
    for byte in cursor.bytes() {
        token.push_str(&format!("{byte:02x}"));
    }
    token
}

fn cursor(query: &str, token: &str) -> Result<Option<String>, ApiError> {
    if token.is_empty() {
        return Ok(None);
    }
    let refuse =
        || ApiError::invalid("page_token", token, "the `next_page_token` of the same query");
    let rest = token.strip_prefix(mark(query).as_str()).ok_or_else(refuse)?;
    let bytes = decode(rest).ok_or_else(refuse)?;
    String::from_utf8(bytes).map(Some).map_err(|_| refuse())
}

fn decode(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
    digits.chunks_exact(2).map(|pair| Some(value(pair[0])? * 16 + value(pair[1])?)).collect()
}

// FNV-1a: the mark guards against mistakes, not against forgers; a cursor opens nothing by itself.
fn mark(query: &str) -> String {
    let hash = query.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:0QUERY_MARK$x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_clamped_and_negatives_refused() {
        let size = |asked| request("", asked, "").map(|request| request.size());

        assert_eq!(size(0).expect("a size"), 50);
        assert_eq!(size(7).expect("a size"), 7);
        assert_eq!(size(100_000).expect("a size"), 200);
        assert_eq!(size(-1).expect_err("a refusal").metadata()["value"], "-1");
    }

    #[test]
    fn a_stored_page_leads_to_the_next() {
        let token = next("state=new", "2~t-2");

        let request = request("state=new", 10, &token).expect("a page");

        assert_eq!(request.after().map(ToString::to_string).as_deref(), Some("2~t-2"));
        assert_eq!(next("state=new", ""), "");
    }

    #[test]
    fn a_token_the_store_never_gave_is_refused() {
        let token = next("", "no cursor");

        assert_eq!(request("", 0, &token).expect_err("a refusal").reason(), "INVALID_FIELD");
    }

    #[test]
    fn a_list_is_read_page_by_page_without_gaps() {
        let queues = ["a", "b", "c", "d", "e"];
        let key = |queue: &&str| (*queue).to_owned();
        let mut seen = Vec::new();
        let mut token = String::new();

        loop {
            let (page, next) = of_list("", (2, &token), queues, key).expect("a page");
            seen.push(page.len());
            token = next;
            if token.is_empty() {
                break;
            }
        }

        assert_eq!(seen, [2, 2, 1]);
    }

    #[test]
    fn a_token_reads_back_for_its_own_query() {
        let token = token("state=new", "2026-11-21/订票");

        let read = cursor("state=new", &token).expect("a cursor");

        assert_eq!(read.as_deref(), Some("2026-11-21/订票"));
        assert_eq!(cursor("state=new", "").expect("the first page"), None);
    }

    #[test]
    fn a_token_of_another_query_is_refused() {
        let token = token("state=new", "t-1");

        assert!(cursor("state=closed", &token).is_err());
    }

    #[test]
    fn a_made_up_token_is_refused() {
        let good = token("", "t-1");

        for bad in ["x", "é", &format!("{good}0"), &format!("{good}zz"), &format!("{good}ff")] {
            assert!(cursor("", bad).is_err(), "{bad}");
        }
    }
}
