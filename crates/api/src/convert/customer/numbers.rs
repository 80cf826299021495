//! The numbers of a customer, to and from the wire.

use std::collections::BTreeSet;

use switchboard_domain::customer::CustomerNumber;
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;

use crate::convert::phone;
use crate::convert::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;

const MAX_NUMBERS: usize = 20;
const MAX_LABEL: usize = 64;

/// Puts numbers on the wire.
pub(super) fn shown(numbers: Vec<CustomerNumber>) -> Vec<wire::CustomerNumber> {
    numbers.into_iter().map(one_shown).collect()
}

fn one_shown(number: CustomerNumber) -> wire::CustomerNumber {
    let is_active = number.is_active();
    let state = if is_active { wire::NumberState::Active } else { wire::NumberState::Retired };
    wire::CustomerNumber {
        number: number.e164.as_str().to_owned(),
        label: number.label,
        state: state.into(),
        retire_time: number.retired_at.map(timestamp),
    }
}

/// Reads numbers, each of which may be there once; those that are retired are so since `now`.
pub(super) fn read(
    values: Vec<wire::CustomerNumber>,
    now: Timestamp,
) -> Result<Vec<CustomerNumber>, ApiError> {
    let values = field::list("numbers", values, MAX_NUMBERS)?;
    let (mut numbers, mut seen) = (Vec::with_capacity(values.len()), BTreeSet::new());
    for (index, value) in values.into_iter().enumerate() {
        let outer = format!("numbers[{index}]");
        let number = number(value, now).map_err(|error| error.within(&outer))?;
        if !seen.insert(number.e164.clone()) {
            return Err(ApiError::invalid_unseen("number", "each number once").within(&outer));
        }
        numbers.push(number);
    }
    Ok(numbers)
}

fn number(value: wire::CustomerNumber, now: Timestamp) -> Result<CustomerNumber, ApiError> {
    let label = field::text("label", value.label, MAX_LABEL)?;
    let e164 = E164::parse(&value.number).map_err(|error| phone::unreadable("number", error))?;
    let retired_at = match field::known::<wire::NumberState>("state", value.state)? {
        wire::NumberState::Unspecified | wire::NumberState::Active => None,
        wire::NumberState::Retired => Some(now),
    };
    Ok(CustomerNumber { e164, label, retired_at })
}
