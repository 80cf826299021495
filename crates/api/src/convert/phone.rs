//! Telephone numbers on the wire, whole or masked.

use switchboard_domain::phone::{Country, PhoneAddress, PhoneError, PhoneKind, Validity};

use crate::error::ApiError;
use crate::field::MAX_NUMBER;
use crate::generated::callerid::v1 as callerid;

/// How many digits of a masked number can still be read.
const SHOWN_DIGITS: usize = 4;

/// Reads what a switch reported as a number; it is never echoed, because it is personal.
pub fn address_field(field: &str, value: &str, home: Country) -> Result<PhoneAddress, ApiError> {
    if value.chars().count() > MAX_NUMBER {
        let expected = format!("at most {MAX_NUMBER} characters");
        return Err(ApiError::invalid_unseen(field, expected));
    }
    PhoneAddress::parse(value, home).map_err(|error| unreadable(field, error))
}

/// Refuses what is no number.
pub fn unreadable(field: &str, error: PhoneError) -> ApiError {
    ApiError::invalid_unseen(field, "a telephone number").with("problem", error.to_string())
}

/// Puts a number on the wire as it was understood.
pub fn normalized(raw: &str, address: &PhoneAddress) -> callerid::NormalizedNumber {
    let mut number = callerid::NormalizedNumber { raw: raw.to_owned(), ..Default::default() };
    match address {
        PhoneAddress::Number(phone) => {
            phone.e164().as_str().clone_into(&mut number.e164);
            number.region = phone.country().map(|country| country.to_string()).unwrap_or_default();
            number.set_type(kind(phone.kind()));
            number.set_validity(validity(phone.validity()));
        }
        PhoneAddress::ShortCode(_) => number.set_type(callerid::NumberType::ShortCode),
        PhoneAddress::Sip(_) | PhoneAddress::Withheld(_) => {}
    }
    number
}

/// Hides a number or address but for its last four digits.
pub fn masked(number: &str) -> String {
    let shown_from = number.chars().count().saturating_sub(SHOWN_DIGITS);
    let hide = |(index, character): (usize, char)| match character {
        '+' => character,
        _ if index >= shown_from && shown_from > 0 && character.is_ascii_digit() => character,
        _ => '*',
    };
    number.chars().enumerate().map(hide).collect()
}

const fn kind(kind: PhoneKind) -> callerid::NumberType {
    match kind {
        PhoneKind::Fixed => callerid::NumberType::FixedLine,
        PhoneKind::Mobile => callerid::NumberType::Mobile,
        PhoneKind::FixedOrMobile => callerid::NumberType::FixedLineOrMobile,
        PhoneKind::TollFree => callerid::NumberType::TollFree,
        PhoneKind::Premium => callerid::NumberType::PremiumRate,
        PhoneKind::Voip => callerid::NumberType::Voip,
        PhoneKind::Other => callerid::NumberType::Other,
    }
}

const fn validity(validity: Validity) -> callerid::NumberValidity {
    match validity {
        Validity::Impossible => callerid::NumberValidity::Impossible,
        Validity::Possible => callerid::NumberValidity::Possible,
        Validity::Valid => callerid::NumberValidity::Valid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_is_shown_with_its_plan() {
        let number = normalized("138 0000 0001", &read("138 0000 0001"));

        assert_eq!(number.raw, "138 0000 0001");
        assert_eq!(number.e164, "+8613800000001");
        assert_eq!(number.region, "CN");
        assert_eq!(number.r#type(), callerid::NumberType::Mobile);
        assert_eq!(number.validity(), callerid::NumberValidity::Valid);
    }

    #[test]
    fn a_short_code_has_no_e164() {
        let number = normalized("110", &read("110"));

        assert_eq!(number.r#type(), callerid::NumberType::ShortCode);
        assert_eq!(number.e164, "");
    }

    #[test]
    fn a_withheld_number_is_no_error() {
        let number = normalized("anonymous", &read("anonymous"));

        assert_eq!((number.e164.as_str(), number.region.as_str()), ("", ""));
    }

    #[test]
    fn a_refused_number_is_not_echoed() {
        for bad in ["call me, Li", &"1".repeat(65), "+999999999999999999"] {
            let error = address_field("calling_number", bad, home()).expect_err("a refusal");

            assert!(!format!("{:?}", error.metadata()).contains(bad), "{bad}");
        }
    }

    #[test]
    fn masking_leaves_four_digits() {
        assert_eq!(masked("+8613800000001"), "+*********0001");
        assert_eq!(masked("110"), "***");
        assert_eq!(masked("sip:li.wei@desk.example"), "***********************");
        assert_eq!(masked(""), "");
    }

    fn home() -> Country {
        Country::parse("CN").expect("a country")
    }

    fn read(raw: &str) -> PhoneAddress {
        address_field("calling_number", raw, home()).expect("a number")
    }
}
