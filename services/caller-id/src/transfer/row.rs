//! One row of an import: read, or refused with the field and what is accepted.

use prost_types::FieldMask;
use switchboard_api::callerid::v1::{Customer, ImportRefusal, ImportRow};
use switchboard_api::convert::customer as convert;
use switchboard_api::convert::import::Refusal;
use switchboard_api::{ApiError, field};
use switchboard_domain::customer::Change;
use switchboard_domain::ids::CustomerId;
use switchboard_domain::phone::{Country, PhoneNumber};
use switchboard_domain::time::Timestamp;
use switchboard_store::transfers::{CustomerRow, RowOutcome};

use crate::api::create::check_language;

/// What a row holds.
const CUSTOMER: &str = "customer";

/// What reading a row takes besides the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'order> {
    /// The fields that every row sets.
    pub(super) mask: &'order FieldMask,
    /// The country of numbers that name none.
    pub(super) home: Country,
    /// When numbers retire that do.
    pub(super) now: Timestamp,
}

/// Reads a row; `spare` names a customer whom nothing names yet.
pub(super) fn read(
    row: ImportRow,
    reading: Reading<'_>,
    spare: impl FnOnce() -> CustomerId,
) -> Result<CustomerRow, ImportRefusal> {
    let number = row.row;
    let read = || {
        let mut customer = field::required(CUSTOMER, row.customer)?;
        let named = field::optional_id("customer_id", &customer.customer_id)?;
        in_full(&mut customer, reading.home);
        let changes = convert::changes(&customer, Some(reading.mask.clone()), reading.now)?;
        let external_id = changes.iter().find_map(Change::external_ids).and_then(<[_]>::first);
        if named.is_none() && external_id.is_none() {
            return Err(ApiError::missing("customer_id"));
        }
        let holder_of = external_id.filter(|_| named.is_none()).cloned();
        let id = named.unwrap_or_else(spare);
        for change in &changes {
            if let Change::Language(language) = change {
                check_language(language.as_deref())?;
            }
        }
        Ok(CustomerRow { id, holder_of, changes })
    };
    read().map_err(|error| refusal(number, &error))
}

/// Says why a row was not kept, if it was not.
pub(super) fn refused(row: u64, outcome: RowOutcome) -> Option<ImportRefusal> {
    match outcome {
        RowOutcome::Made | RowOutcome::Changed | RowOutcome::Unchanged => None,
        RowOutcome::Lacks(field) => Some(refusal(row, &ApiError::missing(field))),
        // What stands in the file is repeated by whoever reads the file.
        RowOutcome::Misfit(path, fault) => {
            Some(refusal(row, &convert::profile::refused(&path, None, fault)))
        }
        RowOutcome::Merged => Some(ImportRefusal {
            row,
            field: "customer_id".to_owned(),
            reason: "CUSTOMER_MERGED".to_owned(),
            expected: "the customer who leads since they were merged".to_owned(),
        }),
        RowOutcome::Taken => Some(ImportRefusal {
            row,
            field: "external_ids".to_owned(),
            reason: "EXTERNAL_ID_ALREADY_EXISTS".to_owned(),
            expected: "external ids that no other customer has".to_owned(),
        }),
        RowOutcome::Erased => Some(ImportRefusal {
            row,
            field: "customer_id".to_owned(),
            reason: "CUSTOMER_ERASED".to_owned(),
            expected: "a customer whose data was not destroyed".to_owned(),
        }),
    }
}

/// Writes numbers in full that are written as people of the country do; others are refused later.
fn in_full(customer: &mut Customer, home: Country) {
    for number in &mut customer.numbers {
        if let Ok(read) = PhoneNumber::parse(&number.number, home) {
            read.e164().as_str().clone_into(&mut number.number);
        }
    }
}

fn refusal(row: u64, error: &ApiError) -> ImportRefusal {
    Refusal::of(row, error, CUSTOMER).into()
}
