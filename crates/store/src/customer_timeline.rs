//! What happened with a customer: contacts, tickets, follow-ups, promises, days of the care calendar, what
//! happened elsewhere and changes of the record, in one order.

use async_trait::async_trait;

use switchboard_domain::ids::{
    AgentId, ContactId, CustomerId, FollowUpId, OccurrenceId, OccurrenceKindId, PromiseId, QueueId,
    SurveyId, TenantId, TicketId, TouchpointId,
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
    /// The customer was promised something.
    Promise {
        /// The promise.
        id: PromiseId,
        /// Its state, in one word.
        state: String,
        /// What was promised.
        what: String,
        /// By when.
        due_at: Timestamp,
        /// Who sees to it.
        owner: Option<AgentId>,
        /// The ticket it is about.
        ticket: Option<TicketId>,
    },
    /// A day of the care calendar came.
    Touchpoint {
        /// The touchpoint.
        id: TouchpointId,
        /// Its state, in one word.
        state: String,
        /// By which plan.
        plan: String,
        /// Why nothing came of it, in one word.
        reason: Option<String>,
        /// The call it became.
        follow_up: Option<FollowUpId>,
        /// The ticket it became.
        ticket: Option<TicketId>,
    },
    /// Something happened elsewhere.
    Occurrence {
        /// The line.
        id: OccurrenceId,
        /// What kind of thing.
        kind: OccurrenceKindId,
        /// What happened, for people.
        summary: String,
        /// Where it is known from.
        source: String,
        /// Who wrote it down.
        actor: String,
    },
    /// The record changed, or that of a customer who was merged into this one.
    Record {
        /// Whose record.
        customer: CustomerId,
        /// How.
        event: CustomerEvent,
    },
}

/// What is asked of a timeline.
#[derive(Clone, Copy, Debug)]
pub struct TimelineRequest<'a> {
    /// With whom it happened.
    pub customer: &'a CustomerId,
    /// The most entries.
    pub size: u32,
    /// The `next` of the page before; what is none is refused.
    pub after: Option<&'a str>,
    /// Until when days of the care calendar are told; none for those who may not know them.
    pub days_until: Option<Timestamp>,
}

/// Tells what happened with customers.
#[async_trait]
pub trait CustomerTimeline: Send + Sync {
    /// Gives what happened with a customer and those merged into it, the latest first.
    async fn timeline(
        &self,
        tenant: &TenantId,
        request: TimelineRequest<'_>,
    ) -> Result<Page<TimelineEntry>, StoreError>;
}
