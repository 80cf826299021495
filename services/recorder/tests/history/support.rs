//! A history with a few calls in it, and requests with a caller.

use std::sync::Arc;

use async_trait::async_trait;
use switchboard_api::call::v1::history_service_client::HistoryServiceClient;
use switchboard_api::call::v1::history_service_server::{HistoryService, HistoryServiceServer};
use switchboard_api::recorder::v1::audit_service_client::AuditServiceClient;
use switchboard_api::recorder::v1::audit_service_server::{AuditService, AuditServiceServer};
use switchboard_api::recorder::v1::dead_event_service_client::DeadEventServiceClient;
use switchboard_api::recorder::v1::dead_event_service_server::{
    DeadEventService, DeadEventServiceServer,
};
use switchboard_api::recorder::v1::retention_service_client::RetentionServiceClient;
use switchboard_api::recorder::v1::retention_service_server::{
    RetentionService, RetentionServiceServer,
};
use switchboard_center::CenterCache;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::{Outcome, TicketRule};
use switchboard_domain::time::Timestamp;
use switchboard_recorder::{
    AuditParts, DeadEventParts, HistoryParts, RetentionParts, TicketRules, audit_service,
    dead_event_service, history_service, retention_service,
};
use switchboard_runtime::clock::ManualClock;
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::audit::Audit;
use switchboard_store::error::StoreError;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, DeadEntry, Projection};
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{migrated_database, save_center, store_at};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

/// A database with the tenants `demo` and `other`.
pub(crate) struct Archive {
    store: PostgresStore,
}

impl Archive {
    /// Sets up an empty archive.
    pub(crate) async fn set_up() -> Self {
        let url = migrated_database().await.unwrap();
        let store = store_at(&url).unwrap();
        for name in ["demo", "other"] {
            let tenant = Tenant {
                id: tenant(name),
                name: name.to_owned(),
                created_at: Timestamp::from_millis(0),
            };
            Tenants::create(&store, &tenant).await.unwrap();
        }
        Self { store }
    }

    /// Keeps the `n`-th call of the tenant `demo`: `c-<n>`, whose caller gave up waiting.
    pub(crate) async fn keep_missed_call(&self, n: u64) {
        let id = format!("c-{n}");
        let from = n * 10;
        let number = [("calling_number", "+8613800000001"), ("calling_raw", "13800000001")];
        let entries = vec![
            told(from, &id, "contact_started", &[("state", "in_menu"), number[0], number[1]]),
            told(from + 1, &id, "contact_queued", &[("state", "queued"), ("queue", "booking")]),
            told(from + 2, &id, "contact_ended", &[("state", "ended"), ("reason", "abandoned")]),
        ];
        let batch = Batch {
            epoch: 1,
            expected: n.checked_sub(1).filter(|n| *n > 0).map(|n| OutboxId::new(n * 10 + 2, 0)),
            entries,
            rules: vec![missed_calls()],
            now: Timestamp::from_millis(1_000_000),
        };
        self.store.commit(&tenant("demo"), &batch).await.unwrap();
    }

    /// Puts the beginning of the call `c-1` aside, and keeps nothing of it.
    pub(crate) async fn bury_beginning_of_missed_call(&self) {
        let number = ("calling_number", "+8613800000001");
        let dead = DeadEntry {
            expected: None,
            entry: told(10, "c-1", "contact_started", &[("state", "in_menu"), number]),
            reason: "an older version could not read it".to_owned(),
            attempts: 5,
            at: Timestamp::from_millis(1_000_000),
        };
        self.store.bury(&tenant("demo"), &dead).await.unwrap();
    }

    /// Gives what was done on an object, in order.
    pub(crate) async fn trail(&self, object: &str) -> Vec<String> {
        let lines = self.store.about(&tenant("demo"), object).await.unwrap();
        lines.into_iter().map(|line| line.action).collect()
    }

