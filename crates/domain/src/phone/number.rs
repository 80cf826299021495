//! Telephone numbers in E.164, with what their country's plan says about them.

use std::fmt;

use rlibphonenumber::{
    NotANumberError, NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as PlanNumber,
    PhoneNumberFormat, PhoneNumberType,
};

use super::address::PhoneAddress;
use super::country::Country;
use super::e164::E164;
use super::{PhoneError, check_text};

/// What a number is used for, by its country's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneKind {
    /// A line at a fixed place.
    Fixed,
    /// A mobile line.
    Mobile,
    /// A line of a plan that does not tell fixed from mobile.
    FixedOrMobile,
    /// A number free for the caller.
    TollFree,
    /// A number that costs the caller extra.
    Premium,
    /// A line reached over the internet.
    Voip,
    /// Any other use, or none known.
    Other,
}

/// How far a number agrees with its country's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    /// Neither length nor pattern fits.
    Impossible,
    /// The length fits, the pattern does not.
    Possible,
    /// Length and pattern fit.
    Valid,
}

/// A telephone number; `Debug` hides the digits, because they are personal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    raw: String,
    e164: E164,
    extension: Option<String>,
    country: Option<Country>,
    kind: PhoneKind,
    validity: Validity,
}

impl PhoneNumber {
    /// Reads a number as people and switches write it; without `+` it belongs to `home`.
    ///
    /// Everything that is not a number (withheld, a short code, a plain SIP address) is refused.
    pub fn parse(raw: &str, home: Country) -> Result<Self, PhoneError> {
        match PhoneAddress::parse(raw, home)? {
            PhoneAddress::Number(number) => Ok(number),
            PhoneAddress::Withheld(_) => Err(PhoneError::OtherAddress("withheld")),
            PhoneAddress::ShortCode(_) => Err(PhoneError::OtherAddress("a short code")),
            PhoneAddress::Sip(_) => Err(PhoneError::OtherAddress("a SIP address")),
        }
    }

    /// Gives the text as it was reported.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Gives the number in E.164: `+8613800000001`, never with an extension.
    pub const fn e164(&self) -> &E164 {
        &self.e164
    }

    /// Gives the extension behind the number.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// Gives the country of the number; none for world-wide services.
    pub const fn country(&self) -> Option<Country> {
        self.country
    }

    /// Gives what the number is used for.
    pub const fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// Gives how far the number agrees with its country's plan.
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    pub(super) fn read(raw: &str, text: &str, home: Country) -> Result<Self, PhoneError> {
        let text = check_text(text)?;
        let number =
            PHONE_NUMBER_UTIL.parse(text, Some(home.region())).map_err(|error| refusal(&error))?;
        let e164 = E164::parse(&number.format_as(PhoneNumberFormat::E164))?;
        Ok(Self {
            raw: raw.to_owned(),
            country: number.get_region_code().and_then(Country::of_plan),
            kind: kind_of(number.get_type()),
            validity: validity_of(&number),
            extension: number.extension.filter(|extension| !extension.is_empty()),
            e164,
        })
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PhoneNumber")
            .field("country", &self.country)
            .field("kind", &self.kind)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

fn validity_of(number: &PlanNumber) -> Validity {
    if number.is_valid() {
        return Validity::Valid;
    }
    match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible | NumberLengthType::IsPossibleLocalOnly) => {
            Validity::Possible
        }
        Err(_) => Validity::Impossible,
    }
}

const fn kind_of(kind: PhoneNumberType) -> PhoneKind {
    match kind {
        PhoneNumberType::FixedLine => PhoneKind::Fixed,
        PhoneNumberType::Mobile => PhoneKind::Mobile,
        PhoneNumberType::FixedLineOrMobile => PhoneKind::FixedOrMobile,
        PhoneNumberType::TollFree => PhoneKind::TollFree,
        PhoneNumberType::PremiumRate => PhoneKind::Premium,
        PhoneNumberType::VoIP => PhoneKind::Voip,
        PhoneNumberType::SharedCost
        | PhoneNumberType::PersonalNumber
        | PhoneNumberType::Pager
        | PhoneNumberType::UAN
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Unknown => PhoneKind::Other,
    }
}

const fn refusal(error: &ParseError) -> PhoneError {
    match error {
        ParseError::InvalidCountryCode => PhoneError::UnknownCountryCode,
        ParseError::NotANumber(
            NotANumberError::NotMatchedValidNumberPattern
            | NotANumberError::InvalidPhoneContext
            | NotANumberError::FailedToParseNumberAsInt(_)
            | NotANumberError::FailedToExtractNumber(_),
        ) => PhoneError::NotANumber,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneError::TooShort,
        ParseError::TooLongNsn => PhoneError::TooLong,
    }
}
