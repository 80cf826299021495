//! A caller-id service on a database of its own, and requests with a caller.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::callerid::v1::caller_id_service_client::CallerIdServiceClient;
use switchboard_api::callerid::v1::caller_id_service_server::{
    CallerIdService, CallerIdServiceServer,
};
use switchboard_api::callerid::v1::{
    CreateCustomerRequest, Customer, CustomerNumber, LookupCallerRequest, LookupCallerResponse,
};
use switchboard_caller_id::{CallerIdParts, service};
use switchboard_center::{CenterCache, demo, demo_customers};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::{TenantId, TicketKindId};
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_lookup::CallerLookup;
use switchboard_runtime::clock::{ManualClock, RandomIds};
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::callers::Callers;
use switchboard_store::customers::Customers;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{migrated_database, save_center, store_at};
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt;

/// 2027-01-15, in the morning.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// More than a busy machine needs.
const ENOUGH: Duration = Duration::from_secs(20);

/// Who waits for an answer is served by other people; the care calendar of the demo names the other segment.
const SEGMENTS: &str = r#"
service:
  - {segment: waits, when: customer.open_tickets > 0}
sales:
  - {segment: key-account, when: 'customer.pyramid == "important"'}
"#;

/// What a lookup may take in production.
const BUDGET: Duration = Duration::from_millis(150);

/// The demo center with its customers, and an empty tenant `other` without a center.
pub(crate) struct Office {
    pub(crate) store: PostgresStore,
    pub(crate) parts: CallerIdParts,
    pub(crate) clock: Arc<ManualClock>,
}

impl Office {
    /// Sets up an office.
    pub(crate) async fn set_up() -> Self {
        Self::on(&migrated_database().await.unwrap()).await
    }

    /// Sets up an office whose center has another `profile.yaml`.
    pub(crate) async fn with_profile(profile: &str) -> Self {
        Self::with_file("profile.yaml", profile).await
    }

    /// Sets up an office whose center has another file.
    pub(crate) async fn with_file(name: &str, text: &str) -> Self {
        let mut files = demo();
        files.insert(name.to_owned(), text.to_owned());
        Self::of(&migrated_database().await.unwrap(), files).await
    }

    /// Sets up an office on a migrated database.
    pub(crate) async fn on(url: &str) -> Self {
        Self::of(url, demo()).await
    }

    /// Sets up another process on the database of this office, with a memory of its own.
    pub(crate) fn replica(&self, url: &str) -> Self {
        let (store, clock) = (store_at(url).unwrap(), Arc::clone(&self.clock));
        let parts = parts(&store, Arc::new(store.clone()), ENOUGH, &clock);
        Self { store, parts, clock }
    }

    async fn of(url: &str, mut files: BTreeMap<String, String>) -> Self {
        let store = store_at(url).unwrap();
        for name in ["demo", "other"] {
            let tenant = Tenant { id: tenant(name), name: name.to_owned(), created_at: MORNING };
            Tenants::create(&store, &tenant).await.unwrap();
        }
        files.insert("segments.yaml".to_owned(), SEGMENTS.to_owned());
        save_center(&store, &tenant("demo"), files).await.unwrap();
        for customer in demo_customers() {
            let customer = customer.into_customer(MORNING);
            Customers::create(&store, &tenant("demo"), &customer, "test").await.unwrap();
        }
        let clock = Arc::new(ManualClock::at(MORNING));
        let parts = parts(&store, Arc::new(store.clone()), ENOUGH, &clock);
        Self { store, parts, clock }
    }

    /// Puts another store under the lookups, with the usual budget.
    pub(crate) fn with_callers(mut self, callers: Arc<dyn Callers>) -> Self {
        self.parts = parts(&self.store, callers, BUDGET, &self.clock);
        self
    }

    /// Gives a client whose requests go to the service in this process.
    pub(crate) fn client(
        &self,
    ) -> CallerIdServiceClient<CallerIdServiceServer<impl CallerIdService + use<>>> {
        CallerIdServiceClient::new(service(self.parts.clone()))
    }

    /// Looks a number up as a gateway of the tenant `demo`.
    pub(crate) async fn lookup(&self, calling: &str) -> Result<LookupCallerResponse, Status> {
        self.asked(of("demo", Role::Gateway, calling_from(calling))).await
    }

    /// Looks a caller up.
    pub(crate) async fn asked(
        &self,
        request: Request<LookupCallerRequest>,
    ) -> Result<LookupCallerResponse, Status> {
        self.client().lookup_caller(request).await.map(Response::into_inner)
    }

