//! A ticket service on a database of its own, and requests with a caller.

use std::sync::Arc;

use async_trait::async_trait;
use switchboard_api::report::v1::report_service_client::ReportServiceClient;
use switchboard_api::report::v1::report_service_server::{ReportService, ReportServiceServer};
use switchboard_api::ticket::v1::promise_service_client::PromiseServiceClient;
use switchboard_api::ticket::v1::promise_service_server::{PromiseService, PromiseServiceServer};
use switchboard_api::ticket::v1::ticket_desk_service_client::TicketDeskServiceClient;
use switchboard_api::ticket::v1::ticket_desk_service_server::{
    TicketDeskService, TicketDeskServiceServer,
};
use switchboard_api::ticket::v1::ticket_dispatch_service_client::TicketDispatchServiceClient;
use switchboard_api::ticket::v1::ticket_dispatch_service_server::{
    TicketDispatchService, TicketDispatchServiceServer,
};
use switchboard_api::ticket::v1::ticket_form_service_client::TicketFormServiceClient;
use switchboard_api::ticket::v1::ticket_form_service_server::{
    TicketFormService, TicketFormServiceServer,
};
use switchboard_api::ticket::v1::ticket_relation_service_client::TicketRelationServiceClient;
use switchboard_api::ticket::v1::ticket_relation_service_server::{
    TicketRelationService, TicketRelationServiceServer,
};
use switchboard_api::ticket::v1::ticket_service_client::TicketServiceClient;
use switchboard_api::ticket::v1::ticket_service_server::{TicketService, TicketServiceServer};
use switchboard_api::ticket::v1::{
    CreateTicketRequest, CreateTicketResponse, GetTicketRequest, MoveTicketRequest, Ticket,
    TicketMove,
};
use switchboard_center::{CenterCache, demo, parse_customers};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::{CustomerId, TenantId, TicketId, TicketKindId};
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::{Clock as _, ManualClock, RandomIds};
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::audit::Audit;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store::tickets::{TicketInbox, TicketOrder, Tickets};
use switchboard_store_memory::MemoryTicketPresence;
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{migrated_database, save_center, store_at};
use switchboard_ticket::{
    ClusterParts, DeskParts, DispatchParts, PromiseParts, ReportParts, TicketParts, desk_service,
    dispatch_service, form_service, promise_service, relation_service, report_service, service,
};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

/// 2027-01-15, in the morning.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// The store below the service.
pub(crate) struct Office {
    pub(crate) store: PostgresStore,
    pub(crate) clock: Arc<ManualClock>,
    inbox: Arc<dyn TicketInbox>,
    presence: Arc<MemoryTicketPresence>,
}

impl Office {
    /// Sets up an office with the tenants `demo` and `other`.
    pub(crate) async fn set_up() -> Self {
        Self::on(&migrated_database().await.unwrap()).await
    }

    /// Sets up an office on a migrated database.
    pub(crate) async fn on(url: &str) -> Self {
        let store = store_at(url).unwrap();
        for name in ["demo", "other"] {
            let tenant = Tenant { id: tenant(name), name: name.to_owned(), created_at: MORNING };
            Tenants::create(&store, &tenant).await.unwrap();
        }
        Self {
            store,
            clock: Arc::new(ManualClock::at(MORNING)),
            inbox: Arc::new(NoInbox),
            presence: Arc::default(),
        }
    }

    /// Gives the office an inbox.
    pub(crate) fn with_inbox(mut self, inbox: impl TicketInbox + 'static) -> Self {
        self.inbox = Arc::new(inbox);
        self
    }

    /// Gives a client whose requests go to the service in this process.
    pub(crate) fn client(
        &self,
    ) -> TicketServiceClient<TicketServiceServer<impl TicketService + use<>>> {
        TicketServiceClient::new(service(self.parts()))
    }

    /// Gives a client for forms whose requests go to the service in this process.
    pub(crate) fn forms(
        &self,
    ) -> TicketFormServiceClient<TicketFormServiceServer<impl TicketFormService + use<>>> {
        TicketFormServiceClient::new(form_service(self.parts()))
    }

    /// Gives a client of the service of what tickets have to do with each other.
    pub(crate) fn relations(
        &self,
    ) -> TicketRelationServiceClient<TicketRelationServiceServer<impl TicketRelationService + use<>>>
    {
        TicketRelationServiceClient::new(relation_service(self.parts()))
    }