    /// Gives a client for the audit trail whose requests go to the service in this process.
    pub(crate) fn audit(
        &self,
    ) -> AuditServiceClient<AuditServiceServer<impl AuditService + use<>>> {
        let store = Arc::new(self.store.clone());
        AuditServiceClient::new(audit_service(AuditParts {
            trail: Arc::clone(&store) as _,
            reads: ReadLog::start(store, &Tasks::new(Shutdown::new())),
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(2_000_000))),
        }))
    }

    /// Gives a client for the dead events whose requests go to the service in this process.
    pub(crate) fn dead_events(
        &self,
    ) -> DeadEventServiceClient<DeadEventServiceServer<impl DeadEventService + use<>>> {
        let store = Arc::new(self.store.clone());
        DeadEventServiceClient::new(dead_event_service(DeadEventParts {
            dead_events: Arc::clone(&store) as _,
            rules: Arc::new(NoRules),
            audit: store,
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(2_000_000))),
        }))
    }

    /// Puts the demo center in force, with one file as it is given.
    pub(crate) async fn apply(&self, file: &str, text: &str) {
        let mut files = switchboard_center::demo();
        files.insert(file.to_owned(), text.to_owned());
        save_center(&self.store, &tenant("demo"), files).await.unwrap();
    }

    /// Gives what the service for retention works with, at a time.
    pub(crate) fn retention_parts(&self, now: Timestamp) -> RetentionParts {
        let store = Arc::new(self.store.clone());
        RetentionParts {
            retention: Arc::clone(&store) as _,
            months: Arc::clone(&store) as _,
            centers: CenterCache::new(Arc::clone(&store) as _),
            audit: store,
            clock: Arc::new(ManualClock::at(now)),
        }
    }

    /// Gives a client whose requests go to the service in this process.
    pub(crate) fn client(
        &self,
    ) -> HistoryServiceClient<HistoryServiceServer<impl HistoryService + use<>>> {
        let store = Arc::new(self.store.clone());
        HistoryServiceClient::new(history_service(HistoryParts {
            history: Arc::clone(&store) as _,
            tickets: Arc::clone(&store) as _,
            retention: Arc::clone(&store) as _,
            centers: CenterCache::new(Arc::clone(&store) as _),
            reads: ReadLog::start(store, &Tasks::new(Shutdown::new())),
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(2_000_000))),
        }))
    }
}

/// Gives a client for what is past its time.
pub(crate) fn client_of(
    parts: &RetentionParts,
) -> RetentionServiceClient<RetentionServiceServer<impl RetentionService + use<>>> {
    RetentionServiceClient::new(retention_service(parts.clone()))
}

/// A center whose calls leave no tickets behind.
struct NoRules;

#[async_trait]
impl TicketRules for NoRules {
    async fn rules(&self, _: &TenantId) -> Result<Vec<TicketRule>, StoreError> {
        Ok(vec![])
    }
}

fn missed_calls() -> TicketRule {
    TicketRule::after(Outcome::Abandoned, "missed", "Missed call")
}

fn told(millis: u64, contact: &str, kind: &str, fields: &[(&str, &str)]) -> OutboxEntry {
    let now = Timestamp::from_millis(i64::try_from(millis).unwrap() * 1_000);
    OutboxEntry {
        epoch: 1,
        id: OutboxId::new(millis, 0),
        entity: EntityKind::Contact,
        entity_id: contact.to_owned(),
        version: millis % 10 + 1,
        at: now,
        wall: now,
        kind: kind.to_owned(),
        fields: fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        trace: None,
    }
}

/// Signs a request.
pub(crate) fn of<T>(name: &str, role: Role, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let caller = Caller { tenant: tenant(name), role, subject: "wu".to_owned() };
    request.extensions_mut().insert(caller);
    request
}

/// Gives code, reason and the field of a refusal.
pub(crate) fn reason(status: &Status) -> (Code, String, String) {
    let details = status.get_error_details();
    let told = details.error_info().unwrap();
    let field = told.metadata.get("field").cloned().unwrap_or_default();
    (status.code(), told.reason.clone(), field)
}

pub(crate) fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}
