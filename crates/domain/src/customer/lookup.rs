//! Who may be calling: candidates with a confidence and a reason, best first.
//!
//! A calling number is a hint, never a proof: nothing here authenticates anyone.

use std::cmp::Reverse;
use std::time::Duration;

use crate::ids::AgentId;
use crate::number_rule::{NumberRule, RuleKind};
use crate::phone::{E164, PhoneAddress};
use crate::time::Timestamp;

use super::value::ValueStanding;
use super::{Customer, Verification};

/// The confidence from which one candidate counts as known, in percent.
const KNOWN_FROM: u8 = 80;
/// The confidence in the only holder of the calling number, in percent.
const SOLE_HOLDER: u8 = 95;
/// The confidence in the one of several holders who called from the number last, in percent.
const CALLED_LAST: u8 = 65;
/// The confidence in one of several holders of the calling number, in percent.
const ONE_OF_SEVERAL: u8 = 50;
/// The confidence in a holder of a number that a whole company calls from, in percent.
const BEHIND_A_SWITCHBOARD: u8 = 40;
/// The confidence in a holder of the same number in another country, in percent.
const SAME_ABROAD: u8 = 40;
/// The confidence in a holder of a number that ends like the calling number, in percent.
const SAME_ENDING: u8 = 30;
/// How long it tells something who of several called from a number last.
pub const RECENT: Duration = Duration::from_hours(30 * 24);
/// The most confidence a number deserves whose signature was wrong, in percent.
const FORGED_AT_MOST: u8 = 40;

/// How a customer's number agrees with the calling number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberMatch {
    /// The whole number is equal.
    Exact,
    /// Only the last nine digits are equal.
    Suffix,
}

/// What the records say about one customer who may be calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The customer.
    pub customer: Customer,
    /// How the numbers agree.
    pub number: NumberMatch,
    /// Who answered this customer last.
    pub last_agent: Option<AgentId>,
    /// How many tickets of this customer are not yet closed.
    pub open_tickets: u32,
    /// How many promises to this customer are open.
    pub open_promises: u32,
    /// When this customer last called from the very number; looked up only where several have it.
    pub called_at: Option<Timestamp>,
    /// What this customer is worth, if anybody keeps that.
    pub standing: Option<ValueStanding>,
}

impl Evidence {
    /// Takes a customer of whom nothing more is known.
    pub const fn of(customer: Customer, number: NumberMatch) -> Self {
        Self {
            customer,
            number,
            last_agent: None,
            open_tickets: 0,
            open_promises: 0,
            called_at: None,
            standing: None,
        }
    }
}

/// What the records say of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Who has it, or one that ends alike.
    pub evidence: Vec<Evidence>,
    /// The lists it stands on, also those it stands on no more.
    pub rules: Vec<NumberRule>,
}

/// Why a customer is a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody else has this number.
    OnlyHolder,
    /// Several customers have this number, and this one called from it last.
    RecentCaller,
    /// Several customers have this number.
    SharedNumber,
    /// Many people of a company call from this number.
    CompanySwitchboard,
    /// A number of this customer is the same but for the country.
    NationalMatch,
    /// A number of this customer ends with the same nine digits.
    SameEnding,
}

impl Reason {
    /// Gives the word used on the wire and in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnlyHolder => "only_holder",
            Self::RecentCaller => "recent_caller",
            Self::SharedNumber => "shared_number",
            Self::CompanySwitchboard => "company_switchboard",
            Self::NationalMatch => "national_match",
            Self::SameEnding => "same_ending",
        }
    }
}

/// A customer who may be calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What the records say.
    pub evidence: Evidence,
    /// How sure this is, from 0 to 100.
    pub confidence: u8,
    /// Why.
    pub reason: Reason,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LookupResult {
    /// One customer is all but certain.
    Known,
    /// Several customers, or an uncertain one.
    Ambiguous,
    /// Nobody has this number.
    Unknown,
    /// There is no number to look up.
    Withheld,
}

/// The answer to "who is calling?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The answer in one word.
    pub result: LookupResult,
    /// Who it may be, best first.
    pub candidates: Vec<Candidate>,
}