    /// Gives what opens incidents works with.
    pub(crate) fn cluster_parts(&self) -> ClusterParts {
        let store = Arc::new(self.store.clone());
        ClusterParts {
            tickets: self.parts(),
            clusters: Arc::clone(&store) as _,
            feed: store,
            ids: Arc::new(RandomIds),
        }
    }

    /// Gives a client for reports whose requests go to the service in this process.
    pub(crate) fn reports(
        &self,
    ) -> ReportServiceClient<ReportServiceServer<impl ReportService + use<>>> {
        ReportServiceClient::new(report_service(ReportParts {
            reports: Arc::new(self.store.clone()),
            retention: Arc::new(self.store.clone()),
            centers: self.parts().centers,
            clock: Arc::clone(&self.clock) as _,
        }))
    }

    /// Gives a client of the work surface in this process, which hears what changes.
    pub(crate) fn desk(
        &self,
    ) -> TicketDeskServiceClient<TicketDeskServiceServer<impl TicketDeskService + use<>>> {
        let store = Arc::new(self.store.clone());
        let tasks = Tasks::new(Shutdown::new());
        let listener = self.store.clone();
        tasks.spawn("stores.listen", async move { listener.listen().await });
        TicketDeskServiceClient::new(desk_service(DeskParts {
            tickets: self.parts(),
            finder: Arc::clone(&store) as _,
            feed: Arc::clone(&store) as _,
            followers: Arc::clone(&store) as _,
            surroundings: Arc::clone(&store) as _,
            presence: Arc::clone(&self.presence) as _,
            macros: store,
            tasks,
        }))
    }

    /// Gives what sends tickets somewhere works with.
    pub(crate) fn dispatch_parts(&self) -> DispatchParts {
        let store = Arc::new(self.store.clone());
        DispatchParts { tickets: self.parts(), feed: Arc::clone(&store) as _, marks: store }
    }

    /// Gives a client of the service of where tickets go.
    pub(crate) fn dispatch(
        &self,
    ) -> TicketDispatchServiceClient<TicketDispatchServiceServer<impl TicketDispatchService + use<>>>
    {
        TicketDispatchServiceClient::new(dispatch_service(self.dispatch_parts()))
    }

    /// Gives what the service of promises works with.
    pub(crate) fn promise_parts(&self) -> PromiseParts {
        let store = Arc::new(self.store.clone());
        PromiseParts {
            promises: Arc::clone(&store) as _,
            tickets: Arc::clone(&store) as _,
            customers: Arc::clone(&store) as _,
            reads: read_log(Arc::clone(&store) as _),
            audit: store,
            clock: Arc::clone(&self.clock) as _,
        }
    }

    /// Gives a client of the service of promises in this process.
    pub(crate) fn promises(
        &self,
    ) -> PromiseServiceClient<PromiseServiceServer<impl PromiseService + use<>>> {
        PromiseServiceClient::new(promise_service(self.promise_parts()))
    }

    /// Makes many tickets with some text, straight in the store.
    pub(crate) async fn fill(&self, count: u32, text: &str) {
        for number in 0..count {
            let id = format!("many-{number}");
            let order = TicketOrder {
                id: TicketId::parse(id.as_str()).unwrap(),
                request_id: id,
                actor: "agent:wang".to_owned(),
                at: self.clock.now(),
                joins_since: None,
                ticket: NewTicket {
                    body: text.to_owned(),
                    ..NewTicket::about(TicketKindId::REQUEST, "")
                },
            };
            Tickets::create(&self.store, &tenant("demo"), &order).await.unwrap();
        }
    }

    /// Gives what the service works with.
    pub(crate) fn parts(&self) -> TicketParts {
        let store = Arc::new(self.store.clone());
        TicketParts {
            tickets: Arc::clone(&store) as _,
            relations: Arc::clone(&store) as _,
            inbox: Arc::clone(&self.inbox),
            views: Arc::clone(&store) as _,
            customers: Arc::clone(&store) as _,
            centers: CenterCache::new(Arc::clone(&store) as _),
            reads: read_log(Arc::clone(&store) as _),
            audit: store,
            clock: Arc::clone(&self.clock) as _,
        }
    }

