//! Macros on tickets: every move of one, or none, and once per request.

use async_trait::async_trait;

use switchboard_domain::ids::{MacroId, TenantId, TicketId};
use switchboard_domain::ticket::TicketChange;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Says that a request applied a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroRun {
    /// Names the request: the same request twice applies the macro once.
    pub request_id: String,
    /// The ticket.
    pub ticket: TicketId,
    /// The macro.
    pub applied: MacroId,
    /// When.
    pub at: Timestamp,
}

/// Keeps what macros changed of the tickets of each tenant.
#[async_trait]
pub trait TicketMacros: Send + Sync {
    /// Gives what a request applied; none if it applied nothing yet.
    async fn macro_run(
        &self,
        tenant: &TenantId,
        request_id: &str,
    ) -> Result<Option<MacroRun>, StoreError>;

    /// Keeps moves of one ticket that follow each other, all of them or none, and that a request made
    /// them; a conflict if the ticket is no longer one version behind the first, or if the request
    /// applied something before.
    async fn apply_macro(
        &self,
        tenant: &TenantId,
        changes: &[TicketChange],
        run: Option<&MacroRun>,
    ) -> Result<(), StoreError>;
}
