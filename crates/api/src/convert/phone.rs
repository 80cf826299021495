//! Telephone numbers on the wire, whole or masked.

use switchboard_domain::phone::{
    Country, PhoneAddress, PhoneError, PhoneKind, Validity, number_as_received,
};

use crate::error::ApiError;
use crate::field::MAX_NUMBER;
use crate::generated::callerid::v1 as callerid;

/// How many digits of a masked number can still be read.
const SHOWN_DIGITS: usize = 4;

/// Reads what a switch reported as a number; it is never echoed, because it is personal.
pub fn address_field(field: &str, value: &str, home: Country) -> Result<PhoneAddress, ApiError> {
    check_length(field, value)?;
    PhoneAddress::parse(value, home).map_err(|error| unreadable(field, error))
}

/// Refuses more text than any number has.
fn check_length(field: &str, value: &str) -> Result<(), ApiError> {
    if value.chars().count() > MAX_NUMBER {
        let expected = format!("at most {MAX_NUMBER} characters");
        return Err(ApiError::invalid_unseen(field, expected));
    }
    Ok(())
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
            phone.extension().unwrap_or_default().clone_into(&mut number.extension);
            number.set_form(callerid::NumberForm::Telephone);
            number.set_type(kind(phone.kind()));
            number.set_validity(validity(phone.validity()));
        }
        PhoneAddress::ShortCode(_) => {
            number.set_form(callerid::NumberForm::ShortCode);
            number.set_type(callerid::NumberType::ShortCode);
        }
        PhoneAddress::Sip(_) => number.set_form(callerid::NumberForm::SipAddress),
        PhoneAddress::Withheld(reason) => {
            reason.as_str().clone_into(&mut number.withheld_reason);
            number.set_form(callerid::NumberForm::Withheld);
        }
    }
    number
}

/// Puts digits on the wire that can be nobody's number; none of what is not even that.
pub fn impossible(raw: &str, error: PhoneError) -> Option<callerid::NormalizedNumber> {
    match error {
        PhoneError::UnknownCountryCode | PhoneError::TooShort | PhoneError::TooLong => {
            let mut number = unread(raw);
            number.set_form(callerid::NumberForm::Telephone);
            number.set_validity(callerid::NumberValidity::Impossible);
            Some(number)
        }
        PhoneError::TextTooLong(_)
        | PhoneError::ControlCharacter
        | PhoneError::NotANumber
        | PhoneError::OtherAddress(_) => None,
    }
}

/// Puts a text on the wire that was not read, as far as it can be shown.
pub fn unread(raw: &str) -> callerid::NormalizedNumber {
    callerid::NormalizedNumber { raw: number_as_received(raw), ..Default::default() }
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
    use callerid::NumberType;

    use super::*;

    #[test]
    fn a_mobile_is_shown_with_its_plan() {
        let number = normalized("138 0000 0001", &read("138 0000 0001"));

        assert_eq!(number.raw, "138 0000 0001");
        assert_eq!(number.e164, "+8613800000001");
        assert_eq!(number.region, "CN");
        assert_eq!(number.r#type(), NumberType::Mobile);
        assert_eq!(number.validity(), callerid::NumberValidity::Valid);
    }

    #[test]
    fn what_is_no_telephone_number_is_told_apart_and_has_no_e164() {
        use callerid::NumberForm::{ShortCode, SipAddress, Withheld};
        let cases = [
            ("110", ShortCode, ""),
            ("*100#", ShortCode, ""),
            ("sip:wei@desk.example", SipAddress, ""),
            ("anonymous", Withheld, "anonymous"),
            ("sip:anonymous@anonymous.invalid", Withheld, "anonymous"),
            ("private", Withheld, "restricted"),
            ("out of area", Withheld, "unavailable"),
            ("", Withheld, "missing"),
        ];

        for (raw, form, reason) in cases {
            let number = normalized(raw, &read(raw));

            assert_eq!((number.form(), number.withheld_reason.as_str()), (form, reason), "{raw}");
            assert_eq!((number.e164.as_str(), number.region.as_str()), ("", ""), "{raw}");
            let line =
                if form == ShortCode { NumberType::ShortCode } else { NumberType::Unspecified };
            assert_eq!(number.r#type(), line, "{raw}");
        }
    }

    #[test]
    fn an_extension_stands_beside_the_number() {
        let number = normalized("raw", &read("+86 21 6000 0000 ext. 42"));

        assert_eq!((number.e164.as_str(), number.extension.as_str()), ("+862160000000", "42"));
    }

    #[test]
    fn a_number_that_nobody_can_have_is_understood_as_such() {
        let strange = normalized("raw", &read("+86 1380000000111"));
        let made_up = PhoneAddress::parse("+999 123 456 789", home()).expect_err("no such country");
        let made_up = impossible("+999 123 456 789", made_up).expect("a number");
        let words = PhoneAddress::parse("call me", home()).expect_err("no number");

        assert_eq!(strange.validity(), callerid::NumberValidity::Impossible);
        assert_eq!(made_up.validity(), callerid::NumberValidity::Impossible);
        assert_eq!((made_up.form(), made_up.e164.as_str()), (callerid::NumberForm::Telephone, ""));
        assert!(impossible("call me", words).is_none());
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
