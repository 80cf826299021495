//! An office that keeps in touch with its customers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::follow_up_service_client::FollowUpServiceClient;
use switchboard_api::followup::v1::follow_up_service_server::{
    FollowUpService, FollowUpServiceServer,
};
use switchboard_api::followup::v1::{
    Answer, DeclineFollowUpRequest, FollowUp, FollowUpState, ListFollowUpsRequest,
    RecordAnswersRequest, SkipFollowUpRequest,
};
use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, Ticket, TicketMove};
use switchboard_api::touchpoint::v1::touchpoint_service_client::TouchpointServiceClient;
use switchboard_api::touchpoint::v1::touchpoint_service_server::{
    TouchpointService, TouchpointServiceServer,
};
use switchboard_api::touchpoint::v1::{ListTouchpointsRequest, PlanTouchpointsRequest, Touchpoint};
use switchboard_center::{CenterCache, parse_customers};
use switchboard_domain::caller::Role;
use switchboard_domain::floor::state::Contact;
use switchboard_domain::follow_up::FollowUp as StoredFollowUp;
use switchboard_domain::ids::{ContactId, FollowUpId, GatewayId};
use switchboard_routing::{Floors, FloorsParts};
use switchboard_runtime::clock::RandomIds;
use switchboard_store::customers::Customers;
use switchboard_store::follow_ups::{FollowUpChange, FollowUps};
use switchboard_store::live_floor::LiveFloor;
use switchboard_store::outbox::OutboxId;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::tenants::Gateways;
use switchboard_store_memory::MemoryFloor;
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::migrated_database;
use switchboard_ticket::{
    CareParts, call_due, conclude, decide, fire_due, follow_up_service, hear, touchpoint_service,
};
use tonic::Status;

use crate::support::{MORNING, Office, a_move, from, order, read_log, tenant};

pub(crate) const DAY: Duration = Duration::from_hours(24);
pub(crate) const FOLLOW_UPS: &str = "all: {after: 2h, queue: rebooking, survey: care}\n";

/// An office that follows up every ticket, with a live floor and a customer who can be called.
pub(crate) struct Care {
    pub(crate) office: Office,
    pub(crate) floor: Arc<MemoryFloor>,
    pub(crate) wall: Arc<AtomicI64>,
    pub(crate) parts: CareParts,
}

impl Care {
    pub(crate) async fn set_up() -> Self {
        Self::with(FOLLOW_UPS).await
    }

    pub(crate) async fn with(follow_ups: &str) -> Self {
        Self::on(&migrated_database().await.unwrap(), follow_ups).await
    }

    /// Sets the office up on a migrated database.
    pub(crate) async fn on(url: &str, follow_ups: &str) -> Self {
        let office = Office::on(url).await;
        office.apply(&[("follow_ups.yaml", follow_ups)]).await;
        keep(&office.store, "li: {name: Li, tier: B1, numbers: {\"+8613800000001\": mobile}}")
            .await;
        let gateway = GatewayId::parse("gateway-1").unwrap();
        office.store.register(&tenant("demo"), &gateway, MORNING).await.unwrap();
        let wall = Arc::new(AtomicI64::new(MORNING.as_millis()));
        let floor = Arc::new(MemoryFloor::new(Arc::clone(&wall)));
        let parts = parts(&office, &floor);
        Self { office, floor, wall, parts }
    }

    pub(crate) fn client(
        &self,
    ) -> FollowUpServiceClient<FollowUpServiceServer<impl FollowUpService + use<>>> {
        FollowUpServiceClient::new(follow_up_service(self.parts.clone()))
    }

    /// Makes a complaint of Li's, which Wang handles and Chen resolves.
    pub(crate) async fn a_closed_ticket(&self, id: &str) -> Ticket {
        let request = CreateTicketRequest {
            customer_id: "li".to_owned(),
            department: "refunds".to_owned(),
            ..order(id)
        };
        let ticket = self.office.answer(request).await.unwrap().ticket.unwrap();
        self.close(&ticket).await
    }

