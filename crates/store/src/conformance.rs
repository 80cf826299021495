//! What every live floor must do, whatever it is made of; adapters run it in their tests.

pub mod ivr_sessions;
pub mod ticket_presence;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Leg, Reply, Report};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use switchboard_domain::floor::state::{AgentState, ContactState, Seat, Token, Want};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId, TenantId};

use crate::live_floor::{Applied, LiveFloor, Order};
use crate::outbox::{EntityKind, OutboxEntry, OutboxId, Trim};

const LEASE: Duration = Duration::from_mins(10);
const NOW: Duration = Duration::ZERO;

/// Plays a small center's day on an empty floor and checks every read on the way.
///
/// # Panics
///
/// When the floor does not do what it must.
pub async fn check(floor: &dyn LiveFloor) {
    let mut play = Play { floor, tenant: tenant("conformance"), steps: 0, sequence: 0 };
    let token = play.open().await;
    play.callers_wait(token).await;
    play.an_agent_is_rung(token).await;
    play.a_callback_is_booked().await;
    play.the_outbox_tells_it().await;
    play.tenants_are_apart().await;
}

struct Play<'a> {
    floor: &'a dyn LiveFloor,
    tenant: TenantId,
    steps: u128,
    sequence: u64,
}

impl Play<'_> {
    async fn apply(&mut self, command: Command) -> Applied {
        self.steps += 1;
        let seed = OfferId::parse(format!("{:032x}", self.steps)).expect("digits are an id");
        let trace = Some("00-11112222333344445555666677778888-1111222233334444-01".to_owned());
        let order = Order { command: command.clone(), seed, trace };
        let outcome = self.floor.apply(&self.tenant, order).await;
        outcome.unwrap_or_else(|error| unreachable!("{command:?}: {error:?}"))
    }

    async fn open(&mut self) -> Token {
        let empty = self.floor.status(&self.tenant).await.expect("a status");
        assert_eq!((empty.epoch, empty.is_current), (0, false));
        let gateways = BTreeSet::new();
        self.apply(Command::OpenEpoch { epoch: 7, gateways, lease: LEASE }).await;
        while self.apply(Command::SweepEpoch).await.reply == Reply::More {}
        let plan = PlanUpdate {
            version: 3,
            queues: BTreeMap::from([(queue(), rules())]),
            classes: vec![class()],
        };
        self.apply(Command::LoadPlan { plan }).await;
        let joined = self.apply(Command::JoinGateway { gateway: gateway(), lease: LEASE }).await;
        let Reply::Joined { token } = joined.reply else { unreachable!("{joined:?}") };
        self.apply(Command::FinishInventory { gateway: gateway(), token }).await;
        let status = self.floor.status(&self.tenant).await.expect("a status");
        assert!(status.is_current && status.barrier_open && !status.sweeping && status.settled);
        assert_eq!((status.epoch, status.plan_version), (7, 3));
        token
    }

    async fn callers_wait(&mut self, token: Token) {
        for name in ["call-1", "call-2"] {
            let started = self.report(name, token);
            let details = Details::new().with("language", "en").encode();
            self.start(started, details).await;
            let route = Command::RouteContact {
                report: self.report(name, token),
                plan_version: 3,
                route: route(),
                priority: 0,
                credit: Duration::from_secs(10),
                details: Details::new().with("language", "zh-CN").encode(),
            };
            self.apply(route).await;
        }
        self.the_line_is_read().await;
    }

    async fn start(&mut self, report: Report, details: String) {
        let start = Command::StartContact {
            report,
            channel: Channel::Voice,
            caller: "+8613800000001".to_owned(),
            plan_version: 3,
            fallback: None,
            details,
        };
        self.apply(start).await;
    }

    async fn the_line_is_read(&self) {
        let (one, two) = (contact("call-1"), contact("call-2"));
        let tenant = &self.tenant;
        let status = self.floor.queue(tenant, &queue()).await.expect("a queue");
        assert_eq!((status.waiting, status.active), (2, 0));
        assert!(status.oldest_enqueued_at.is_some());
        let waiting = self.floor.waiting_of_queue(tenant, &queue(), 10).await.expect("a line");
        let places = waiting.iter().map(|(id, contact)| (id.clone(), contact.place.clone()));
        let classes = places.map(|(id, place)| (id, place.expect("a place").class));
        let classes: Vec<_> = classes.collect();
        assert_eq!(classes, [(one.clone(), class().key), (two.clone(), class().key)]);
        let line = self.floor.line(tenant, &queue(), 10).await.expect("a line");
        assert_eq!(line, [one.clone(), two.clone()]);
        assert_eq!(self.floor.line(tenant, &queue(), 0).await.expect("a line"), []);
        let place = waiting.last().and_then(|(_, contact)| contact.place.clone());
        let place = place.expect("the second contact has a place");
        assert_eq!(self.floor.position(tenant, &two, &place).await.expect("a position"), Some(2));
        let legs = self.floor.legs(tenant, &gateway(), 10).await.expect("legs");
        assert_eq!(legs, [one, two]);
        self.the_plan_is_read().await;
    }

    async fn the_plan_is_read(&self) {
        let tenant = &self.tenant;
        let classes = self.floor.classes(tenant).await.expect("classes");
        assert_eq!(classes, BTreeSet::from([class().key]));
        let held = self.floor.gateway(tenant, &gateway()).await.expect("a read");
        assert!(held.is_some_and(|gateway| gateway.fresh && !gateway.lost));
        let nowhere = GatewayId::parse("nowhere").expect("an id");
        assert_eq!(self.floor.gateway(tenant, &nowhere).await.expect("a read"), None);
    }

    async fn an_agent_is_rung(&mut self, token: Token) {
        let agent = AgentId::parse("amy").expect("an id");
        let sign_in = Command::SignIn {
            agent: agent.clone(),
            want: Want::Ready,
            reason: String::new(),
            profile: ability(),
            seat: Seat { weight: 1, order: 0 },
            plan_version: 3,
            lease: LEASE,
        };
        let joined = self.apply(sign_in).await;
        let Reply::Joined { token: session } = joined.reply else { unreachable!("{joined:?}") };
        let agents = self.floor.agents(&self.tenant).await.expect("agents");
        let [(id, record)] = agents.as_slice() else { unreachable!("{agents:?}") };
        assert_eq!(id, &agent);
        let AgentState::Offered { offer, contact: rung } = record.state() else {
            unreachable!("{record:?}")
        };
        self.the_call_is_counted().await;
        assert_eq!(rung, contact("call-1"));
        let desk = Desk { agent: agent.clone(), session };
        self.apply(Command::AcceptOffer { desk, offer: offer.clone() }).await;
        let report = self.report("call-1", token);
        self.apply(Command::ReportBridged { report, offer }).await;
        self.they_talk(&agent, &rung).await;
        let (bound, before) =
            self.floor.agent_with(&self.tenant, &agent, &rung).await.expect("a pair");
        assert!(bound.is_some_and(|bound| bound.work.contains_key(&rung)));
        let ended = self.report("call-1", token);
        self.apply(Command::HangUp { report: ended, served: false }).await;
        let place = before.and_then(|contact| contact.place).expect("it had a place");
        let position = self.floor.position(&self.tenant, &rung, &place).await.expect("a read");
        assert_eq!(position, None);
    }

    async fn they_talk(&self, agent: &AgentId, rung: &ContactId) {
        let talking = self.floor.contact(&self.tenant, rung).await.expect("a contact");
        let talking = talking.expect("the contact is known");
        assert_eq!(talking.state, ContactState::Connected { agent: agent.clone() });
        assert_eq!(Details::decode(&talking.details).get("language"), Some("zh-CN"));
        let nobody = AgentId::parse("nobody").expect("an id");
        assert_eq!(self.floor.agent(&self.tenant, &nobody).await.expect("a read"), None);
    }

    async fn the_call_is_counted(&self) {
        let status = self.floor.queue(&self.tenant, &queue()).await.expect("a queue");
        assert_eq!((status.waiting, status.active), (1, 1));
    }

    /// The second caller is to be called back.
    async fn a_callback_is_booked(&mut self) {
        assert_eq!(self.floor.callbacks(&self.tenant).await.expect("callbacks"), []);
        let booked = Command::RequestCallback {
            contact: contact("call-2"),
            callback: contact("callback-1"),
            plan_version: 3,
            route: route(),
            opens_in: Duration::from_mins(1),
            closes_in: None,
            by: "caller".to_owned(),
            agreed: None,
        };
        self.apply(booked).await;
        let open = self.floor.callbacks(&self.tenant).await.expect("callbacks");
        assert_eq!(open, [contact("callback-1")]);
        let callback = self.floor.contact(&self.tenant, &open[0]).await.expect("a contact");
        let callback = callback.expect("the callback is known");
        assert_eq!((callback.channel, callback.token), (Channel::Callback, None));
        let times = callback.callback.expect("it may be called");
        assert_eq!(times.closes_at.since(times.opens_at), Duration::from_mins(59));
    }

    async fn the_outbox_tells_it(&mut self) {
        let tenant = self.tenant.clone();
        let all = self.floor.tail(&tenant, OutboxId::START, 1_000, NOW).await.expect("a tail");
        let kinds: Vec<&str> = all.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds.first(), Some(&"epoch_opened"));
        assert!(all.iter().all(|entry| entry.epoch == 7 && entry.trace.is_some()));
        assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
        let queued = all.iter().find(|entry| entry.kind == "contact_queued").expect("it queued");
        assert_eq!(queued.entity, EntityKind::Contact);
        assert_eq!(queued.field("language"), Some("zh-CN"), "details become fields");
        assert_eq!(queued.field("details"), None);
        let end = self.floor.outbox_end(&tenant).await.expect("an end");
        assert_eq!(all.last().map(OutboxEntry::position), Some(end));
        let nothing = self.floor.tail(&tenant, end.id, 10, NOW).await.expect("a tail");
        assert_eq!(nothing, []);
        self.what_is_recorded_may_go(&all).await;
    }

    async fn what_is_recorded_may_go(&mut self, all: &[OutboxEntry]) {
        let tenant = self.tenant.clone();
        let middle = all[all.len() / 2].id;
        let elsewhere = Trim { upto: middle, epoch: 6 };
        self.floor.trim(&tenant, elsewhere).await.expect("an answer");
        let whole = self.floor.tail(&tenant, OutboxId::START, 1_000, NOW).await.expect("a tail");
        assert_eq!(whole, all, "what another epoch wrote stays");
        self.floor.trim(&tenant, Trim { upto: middle, epoch: 7 }).await.expect("a trim");
        let rest = self.floor.tail(&tenant, OutboxId::START, 1_000, NOW).await.expect("a tail");
        // What is not recorded stays, and with it at most the rest of its step.
        assert!(rest.len() < all.len() && all.ends_with(&rest), "{rest:?}");
        assert!(all.iter().filter(|entry| entry.id > middle).all(|entry| rest.contains(entry)));
    }

    async fn tenants_are_apart(&mut self) {
        let other = tenant("other");
        let agents = self.floor.agents(&other).await.expect("agents");
        assert_eq!(agents, []);
        let seen = self.floor.contact(&other, &contact("call-2")).await.expect("a read");
        assert_eq!(seen, None);
    }

    fn report(&mut self, name: &str, token: Token) -> Report {
        self.sequence += 1;
        let call_sequence = self.sequence;
        Report { contact: contact(name), gateway: gateway(), token, call_sequence }
    }
}

