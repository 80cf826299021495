//! Customers: who they are, what they are worth, and who of them may be calling.

mod change;
mod lookup;
mod party;
mod tier;
mod verification;

pub use change::{Change, ChangedCustomer};
pub use lookup::{Candidate, Evidence, Found, Lookup, LookupResult, NumberMatch, RECENT, Reason};
pub use party::{PartyKind, PartyType};
pub use tier::{Tier, TierError};
pub use verification::Verification;

use crate::ids::{AgentId, CustomerId};
use crate::phone::E164;
use crate::time::Timestamp;

/// A person or company that calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The record's name.
    pub id: CustomerId,
    /// How agents address the customer.
    pub name: String,
    /// Whether it is a person or a company.
    pub kind: PartyKind,
    /// What it is to the center.
    pub party_type: PartyType,
    /// What the customer is worth.
    pub tier: Tier,
    /// The language the customer prefers, as a BCP 47 tag.
    pub language: Option<String>,
    /// The agent who owns the account.
    pub owner: Option<AgentId>,
    /// What an agent must know before answering.
    pub alert: Option<String>,
    /// The numbers the customer calls from, in the order they were given.
    pub numbers: Vec<CustomerNumber>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Grows by one per change.
    pub version: u64,
}

/// The last time somebody of the center talked to a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastTalk {
    /// Who did.
    pub agent: AgentId,
    /// When the talk ended, or began if it goes on.
    pub at: Timestamp,
}

/// One number of one customer; a number may belong to several customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerNumber {
    /// The number.
    pub e164: E164,
    /// What the number is, in the customer's words: `mobile`, `office`.
    pub label: String,
}
