//! What is the same in every import.

use crate::error::ApiError;
use crate::generated::callerid::v1::ImportRefusal;
use crate::generated::ticket::v1::ImportTicketsRefusal;
use crate::generated::touchpoint::v1::ImportAnchorsRefusal;

/// Why a row was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which row.
    pub row: u64,
    /// The field, such as `numbers[0].number`.
    pub field: String,
    /// The reason.
    pub reason: String,
    /// What is accepted.
    pub expected: String,
}

impl Refusal {
    /// Says why a row was refused; its fields are named without the name of what the row holds.
    pub fn of(row: u64, error: &ApiError, within: &str) -> Self {
        let told = |key: &str| error.metadata().get(key).cloned().unwrap_or_default();
        let field = told("field");
        let short = field.strip_prefix(within).and_then(|rest| rest.strip_prefix('.'));
        Self {
            row,
            field: short.map_or_else(|| field.clone(), str::to_owned),
            reason: error.reason().to_owned(),
            expected: told("expected"),
        }
    }
}

/// The messages of refusals, which differ in their names alone.
macro_rules! refusals {
    ($($wire:ident),*) => {
        $(
            impl From<Refusal> for $wire {
                fn from(told: Refusal) -> Self {
                    let Refusal { row, field, reason, expected } = told;
                    Self { row, field, reason, expected }
                }
            }

            impl From<$wire> for Refusal {
                fn from(told: $wire) -> Self {
                    let $wire { row, field, reason, expected } = told;
                    Self { row, field, reason, expected }
                }
            }
        )*
    };
}

refusals!(ImportRefusal, ImportTicketsRefusal, ImportAnchorsRefusal);
