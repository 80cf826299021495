//! An office whose tickets are work of the floor, and what its agents do.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, Ticket, TicketMove};
use switchboard_center::{CenterCache, parse_customers};
use switchboard_domain::floor::command::{Command, Desk, Reply};
use switchboard_domain::floor::state::{Contact, Want};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Floors, FloorsParts, Planned};
use switchboard_runtime::clock::RandomIds;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::customers::Customers;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store_memory::MemoryFloor;
use switchboard_ticket::{WorkParts, dispatch_due, work_due, work_on};

use crate::support::{MORNING, Office, a_move, order, tenant};

const AGENTS: &str = "\
li-wei: {display_name: L, skills: {booking: 8, rebooking: 6, refund: 6, mandarin: 9, english: 9}, \
queues: {booking: 1, rebooking: 1, refund: 1, timetable: 1}, endpoint: \"sip:l@desks.example\", \
capacity: {voice: 1, callback: 1, task: 1}}
zhang-min: {display_name: Z, skills: {mandarin: 9, english: 9}, queues: {timetable: 1}, \
endpoint: \"sip:z@desks.example\", capacity: {voice: 1, callback: 1, task: 1}}
";
const RULES: &str = "\
best: {when: 'ticket.kind == \"complaint\" && customer.tier == \"A1\"', department: care, queue: booking}
";

/// An office whose complaints of the best customers go to the agents who book.
pub(crate) struct Shop {
    pub(crate) office: Office,
    pub(crate) floor: Arc<MemoryFloor>,
    pub(crate) parts: WorkParts,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let office = Office::set_up().await;
        office.apply(&[("agents.yaml", AGENTS), ("dispatch.yaml", RULES)]).await;
        let li = "li: {name: Li, tier: A1, owner: li-wei, numbers: {}}";
        for sample in parse_customers("customers.yaml", li).unwrap() {
            let customer = sample.into_customer(MORNING);
            Customers::create(&office.store, &tenant("demo"), &customer, "samples").await.unwrap();
        }
        let floor = an_empty_floor();
        let parts = parts(&office, &floor);
        Self { office, floor, parts }
    }

    /// Loses the process and everything that the floor remembers.
    pub(crate) fn restart_empty(&mut self) {
        self.floor = an_empty_floor();
        self.parts = parts(&self.office, &self.floor);
    }

    /// Makes a complaint that somebody accepts.
    pub(crate) async fn a_complaint(&self, id: &str) -> Ticket {
        let request =
            CreateTicketRequest { kind: "complaint".into(), customer_id: "li".into(), ..order(id) };
        let ticket = self.office.answer(request).await.unwrap().ticket.unwrap();
        self.office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap()
    }

    /// Does what the program does when it hears of a change of a contact.
    pub(crate) async fn heard(&self, id: &str) {
        let contact = ContactId::parse(id).unwrap();
        work_on(&self.parts, &tenant("demo"), &contact).await.unwrap();
    }

    /// Does what the program does in its rounds.
    pub(crate) async fn round(&self) {
        dispatch_due(&self.office.dispatch_parts(), &tenant("demo")).await.unwrap();
        work_due(&self.parts, &tenant("demo")).await.unwrap();
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Desk {
        let agent = AgentId::parse(name).unwrap();
        let sign_in = |planned: &Planned| {
            let (profile, seat) = planned.ability(&agent)?;
            Some(Command::SignIn {
                agent: agent.clone(),
                want: Want::Ready,
                reason: String::new(),
                profile,
                seat,
                plan_version: planned.version(),
                lease: Duration::from_mins(10),
            })
        };
        let applied = self.parts.floors.apply_planned(&tenant("demo"), sign_in).await.unwrap();
        let Some(Reply::Joined { token }) = applied.map(|applied| applied.reply) else {
            panic!("{name} has no session");
        };
        Desk { agent, session: token }
    }

    pub(crate) async fn contact(&self, id: &str) -> Contact {
        let id = ContactId::parse(id).unwrap();
        self.floor.contact(&tenant("demo"), &id).await.unwrap().unwrap()
    }

    /// Gives the offer of a contact, and who is rung for it.
    pub(crate) async fn offer(&self, id: &str) -> Option<(OfferId, AgentId)> {
        self.contact(id).await.state.offers().first().cloned()
    }

    pub(crate) async fn accept(&self, desk: &Desk, id: &str) {
        let (offer, rung) = self.offer(id).await.unwrap();
        assert_eq!(rung, desk.agent);
        let command = Command::AcceptOffer { desk: desk.clone(), offer };
        self.parts.floors.apply(&tenant("demo"), command).await.unwrap();
        self.heard(id).await;
    }

    pub(crate) async fn resolve(&self, id: &str) {
        let ticket = self.office.ticket(id).await;
        let request = MoveTicketRequest {
            resolution: "paid back".into(),
            ..a_move(&ticket, TicketMove::Resolve)
        };
        self.office.moves(request).await.unwrap();
        self.round().await;
    }

    pub(crate) async fn finish_wrap_up(&self, desk: &Desk, id: &str) {
        let contact = ContactId::parse(id).unwrap();
        let command = Command::FinishWrapUp { desk: desk.clone(), contact, notes: String::new() };
        self.parts.floors.apply(&tenant("demo"), command).await.unwrap();
    }
}

fn an_empty_floor() -> Arc<MemoryFloor> {
    Arc::new(MemoryFloor::new(Arc::new(AtomicI64::new(MORNING.as_millis()))))
}

/// Gives what a process works with; another one has caches of its own.
pub(crate) fn parts(office: &Office, floor: &Arc<MemoryFloor>) -> WorkParts {
    let store = Arc::new(office.store.clone());
    let tasks = Tasks::new(Shutdown::new());
    WorkParts {
        tickets: office.parts(),
        items: Arc::clone(&store) as _,
        floors: Floors::new(FloorsParts {
            floor: Arc::clone(floor) as _,
            epochs: Arc::clone(&store) as _,
            gateways: Arc::clone(&store) as _,
            centers: CenterCache::new(Arc::clone(&store) as _),
            ids: Arc::new(RandomIds),
            clock: Arc::clone(&office.clock) as _,
            gateway_lease: Duration::from_secs(10),
        }),
        feeds: Feeds::new(Arc::clone(floor) as _, tasks.clone()),
        gateways: store,
        tasks,
    }
}
