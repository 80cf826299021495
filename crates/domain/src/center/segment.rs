//! Segments: the groups of customers that a department treats differently.

use std::collections::BTreeMap;

use crate::channel::Channel;
use crate::customer::Customer;
use crate::flow::KnownCustomer;
use crate::flow::expression::{Expression, Facts};

use super::Center;

/// How one department divides the customers; departments have schemes side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentScheme {
    /// The department's name for it.
    pub name: String,
    /// The segments; a customer is in the first whose condition holds, or in none.
    pub segments: Vec<Segment>,
}

/// A group of customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What conditions of flows call it; one of its kind in the center.
    pub name: String,
    /// Who is in it.
    pub when: Expression,
}

impl Center {
    /// Adds the segments that a customer is in: one of each scheme at most, in the schemes' order.
    #[must_use]
    pub fn with_segments(&self, mut customer: KnownCustomer) -> KnownCustomer {
        for segment in self.segments_by_rule(&customer) {
            if !customer.segments.contains(&segment) {
                customer.segments.push(segment);
            }
        }
        customer
    }

    /// Gives the segments that a customer is in, one of each scheme at most, in the schemes' order.
    pub fn segments_of(&self, customer: &Customer, open_tickets: u32) -> Vec<String> {
        self.with_segments(KnownCustomer::of(customer, open_tickets)).segments
    }

    fn segments_by_rule(&self, customer: &KnownCustomer) -> Vec<String> {
        let facts = Facts {
            fields: &BTreeMap::new(),
            language: &self.default_language,
            channel: Channel::Voice,
            called_number: None,
            calling_number: None,
            caller_lists: &[],
            today: "",
            customer: Some(customer),
            staffing: None,
        };
        let of = |scheme: &SegmentScheme| {
            let found = scheme.segments.iter().find(|segment| segment.when.holds(&facts));
            found.map(|segment| segment.name.clone())
        };
        self.segments.iter().filter_map(of).collect()
    }
}
