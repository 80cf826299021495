//! Who follows tickets: people who want to hear of them without working on them.

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// The most people who follow one ticket.
pub const MAX_FOLLOWERS: u32 = 50;

/// The most tickets that one person follows.
pub const MAX_FOLLOWED: u32 = 1_000;

/// Somebody who follows a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Who: `agent:<id>` and the like.
    pub actor: String,
    /// Since when.
    pub since: Timestamp,
}

/// What became of somebody who wants to follow a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// They follow it now, or did before.
    Follows,
    /// As many follow the ticket as may.
    TicketFull,
    /// They follow as many tickets as they may.
    PersonFull,
}

/// Keeps who follows which ticket of each tenant.
#[async_trait]
pub trait TicketFollowers: Send + Sync {
    /// Lets somebody follow a ticket from now on; whoever does already has done so since before.
    ///
    /// The ticket stays the version it is, and is told as changed to whoever hears of tickets.
    async fn follow_ticket(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        follower: &Follower,
    ) -> Result<Following, StoreError>;

    /// Lets somebody follow a ticket no longer; whoever does not follow it is no error.
    async fn unfollow_ticket(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        actor: &str,
    ) -> Result<(), StoreError>;
}
