//! Finding customers by what people know of them.

use std::sync::Arc;

use async_trait::async_trait;

use switchboard_domain::center::{Center, CustomerRules};
use switchboard_domain::customer::search::{NameQuery, NumberEnding};
use switchboard_domain::customer::{Customer, Evidence, ExternalId, Finding, Tier};
use switchboard_domain::ids::{AgentId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::Page;

/// What is known of the customers wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchBy {
    /// Words of the name; the nearest in the order of letters first.
    Name(NameQuery),
    /// The last digits of a number, retired ones included; in the order of ids.
    Number(NumberEnding),
    /// What another system calls the customer.
    ExternalId(ExternalId),
    /// Nothing; the newest first.
    Nothing,
}

/// Which customers are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerSearch {
    /// What is known of them.
    pub by: SearchBy,
    /// Only those whose account this agent owns.
    pub owner: Option<AgentId>,
    /// Only those of this tier.
    pub tier: Option<Tier>,
    /// Only those with something to be put right.
    pub finding: Option<Wanted>,
    /// Only those who are in a segment at this moment. Each one who else fits is looked at.
    pub segment: Option<Segment>,
}

/// A segment, and the center that says who is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What the center calls it.
    pub name: String,
    /// The center.
    pub center: Arc<Center>,
}

impl Segment {
    /// Tells whether a customer is in it.
    pub fn holds_of(&self, evidence: &Evidence) -> bool {
        self.center.segments_of(evidence).contains(&self.name)
    }
}

/// A finding, and what it is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What is to be put right.
    pub finding: Finding,
    /// What the center asks of records.
    pub rules: CustomerRules,
    /// The time at which it is asked.
    pub now: Timestamp,
}

impl Wanted {
    /// Tells whether this is to be put right in a record.
    pub fn holds_of(&self, customer: &Customer) -> bool {
        customer.findings(&self.rules, self.now).contains(&self.finding)
    }

    /// Gives when a record was reviewed at the latest whose review is due; nothing if none ever is.
    pub fn reviewed_before(&self) -> Option<Timestamp> {
        self.rules.review_after.map(|after| self.now - after)
    }
}

/// Finds customers.
#[async_trait]
pub trait CustomerFinder: Send + Sync {
    /// Gives a page of at most `size` customers, which may hold fewer, or none, before the last one.
    /// For those of a segment many more than `size` may be looked at.
    ///
    /// `after` is the `next` of the page before of the same search; what is none is refused.
    async fn search(
        &self,
        tenant: &TenantId,
        search: &CustomerSearch,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page<Customer>, StoreError>;
}
