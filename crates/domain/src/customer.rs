//! Customers: who they are, what they are worth, and who of them may be calling.

mod change;
mod duplicate;
mod external_id;
mod lookup;
mod party;
pub mod profile;
mod quality;
mod risk;
pub mod search;
mod tier;
pub mod value;
mod verification;

pub use change::{Change, ChangedCustomer};
pub use duplicate::{Duplicate, DuplicateReason};
pub use external_id::{ExternalId, ExternalIdError, MAX_EXTERNAL_ID, MAX_EXTERNAL_IDS};
pub use lookup::{Candidate, Evidence, Found, Lookup, LookupResult, NumberMatch, RECENT, Reason};
pub use party::{PartyKind, PartyType};
pub use quality::Finding;
pub use risk::Risk;
pub use tier::{Tier, TierError};
pub use verification::Verification;

use crate::ids::{AgentId, CustomerId};
use crate::phone::{Country, E164, PhoneNumber};
use crate::time::Timestamp;

use self::profile::Profile;

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
    /// What other systems call the customer, in the order they were given.
    pub external_ids: Vec<ExternalId>,
    /// What the center keeps about it besides, whether it is shown today or not.
    pub profile: Profile,
    /// The record that leads for this one since they were merged.
    pub merged_into: Option<CustomerId>,
    /// The records that this one leads for.
    pub merged: Vec<CustomerId>,
    /// When somebody last looked the record through or changed it.
    pub reviewed_at: Timestamp,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Grows by one per change.
    pub version: u64,
}

impl Customer {
    /// Makes a record with what each has; the rest is still unknown.
    pub fn new(id: CustomerId, name: impl Into<String>, tier: Tier, created_at: Timestamp) -> Self {
        Self {
            id,
            name: name.into(),
            kind: PartyKind::default(),
            party_type: PartyType::default(),
            tier,
            language: None,
            owner: None,
            alert: None,
            numbers: vec![],
            external_ids: vec![],
            profile: Profile::new(),
            merged_into: None,
            merged: vec![],
            reviewed_at: created_at,
            created_at,
            version: 1,
        }
    }
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
    /// Since when it leads to the customer no more; nothing while it does.
    pub retired_at: Option<Timestamp>,
}

impl CustomerNumber {
    /// Makes a number that the customer calls from.
    pub fn new(e164: E164, label: impl Into<String>) -> Self {
        Self { e164, label: label.into(), retired_at: None }
    }

    /// Gives what the numbering plans say of it; nothing for what no plan can have.
    pub fn plan(&self) -> Option<PhoneNumber> {
        // Written in full, a number is read alike whatever the country.
        let anywhere = Country::parse("CN").ok()?;
        PhoneNumber::parse(self.e164.as_str(), anywhere).ok()
    }

    /// Tells whether whoever calls from it may be the customer.
    pub const fn is_active(&self) -> bool {
        self.retired_at.is_none()
    }
}
