//! What happened with a customer: contacts, tickets, follow-ups and changes of the record, in one order.

use async_trait::async_trait;

use switchboard_domain::ids::{
    AgentId, ContactId, CustomerId, FollowUpId, QueueId, SurveyId, TenantId, TicketId,
};
use switchboard_domain::time::Timestamp;

use crate::customers::CustomerEvent;
use crate::error::StoreError;
use crate::page::Page;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When it began.
    pub at: Timestamp,
    /// What it was.
    pub what: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The customer was in contact.
    Contact {
        /// The interaction.
        id: ContactId,
        /// Its state, in one word.
        state: String,
        /// The last queue.
        queue: Option<QueueId>,
        /// The last agent.
        agent: Option<AgentId>,
        /// What came of it.
        disposition: Option<String>,
    },
    /// A ticket was made.
    Ticket {
        /// The ticket.
        id: TicketId,
        /// Its number for people.
        number: u64,
        /// What it is about.
        subject: String,
        /// Its state, in one word.
        state: String,
        /// How soon, in one word.
        priority: String,
    },
    /// The customer is called, or was, without having asked for it.
    FollowUp {
        /// The follow-up.
        id: FollowUpId,
        /// Its state, in one word.
        state: String,
        /// What the customer is asked.
        survey: Option<SurveyId>,
        /// The ticket it is about; none for a day of the care calendar.
        ticket: Option<TicketId>,
        /// Why it came to that, in one word.
        reason: Option<String>,
    },
    /// The record changed, or that of a customer who was merged into this one.
    Record {
        /// Whose record.
        customer: CustomerId,
        /// How.
        event: CustomerEvent,
    },
}

/// Tells what happened with customers.
#[async_trait]
pub trait CustomerTimeline: Send + Sync {
    /// Gives what happened with a customer and those merged into it, the latest first.
    ///
    /// `after` is the `next` of the page before; what is none is refused.
    async fn timeline(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page<TimelineEntry>, StoreError>;
}
