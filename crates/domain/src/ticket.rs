//! Tickets: one issue each, from acceptance to closure and the call that follows it up.
//!
#![doc = include_str!("ticket/transitions.md")]

mod attachment;
mod category;
mod change;
mod cluster;
mod dispatch;
mod ended;
mod figures;
mod form;
mod kind;
mod link;
mod macros;
mod medium;
mod priority;
mod rule;
pub mod search;
mod side;
pub mod sla;
mod stages;
mod state;
mod terms;
mod wording;
mod work;

pub use attachment::{
    Attachment, AttachmentUri, AttachmentUriError, MAX_ATTACHMENTS, MediaType, MediaTypeError,
    Sha256, Sha256Error,
};
pub use category::{Categories, Category, CategoryError};
pub use change::{MoveDetails, Revision, TicketChange, TicketError};
pub use cluster::{ClusterRule, IncidentPlan, MAX_CLUSTER_TICKETS, MAX_CLUSTER_WINDOW};
pub use dispatch::{Destination, DispatchRule, Finding, TicketFacts, Verdict, verdict};
pub use ended::Ended;
pub use figures::{Line, Standing, TicketFigures};
pub use form::{
    Checkpoint, EntryName, EntryNameError, FillError, Filled, Filling, FormField, FormStep, Gap,
    TicketForm,
};
pub use kind::{TicketKind, TicketKinds};
pub use link::{
    LinkError, LinkKind, LinkKindError, MAX_CHILDREN, MAX_LINKS, MembershipError, ParentError,
};
pub use macros::{Applicant, MacroError, MacroStep, TicketMacro};
pub use medium::{Medium, MediumError};
pub use priority::{TicketPriority, TicketPriorityError};
pub use rule::{CallBackPlan, Outcome, OutcomeError, TicketRule, due_tickets};
pub use side::{
    Direction, DirectionError, MAX_CONVERSATIONS, MAX_MESSAGES, Party, SideClosed,
    SideConversation, SideMessage,
};
pub use stages::{Stage, StageTimes};
pub use state::{TicketMove, TicketMoveError, TicketRejection, TicketState, TicketStateError};
pub use terms::Terms;
pub use wording::{Facts, Placeholder, Wording, WordingError};
pub use work::{WorkItem, WorkStep};

use crate::ids::{AgentId, ContactId, CustomerId, QueueId, TicketId, TicketKindId};
use crate::time::Timestamp;

/// One issue of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The record's name.
    pub id: TicketId,
    /// The number people say to each other; counts up per tenant.
    pub number: u64,
    /// Where the ticket stands.
    pub state: TicketState,
    /// What it is about, in one line.
    pub subject: String,
    /// What it is about, at length; may be empty.
    pub body: String,
    /// What kind of issue it is; decides what its moves must say.
    pub kind: TicketKindId,
    /// What it is filed under.
    pub category: Option<Category>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// How the issue reached the center.
    pub medium: Medium,
    /// Whose issue it is.
    pub customer: Option<CustomerId>,
    /// The call it came from.
    pub interaction: Option<ContactId>,
    /// The ticket rule that made it; none when a person did.
    pub rule: Option<String>,
    /// The department that is responsible.
    pub department: Option<String>,
    /// The queue whose agents it is offered to, or was until somebody took it.
    pub queue: Option<QueueId>,
    /// The agent who works on it.
    pub assignee: Option<AgentId>,
    /// How it was resolved; set before it can be closed.
    pub resolution: Option<String>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// When and how the customer was told of the resolution.
    pub informed: Option<Informed>,
    /// The ticket that goes on in its place.
    pub merged_into: Option<TicketId>,
    /// The ticket whose task it is.
    pub parent: Option<TicketId>,
    /// The incident it is part of.
    pub incident: Option<TicketId>,
    /// Whether it is an incident, of which other tickets are part.
    pub is_incident: bool,
    /// How often it came back after it was resolved.
    pub reopened: u32,
    /// How often it was taken from whoever had begun with it and given to somebody else.
    pub bounced: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// How a customer learned what became of the issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Informed {
    /// When.
    pub at: Timestamp,
    /// How.
    pub by: Medium,
}

/// What is needed to make a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// What it is about, in one line.
    pub subject: String,
    /// What it is about, at length; may be empty.
    pub body: String,
    /// What kind of issue it is.
    pub kind: TicketKindId,
    /// What it is filed under.
    pub category: Option<Category>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// How the issue reached the center.
    pub medium: Medium,
    /// Whose issue it is.
    pub customer: Option<CustomerId>,
    /// The call it came from.
    pub interaction: Option<ContactId>,
    /// The department that is responsible.
    pub department: Option<String>,
    /// The ticket whose task it is; one that waits for it.
    pub parent: Option<TicketId>,
    /// What is filled in of its form.
    pub filled: Filled,
}

impl NewTicket {
    /// Makes a ticket of some kind about something; the rest is for the caller to add.
    pub fn about(kind: TicketKindId, subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            body: String::new(),
            kind,
            category: None,
            priority: TicketPriority::Normal,
            medium: Medium::Phone,
            customer: None,
            interaction: None,
            department: None,
            parent: None,
            filled: Filled::default(),
        }
    }

    /// Gives the ticket as it is first, under the number it is given when it is kept.
    pub fn ticket(self, id: TicketId, number: u64, now: Timestamp) -> Ticket {
        Ticket {
            id,
            number,
            state: TicketState::New,
            subject: self.subject,
            body: self.body,
            kind: self.kind,
            category: self.category,
            priority: self.priority,
            medium: self.medium,
            customer: self.customer,
            interaction: self.interaction,
            rule: None,
            department: self.department,
            queue: None,
            assignee: None,
            resolution: None,
            resolved_by: None,
            informed: None,
            merged_into: None,
            parent: self.parent,
            incident: None,
            is_incident: false,
            reopened: 0,
            bounced: 0,
            created_at: now,
            changed_at: now,
            version: 1,
        }
    }

    /// Gives what an open ticket notes that takes this up, so that no ticket is made.
    pub fn taken_up(&self) -> String {
        let from = self.interaction.as_ref().map(|contact| format!(" ({contact})"));
        let text = format!("{}{}\n{}", self.subject, from.unwrap_or_default(), self.body);
        text.trim_end().to_owned()
    }
}
