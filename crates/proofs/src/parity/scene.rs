//! Lists of commands made on the floor alone, to be played on both sides afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Desk, Envelope, Reply, Report};
use switchboard_domain::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use switchboard_domain::floor::state::{Seat, Token, Want};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};

use super::pair::Sent;

/// How long leases hold: longer than any scene.
const LEASE: Duration = Duration::from_hours(12);

/// A scene while it is written: the floor as it is by now, and what was sent.
pub(super) struct Scene {
    pub(super) floor: Floor,
    pub(super) sent: Vec<Sent>,
    pub(super) run: String,
    wall: i64,
    session: Option<Token>,
    calls: u64,
}

impl Scene {
    /// Begins before the first epoch.
    pub(super) fn new() -> Self {
        Self {
            floor: Floor::new(),
            sent: Vec::new(),
            run: "run-1".to_owned(),
            wall: 1_795_262_400_000,
            session: None,
            calls: 0,
        }
    }

    /// Begins with an open floor: this plan, and one gateway without calls.
    pub(super) fn open(plan: PlanUpdate, awaited: &[GatewayId]) -> Self {
        let mut scene = Self::new();
        let gateways: BTreeSet<GatewayId> = awaited.iter().cloned().collect();
        scene.send(Command::OpenEpoch { epoch: 1, gateways, lease: LEASE });
        scene.send(Command::SweepEpoch);
        scene.send(Command::LoadPlan { plan });
        scene.join();
        scene
    }

    /// Sends a command; gives the reply unless it is refused.
    pub(super) fn send(&mut self, command: Command) -> Option<Reply> {
        let seed = format!("{:032x}", self.sent.len() + 1);
        let seed = OfferId::parse(seed).expect("32 digits are an id");
        let envelope = Envelope { run: self.run.clone(), wall: self.wall, seed };
        let answer = self.floor.apply(&envelope, &command);
        self.sent.push((envelope, command));
        answer.ok().map(|(reply, _)| reply)
    }

    /// Lets the gateway begin a session and end its inventory.
    pub(super) fn join(&mut self) {
        let gateway = gateway();
        if let Some(Reply::Joined { token }) =
            self.send(Command::JoinGateway { gateway: gateway.clone(), lease: LEASE })
        {
            self.session = Some(token);
            self.send(Command::FinishInventory { gateway, token });
        }
    }

    /// Gives the session of the gateway.
    pub(super) fn token(&self) -> Token {
        self.session.unwrap_or(Token { epoch: 0, number: 0 })
    }

    /// Signs an agent in who takes one call.
    pub(super) fn sign_in(&mut self, agent: AgentId, profile: ProfileDefinition) {
        let (want, reason) = (Want::Ready, String::new());
        let (seat, plan_version) = (Seat { weight: 1, order: 1 }, self.floor.plan.version);
        let lease = LEASE;
        self.send(Command::SignIn { agent, want, reason, profile, seat, plan_version, lease });
    }

    /// Begins contacts and routes them.
    pub(super) fn bring(&mut self, contacts: u32, route: impl Fn(u32) -> Route) {
        for number in 0..contacts {
            self.start(number);
        }
        for number in 0..contacts {
            self.route(number, route(number));
        }
    }

    /// Begins a contact.
    pub(super) fn start(&mut self, number: u32) {
        let report = self.report(&call(number));
        let plan_version = self.floor.plan.version;
        let caller = "+8613800000001".to_owned();
        let (channel, fallback, details) = (Channel::Voice, None, String::new());
        let start =
            Command::StartContact { report, channel, caller, plan_version, fallback, details };
        self.send(start);
    }

    /// Routes a contact.
    pub(super) fn route(&mut self, number: u32, route: Route) {
        let report = self.report(&call(number));
        let (plan_version, details) = (self.floor.plan.version, String::new());
        let (priority, credit) = (5, Duration::from_secs(10));
        let command =
            Command::RouteContact { report, plan_version, route, priority, credit, details };
        self.send(command);
    }