    /// Has a customer call, talk to an agent, and leave a ticket.
    pub(crate) async fn happened(&self, customer: &str, call: &str, agent: &str) {
        let texts = |texts: &[(&str, &str)]| -> BTreeMap<String, String> {
            texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let told = [
            ("contact_started", texts(&[("state", "in_menu"), ("customer", customer)])),
            ("contact_connected", texts(&[("state", "connected"), ("agent", agent)])),
        ];
        let entry =
            |(version, (kind, fields)): (u64, (&str, BTreeMap<String, String>))| OutboxEntry {
                epoch: 1,
                id: OutboxId::new(version, 0),
                entity: EntityKind::Contact,
                entity_id: call.to_owned(),
                version,
                at: MORNING,
                wall: MORNING,
                kind: kind.to_owned(),
                fields,
                trace: None,
            };
        let entries = (1..).zip(told).map(entry).collect();
        let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: MORNING };
        self.store.commit(&tenant("demo"), &batch).await.unwrap();
        let order = TicketOrder {
            id: "ticket-1".parse().unwrap(),
            request_id: "request-1".to_owned(),
            joins_since: None,
            actor: "test".to_owned(),
            at: MORNING,
            ticket: NewTicket {
                customer: customer.parse().ok(),
                ..NewTicket::about(TicketKindId::REQUEST, "Refund")
            },
        };
        Tickets::create(&self.store, &tenant("demo"), &order).await.unwrap();
    }

    /// Makes a customer.
    pub(crate) async fn create(&self, customer: Customer) -> Result<Customer, Status> {
        let request = CreateCustomerRequest { customer: Some(customer) };
        let made = self.client().create_customer(of("demo", Role::Admin, request)).await;
        made.map(|response| response.into_inner().customer.unwrap())
    }
}

fn parts(
    store: &PostgresStore,
    callers: Arc<dyn Callers>,
    budget: Duration,
    clock: &Arc<ManualClock>,
) -> CallerIdParts {
    let tasks = Tasks::new(Shutdown::new());
    let store = Arc::new(store.clone());
    CallerIdParts {
        customers: Arc::clone(&store) as _,
        finder: Arc::clone(&store) as _,
        merges: Arc::clone(&store) as _,
        timeline: Arc::clone(&store) as _,
        lookup: CallerLookup::new(budget, callers, Arc::clone(clock) as _),
        centers: CenterCache::new(Arc::clone(&store) as _),
        callers: Arc::clone(&store) as _,
        subjects: Arc::clone(&store) as _,
        history: Arc::clone(&store) as _,
        tickets: Arc::clone(&store) as _,
        promises: Arc::clone(&store) as _,
        values: Arc::clone(&store) as _,
        follow_ups: Arc::clone(&store) as _,
        touchpoints: Arc::clone(&store) as _,
        occurrences: Arc::clone(&store) as _,
        consents: Arc::clone(&store) as _,
        number_rules: Arc::clone(&store) as _,
        reads: ReadLog::start(Arc::clone(&store) as _, &tasks),
        audit: store,
        clock: Arc::clone(clock) as _,
        ids: Arc::new(RandomIds),
    }
}

/// Signs a request.
pub(crate) fn of<T>(name: &str, role: Role, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let caller = Caller { tenant: tenant(name), role, subject: "wu".to_owned() };
    request.extensions_mut().insert(caller);
    request
}

pub(crate) fn calling_from(number: &str) -> LookupCallerRequest {
    LookupCallerRequest { calling_number: number.to_owned(), ..LookupCallerRequest::default() }
}

/// A customer with one number.
pub(crate) fn zhao(id: &str, number: &str) -> Customer {
    let number = CustomerNumber {
        number: number.to_owned(),
        label: "mobile".to_owned(),
        ..CustomerNumber::default()
    };
    Customer {
        customer_id: id.to_owned(),
        display_name: "Zhao Min".to_owned(),
        tier: "B2".to_owned(),
        language: "zh-CN".to_owned(),
        numbers: vec![number],
        ..Customer::default()
    }
}

pub(crate) fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

/// Gives code, reason and the field of a refusal.
pub(crate) fn told(status: &Status) -> (Code, String, String) {
    let details = status.get_error_details();
    let told = details.error_info().unwrap();
    let field = told.metadata.get("field").cloned().unwrap_or_default();
    (status.code(), told.reason.clone(), field)
}
