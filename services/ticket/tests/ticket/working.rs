//! Tickets as work of the floor: offered by skill and capacity, accepted once, queued again from what
//! is kept when the floor has forgotten them.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use switchboard_api::ticket::v1::{
    CreateTicketRequest, MoveTicketRequest, TakeTicketRequest, Ticket, TicketMove, TicketState,
};
use switchboard_center::{CenterCache, parse_customers};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::state::{Contact, ContactState, Want};
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
use tonic::Code;

use crate::support::{MORNING, Office, a_move, by, order, tenant, told};

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
struct Shop {
    office: Office,
    floor: Arc<MemoryFloor>,
    parts: WorkParts,
}

impl Shop {
    async fn open() -> Self {
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
    fn restart_empty(&mut self) {
        self.floor = an_empty_floor();
        self.parts = parts(&self.office, &self.floor);
    }

    /// Makes a complaint that somebody accepts.
    async fn a_complaint(&self, id: &str) -> Ticket {
        let request =
            CreateTicketRequest { kind: "complaint".into(), customer_id: "li".into(), ..order(id) };
        let ticket = self.office.answer(request).await.unwrap().ticket.unwrap();
        self.office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap()
    }

    /// Does what the program does when it hears of a change of a contact.
    async fn heard(&self, id: &str) {
        let contact = ContactId::parse(id).unwrap();
        work_on(&self.parts, &tenant("demo"), &contact).await.unwrap();
    }

    /// Does what the program does in its rounds.
    async fn round(&self) {
        dispatch_due(&self.office.dispatch_parts(), &tenant("demo")).await.unwrap();
        work_due(&self.parts, &tenant("demo")).await.unwrap();
    }

    async fn sign_in(&self, name: &str) -> Desk {
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

    async fn contact(&self, id: &str) -> Contact {
        let id = ContactId::parse(id).unwrap();
        self.floor.contact(&tenant("demo"), &id).await.unwrap().unwrap()
    }

    /// Gives the offer of a contact, and who is rung for it.
    async fn offer(&self, id: &str) -> Option<(OfferId, AgentId)> {
        self.contact(id).await.state.offers().first().cloned()
    }

    async fn accept(&self, desk: &Desk, id: &str) {
        let (offer, rung) = self.offer(id).await.unwrap();
        assert_eq!(rung, desk.agent);
        let command = Command::AcceptOffer { desk: desk.clone(), offer };
        self.parts.floors.apply(&tenant("demo"), command).await.unwrap();
        self.heard(id).await;
    }

    async fn resolve(&self, id: &str) {
        let ticket = self.office.ticket(id).await;
        let request = MoveTicketRequest {
            resolution: "paid back".into(),
            ..a_move(&ticket, TicketMove::Resolve)
        };
        self.office.moves(request).await.unwrap();
        self.round().await;
    }

    async fn finish_wrap_up(&self, desk: &Desk, id: &str) {
        let contact = ContactId::parse(id).unwrap();
        let command = Command::FinishWrapUp { desk: desk.clone(), contact, notes: String::new() };
        self.parts.floors.apply(&tenant("demo"), command).await.unwrap();
    }
}

fn an_empty_floor() -> Arc<MemoryFloor> {
    Arc::new(MemoryFloor::new(Arc::new(AtomicI64::new(MORNING.as_millis()))))
}

/// Gives what a process works with; another one has caches of its own.
fn parts(office: &Office, floor: &Arc<MemoryFloor>) -> WorkParts {
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

#[tokio::test]
async fn a_complaint_is_offered_by_skill_accepted_resolved_and_its_agent_free_again() {
    let shop = Shop::open().await;
    let (_unable, desk) = (shop.sign_in("zhang-min").await, shop.sign_in("li-wei").await);
    let ticket = shop.a_complaint("c-1").await;

    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let offered = shop.contact(&name).await;
    assert_eq!(offered.channel, Channel::Task);
    let details = Details::decode(&offered.details);
    let number = ticket.number.to_string();
    assert_eq!(details.get("field.ticket"), Some("c-1"));
    assert_eq!(details.get("field.ticket_number"), Some(number.as_str()));
    shop.accept(&desk, &name).await;

    let begun = shop.office.ticket("c-1").await;
    assert_eq!((begun.state(), begun.agent_id.as_str()), (TicketState::InProgress, "li-wei"));
    let agent = desk.agent.clone();
    assert_eq!(shop.contact(&name).await.state, ContactState::Connected { agent });

    // There is room for one at a time.
    let second = shop.a_complaint("c-2").await;
    shop.round().await;
    let next = format!("ticket-{}.3", second.number);
    assert_eq!(shop.contact(&next).await.state, ContactState::Queued);
    shop.resolve("c-1").await;
    assert!(shop.contact(&name).await.state.is_ended());
    shop.finish_wrap_up(&desk, &name).await;
    assert_eq!(shop.offer(&next).await.map(|(_, to)| to), Some(desk.agent));
}

#[tokio::test]
async fn what_an_agent_takes_from_the_list_is_offered_to_nobody_any_more() {
    let shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let (offer, _) = shop.offer(&name).await.unwrap();
    let take = TakeTicketRequest { ticket_id: "c-1".into(), etag: String::new() };

    let taken = shop.office.dispatch().take_ticket(by("zhang-min", take.clone())).await.unwrap();
    let late = shop.office.dispatch().take_ticket(by("li-wei", take)).await.unwrap_err();
    shop.round().await;

    assert_eq!(taken.into_inner().ticket.unwrap().agent_id, "zhang-min");
    let (code, reason, _) = told(&late);
    assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "TICKET_TAKEN"));
    assert!(shop.contact(&name).await.state.is_ended());
    let accept = Command::AcceptOffer { desk, offer };
    assert!(shop.parts.floors.apply(&tenant("demo"), accept).await.is_err());
}

#[tokio::test]
async fn after_everything_was_lost_what_waits_is_offered_once_and_who_worked_works() {
    let mut shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let first = shop.a_complaint("c-1").await;
    shop.round().await;
    let begun = format!("ticket-{}.3", first.number);
    shop.accept(&desk, &begun).await;
    let second = shop.a_complaint("c-2").await;
    shop.round().await;
    let waiting = format!("ticket-{}.3", second.number);

    shop.restart_empty();
    shop.round().await;
    let agent = desk.agent.clone();
    assert_eq!(shop.contact(&begun).await.state, ContactState::Connected { agent });
    let back = shop.sign_in("li-wei").await;
    assert_eq!(shop.contact(&waiting).await.state, ContactState::Queued, "he has no room for it");
    // No queue is known of what an inventory brought back, and so no after-call work.
    shop.resolve("c-1").await;

    assert_eq!(shop.offer(&waiting).await.map(|(_, offered)| offered), Some(back.agent.clone()));
    shop.accept(&back, &waiting).await;
    assert_eq!(shop.office.ticket("c-2").await.agent_id, "li-wei");
    let starts = shop.office.ticket("c-2").await.events;
    let starts = starts.iter().filter(|event| event.action() == TicketMove::Start);
    assert_eq!(starts.count(), 1);
}

#[tokio::test]
async fn two_processes_queue_a_ticket_once_and_give_it_to_one_agent() {
    let shop = Shop::open().await;
    let other = parts(&shop.office, &shop.floor);
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    dispatch_due(&shop.office.dispatch_parts(), &tenant("demo")).await.unwrap();
    let demo = tenant("demo");

    let (one, two) = tokio::join!(work_due(&shop.parts, &demo), work_due(&other, &demo));
    // Who lost the session to the other finds the other's in the next round.
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    let (offer, _) = shop.offer(&name).await.unwrap();
    let accept = Command::AcceptOffer { desk: desk.clone(), offer };
    shop.parts.floors.apply(&demo, accept).await.unwrap();
    let contact = ContactId::parse(name.as_str()).unwrap();
    let both =
        tokio::join!(work_on(&shop.parts, &demo, &contact), work_on(&other, &demo, &contact));
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");

    let agent = desk.agent;
    assert_eq!(shop.contact(&name).await.state, ContactState::Connected { agent });
    let events = shop.office.ticket("c-1").await.events;
    let starts = events.iter().filter(|event| event.action() == TicketMove::Start);
    assert_eq!(starts.count(), 1);
}

#[tokio::test]
async fn work_that_an_agent_passes_on_waits_again_and_a_ticket_that_is_held_does_not() {
    let shop = Shop::open().await;
    let desk = shop.sign_in("li-wei").await;
    let ticket = shop.a_complaint("c-1").await;
    shop.round().await;
    let name = format!("ticket-{}.3", ticket.number);
    shop.accept(&desk, &name).await;
    let contact = ContactId::parse(name.as_str()).unwrap();
    let pass_on = |planned: &Planned| {
        let queue = "timetable".parse().unwrap();
        let wish = Wish { channel: Channel::Task, known: None, now: MORNING };
        let route = planned.queue_route(&queue, wish)?;
        Some(Command::TransferContact {
            desk: desk.clone(),
            contact: contact.clone(),
            plan_version: planned.version(),
            route,
        })
    };
    shop.parts.floors.apply_planned(&tenant("demo"), pass_on).await.unwrap();
    shop.heard(&name).await;

    let back = shop.office.ticket("c-1").await;
    assert_eq!((back.state(), back.agent_id.as_str()), (TicketState::Dispatched, ""));
    assert_eq!((back.queue_id.as_str(), back.bounce_count), ("timetable", 1));
    assert_eq!(shop.contact(&name).await.state, ContactState::Queued, "under the same name");

    let colleague = shop.sign_in("zhang-min").await;
    shop.accept(&colleague, &name).await;
    let hold = MoveTicketRequest { note: "a part".into(), ..a_move(&ticket, TicketMove::Hold) };
    shop.office.moves(hold).await.unwrap();
    shop.round().await;
    assert!(shop.contact(&name).await.state.is_ended());
    assert_eq!(shop.office.ticket("c-1").await.agent_id, "zhang-min");
}