    /// Gives the gateway's next report about a contact.
    pub(super) fn report(&mut self, contact: &ContactId) -> Report {
        self.calls += 1;
        let (contact, token) = (contact.clone(), self.token());
        Report { contact, gateway: gateway(), token, call_sequence: self.calls }
    }

    /// Gives the desktop of an agent.
    pub(super) fn desk(&self, agent: &AgentId) -> Option<Desk> {
        let session = self.floor.agents.get(agent)?.session?;
        Some(Desk { agent: agent.clone(), session })
    }

    /// Lets a second pass in which nobody looks at the deadlines.
    pub(super) const fn doze(&mut self) {
        self.wall += 1_000;
    }

    /// Lets time pass, second by second.
    pub(super) fn pass(&mut self, seconds: u32) {
        for _ in 0..seconds {
            self.wall += 1_000;
            self.send(Command::FireDeadlines);
        }
    }
}

/// Names the gateway of a scene.
pub(super) fn gateway() -> GatewayId {
    GatewayId::parse("gateway-1").expect("a word and a number are an id")
}

/// Names a call.
pub(super) fn call(number: u32) -> ContactId {
    ContactId::parse(format!("call-{number}")).expect("a word and a number are an id")
}

/// Names an agent.
pub(super) fn agent(number: u32) -> AgentId {
    AgentId::parse(format!("agent-{number}")).expect("a word and a number are an id")
}

/// Makes a plan of one queue, with as many classes and profiles as told; all serve all.
pub(super) fn plan(version: u64, kinds: u32, rules: QueueRules) -> PlanUpdate {
    let queues = BTreeMap::from([(queue(), rules)]);
    let classes = (0..kinds).map(|number| class(number, kinds)).collect();
    PlanUpdate { version, queues, classes }
}

/// Names the queue of a scene.
pub(super) fn queue() -> QueueId {
    QueueId::parse("booking").expect("a word is an id")
}

/// Gives a class that all profiles serve.
pub(super) fn class(number: u32, kinds: u32) -> ClassDefinition {
    let key = ClassKey::new(format!("voice:booking/booking:1,skill-{number}:5"));
    let standing = Standing { rank: 1, preference: 0 };
    let profiles = (0..kinds).map(|kind| (profile_key(kind), standing)).collect();
    ClassDefinition { key, profiles }
}

/// Gives the way to one class.
pub(super) fn to(class: ClassDefinition) -> Route {
    let step = RouteStep { after: Duration::ZERO, when_empty: false, class };
    Route { queue: queue(), steps: vec![step], closes_in: None }
}

/// Gives a profile: one call at a time, the longest idle first.
pub(super) fn profile(number: u32) -> ProfileDefinition {
    let slot = Slot { capacity: 1, blocked_by: BTreeSet::new() };
    ProfileDefinition {
        key: profile_key(number),
        orders: BTreeSet::from([ReadyOrder::Idle]),
        slots: BTreeMap::from([(Channel::Voice, slot)]),
    }
}

/// Names a profile as long as real ones are.
fn profile_key(number: u32) -> ProfileKey {
    ProfileKey::new(format!("booking:1,refund:2/booking:8,english:5,skill-{number}:7"))
}

/// Gives rules that limit nothing.
pub(super) fn rules() -> QueueRules {
    QueueRules {
        ring_timeout: Duration::from_secs(20),
        ring_count: 1,
        order: ReadyOrder::Idle,
        max_wait: Duration::from_hours(24),
        max_waiting: 10_000_000,
        max_active: u32::MAX,
        wrap_up_mode: WrapUpMode::None,
        wrap_up: Duration::ZERO,
        wrap_up_extension: Duration::ZERO,
        default_disposition: String::new(),
        misses: [MissRule { cool_down: Duration::from_secs(30), threshold: 0 }; 4],
        join_when_empty: true,
        leave_when_empty: None,
        redial_window: Duration::ZERO,
        draining: false,
        callback_attempts: 0,
        callback_retry: Duration::ZERO,
        callback_lifetime: Duration::ZERO,
        overflow: "hangup".to_owned(),
        when_closed: "hangup".to_owned(),
    }
}
