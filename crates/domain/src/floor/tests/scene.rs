//! A small center on a manual clock, for telling one behaviour at a time.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::channel::Channel;
use crate::floor::Floor;
use crate::floor::command::{Agreed, Command, Desk, Envelope, Leg, Reply, Report};
use crate::floor::event::Event;
use crate::floor::invariants;
use crate::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use crate::floor::rejection::Rejection;
use crate::floor::state::{ContactState, EndReason, Seat, Token, Want};
use crate::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};

pub(super) const RING: Duration = Duration::from_secs(20);
pub(super) const WRAP_UP: Duration = Duration::from_secs(30);
pub(super) const LEASE: Duration = Duration::from_hours(1);

/// A floor with one gateway, two queues and a plan, open for offers.
pub(super) struct Scene {
    pub(super) floor: Floor,
    pub(super) token: Token,
    pub(super) plan_version: u64,
    wall: i64,
    steps: u64,
    sequence: u64,
    run: String,
}

impl Scene {
    /// Opens the center with the usual rules.
    pub(super) fn new() -> Self {
        Self::with_rules(|_| {})
    }

    /// Opens the center with other rules.
    pub(super) fn with_rules(change: impl Fn(&mut QueueRules)) -> Self {
        let token = Token { epoch: 0, number: 0 };
        let mut scene = Self {
            floor: Floor::new(),
            token,
            plan_version: 1,
            wall: 1_800_000_000_000,
            steps: 0,
            sequence: 0,
            run: "run-1".to_owned(),
        };
        scene.open_epoch(1);
        let mut rules = usual_rules();
        change(&mut rules);
        let queues = ["sales", "service"].map(|name| (queue(name), rules.clone()));
        let callbacks = class_for(Channel::Callback, "sales");
        let classes = vec![class("sales"), class("service"), callbacks];
        let plan = PlanUpdate { version: 1, queues: BTreeMap::from(queues), classes };
        scene.apply(Command::LoadPlan { plan });
        scene.join();
        scene.finish_inventory();
        scene
    }

    /// Restarts the server process behind the floor, as after a crash.
    pub(super) fn open_epoch(&mut self, epoch: u64) {
        self.run = format!("run-{epoch}");
        let gateways = BTreeSet::new();
        self.apply(Command::OpenEpoch { epoch, gateways, lease: LEASE });
        while self.apply(Command::SweepEpoch) == Reply::More {}
    }

    pub(super) fn join(&mut self) {
        let reply = self.apply(Command::JoinGateway { gateway: gateway(), lease: LEASE });
        let Reply::Joined { token } = reply else { unreachable!("{reply:?}") };
        self.token = token;
    }

    pub(super) fn finish_inventory(&mut self) {
        let token = self.token;
        self.apply(Command::FinishInventory { gateway: gateway(), token });
    }

    pub(super) fn reconcile(&mut self, id: &str, bridged_to: Option<&str>) {
        let leg = Leg {
            contact: contact(id),
            age: Duration::from_secs(9),
            bridged_to: bridged_to.map(agent),
            over: false,
            call_sequence: self.sequence,
            fallback: Some(route("sales")),
            channel: Channel::Voice,
            caller: String::new(),
            details: String::new(),
        };
        let token = self.token;
        self.apply(Command::ReconcileLeg { gateway: gateway(), token, leg });
    }

    pub(super) fn try_apply(
        &mut self,
        command: &Command,
    ) -> Result<(Reply, Vec<Event>), Rejection> {
        self.steps += 1;
        let envelope = Envelope { run: self.run.clone(), wall: self.wall, seed: seed(self.steps) };
        let outcome = self.floor.apply(&envelope, command);
        assert_eq!(invariants::check(&self.floor), Vec::<String>::new(), "{command:?}");
        outcome
    }

    pub(super) fn apply(&mut self, command: impl Borrow<Command>) -> Reply {
        let command = command.borrow();
        let outcome = self.try_apply(command);
        outcome.unwrap_or_else(|rejection| unreachable!("{command:?}: {rejection}")).0
    }

    pub(super) fn refuse(&mut self, command: &Command) -> Rejection {
        self.try_apply(command).expect_err("the command is refused")
    }

    /// Lets time pass, a second a step, fires what comes due, and gives what is told.
    pub(super) fn pass(&mut self, span: Duration) -> Vec<Event> {
        let end = self.wall + i64::try_from(span.as_millis()).expect("a short span");
        let mut told = Vec::new();
        while self.wall < end {
            self.wall = end.min(self.wall + 1_000);
            let mut reply = Reply::More;
            while reply == Reply::More {
                let fired = self.try_apply(&Command::FireDeadlines);
                let (next, events) = fired.expect("deadlines fire at any time");
                told.extend(events);
                reply = next;
            }
        }
        told
    }

