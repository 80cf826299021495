//! What is to be put right in a record, by stable codes.

use std::fmt;

use crate::center::CustomerRules;
use crate::floor::state::words;
use crate::phone::Validity;
use crate::time::Timestamp;

use super::{Customer, CustomerNumber};

words!(
    /// Something that is to be put right in a record.
    Finding {
        /// Nobody knows which language the customer speaks.
        LanguageMissing = "LANGUAGE_MISSING",
        /// No number leads to the customer.
        NumberMissing = "NUMBER_MISSING",
        /// A number is none that its numbering plan can have.
        NumberImpossible = "NUMBER_IMPOSSIBLE",
        /// A customer of this tier should have an owner.
        OwnerMissing = "OWNER_MISSING",
        /// Nobody has looked the record through for too long.
        ReviewDue = "REVIEW_DUE",
    }
);

impl Customer {
    /// Gives what is to be put right in the record; nothing in one that was merged.
    pub fn findings(&self, rules: &CustomerRules, now: Timestamp) -> Vec<Finding> {
        if self.merged_into.is_some() {
            return vec![];
        }
        let is_due = |after| now >= self.reviewed_at + after;
        let mut active = self.numbers.iter().filter(|number| number.is_active());
        let judged = [
            (Finding::LanguageMissing, self.language.is_none()),
            (Finding::NumberImpossible, active.clone().any(is_impossible)),
            (Finding::NumberMissing, active.next().is_none()),
            (Finding::OwnerMissing, rules.lacks_owner(self)),
            (Finding::ReviewDue, rules.review_after.is_some_and(is_due)),
        ];
        judged.into_iter().filter(|(_, holds)| *holds).map(|(finding, _)| finding).collect()
    }
}

fn is_impossible(number: &CustomerNumber) -> bool {
    number.plan().is_none_or(|plan| plan.validity() == Validity::Impossible)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::customer::Tier;
    use crate::ids::{AgentId, CustomerId};
    use crate::phone::E164;

    const DAY: Duration = Duration::from_hours(24);

    #[test]
    fn a_record_without_fault_has_no_finding_until_its_review_is_due() {
        let li = li();
        let at = |days: u32| Timestamp::ZERO + DAY * days;

        assert_eq!(li.findings(&rules(), at(29)), []);
        assert_eq!(li.findings(&rules(), at(30)), [Finding::ReviewDue]);
        assert_eq!(li.findings(&CustomerRules::default(), at(3000)), []);
        let reviewed = Customer { reviewed_at: at(30), ..li };
        assert_eq!(reviewed.findings(&rules(), at(59)), []);
    }

    #[test]
    fn each_fault_has_its_code() {
        let impossible = E164::parse("+861380000000199").expect("a number by its look");
        let mut retired = li();
        retired.numbers[0].retired_at = Some(Timestamp::ZERO);
        let cases = [
            (Finding::LanguageMissing, Customer { language: None, ..li() }),
            (Finding::NumberMissing, Customer { numbers: vec![], ..li() }),
            (Finding::NumberMissing, retired),
            (
                Finding::NumberImpossible,
                Customer { numbers: vec![CustomerNumber::new(impossible, "")], ..li() },
            ),
            (Finding::OwnerMissing, Customer { owner: None, ..li() }),
        ];

        for (finding, customer) in cases {
            assert_eq!(customer.findings(&rules(), Timestamp::ZERO), [finding]);
            let merged_into = CustomerId::parse("wu").ok();
            let merged = Customer { merged_into, ..customer };
            assert_eq!(merged.findings(&rules(), Timestamp::ZERO), []);
        }
    }

    fn rules() -> CustomerRules {
        CustomerRules { owner_required: [Tier::A1].into(), review_after: Some(DAY * 30) }
    }

    fn li() -> Customer {
        let id = CustomerId::parse("li").expect("an id");
        let number = E164::parse("+8613800000001").expect("a number");
        Customer {
            language: Some("zh-CN".to_owned()),
            owner: AgentId::parse("wang").ok(),
            numbers: vec![CustomerNumber::new(number, "mobile")],
            ..Customer::new(id, "Li", Tier::A1, Timestamp::ZERO)
        }
    }
}
