//! Countries, as their two letters of ISO 3166-1.

use std::fmt;
use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
use thiserror::Error;

/// A country that has a numbering plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(Region);

/// Says that a text names no country with a numbering plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a country is two letters of ISO 3166-1 such as `CN`, not {0:?}")]
pub struct CountryError(pub String);

impl Country {
    /// Reads two letters, large or small.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        Region::from_code(text)
            .ok()
            .and_then(Self::of_plan)
            .ok_or_else(|| CountryError(text.chars().take(16).collect()))
    }

    /// Gives the country calling code: 86 for China.
    pub fn calling_code(self) -> Option<u16> {
        let code = PHONE_NUMBER_UTIL.get_country_code_for_region(self.0)?;
        u16::try_from(code).ok()
    }

    pub(super) fn of_plan(region: Region) -> Option<Self> {
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(region))
    }

    pub(super) const fn region(self) -> Region {
        self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_region_str().as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Country({self})")
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
