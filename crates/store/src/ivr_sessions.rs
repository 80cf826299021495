//! Flows that run for gateways which ask step by step: where each stands between two inputs.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// The largest body that is kept, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Where a session stands after one input.
#[derive(Clone, PartialEq, Eq)]
pub struct IvrSession {
    /// The number of the input; 0 after the start.
    pub seq: u64,
    /// What the service keeps of it: opaque here, at most [`MAX_BODY`] bytes.
    pub body: Vec<u8>,
}

// What is kept holds what the caller keyed in.
impl std::fmt::Debug for IvrSession {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seq, body } = self;
        write!(formatter, "IvrSession {{ seq: {seq}, body: {} bytes }}", body.len())
    }
}

/// How long sessions are kept, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// The time now.
    pub now: Timestamp,
    /// How long a session is kept from now on.
    pub idle: Duration,
    /// How many sessions a tenant may have at once.
    pub limit: u64,
}

/// What became of a session that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    New,
    /// Somebody was faster; this is where the session stands now, or nothing if it is gone.
    Taken(Option<IvrSession>),
    /// The tenant has as many sessions as it may have.
    Full,
}

/// A session that goes on no more, whose steps are still to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverSession {
    /// The session.
    pub id: ContactId,
    /// Where it stood at last.
    pub session: IvrSession,
    /// The call it has become, if a queue was its end.
    pub call: Option<ContactId>,
    /// When it ended, became a call, or was forgotten for want of inputs.
    pub since: Timestamp,
}

/// Keeps the sessions of each tenant; forgets those without an input for long enough.
///
/// What is forgotten can be read by nobody but [`IvrSessions::over`], for an hour.
#[async_trait]
pub trait IvrSessions: Send + Sync {
    /// Keeps a new session, unless there is one of this id.
    async fn begin(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        session: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError>;

    /// Gives where a session stands; nothing for one that is not kept.
    async fn get(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<Option<IvrSession>, StoreError>;

    /// Keeps where a session stands after its next input, unless somebody was faster: of several
    /// writers of the same number one wins.
    async fn advance(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        next: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError>;

    /// Forgets a session; one that is gone is no error.
    async fn end(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Notes which call a session has become; the session stays as it is.
    async fn hand_over(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        call: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Gives up to `limit` sessions that are over and whose steps are not recorded yet.
    async fn over(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OverSession>, StoreError>;

    /// Drops what is left of a session whose steps are recorded; while it can still be asked for
    /// its last answer, that stays.
    async fn recorded(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
