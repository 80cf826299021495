//! A recorder at work, and what it left behind.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::ticket::{Outcome, TicketRule};
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::comes_true;
use switchboard_recorder::{Recorder, RecorderSettings, TicketRules};
use switchboard_runtime::clock::ManualClock;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::error::StoreError;
use switchboard_store::history::{History, InteractionStory};
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::Projection;
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store::tickets::{TicketFilter, Tickets};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{migrated_database, store_at};
use tokio::task::JoinHandle;

use crate::stream::Stream;

/// A stream, a database, and recorders between them.
pub(crate) struct Desk {
    pub(crate) stream: Stream,
    pub(crate) store: PostgresStore,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) shutdown: Shutdown,
}

impl Desk {
    /// Sets up a desk with a database of its own.
    pub(crate) async fn set_up() -> Self {
        Self::on(&migrated_database().await.unwrap()).await
    }

    /// Sets up a desk on a migrated database.
    pub(crate) async fn on(url: &str) -> Self {
        let store = store_at(url).unwrap();
        let demo = Tenant { id: tenant(), name: "Demo".to_owned(), created_at: Timestamp::ZERO };
        Tenants::create(&store, &demo).await.unwrap();
        Self {
            stream: Stream::default(),
            store,
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000))),
            shutdown: Shutdown::new(),
        }
    }

    /// Puts a recorder to work that keeps what comes at once.
    pub(crate) fn record(&self) -> JoinHandle<()> {
        self.record_with(Duration::ZERO)
    }

    /// Puts a recorder to work that lets events gather for so long.
    pub(crate) fn record_with(&self, gather: Duration) -> JoinHandle<()> {
        let recorder = Recorder {
            floor: Arc::new(self.stream.clone()),
            projection: Arc::new(self.store.clone()),
            tenants: Arc::new(self.store.clone()),
            rules: Arc::new(MissedCalls),
            clock: Arc::clone(&self.clock) as Arc<_>,
            settings: RecorderSettings {
                wait: Duration::from_millis(20),
                gather,
                tenant_refresh: Duration::from_millis(50),
                pause: Duration::from_millis(5),
                longest_pause: Duration::from_millis(100),
                ..RecorderSettings::default()
            },
        };
        let shutdown = self.shutdown.clone();
        #[expect(clippy::disallowed_methods, reason = "the test owns the task and awaits it")]
        tokio::spawn(recorder.run(shutdown))
    }

    /// Waits until an epoch is kept up to an entry.
    pub(crate) async fn recorded(&self, epoch: u64, id: OutboxId) {
        comes_true(async || {
            let offset = self.store.offset(&tenant(), epoch).await;
            matches!(offset, Ok(Some(offset)) if offset >= id)
        })
        .await;
    }

    pub(crate) async fn story(&self, contact: &str) -> InteractionStory {
        let contact = ContactId::parse(contact).unwrap();
        self.store.interaction(&tenant(), &contact).await.unwrap()
    }

    pub(crate) async fn tickets(&self) -> usize {
        let (filter, page) = (TicketFilter::default(), PageRequest::default());
        Tickets::list(&self.store, &tenant(), &filter, &page).await.unwrap().records.len()
    }
}

struct MissedCalls;

#[async_trait]
impl TicketRules for MissedCalls {
    async fn rules(&self, _: &TenantId) -> Result<Vec<TicketRule>, StoreError> {
        Ok(vec![TicketRule::after(Outcome::Abandoned, "missed", "Missed call")])
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::parse("demo").unwrap()
}

pub(crate) fn at(millis: u64) -> OutboxId {
    OutboxId::new(millis, 0)
}

/// A caller who gives up waiting: three entries from a millisecond on.
pub(crate) fn missed(epoch: u64, from: u64, contact: &str) -> [OutboxEntry; 3] {
    [
        told(epoch, from, contact, "contact_started", ("state", "in_menu")),
        told(epoch, from + 1, contact, "contact_queued", ("state", "queued")),
        told(epoch, from + 2, contact, "contact_ended", ("state", "ended")),
    ]
}

/// One entry, with one particular.
pub(crate) fn told(
    epoch: u64,
    millis: u64,
    contact: &str,
    kind: &str,
    field: (&str, &str),
) -> OutboxEntry {
    let now = Timestamp::from_millis(i64::try_from(millis).unwrap());
    OutboxEntry {
        epoch,
        id: at(millis),
        entity: EntityKind::Contact,
        entity_id: contact.to_owned(),
        version: millis,
        at: now,
        wall: now,
        kind: kind.to_owned(),
        fields: [(field.0.to_owned(), field.1.to_owned())].into(),
        trace: None,
    }
}