    pub(crate) async fn close(&self, ticket: &Ticket) -> Ticket {
        for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
            let request = MoveTicketRequest {
                agent_id: "chen".to_owned(),
                resolution: "paid back".to_owned(),
                ..a_move(ticket, action)
            };
            self.office.moves(request).await.unwrap();
        }
        self.office.moves(a_move(ticket, TicketMove::Close)).await.unwrap()
    }

    /// Does what the program does in its rounds.
    pub(crate) async fn round(&self) {
        let demo = tenant("demo");
        decide(&self.parts, &demo).await.unwrap();
        hear(&self.parts, &demo).await.unwrap();
        fire_due(&self.parts, &demo).await.unwrap();
        call_due(&self.parts, &demo).await.unwrap();
        conclude(&self.parts, &demo).await.unwrap();
    }

    pub(crate) fn pass(&self, span: Duration) {
        self.office.clock.advance(span);
        let millis = i64::try_from(span.as_millis()).unwrap();
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) async fn all(&self) -> Vec<FollowUp> {
        let request = from(Role::Agent, ListFollowUpsRequest::default());
        self.client().list_follow_ups(request).await.unwrap().into_inner().follow_ups
    }

    pub(crate) async fn only(&self) -> FollowUp {
        let mut all = self.all().await;
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// Closes a complaint of Li's and lets the program call.
    pub(crate) async fn a_call(&self) -> FollowUp {
        self.a_closed_ticket("r-1").await;
        self.round().await;
        self.pass(Duration::from_hours(2));
        self.round().await;
        let calling = self.only().await;
        assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1), "{calling:?}");
        calling
    }

    /// Counts the calls that wait for an agent.
    pub(crate) async fn open_calls(&self) -> usize {
        self.floor.callbacks(&tenant("demo")).await.unwrap().len()
    }

    /// Lets the history hear of all that live state told.
    pub(crate) async fn record(&self) {
        let (demo, store) = (tenant("demo"), &self.office.store);
        let all = self.floor.tail(&demo, OutboxId::START, 1_000, Duration::ZERO).await.unwrap();
        let epoch = all[0].epoch;
        let expected = store.offset(&demo, epoch).await.unwrap();
        let is_new = |id: OutboxId| expected.is_none_or(|known| id > known);
        let entries = all.into_iter().filter(|entry| is_new(entry.id)).collect();
        let batch = Batch { epoch, expected, entries, rules: vec![], now: MORNING };
        store.commit(&demo, &batch).await.unwrap();
    }

    /// Lets somebody change a follow-up behind everybody's back.
    pub(crate) async fn change(
        &self,
        told: &FollowUp,
        then: impl FnOnce(StoredFollowUp) -> StoredFollowUp,
    ) {
        let (demo, store) = (tenant("demo"), &self.office.store);
        let id = FollowUpId::parse(&told.follow_up_id).unwrap();
        let follow_up = then(FollowUps::get(store, &demo, &id).await.unwrap());
        let change = FollowUpChange { follow_up, actor: "agent:chen".to_owned(), note: None };
        FollowUps::save(store, &demo, &change).await.unwrap();
    }

    pub(crate) async fn decline(&self, id: &str, reason: &str) -> Result<FollowUp, Status> {
        let (follow_up_id, reason) = (id.to_owned(), reason.to_owned());
        let request = DeclineFollowUpRequest { follow_up_id, reason };
        let declined = self.client().decline_follow_up(from(Role::Agent, request)).await;
        declined.map(|kept| kept.into_inner().follow_up.unwrap())
    }

    pub(crate) async fn skip(&self, id: &str, reason: &str) -> Result<FollowUp, Status> {
        let (follow_up_id, reason) = (id.to_owned(), reason.to_owned());
        let request = SkipFollowUpRequest { follow_up_id, reason };
        let skipped = self.client().skip_follow_up(from(Role::Supervisor, request)).await;
        skipped.map(|kept| kept.into_inner().follow_up.unwrap())
    }

    pub(crate) async fn contact(&self, follow_up: &FollowUp) -> Option<Contact> {
        let id = ContactId::parse(&follow_up.contact_id).unwrap();
        self.floor.contact(&tenant("demo"), &id).await.unwrap()
    }

    pub(crate) async fn answer(&self, id: &str, points: u32) -> Result<FollowUp, Status> {
        let names = ["solved", "speed", "overall", "again", "recommend"];
        let answer =
            |name: &str| Answer { question: name.to_owned(), value: Some(Value::Points(points)) };
        let words = Value::Text("Thank you".to_owned());
        let words = Answer { question: "words".to_owned(), value: Some(words) };
        let answers = names.map(answer).into_iter().chain([words]).collect();
        let request = RecordAnswersRequest { follow_up_id: id.to_owned(), answers };
        let answered = self.client().record_answers(from(Role::Agent, request)).await;
        answered.map(|kept| kept.into_inner().follow_up.unwrap())
    }

    pub(crate) fn calendar(
        &self,
    ) -> TouchpointServiceClient<TouchpointServiceServer<impl TouchpointService + use<>>> {
        TouchpointServiceClient::new(touchpoint_service(self.parts.clone()))
    }

    pub(crate) async fn plan(&self, anchor_date: &str) -> Vec<Touchpoint> {
        self.plan_for("li", anchor_date).await.unwrap()
    }

    pub(crate) async fn plan_for(
        &self,
        customer: &str,
        anchor_date: &str,
    ) -> Result<Vec<Touchpoint>, Status> {
        let request = PlanTouchpointsRequest {
            customer_id: customer.to_owned(),
            anchor: "purchase".to_owned(),
            anchor_date: anchor_date.to_owned(),
        };
        let planned = self.calendar().plan_touchpoints(from(Role::Supervisor, request)).await;
        planned.map(|kept| kept.into_inner().touchpoints)
    }

    pub(crate) async fn days(&self) -> Vec<Touchpoint> {
        let request = from(Role::Supervisor, ListTouchpointsRequest::default());
        self.calendar().list_touchpoints(request).await.unwrap().into_inner().touchpoints
    }
}

