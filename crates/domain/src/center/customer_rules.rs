//! What a center asks of customers' records.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::customer::{ChangedCustomer, Customer, Tier};

/// What is asked of customers' records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerRules {
    /// The tiers whose customers must have an owner.
    pub owner_required: BTreeSet<Tier>,
    /// How long a record counts as reviewed; for ever without.
    pub review_after: Option<Duration>,
}

impl CustomerRules {
    /// Gives the tiers of the key accounts: those that must have an owner, or else the A tiers.
    pub fn key_tiers(&self) -> BTreeSet<Tier> {
        if self.owner_required.is_empty() {
            return [Tier::A1, Tier::A2, Tier::A3].into();
        }
        self.owner_required.clone()
    }

    /// Tells whether a customer has no owner and should have one.
    pub fn lacks_owner(&self, customer: &Customer) -> bool {
        customer.owner.is_none() && self.owner_required.contains(&customer.tier)
    }

    /// Tells whether a change leaves a customer without the owner it should have.
    ///
    /// A record that lacked its owner before can be changed in everything else.
    pub fn loses_owner(&self, changed: &ChangedCustomer) -> bool {
        let touches = |field: &str| field == "tier" || field == "owner_agent_id";
        changed.fields.iter().any(|field| touches(field)) && self.lacks_owner(&changed.customer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::Change;
    use crate::ids::{AgentId, CustomerId};
    use crate::time::Timestamp;

    #[test]
    fn whoever_is_in_a_top_tier_has_an_owner() {
        let rules = CustomerRules { owner_required: [Tier::A1].into(), review_after: None };
        let id = CustomerId::parse("li").expect("an id");
        let plain = Customer::new(id, "Li", Tier::B1, Timestamp::ZERO);
        let alone = Customer { tier: Tier::A1, ..plain.clone() };
        let owned = Customer { owner: AgentId::parse("wang").ok(), ..alone.clone() };
        let loses = |customer: &Customer, change| {
            let changed = customer.change(vec![change]).expect("a change");
            rules.loses_owner(&changed)
        };

        assert!(rules.lacks_owner(&alone) && !rules.lacks_owner(&owned));
        assert!(loses(&plain, Change::Tier(Tier::A1)) && loses(&owned, Change::Owner(None)));
        assert!(!loses(&alone, Change::Alert(Some("deaf".to_owned()))));
        assert!(!loses(&alone, Change::Owner(owned.owner.clone())));
        assert!(!loses(&alone, Change::Tier(Tier::B1)));
    }
}