    /// Lets the machine's clock jump within one step.
    pub(super) fn jump(&mut self, span: Duration) {
        self.wall += i64::try_from(span.as_millis()).expect("a short span");
        self.apply(Command::FireDeadlines);
    }

    pub(super) fn report(&mut self, id: &str) -> Report {
        self.sequence += 1;
        Report {
            contact: contact(id),
            gateway: gateway(),
            token: self.token,
            call_sequence: self.sequence,
        }
    }

    pub(super) fn caller_waits(&mut self, id: &str, queue: &str, priority: i32) {
        self.caller_arrives(id, "", Channel::Voice);
        self.caller_routes(id, route(queue), priority);
    }

    pub(super) fn caller_arrives(&mut self, id: &str, caller: &str, channel: Channel) {
        let report = self.report(id);
        self.apply(Command::StartContact {
            report,
            channel,
            caller: caller.to_owned(),
            plan_version: self.plan_version,
            fallback: None,
            details: String::new(),
        });
    }

    pub(super) fn caller_routes(&mut self, id: &str, route: Route, priority: i32) {
        let report = self.report(id);
        self.apply(Command::RouteContact {
            report,
            plan_version: self.plan_version,
            route,
            priority,
            credit: Duration::from_secs(10),
            details: String::new(),
        });
    }

    pub(super) fn hang_up(&mut self, id: &str) {
        let report = self.report(id);
        self.apply(Command::HangUp { report, served: false });
    }

    /// Signs in an agent who serves sales first, then service.
    pub(super) fn sign_in(&mut self, name: &str) {
        let mut command = sign_in(name, "both");
        if let Command::SignIn { plan_version, .. } = &mut command {
            *plan_version = self.plan_version;
        }
        self.apply(command);
    }

    /// Gives the plan in use, as it was loaded.
    pub(super) fn plan(&self) -> PlanUpdate {
        let queues = self.floor.plan.queues.clone();
        let classes = vec![class("sales"), class("service")];
        PlanUpdate { version: self.plan_version, queues, classes }
    }

    pub(super) fn finish_wrap_up(&mut self, name: &str, id: &str) {
        let (desk, contact) = (self.desk(name), contact(id));
        self.apply(Command::FinishWrapUp { desk, contact, notes: String::new() });
    }

    pub(super) fn extend_wrap_up(&mut self, name: &str, id: &str, seconds: u64) {
        let (desk, contact) = (self.desk(name), contact(id));
        let extension = Duration::from_secs(seconds);
        self.apply(Command::ExtendWrapUp { desk, contact, extension });
    }

    pub(super) fn desk(&self, name: &str) -> Desk {
        let session = self.floor.agents[&agent(name)].session.expect("the agent is signed in");
        Desk { agent: agent(name), session }
    }

    pub(super) fn accept(&mut self, name: &str) -> OfferId {
        let (desk, offer) = (self.desk(name), self.offer_of(name).expect("the agent is rung"));
        self.apply(Command::AcceptOffer { desk, offer: offer.clone() });
        offer
    }

    pub(super) fn decline(&mut self, name: &str) {
        let (desk, offer) = (self.desk(name), self.offer_of(name).expect("the agent is rung"));
        self.apply(Command::DeclineOffer { desk, offer });
    }

    /// Connects the agent who is rung with his caller.
    pub(super) fn connect(&mut self, name: &str, id: &str) {
        let offer = self.accept(name);
        let report = self.report(id);
        self.apply(Command::ReportBridged { report, offer });
    }

    pub(super) fn set_want(&mut self, name: &str, want: Want) {
        let desk = self.desk(name);
        self.apply(Command::SetWant { desk, want, reason: String::new() });
    }

    pub(super) fn offer_of(&self, name: &str) -> Option<OfferId> {
        self.floor.agents[&agent(name)].offer.as_ref().map(|ringing| ringing.offer.clone())
    }

    pub(super) fn agent(&self, name: &str) -> &'static str {
        self.floor.agents[&agent(name)].state().name()
    }

    pub(super) fn rung_for(&self, name: &str) -> Option<&str> {
        let ringing = self.floor.agents[&agent(name)].offer.as_ref();
        ringing.map(|ringing| ringing.contact.as_str())
    }

    pub(super) fn state(&self, id: &str) -> &ContactState {
        &self.floor.contacts[&contact(id)].state
    }
}

pub(super) fn sign_in(name: &str, profile: &str) -> Command {
    Command::SignIn {
        agent: agent(name),
        want: Want::Ready,
        reason: String::new(),
        profile: profile_of(profile, &[]),
        seat: Seat { weight: 1, order: 1 },
        plan_version: 1,
        lease: LEASE,
    }
}

