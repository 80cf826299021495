//! What a customer may ask for as a person: the end of everything kept of them, unless the law needs it.

use async_trait::async_trait;

use switchboard_domain::ids::{ContactId, CustomerId, TenantId, TicketId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Why what is kept of a customer may not be erased.
#[derive(Clone, PartialEq, Eq)]
pub struct LegalHold {
    /// Why, in the words of whoever said so.
    pub reason: String,
    /// Who said so.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

/// Hides the reason, which may name people.
impl std::fmt::Debug for LegalHold {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LegalHold").field("made_at", &self.made_at).finish_non_exhaustive()
    }
}

/// What an erasure led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Everything personal is gone; what became of each place.
    Done(Vec<ErasedPlace>),
    /// Nothing was done: a legal hold forbids it.
    Held(LegalHold),
    /// Nothing was done: the record was merged into another, with which it is erased.
    Merged(CustomerId),
}

/// What became of what one place held of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedPlace {
    /// The place: a table, or what is outside the database.
    pub place: &'static str,
    /// What became of it.
    pub fate: Fate,
    /// How many records it was about.
    pub records: u64,
}

/// What became of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Their keys are destroyed: nothing sealed with them can be read, here or in any copy.
    KeysDestroyed,
    /// They are gone.
    Deleted,
    /// What is personal in them is gone; that there was something, and when, stays.
    Emptied,
    /// What is personal in them is sealed with a key that is destroyed.
    Unreadable,
    /// They hold nothing personal and stay.
    Kept,
    /// They hold something personal from an earlier version, and cannot be changed by a service: the
    /// owner of the database has it sealed, which drops it.
    LeftInClear,
}

/// What is there of a customer and of the records it leads for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Their calls, and those that nobody else can have made: from a number that only they have.
    pub contacts: Vec<ContactId>,
    /// Their tickets, and those of these calls.
    pub tickets: Vec<TicketId>,
}

/// Erases customers of each tenant, or keeps them from being erased.
#[async_trait]
pub trait Subjects: Send + Sync {
    /// Erases what is kept of a customer, for an actor; whoever is erased is not there any more.
    async fn erase(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        actor: &str,
        at: Timestamp,
    ) -> Result<Erasure, StoreError>;

    /// Gives the calls and tickets that an erasure would empty.
    async fn traces(&self, tenant: &TenantId, customer: &CustomerId) -> Result<Traces, StoreError>;

    /// Gives the hold on a customer, if there is one.
    async fn hold(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
    ) -> Result<Option<LegalHold>, StoreError>;

    /// Holds a customer, or lifts the hold.
    async fn set_hold(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        hold: Option<&LegalHold>,
    ) -> Result<(), StoreError>;
}
