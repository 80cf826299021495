//! Who has a ticket open, or writes in it, at this moment: said by those who do, and forgotten by itself.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// How long what somebody said holds unless they say it again.
pub const LEASE: Duration = Duration::from_secs(30);

/// The most people who are remembered with one ticket; those who come later only see the others.
pub const MAX_PRESENT: usize = 50;

/// What somebody does with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Has it open.
    Viewing,
    /// Writes in it.
    Writing,
}

/// Somebody who is with a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who: `agent:<id>` and the like.
    pub actor: String,
    /// What they do.
    pub doing: Doing,
    /// Until when that holds.
    pub until: Timestamp,
}

/// Remembers who is with which ticket of each tenant.
#[async_trait]
pub trait TicketPresence: Send + Sync {
    /// Notes what somebody does with a ticket, or with nothing that they have left, and gives the others
    /// who are with it then, by name.
    async fn touch(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        (actor, doing): (&str, Option<Doing>),
        now: Timestamp,
    ) -> Result<Vec<Present>, StoreError>;
}

impl Doing {
    /// Every deed.
    pub const ALL: [Self; 2] = [Self::Viewing, Self::Writing];

    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewing => "viewing",
            Self::Writing => "writing",
        }
    }
}
