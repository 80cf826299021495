//! What sort of party a customer is, and what it is to the center.

use std::fmt;

use crate::floor::state::words;

words!(
    /// Whether a customer is a person or a company.
    #[derive(Default)]
    PartyKind {
        /// One human being.
        #[default]
        Person = "person",
        /// An organisation, with people who call for it.
        Company = "company",
    }
);

words!(
    /// What a party is to the center.
    #[derive(Default)]
    PartyType {
        /// Buys from it.
        #[default]
        Current = "current",
        /// Is to be won.
        Target = "target",
        /// May be won.
        Prospect = "prospect",
        /// Does business together with it.
        Partner = "partner",
        /// Works for it.
        Staff = "staff",
    }
);