impl Lookup {
    /// Judges what was found for a caller, with the rules that hold now.
    ///
    /// Order: confidence, then those with open tickets, then the better tier, then the id.
    pub fn judge(caller: &PhoneAddress, found: Found, now: Timestamp) -> Self {
        match caller {
            PhoneAddress::Withheld(_) => {
                Self { result: LookupResult::Withheld, candidates: vec![] }
            }
            PhoneAddress::Number(number) => {
                let scales = Scales::of(number.e164(), &found, now);
                let weighed = found.evidence.into_iter().map(|one| scales.weigh(one));
                Self::sorted(weighed.collect())
            }
            PhoneAddress::ShortCode(_) | PhoneAddress::Sip(_) => Self::sorted(vec![]),
        }
    }

    /// Gives the customer, when one is all but certain.
    pub fn known(&self) -> Option<&Candidate> {
        match self.result {
            LookupResult::Known => self.candidates.first(),
            LookupResult::Ambiguous | LookupResult::Unknown | LookupResult::Withheld => None,
        }
    }

    /// Takes the network's word into account: behind a number that may be forged nobody is known.
    #[must_use]
    pub fn trusting(self, verification: Verification) -> Self {
        if verification != Verification::Failed || self.result == LookupResult::Withheld {
            return self;
        }
        let mut candidates = self.candidates;
        for candidate in &mut candidates {
            candidate.confidence = candidate.confidence.min(FORGED_AT_MOST);
        }
        Self::sorted(candidates)
    }

    fn sorted(mut candidates: Vec<Candidate>) -> Self {
        candidates.sort_by(|left, right| order(left).cmp(&order(right)));
        let result = match candidates.first() {
            None => LookupResult::Unknown,
            Some(first) if first.confidence >= KNOWN_FROM => LookupResult::Known,
            Some(_) => LookupResult::Ambiguous,
        };
        Self { result, candidates }
    }
}

/// What all the evidence on one number says together.
struct Scales {
    /// The number as it is dialled in its country.
    national: Option<String>,
    /// How many customers have the very number.
    holders: usize,
    /// When one of them called from it last, unless that is long ago.
    last_call: Option<Timestamp>,
    /// Whether a whole company calls from it.
    is_switchboard: bool,
}

impl Scales {
    fn of(number: &E164, found: &Found, now: Timestamp) -> Self {
        let exact = || found.evidence.iter().filter(|one| one.number == NumberMatch::Exact);
        let last_call = exact().filter_map(|one| one.called_at).max();
        Self {
            national: number.national(),
            holders: exact().count(),
            last_call: last_call.filter(|at| now.since(*at) <= RECENT),
            is_switchboard: found.rules.iter().any(|it| it.kind == RuleKind::CompanySwitchboard),
        }
    }

    fn weigh(&self, evidence: Evidence) -> Candidate {
        let (confidence, reason) = match evidence.number {
            NumberMatch::Exact if self.is_switchboard => {
                (BEHIND_A_SWITCHBOARD, Reason::CompanySwitchboard)
            }
            NumberMatch::Exact if self.holders == 1 => (SOLE_HOLDER, Reason::OnlyHolder),
            NumberMatch::Exact if self.is_last(&evidence) => (CALLED_LAST, Reason::RecentCaller),
            NumberMatch::Exact => (ONE_OF_SEVERAL, Reason::SharedNumber),
            NumberMatch::Suffix if self.is_same_abroad(&evidence) => {
                (SAME_ABROAD, Reason::NationalMatch)
            }
            NumberMatch::Suffix => (SAME_ENDING, Reason::SameEnding),
        };
        Candidate { evidence, confidence, reason }
    }

    fn is_last(&self, evidence: &Evidence) -> bool {
        self.last_call.is_some() && evidence.called_at == self.last_call
    }

    fn is_same_abroad(&self, evidence: &Evidence) -> bool {
        let mut numbers = evidence.customer.numbers.iter().filter(|one| one.is_active());
        self.national.is_some() && numbers.any(|one| one.e164.national() == self.national)
    }
}

fn order(candidate: &Candidate) -> impl Ord + '_ {
    let Evidence { customer, open_tickets, .. } = &candidate.evidence;
    (Reverse(candidate.confidence), *open_tickets == 0, customer.tier, &customer.id)
}

#[cfg(test)]
mod tests;
