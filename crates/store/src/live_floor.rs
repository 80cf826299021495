//! The live floor: the one port through which live state changes, with one verb.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as StdError;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::event::Event;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, Contact, Entity, Gateway, Place};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::outbox::{EntityKind, OutboxEntry, OutboxId, OutboxPosition, Trim};

/// A command on its way to the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What is asked.
    pub command: Command,
    /// 128 random bits as 32 hexadecimal digits, from which ids of offers are derived.
    pub seed: OfferId,
    /// The `traceparent` of the caller's span; carried in the outbox.
    pub trace: Option<String>,
}

/// What an accepted command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What the floor answers.
    pub reply: Reply,
    /// The changes, in order; empty when the command was a duplicate.
    pub events: Vec<Event>,
    /// Where the last event stands in the outbox; the change is recorded once the recorder's
    /// offset has reached it.
    pub position: Option<(u64, OutboxId)>,
}

/// Why a command did not take effect.
#[derive(Debug, Error)]
pub enum FloorError {
    /// The floor refused it; nothing changed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The live store cannot be reached or did not answer in time. The command may have run; every
    /// command may be sent again safely.
    #[error("the live store is unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// The live store answered something it should not.
    #[error("the live store answered `{answer}`")]
    Corrupt {
        /// The answer.
        answer: String,
    },
}

/// The live counts of one queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueStatus {
    /// How many contacts wait.
    pub waiting: u32,
    /// When the contact ahead of all others entered.
    pub oldest_enqueued_at: Option<Timestamp>,
    /// How many contacts ring, connect or talk.
    pub active: u32,
}

/// How far the floor of a tenant is open.
#[expect(clippy::struct_excessive_bools, reason = "four facts that do not depend on each other")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FloorStatus {
    /// The epoch in use; zero before the first.
    pub epoch: u64,
    /// Whether the epoch was opened for the server process connected now.
    pub is_current: bool,
    /// Whether memory is still being put in order.
    pub sweeping: bool,
    /// Whether offers may be made.
    pub barrier_open: bool,
    /// The version of the plan in use.
    pub plan_version: u64,
    /// The logical clock at the last step.
    pub now: Timestamp,
    /// When the next deadline is due, on the logical clock.
    pub next_deadline: Option<Timestamp>,
    /// Whether matches may be left to make.
    pub settled: bool,
}

/// The live state of every tenant.
#[async_trait]
pub trait LiveFloor: Send + Sync {
    /// Applies a command as one atomic step.
    async fn apply(&self, tenant: &TenantId, order: Order) -> Result<Applied, FloorError>;

    /// Gives one contact.
    async fn contact(
        &self,
        tenant: &TenantId,
        id: &ContactId,
    ) -> Result<Option<Contact>, FloorError>;

    /// Gives one agent.
    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, FloorError>;

    /// Gives an agent and a contact that may be his, in one go where the store can.
    async fn agent_with(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        contact: &ContactId,
    ) -> Result<(Option<Agent>, Option<Contact>), FloorError> {
        Ok((self.agent(tenant, id).await?, self.contact(tenant, contact).await?))
    }

    /// Gives every agent who is signed in, by id.
    async fn agents(&self, tenant: &TenantId) -> Result<Vec<(AgentId, Agent)>, FloorError>;

    /// Gives one gateway.
    async fn gateway(
        &self,
        tenant: &TenantId,
        id: &GatewayId,
    ) -> Result<Option<Gateway>, FloorError>;

    /// Gives the counts of a queue.
    async fn queue(&self, tenant: &TenantId, id: &QueueId) -> Result<QueueStatus, FloorError>;

    /// Gives the contacts ahead in a queue, best first, at most `limit`.
    async fn line(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError>;

    /// Gives the contacts ahead in a queue with all that is known of them, their place in line
    /// included, best first, at most `limit`.
    async fn waiting_of_queue(
        &self,
        tenant: &TenantId,
        id: &QueueId,
        limit: u32,
    ) -> Result<Vec<(ContactId, Contact)>, FloorError>;

    /// Names the open callbacks, by id.
    async fn callbacks(&self, tenant: &TenantId) -> Result<Vec<ContactId>, FloorError>;

    /// Gives the position of a contact that was read with a place, from 1; none when it does not
    /// wait there.
    async fn position(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        place: &Place,
    ) -> Result<Option<u32>, FloorError>;

    /// Gives the contacts whose legs a gateway holds, at most `limit`.
    async fn legs(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        limit: u32,
    ) -> Result<Vec<ContactId>, FloorError>;

    /// Gives the classes the plan in use knows; a new plan must name them.
    async fn classes(&self, tenant: &TenantId) -> Result<BTreeSet<ClassKey>, FloorError>;

    /// Says how far the floor is open.
    async fn status(&self, tenant: &TenantId) -> Result<FloorStatus, FloorError>;

    /// Reads the outbox after an entry, at most `limit` steps with all they told; waits up to `wait`
    /// when there is nothing yet.
    ///
    /// Entries of earlier epochs come first. Reading does not consume.
    async fn tail(
        &self,
        tenant: &TenantId,
        after: OutboxId,
        limit: u32,
        wait: Duration,
    ) -> Result<Vec<OutboxEntry>, FloorError>;

    /// Gives where the newest entry stands, to tail from now on; the start when there is none.
    async fn outbox_end(&self, tenant: &TenantId) -> Result<OutboxPosition, FloorError>;

    /// Drops outbox entries up to and including one, as far as whole steps go; only what is recorded
    /// may be dropped. Nothing goes when the floor is in another epoch than the one named.
    async fn trim(&self, tenant: &TenantId, trim: Trim) -> Result<(), FloorError>;
}

/// What an event is stored with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The epoch.
    pub epoch: u64,
    /// The place in the stream.
    pub id: OutboxId,
    /// The logical clock.
    pub at: Timestamp,
    /// The wall time.
    pub wall: Timestamp,
    /// The `traceparent` of the command.
    pub trace: Option<String>,
}

impl OutboxEntry {
    /// Makes the entry of an event; the details an event carries become fields of their own.
    pub fn from_event(tenant: &TenantId, event: &Event, stamp: Stamp) -> Self {
        let own = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        let mut fields: BTreeMap<_, _> = event.fields.iter().map(own).collect();
        if let Some(details) = fields.remove("details") {
            for (name, text) in Details::decode(&details).lasting() {
                fields.entry(name.to_owned()).or_insert_with(|| text.to_owned());
            }
        }
        let (entity, entity_id) = match &event.entity {
            Entity::Contact(id) => (EntityKind::Contact, id.to_string()),
            Entity::Agent(id) => (EntityKind::Agent, id.to_string()),
            Entity::Gateway(id) => (EntityKind::Gateway, id.to_string()),
            Entity::Offer(id) => (EntityKind::Offer, id.to_string()),
            Entity::Floor => (EntityKind::Tenant, tenant.to_string()),
        };
        Self {
            epoch: stamp.epoch,
            id: stamp.id,
            entity,
            entity_id,
            version: event.version,
            at: stamp.at,
            wall: stamp.wall,
            kind: event.kind.as_str().to_owned(),
            fields,
            trace: stamp.trace,
        }
    }
}