/// Gives a leg as a gateway would report it; for tests of adapters.
///
/// # Panics
///
/// When the name is no id.
pub fn leg(name: &str) -> Leg {
    Leg {
        contact: contact(name),
        age: Duration::from_secs(1),
        bridged_to: None,
        over: false,
        call_sequence: 0,
        fallback: Some(route()),
        channel: Channel::Voice,
        caller: String::new(),
        details: String::new(),
    }
}

fn rules() -> QueueRules {
    let miss = MissRule { cool_down: Duration::from_secs(10), threshold: 1 };
    QueueRules {
        ring_timeout: Duration::from_secs(20),
        ring_count: 1,
        order: ReadyOrder::Idle,
        max_wait: Duration::from_mins(10),
        max_waiting: 100,
        max_active: 10,
        wrap_up_mode: WrapUpMode::Timed,
        wrap_up: Duration::from_secs(30),
        wrap_up_extension: Duration::from_secs(30),
        default_disposition: String::new(),
        misses: [miss; 4],
        join_when_empty: true,
        leave_when_empty: None,
        redial_window: Duration::ZERO,
        draining: false,
        callback_attempts: 3,
        callback_retry: Duration::from_mins(5),
        callback_lifetime: Duration::from_hours(1),
        overflow: "hangup".to_owned(),
        when_closed: "voicemail".to_owned(),
    }
}

fn class() -> ClassDefinition {
    let standing = Standing { rank: 1, preference: -2 };
    ClassDefinition {
        key: ClassKey::new("voice:sales/"),
        profiles: BTreeMap::from([(ability().key, standing)]),
    }
}

fn route() -> Route {
    let first = RouteStep { after: Duration::ZERO, when_empty: false, class: class() };
    Route { queue: queue(), steps: vec![first], closes_in: None }
}

fn ability() -> ProfileDefinition {
    let alone = Slot { capacity: 1, blocked_by: BTreeSet::from([Channel::Chat]) };
    ProfileDefinition {
        key: ProfileKey::new("sales"),
        orders: BTreeSet::from([ReadyOrder::Idle]),
        slots: BTreeMap::from([(Channel::Voice, alone)]),
    }
}

fn queue() -> QueueId {
    QueueId::parse("sales").expect("a word is an id")
}

fn gateway() -> GatewayId {
    GatewayId::parse("gateway-1").expect("a word is an id")
}

fn contact(name: &str) -> ContactId {
    ContactId::parse(name).expect("a word is an id")
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("a word is an id")
}
