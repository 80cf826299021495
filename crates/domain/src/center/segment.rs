//! Segments: the groups of customers that a department treats differently.

mod record;

use std::collections::BTreeSet;

use crate::channel::Channel;
use crate::customer::{Evidence, Verification};
use crate::flow::KnownCustomer;
use crate::flow::expression::{Expression, Facts};

use super::{Center, Treatment};

pub use record::fields_in_conditions;

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
    /// `evidence` is what the records say of the customer, if there is a record.
    #[must_use]
    pub fn with_segments(
        &self,
        mut customer: KnownCustomer,
        evidence: Option<&Evidence>,
    ) -> KnownCustomer {
        for segment in self.segments_by_rule(&customer, evidence) {
            if !customer.segments.contains(&segment) {
                customer.segments.push(segment);
            }
        }
        customer
    }

    /// Gives the segments that a customer is in, one of each scheme at most, in the schemes' order.
    pub fn segments_of(&self, evidence: &Evidence) -> Vec<String> {
        let known = KnownCustomer::of(&evidence.customer, evidence.open_tickets);
        self.with_segments(known, Some(evidence)).segments
    }

    fn segments_by_rule(
        &self,
        customer: &KnownCustomer,
        evidence: Option<&Evidence>,
    ) -> Vec<String> {
        let all = self.segments.iter().flat_map(|scheme| &scheme.segments);
        let asked: BTreeSet<&str> = all.flat_map(|segment| segment.when.fields()).collect();
        let of_record =
            evidence.map(|found| record::fields_of(&self.profile, &found.customer, &asked));
        let facts = Facts {
            fields: &of_record.unwrap_or_default(),
            language: &self.default_language,
            channel: Channel::Voice,
            called_number: None,
            calling_number: None,
            caller_lists: &[],
            verification: Verification::default(),
            today: "",
            customer: Some(customer),
            standing: evidence.and_then(|found| found.standing.as_ref()),
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