    /// Keeps a customer.
    pub(crate) async fn customer(&self, id: &str) {
        let text = format!("{id}: {{name: {id}, tier: B1, numbers: {{}}}}");
        for sample in parse_customers("customers.yaml", &text).unwrap() {
            let customer = sample.into_customer(MORNING);
            Customers::create(&self.store, &tenant("demo"), &customer, "samples").await.unwrap();
        }
    }

    /// Lets a customer lead for another one.
    pub(crate) async fn merge(&self, loser: &str, winner: &str) {
        let id = |name: &str| CustomerId::parse(name).unwrap();
        let order = MergeOrder {
            winner: id(winner),
            winner_version: 1,
            loser: id(loser),
            loser_version: 1,
            actor: "admin:wang".to_owned(),
            at: MORNING,
        };
        CustomerMerges::merge(&self.store, &tenant("demo"), &order).await.unwrap();
    }

    /// Puts the demo's center into force, with some files of its own.
    pub(crate) async fn apply(&self, files: &[(&str, &str)]) {
        let mut center = demo();
        center.extend(files.iter().map(|(file, text)| ((*file).into(), (*text).into())));
        save_center(&self.store, &tenant("demo"), center).await.unwrap();
    }

    /// Gives a ticket.
    pub(crate) async fn ticket(&self, id: &str) -> Ticket {
        let request = from(Role::Agent, GetTicketRequest { ticket_id: id.to_owned() });
        self.client().get_ticket(request).await.unwrap().into_inner().ticket.unwrap()
    }

    /// Makes a ticket.
    pub(crate) async fn create(&self, request_id: &str) -> Ticket {
        self.answer(order(request_id)).await.unwrap().ticket.unwrap()
    }

    /// Asks for a ticket.
    pub(crate) async fn answer(
        &self,
        request: CreateTicketRequest,
    ) -> Result<CreateTicketResponse, Status> {
        let made = self.client().create_ticket(from(Role::Agent, request)).await;
        made.map(tonic::Response::into_inner)
    }

    /// Moves a ticket.
    pub(crate) async fn moves(&self, request: MoveTicketRequest) -> Result<Ticket, Status> {
        let moved = self.client().move_ticket(from(Role::Agent, request)).await;
        moved.map(|response| response.into_inner().ticket.unwrap())
    }
}

/// Signs a request of the tenant `demo`.
pub(crate) fn from<T>(role: Role, message: T) -> Request<T> {
    of("demo", role, message)
}

/// Signs a request of any tenant.
pub(crate) fn of<T>(name: &str, role: Role, message: T) -> Request<T> {
    signed(Caller { tenant: tenant(name), role, subject: "wang".to_owned() }, message)
}

/// Signs a request of an agent of the tenant `demo`.
pub(crate) fn by<T>(agent: &str, message: T) -> Request<T> {
    let (tenant, role) = (tenant("demo"), Role::Agent);
    signed(Caller { tenant, role, subject: agent.to_owned() }, message)
}

pub(crate) fn signed<T>(caller: Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller);
    request
}

pub(crate) fn order(request_id: &str) -> CreateTicketRequest {
    CreateTicketRequest {
        request_id: request_id.to_owned(),
        subject: "refund".to_owned(),
        description: "train was late".to_owned(),
        ..CreateTicketRequest::default()
    }
}

pub(crate) fn a_move(ticket: &Ticket, action: TicketMove) -> MoveTicketRequest {
    MoveTicketRequest {
        ticket_id: ticket.ticket_id.clone(),
        action: action.into(),
        ..MoveTicketRequest::default()
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

/// An inbox on a Redis that is away.
struct NoInbox;

#[async_trait]
impl TicketInbox for NoInbox {
    async fn hold(&self, _: &TenantId, _: &TicketOrder) -> Result<TicketOrder, StoreError> {
        Err(StoreError::Unavailable("Redis is away".into()))
    }

    async fn waiting(&self, _: &TenantId) -> Result<Vec<TicketOrder>, StoreError> {
        Err(StoreError::Unavailable("Redis is away".into()))
    }

    async fn release(&self, _: &TenantId, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("Redis is away".into()))
    }
}

/// Writes reads down for as long as the test goes on.
pub(crate) fn read_log(audit: Arc<dyn Audit>) -> ReadLog {
    ReadLog::start(audit, &Tasks::new(Shutdown::new()))
}
