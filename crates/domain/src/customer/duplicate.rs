//! Two records that may be about one customer: why, and how likely.

use std::collections::BTreeSet;

use crate::phone::{Country, E164};

use super::search::whole_key;
use super::{Customer, CustomerNumber};

/// How likely a shared number makes it, in percent.
const SAME_NUMBER: u8 = 80;
/// How likely a shared number makes it that a person and a company are one, in percent.
const SAME_NUMBER_OTHER_KIND: u8 = 30;
/// How likely the same name makes it, with numbers of one country or none to compare, in percent.
const SAME_NAME: u8 = 50;
/// How likely number and name make it, in percent.
const BOTH: u8 = 95;

/// Why two records may be about one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DuplicateReason {
    /// Both call from one number.
    SameNumber,
    /// Both are called the same, and no number speaks of different countries.
    SameName,
}

impl DuplicateReason {
    /// Gives the word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameNumber => "same_number",
            Self::SameName => "same_name",
        }
    }
}

/// Two records that may be about one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The older record, which should win.
    pub older: Customer,
    /// The younger record.
    pub younger: Customer,
    /// Why; never empty.
    pub reasons: Vec<DuplicateReason>,
    /// How likely, from 0 to 100.
    pub score: u8,
}

impl Duplicate {
    /// Compares two records; nothing when nothing speaks for it, or one has been merged already.
    pub fn of(one: Customer, other: Customer) -> Option<Self> {
        if one.id == other.id || one.merged_into.is_some() || other.merged_into.is_some() {
            return None;
        }
        let shares_number = !active(&one).is_disjoint(&active(&other));
        let is_namesake = is_same_name(&one, &other) && may_be_of_one_country(&one, &other);
        let score = match (shares_number, is_namesake) {
            (true, true) => BOTH,
            (true, false) if one.kind == other.kind => SAME_NUMBER,
            (true, false) => SAME_NUMBER_OTHER_KIND,
            (false, true) => SAME_NAME,
            (false, false) => return None,
        };
        let reasons = [
            shares_number.then_some(DuplicateReason::SameNumber),
            is_namesake.then_some(DuplicateReason::SameName),
        ];
        let is_older = (one.created_at, &one.id) <= (other.created_at, &other.id);
        let (older, younger) = if is_older { (one, other) } else { (other, one) };
        Some(Self { older, younger, reasons: reasons.into_iter().flatten().collect(), score })
    }
}

fn active(customer: &Customer) -> BTreeSet<&E164> {
    let numbers = customer.numbers.iter().filter(|number| number.is_active());
    numbers.map(|number| &number.e164).collect()
}

fn is_same_name(one: &Customer, other: &Customer) -> bool {
    let key = whole_key(&one.name);
    !key.is_empty() && key == whole_key(&other.name)
}

/// Without numbers on both sides nothing speaks against it.
fn may_be_of_one_country(one: &Customer, other: &Customer) -> bool {
    let (one, other) = (countries(one), countries(other));
    one.is_empty() || other.is_empty() || one.iter().any(|country| other.contains(country))
}

fn countries(customer: &Customer) -> Vec<Country> {
    let plans = customer.numbers.iter().filter_map(CustomerNumber::plan);
    plans.filter_map(|plan| plan.country()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::{PartyKind, Tier};
    use crate::ids::CustomerId;
    use crate::time::Timestamp;

    const CHINA: &str = "+8613800000001";
    const BRITAIN: &str = "+442079460003";

    #[test]
    fn the_same_number_and_the_same_name_speak_for_it() {
        let found = |one, other| Duplicate::of(one, other).map(|it| (it.reasons, it.score));
        let (number, name) = (DuplicateReason::SameNumber, DuplicateReason::SameName);
        let li = || customer("li", "Li Wei", &[CHINA]);
        let company =
            Customer { kind: PartyKind::Company, ..customer("li-ltd", "Li Ltd", &[CHINA]) };

        assert_eq!(found(li(), customer("b", "LI  WEI", &[CHINA])), Some((vec![number, name], 95)));
        assert_eq!(found(li(), customer("b", "Wang", &[CHINA])), Some((vec![number], 80)));
        assert_eq!(found(li(), company), Some((vec![number], 30)));
        assert_eq!(found(li(), customer("b", "Lǐ Wèi", &[])), Some((vec![name], 50)));
        assert_eq!(found(li(), customer("b", "Li Wei", &[BRITAIN])), None);
        assert_eq!(found(li(), customer("b", "Wang", &[BRITAIN])), None);
        assert_eq!(found(li(), li()), None);
    }

    #[test]
    fn neither_a_retired_number_nor_a_merged_record_counts() {
        let mut retired = customer("b", "Wang", &[CHINA]);
        retired.numbers[0].retired_at = Some(Timestamp::ZERO);
        let merged_into = CustomerId::parse("c").ok();
        let merged = Customer { merged_into, ..customer("b", "Li", &[CHINA]) };

        assert_eq!(Duplicate::of(customer("a", "Li", &[CHINA]), retired), None);
        assert_eq!(Duplicate::of(customer("a", "Li", &[CHINA]), merged), None);
    }

    #[test]
    fn the_older_record_comes_first() {
        let young = Customer { created_at: Timestamp::from_millis(9), ..customer("a", "Li", &[]) };

        let found = Duplicate::of(young, customer("b", "Li", &[])).expect("a duplicate");

        assert_eq!((found.older.id.as_str(), found.younger.id.as_str()), ("b", "a"));
    }

    fn customer(id: &str, name: &str, numbers: &[&str]) -> Customer {
        let number = |text: &&str| CustomerNumber::new(E164::parse(text).expect("a number"), "");
        let id = CustomerId::parse(id).expect("an id");
        Customer {
            numbers: numbers.iter().map(number).collect(),
            ..Customer::new(id, name, Tier::B1, Timestamp::ZERO)
        }
    }
}