/// Keeps customers.
pub(crate) async fn keep(store: &PostgresStore, customers: &str) {
    for sample in parse_customers("customers.yaml", customers).unwrap() {
        let customer = sample.into_customer(MORNING);
        Customers::create(store, &tenant("demo"), &customer, "samples").await.unwrap();
    }
}

/// Gives what a process works with; another one has caches of its own.
pub(crate) fn parts(office: &Office, floor: &Arc<MemoryFloor>) -> CareParts {
    let store = Arc::new(office.store.clone());
    let centers = CenterCache::new(Arc::clone(&store) as _);
    let floors = Floors::new(FloorsParts {
        floor: Arc::clone(floor) as _,
        epochs: Arc::clone(&store) as _,
        gateways: Arc::clone(&store) as _,
        centers: Arc::clone(&centers),
        ids: Arc::new(RandomIds),
        clock: Arc::clone(&office.clock) as _,
        gateway_lease: Duration::from_mins(10),
    });
    CareParts {
        follow_ups: Arc::clone(&store) as _,
        touchpoints: Arc::clone(&store) as _,
        consents: Arc::clone(&store) as _,
        tickets: Arc::clone(&store) as _,
        history: Arc::clone(&store) as _,
        customers: Arc::clone(&store) as _,
        centers,
        floors,
        reads: read_log(Arc::clone(&store) as _),
        audit: store,
        ids: Arc::new(RandomIds),
        clock: Arc::clone(&office.clock) as _,
    }
}
