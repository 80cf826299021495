//! A small center on a manual clock, for telling one behaviour at a time.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::floor::Floor;
use crate::floor::command::{Command, Desk, Envelope, Leg, Reply, Report};
use crate::floor::event::Event;
use crate::floor::invariants;
use crate::floor::plan::{ClassDefinition, ClassKey, PlanUpdate, ProfileKey, QueueRules};
use crate::floor::rejection::Rejection;
use crate::floor::state::{AgentState, ContactState, Token, Want};
use crate::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};

pub(super) const RING: Duration = Duration::from_secs(20);
pub(super) const WRAP_UP: Duration = Duration::from_secs(30);
pub(super) const LEASE: Duration = Duration::from_hours(1);

/// A floor with one gateway, two queues and a plan, open for offers.
pub(super) struct Scene {
    pub(super) floor: Floor,
    pub(super) token: Token,
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
            wall: 1_800_000_000_000,
            steps: 0,
            sequence: 0,
            run: "run-1".to_owned(),
        };
        scene.open_epoch(1);
        let mut rules = usual_rules();
        change(&mut rules);
        let queues = ["sales", "service"].map(|name| (queue(name), rules.clone()));
        let classes = vec![class("sales"), class("service")];
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
            fallback: Some(class("sales")),
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

    /// Lets time pass, a second a step, and fires what comes due.
    pub(super) fn pass(&mut self, span: Duration) {
        let end = self.wall + i64::try_from(span.as_millis()).expect("a short span");
        while self.wall < end {
            self.wall = end.min(self.wall + 1_000);
            while self.apply(Command::FireDeadlines) == Reply::More {}
        }
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
        let started = self.report(id);
        self.apply(Command::StartContact {
            report: started,
            plan_version: 1,
            fallback: None,
            details: String::new(),
        });
        let routed = self.report(id);
        self.apply(Command::RouteContact {
            report: routed,
            plan_version: 1,
            class: class(queue),
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
        self.apply(sign_in(name, "both"));
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
        let state = &self.floor.agents[&agent(name)].state;
        let AgentState::Offered { offer, .. } = state else { return None };
        Some(offer.clone())
    }

    pub(super) fn agent(&self, name: &str) -> &'static str {
        self.floor.agents[&agent(name)].state.name()
    }

    pub(super) fn rung_for(&self, name: &str) -> Option<&str> {
        let state = &self.floor.agents[&agent(name)].state;
        let AgentState::Offered { contact, .. } = state else { return None };
        Some(contact.as_str())
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
        profile: ProfileKey::new(profile),
        plan_version: 1,
        lease: LEASE,
    }
}

fn seed(step: u64) -> OfferId {
    OfferId::parse(format!("{step:032x}")).expect("digits are an id")
}

fn usual_rules() -> QueueRules {
    QueueRules {
        ring_timeout: RING,
        max_wait: Duration::from_mins(10),
        max_waiting: 100,
        wrap_up: WRAP_UP,
        cool_down: Duration::from_secs(10),
        miss_threshold: 1,
        decline_makes_not_ready: false,
        overflow: "voicemail".to_owned(),
    }
}

/// Both queues are served by `both`; sales also by `sales-only`.
pub(super) fn class(name: &str) -> ClassDefinition {
    let both = (ProfileKey::new("both"), u32::from(name != "sales"));
    let only = (ProfileKey::new("sales-only"), 0);
    let profiles = if name == "sales" { vec![both, only] } else { vec![both] };
    let key = ClassKey::new(format!("{name}/"));
    ClassDefinition { key, queue: queue(name), profiles: profiles.into_iter().collect() }
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

fn queue(name: &str) -> QueueId {
    QueueId::parse(name).expect("a name is an id")
}
