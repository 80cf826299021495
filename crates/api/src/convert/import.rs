//! What is the same in every import.

use crate::error::ApiError;
use crate::generated::callerid::v1::ImportRefusal;

/// Says why a row was refused; its fields are named without the name of what the row holds.
pub fn refusal(row: u64, error: &ApiError, within: &str) -> ImportRefusal {
    let told = |key: &str| error.metadata().get(key).cloned().unwrap_or_default();
    let field = told("field");
    let short = field.strip_prefix(within).and_then(|rest| rest.strip_prefix('.'));
    ImportRefusal {
        row,
        field: short.map_or_else(|| field.clone(), str::to_owned),
        reason: error.reason().to_owned(),
        expected: told("expected"),
    }
}
