//! What happened: interactions and the events they were folded from.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::{AgentId, ContactId, CustomerId, QueueId, TenantId};
use switchboard_domain::interaction::{Interaction, InteractionState, QueueFigures};
use switchboard_domain::ticket::TicketRule;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::outbox::OutboxEntry;
use crate::page::{Page, PageRequest};

/// Which interactions are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InteractionFilter {
    /// Only those in this state.
    pub state: Option<InteractionState>,
    /// Only those whose last queue is this one.
    pub queue: Option<QueueId>,
    /// Only those whose last agent is this one.
    pub agent: Option<AgentId>,
    /// Only those of this customer.
    pub customer: Option<CustomerId>,
}

/// Which time is counted, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresFilter {
    /// From when on contacts began to wait.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// How long a step is; the first begins with the time.
    pub step: Duration,
    /// The time within which each queue is to answer; others by the usual target.
    pub targets: BTreeMap<QueueId, Duration>,
}

/// What a queue did in one step of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueStep {
    /// The queue.
    pub queue: QueueId,
    /// When the step begins.
    pub from: Timestamp,
    /// What it did.
    pub figures: QueueFigures,
}

/// An interaction with everything that was told about it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionStory {
    /// The record.
    pub interaction: Interaction,
    /// The events, oldest first.
    pub events: Vec<OutboxEntry>,
}

/// One step of a menu that no stream tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuStep {
    /// What happened, as an event of a contact is called.
    pub kind: String,
    /// The particulars.
    pub fields: BTreeMap<String, String>,
    /// When.
    pub at: Timestamp,
}

/// What a caller did in a menu that ran outside a call, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuStory {
    /// The call it is part of, or the session itself.
    pub interaction: ContactId,
    /// The steps.
    pub steps: Vec<MenuStep>,
    /// The ticket rules in force.
    pub rules: Vec<TicketRule>,
    /// The time at which tickets are made.
    pub now: Timestamp,
}

/// Keeps menus that ran outside a call.
#[async_trait]
pub trait MenuHistory: Send + Sync {
    /// Keeps the steps that are not kept yet, and the tickets due; told again it changes nothing.
    ///
    /// Of a call that is known already only the beginning changes: the menu came first.
    async fn keep_menu(&self, tenant: &TenantId, story: &MenuStory) -> Result<(), StoreError>;
}

/// Reads the durable history of one tenant.
#[async_trait]
pub trait History: Send + Sync {
    /// Gives one interaction with its events.
    async fn interaction(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<InteractionStory, StoreError>;

    /// Gives what each queue did, step by step; a step in which nobody came to wait is left out.
    async fn queue_figures(
        &self,
        tenant: &TenantId,
        filter: &FiguresFilter,
    ) -> Result<Vec<QueueStep>, StoreError>;

    /// Gives interactions, the latest to start first.
    async fn interactions(
        &self,
        tenant: &TenantId,
        filter: &InteractionFilter,
        page: &PageRequest,
    ) -> Result<Page<Interaction>, StoreError>;
}