pub(super) fn ended(reason: EndReason) -> ContactState {
    ContactState::Ended { reason }
}

/// A profile for one call at a time, and for chats: as many as its name says after a colon.
pub(super) fn profile_of(name: &str, chats: &[u32]) -> ProfileDefinition {
    let spoken = BTreeSet::from([Channel::Voice, Channel::Callback]);
    let call = |other| Slot { capacity: 1, blocked_by: BTreeSet::from([other]) };
    let mut slots = BTreeMap::from([
        (Channel::Voice, call(Channel::Callback)),
        (Channel::Callback, call(Channel::Voice)),
    ]);
    for capacity in chats {
        slots.insert(Channel::Chat, Slot { capacity: *capacity, blocked_by: spoken.clone() });
    }
    let orders = ReadyOrder::ALL.iter().copied().collect();
    ProfileDefinition { key: ProfileKey::new(name), orders, slots }
}

fn seed(step: u64) -> OfferId {
    OfferId::parse(format!("{step:032x}")).expect("digits are an id")
}

fn usual_rules() -> QueueRules {
    let cool_down = Duration::from_secs(10);
    let stops = MissRule { cool_down, threshold: 1 };
    QueueRules {
        ring_timeout: RING,
        ring_count: 1,
        order: ReadyOrder::Idle,
        max_wait: Duration::from_mins(10),
        max_waiting: 100,
        max_active: u32::MAX,
        wrap_up_mode: WrapUpMode::Timed,
        wrap_up: WRAP_UP,
        wrap_up_extension: Duration::from_mins(1),
        default_disposition: String::new(),
        misses: [stops, MissRule { cool_down, threshold: 0 }, stops, stops],
        join_when_empty: true,
        leave_when_empty: None,
        redial_window: Duration::ZERO,
        draining: false,
        callback_attempts: 2,
        callback_retry: Duration::from_mins(1),
        callback_lifetime: Duration::from_hours(1),
        overflow: "voicemail".to_owned(),
        when_closed: "busy".to_owned(),
    }
}

/// Both queues are served by `both`; sales also by `sales-only`.
pub(super) fn class(name: &str) -> ClassDefinition {
    class_for(Channel::Voice, name)
}

/// The class of a queue on a channel.
pub(super) fn class_for(channel: Channel, name: &str) -> ClassDefinition {
    let rank = u32::from(name != "sales");
    let both = (ProfileKey::new("both"), Standing { rank, preference: 0 });
    let only = (ProfileKey::new("sales-only"), Standing::default());
    let profiles = if name == "sales" { vec![both, only] } else { vec![both] };
    let key = ClassKey::new(format!("{channel}:{name}/"));
    ClassDefinition { key, profiles: profiles.into_iter().collect() }
}

/// A caller's wish to be called back by sales.
pub(super) fn book(id: &str, callback: &str) -> Command {
    book_as(id, callback, Duration::ZERO, None)
}

/// The same from some time on, and as it was agreed with a caller in the menu.
pub(super) fn book_as(
    id: &str,
    callback: &str,
    opens_in: Duration,
    agreed: Option<Agreed>,
) -> Command {
    Command::RequestCallback {
        contact: contact(id),
        callback: contact(callback),
        plan_version: 1,
        route: route_by("sales", vec![class_for(Channel::Callback, "sales")]),
        opens_in,
        closes_in: None,
        by: "caller".to_owned(),
        agreed,
    }
}

/// A route straight into a queue.
pub(super) fn route(name: &str) -> Route {
    route_by(name, vec![class(name)])
}

/// A route through several classes, ten seconds each; each is left at once when it is empty.
pub(super) fn route_by(name: &str, classes: Vec<ClassDefinition>) -> Route {
    let steps = classes.into_iter().enumerate().map(|(index, class)| RouteStep {
        after: Duration::from_secs(10) * u32::try_from(index).unwrap_or(0),
        when_empty: index > 0,
        class,
    });
    Route { queue: queue(name), steps: steps.collect(), closes_in: None }
}

/// The class of contacts held for one agent.
pub(super) fn personal(name: &str) -> ClassDefinition {
    ClassDefinition { key: ClassKey::personal(&agent(name)), profiles: BTreeMap::new() }
}

pub(super) fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("a name is an id")
}

pub(super) fn contact(id: &str) -> ContactId {
    ContactId::parse(id).expect("a name is an id")
}

pub(super) fn gateway() -> GatewayId {
    GatewayId::parse("gateway-1").expect("a name is an id")
}

pub(super) fn queue(name: &str) -> QueueId {
    QueueId::parse(name).expect("a name is an id")
}
