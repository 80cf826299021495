//! Who may be calling: candidates with a confidence and a reason, best first.
//!
//! A calling number is a hint, never a proof: nothing here authenticates anyone.

use std::cmp::Reverse;

use crate::ids::AgentId;
use crate::phone::PhoneAddress;

use super::value::ValueStanding;
use super::{Customer, Verification};

/// The confidence from which one candidate counts as known, in percent.
const KNOWN_FROM: u8 = 80;
/// The confidence in the only holder of the calling number, in percent.
const SOLE_HOLDER: u8 = 95;
/// The confidence in one of several holders of the calling number, in percent.
const ONE_OF_SEVERAL: u8 = 50;
/// The confidence in a holder of a number that ends like the calling number, in percent.
const SAME_ENDING: u8 = 30;
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
    /// What this customer is worth, if anybody keeps that.
    pub standing: Option<ValueStanding>,
}

/// Why a customer is a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody else has this number.
    OnlyHolder,
    /// Several customers have this number.
    SharedNumber,
    /// A number of this customer ends with the same nine digits.
    SameEnding,
}

impl Reason {
    /// Gives the word used on the wire and in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnlyHolder => "only_holder",
            Self::SharedNumber => "shared_number",
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
    /// Judges the evidence found for a caller.
    ///
    /// Order: confidence, then those with open tickets, then the better tier, then the id.
    pub fn judge(caller: &PhoneAddress, evidence: Vec<Evidence>) -> Self {
        match caller {
            PhoneAddress::Withheld(_) => {
                Self { result: LookupResult::Withheld, candidates: vec![] }
            }
            PhoneAddress::Number(_) | PhoneAddress::ShortCode(_) | PhoneAddress::Sip(_) => {
                Self::rank(evidence)
            }
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

    fn rank(evidence: Vec<Evidence>) -> Self {
        let holders = evidence.iter().filter(|one| one.number == NumberMatch::Exact).count();
        Self::sorted(evidence.into_iter().map(|one| weigh(one, holders)).collect())
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

fn weigh(evidence: Evidence, holders: usize) -> Candidate {
    let (confidence, reason) = match (evidence.number, holders) {
        (NumberMatch::Exact, 1) => (SOLE_HOLDER, Reason::OnlyHolder),
        (NumberMatch::Exact, _) => (ONE_OF_SEVERAL, Reason::SharedNumber),
        (NumberMatch::Suffix, _) => (SAME_ENDING, Reason::SameEnding),
    };
    Candidate { evidence, confidence, reason }
}

fn order(candidate: &Candidate) -> impl Ord + '_ {
    let Evidence { customer, open_tickets, .. } = &candidate.evidence;
    (Reverse(candidate.confidence), *open_tickets == 0, customer.tier, &customer.id)
}

#[cfg(test)]
mod tests;
