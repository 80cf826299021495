//! Many tickets at once, in from other systems.

use async_trait::async_trait;

use switchboard_domain::customer::ExternalId;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::Ended;

use crate::error::StoreError;
use crate::tickets::TicketOrder;

/// A ticket that another system had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedTicket {
    /// The ticket at its making. It is never taken up by another one.
    pub order: TicketOrder,
    /// What another system calls its customer, where the order does not say who it is.
    pub of: Option<ExternalId>,
    /// How it ended; none while it is open.
    pub ended: Option<Ended>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The ticket is new.
    Made,
    /// The same row made it before; nothing is changed.
    There,
    /// Its reference has another ticket.
    Reused,
    /// There is no such customer.
    NoCustomer,
}

/// Takes many tickets at once.
#[async_trait]
pub trait TicketTransfers: Send + Sync {
    /// Makes tickets in one transaction, each once, and gives what became of each, in order; unless they
    /// are to be kept, it is done and undone. A ticket that is over is not to be followed up.
    ///
    /// A conflict when somebody makes one of them at this moment: the same rows again do it.
    async fn import(
        &self,
        tenant: &TenantId,
        rows: &[ImportedTicket],
        keep: bool,
    ) -> Result<Vec<ImportOutcome>, StoreError>;
}
