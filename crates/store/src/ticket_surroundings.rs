//! What stands beside tickets besides their followers: files they refer to, and side conversations.
//!
//! Each change of it is a line of the ticket's life and makes the next version of the ticket, so that of
//! two changes of the same version one wins.

use async_trait::async_trait;

use switchboard_domain::ids::{AttachmentId, ConversationId, TenantId};
use switchboard_domain::ticket::{
    Attachment, SideClosed, SideConversation, SideMessage, TicketChange,
};

use crate::error::StoreError;

/// One change of what stands beside a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Surrounding {
    /// It refers to a file from now on.
    Attached(Attachment),
    /// It refers to a file no longer.
    Detached(AttachmentId),
    /// A side conversation begins; its messages come later.
    Opened(SideConversation),
    /// Something is said in one.
    Said(ConversationId, SideMessage),
    /// One ends.
    Closed(ConversationId, SideClosed),
}

/// Keeps what stands beside the tickets of each tenant.
#[async_trait]
pub trait TicketSurroundings: Send + Sync {
    /// Keeps a change with its line in the ticket's life, both or neither; a conflict if the ticket is no
    /// longer one version behind the line, refused if whom the ticket is about was erased.
    async fn keep_beside(
        &self,
        tenant: &TenantId,
        line: &TicketChange,
        change: &Surrounding,
    ) -> Result<(), StoreError>;
}
