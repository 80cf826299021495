//! Segments: the groups of customers that a department treats differently.

use std::collections::BTreeMap;

use crate::channel::Channel;
use crate::customer::Evidence;
use crate::customer::value::ValueStanding;
use crate::flow::KnownCustomer;
use crate::flow::expression::{Expression, Facts};

use super::{Center, Treatment};

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
    /// What it changes on the way to an agent.
    pub treatment: Treatment,
}

impl Center {
    /// Adds the segments that a customer is in: one of each scheme at most, in the schemes' order.
    ///
    /// `standing` says what the customer is worth, as far as anybody knows.
    #[must_use]
    pub fn with_segments(
        &self,
        mut customer: KnownCustomer,
        standing: Option<&ValueStanding>,
    ) -> KnownCustomer {
        for segment in self.segments_by_rule(&customer, standing) {
            if !customer.segments.contains(&segment) {
                customer.segments.push(segment);
            }
        }
        customer
    }

    /// Gives the segments that a customer is in, one of each scheme at most, in the schemes' order.
    pub fn segments_of(&self, evidence: &Evidence) -> Vec<String> {
        let known = KnownCustomer::of(&evidence.customer, evidence.open_tickets);
        self.with_segments(known, evidence.standing.as_ref()).segments
    }

    fn segments_by_rule(
        &self,
        customer: &KnownCustomer,
        standing: Option<&ValueStanding>,
    ) -> Vec<String> {
        let facts = Facts {
            fields: &BTreeMap::new(),
            language: &self.default_language,
            channel: Channel::Voice,
            called_number: None,
            calling_number: None,
            caller_lists: &[],
            today: "",
            customer: Some(customer),
            standing,
            staffing: None,
            ticket: None,
        };
        let of = |scheme: &SegmentScheme| {
            let found = scheme.segments.iter().find(|segment| segment.when.holds(&facts));
            found.map(|segment| segment.name.clone())
        };
        self.segments.iter().filter_map(of).collect()
    }
}
