//! The rows of files that people hand in: read whatever is wrong with them, refused one by one.

mod records;
mod refused;
mod source;

pub(super) use records::{Layout, Record, Records, RowFault};
pub(super) use refused::Refusals;
#[cfg(test)]
pub(super) use source::MAX_RECORD;

/// Hides what may tell who somebody is.
pub(super) fn masked(text: &str) -> String {
    let count = text.chars().count();
    match text.chars().next() {
        Some(first) if count > 1 => format!("{first}*** ({count} characters)"),
        Some(_) => "* (1 character)".to_owned(),
        None => String::new(),
    }
}
