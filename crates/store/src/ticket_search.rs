//! Finding tickets by what was written about them.

use async_trait::async_trait;

use switchboard_domain::customer::search::NameQuery;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::Ticket;
use switchboard_domain::ticket::search::TextQuery;

use crate::error::StoreError;
use crate::page::Page;

/// What is known of the tickets wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketSearch {
    /// The words of what was written, or the number.
    pub texts: TextQuery,
    /// The same as the name of a customer; none if it can be none.
    pub customer: Option<NameQuery>,
}

/// Finds tickets.
#[async_trait]
pub trait TicketFinder: Send + Sync {
    /// Gives a page of at most `size` tickets, the newest first, which may hold fewer, or none, before
    /// the last one: what a page costs is bounded.
    ///
    /// `before` is the `next` of the page before of the same search: a number of a ticket.
    async fn search(
        &self,
        tenant: &TenantId,
        search: &TicketSearch,
        size: u32,
        before: Option<u64>,
    ) -> Result<Page<Ticket>, StoreError>;
}
