//! What is asked of a lookup, and what it answers.

use switchboard_domain::customer::{Lookup, LookupResult, Verification};
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::phone::{Country, PhoneAddress, PhoneError, Withheld};

/// Whether a calling number may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presentation {
    /// The caller lets the number be shown.
    #[default]
    Allowed,
    /// The caller withheld the number; it is not looked up, even if the network passed it on.
    Restricted,
    /// The network did not deliver a number.
    Unavailable,
}

/// What a gateway tells of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Calling<'raw> {
    /// The calling number as received.
    pub raw: &'raw str,
    /// Whether it may be shown.
    pub presentation: Presentation,
    /// How far the network vouches for it.
    pub verification: Verification,
    /// The country of a number without a country code.
    pub home: Country,
}

impl Calling<'_> {
    /// Reads the number, unless the caller withheld it.
    pub fn address(&self) -> Result<PhoneAddress, PhoneError> {
        match self.presentation {
            Presentation::Allowed => PhoneAddress::parse(self.raw, self.home),
            Presentation::Restricted => Ok(PhoneAddress::Withheld(Withheld::Restricted)),
            Presentation::Unavailable => Ok(PhoneAddress::Withheld(Withheld::Unavailable)),
        }
    }
}

/// Who may be calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The number as understood; none when it cannot be read.
    pub address: Option<PhoneAddress>,
    /// The answer in one word, and the candidates, best first.
    pub lookup: Lookup,
    /// The lists that the number stands on now.
    pub rules: Vec<NumberRule>,
    /// Why the answer is incomplete; none when it is complete.
    pub partial: Option<Partial>,
}

impl Recognised {
    /// Makes the answer about a number that was not read.
    pub const fn unread(partial: Partial) -> Self {
        let lookup = Lookup { result: LookupResult::Unknown, candidates: vec![] };
        Self { address: None, lookup, rules: vec![], partial: Some(partial) }
    }

    /// Gives the number in E.164; none for a short code, a SIP address or a withheld number.
    pub fn e164(&self) -> Option<&str> {
        Some(self.address.as_ref()?.number()?.e164().as_str())
    }

    /// Says whether the number stands on a list.
    pub fn is_listed(&self, list: RuleKind) -> bool {
        self.rules.iter().any(|rule| rule.kind == list)
    }

    /// Gives the reason of an incomplete answer; empty when it is complete.
    pub const fn reason(&self) -> &'static str {
        match self.partial {
            Some(partial) => partial.as_str(),
            None => "",
        }
    }
}

/// Why an answer is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partial {
    /// The store did not answer in time.
    TimedOut,
    /// The store of customers is away.
    StoreUnavailable,
    /// The store of customers could not read a record.
    StoreFailed,
    /// The text received is no number.
    NumberUnreadable,
    /// The center could not be had, and with it the country of the number.
    CenterUnavailable,
}

impl Partial {
    /// Gives the stable word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TimedOut => "LOOKUP_TIMED_OUT",
            Self::StoreUnavailable => "CUSTOMER_STORE_UNAVAILABLE",
            Self::StoreFailed => "CUSTOMER_STORE_FAILED",
            Self::NumberUnreadable => "NUMBER_UNREADABLE",
            Self::CenterUnavailable => "CENTER_UNAVAILABLE",
        }
    }
}
