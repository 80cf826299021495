//! A gateway: it holds the legs, so what it says is true. Facts are kept until they are recorded,
//! and only orders of the newest session are obeyed.

mod leg;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId, GatewayId};

use super::center::gateway_id;
use super::edge::open_session;
use super::engine::{Engine, Inbox, Millis};
use super::link::Link;
use super::mutants::Mutant;
use super::wire::{Deed, Fact, LegReport, Order, ToCenter, ToGateway, What, Wish};
use super::world::World;

pub(super) use leg::{Bridge, Leg};

/// How often a gateway says that it lives.
const HEARTBEAT: Millis = 2_500;
/// How long it hears nothing before it tries another replica.
const SILENCE: Millis = 8_000;
/// How often a gateway without a stream asks.
const POLL: Millis = 900;
/// How long it waits for an answer before it asks again.
const PATIENCE: Millis = 3_000;

/// One gateway.
pub(super) struct Gateway {
    pub(super) index: usize,
    pub(super) id: GatewayId,
    /// Whether the process runs.
    pub(super) up: bool,
    /// Until when the network keeps it from the center.
    pub(super) apart_until: Millis,
    polled: bool,
    /// Of a gateway that asks: whether its inventory was taken, and the batch under way.
    reconciled: bool,
    batch: Option<(u64, Millis)>,
    batches: u64,
    line: Option<(Rc<Link>, Inbox<ToCenter>)>,
    heard_at: Millis,
    beat_at: Millis,
    pub(super) token: Option<Token>,
    sequence: u64,
    accepted: u64,
    pub(super) journal: VecDeque<Fact>,
    pub(super) legs: BTreeMap<ContactId, Leg>,
}

impl Gateway {
    pub(super) fn new(index: usize, dice: &Engine) -> Self {
        Self {
            index,
            id: gateway_id(index),
            up: true,
            apart_until: 0,
            polled: dice.chance(30),
            reconciled: false,
            batch: None,
            batches: 0,
            line: None,
            heard_at: 0,
            beat_at: 0,
            token: None,
            sequence: 0,
            accepted: 0,
            journal: VecDeque::new(),
            legs: BTreeMap::new(),
        }
    }

    /// Names the call an agent is in at this gateway.
    pub(super) fn call_of(&self, agent: &AgentId) -> Option<&ContactId> {
        let talks = |(_, leg): &(&ContactId, &Leg)| leg.bridge.agent() == Some(agent);
        self.legs.iter().find(talks).map(|(call, _)| call)
    }

    /// Lets a caller arrive.
    pub(super) fn arrive(&mut self, world: &Rc<World>, call: ContactId, wish: Wish) {
        self.legs.insert(call.clone(), Leg::new(wish, world.now()));
        self.tell(world, &call, What::Offered(wish));
    }

    /// Writes a fact down and sends it.
    pub(super) fn tell(&mut self, world: &Rc<World>, call: &ContactId, what: What) {
        let Some(leg) = self.legs.get_mut(call) else { return };
        leg.call_sequence += 1;
        self.sequence += 1;
        let call_sequence = leg.call_sequence;
        world.trace(|| format!("gateway {} tells {call}: {what:?}", self.index));
        let fact = Fact { sequence: self.sequence, call: call.clone(), call_sequence, what };
        self.journal.push_back(fact.clone());
        if self.token.is_some() && !self.polled {
            self.send(world, ToCenter::Fact(fact));
        }
    }

    fn send(&self, world: &Rc<World>, message: ToCenter) {
        let Some((link, inbox)) = &self.line else { return };
        let inbox = inbox.clone();
        link.send_up(world, move |world| inbox.push(world, message.clone()));
    }

    /// Looks after the connection, once in a while.
    fn tick(&mut self, world: &Rc<World>) {
        let now = world.now();
        if !self.up || now < self.apart_until {
            return;
        }
        let broken = self.line.as_ref().is_some_and(|(link, _)| !link.is_open());
        if broken || (self.line.is_some() && now > self.heard_at + SILENCE) {
            self.disconnect(world);
        }
        if self.line.is_none() {
            return self.connect(world);
        }
        let pause = if self.polled { POLL } else { HEARTBEAT };
        if self.token.is_some() && now >= self.beat_at + pause {
            self.beat_at = now;
            self.send(world, ToCenter::Heartbeat);
            if self.polled {
                self.poll(world);
            }
        }
    }

    /// Asks again what has not been answered.
    fn poll(&mut self, world: &Rc<World>) {
        if !self.reconciled {
            self.list_legs(world);
        }
        if self.batch.is_some_and(|(_, sent)| world.now() < sent + PATIENCE) {
            return;
        }
        let facts = self.journal.iter().filter(|fact| fact.sequence > self.accepted);
        let facts: Vec<Fact> = facts.take(100).cloned().collect();
        if !facts.is_empty() {
            self.batches += 1;
            self.batch = Some((self.batches, world.now()));
            self.send(world, ToCenter::Batch { number: self.batches, facts });
        }
    }

    fn list_legs(&self, world: &Rc<World>) {
        let Some(token) = self.token else { return };
        let legs = self.inventory(world.now());
        self.send(world, ToCenter::Inventory { token, legs });
    }

    fn connect(&mut self, world: &Rc<World>) {
        let Some(replica) = world.any_replica() else { return };
        let link = Link::new(self.polled);
        let inbox = open_session(world, &replica, (self.index, self.polled), &link);
        self.line = Some((link, inbox));
        self.heard_at = world.now();
        self.accepted = 0;
        world.trace(|| format!("gateway {} connects to replica {}", self.index, replica.index));
        self.send(world, ToCenter::Hello);
    }

    /// Loses the stream; calls go on. The replica may find out later.
    pub(super) fn disconnect(&mut self, world: &Rc<World>) {
        self.token = None;
        let Some((link, inbox)) = self.line.take() else { return };
        link.cut();
        world.after(world.between(0, 4_000), move |world| inbox.push(world, ToCenter::Closed));
    }

    /// Dies, and its calls with it.
    pub(super) fn crash(&mut self, world: &Rc<World>) {
        self.disconnect(world);
        self.up = false;
        world.judge.borrow_mut().forgotten.extend(self.legs.keys().cloned());
        self.legs.clear();
        self.journal.clear();
        self.sequence = 0;
    }

    fn hear(&mut self, world: &Rc<World>, message: ToGateway) {
        self.heard_at = world.now();
        match message {
            ToGateway::Welcome { token } => self.welcome(world, token),
            ToGateway::Acknowledged { accepted, recorded } => {
                self.accepted = self.accepted.max(accepted);
                let hasty = world.has(Mutant::ForgetAtAccepted);
                self.forget_through(if hasty { accepted } else { recorded });
            }
            ToGateway::Order(order) => self.obey(world, order),
            // It keeps its place until all before it is recorded: a hole would look like a loss.
            ToGateway::Rejected { sequence } => {
                let hasty = world.has(Mutant::ForgetRefused);
                self.journal.retain(|fact| fact.sequence != sequence || !hasty);
            }
            ToGateway::Gap { expected } => self.accepted = expected.saturating_sub(1),
            ToGateway::Heartbeat => {}
            ToGateway::Reconciled => self.reconciled = true,
            ToGateway::BatchDone { number } => {
                self.batch = self.batch.filter(|(open, _)| *open != number);
            }
            ToGateway::Closed => self.disconnect(world),
        }
    }

    /// Starts a session: lists the legs that are up, then says again what is not recorded.
    fn welcome(&mut self, world: &Rc<World>, token: Token) {
        // Rough links may bring an older welcome again.
        if self.token.is_some_and(|known| known >= token) {
            return;
        }
        self.token = Some(token);
        self.legs.values_mut().for_each(Leg::stop_dialling);
        (self.accepted, self.reconciled, self.batch) = (0, false, None);
        self.list_legs(world);
        if !self.polled {
            self.resend_after(world, 0);
        }
    }

    fn inventory(&self, now: Millis) -> Vec<LegReport> {
        // A call whose end is not recorded is listed, or the center would count it as lost.
        let open = |call: &ContactId| self.journal.iter().any(|fact| fact.call == *call);
        let told = self.legs.iter().filter(|(call, leg)| leg.ended.is_none() || open(call));
        told.map(|(call, leg)| leg.report(call, now)).collect()
    }

    fn resend_after(&self, world: &Rc<World>, sequence: u64) {
        for fact in self.journal.iter().filter(|fact| fact.sequence > sequence) {
            self.send(world, ToCenter::Fact(fact.clone()));
        }
    }

    fn forget_through(&mut self, sequence: u64) {
        self.journal.retain(|fact| fact.sequence > sequence);
        let journal = &self.journal;
        let open = |call: &ContactId| journal.iter().any(|fact| fact.call == *call);
        self.legs.retain(|call, leg| leg.ended.is_none() || open(call));
    }

    /// Carries out an order, once, if it is of the newest session and newer than the last.
    fn obey(&mut self, world: &Rc<World>, order: Order) {
        self.send(world, ToCenter::Result { order: order.id.clone() });
        let current = self.token;
        let Some(leg) = self.legs.get_mut(&order.call) else { return };
        let known = !leg.done.insert((order.token.epoch, order.id.clone()));
        let newer = leg.applied.0 != Some(order.token) || order.sequence > leg.applied.1;
        let fresh = Some(order.token) == current && newer;
        let careless = world.has(Mutant::IgnoreToken);
        if known || leg.ended.is_some() || !(fresh || careless) {
            return;
        }
        if !fresh {
            world.fail(format!("fence: gateway {} obeys {order:?}", self.index));
        }
        leg.applied = (Some(order.token), order.sequence);
        world.trace(|| format!("gateway {} obeys {order:?}", self.index));
        let call = order.call.clone();
        match order.deed {
            Deed::Ask => leg::play(world, self.index, &call, leg, order.id),
            Deed::Treat => leg.take_back(),
            Deed::Bridge { agent, offer } => self.bridge(world, &call, agent, offer),
            Deed::Query => {
                if let Some(truth) = leg.truth() {
                    self.tell(world, &call, truth);
                }
            }
            Deed::HangUp => self.hang_up(world, &call, true),
        }
    }

    /// Ends a caller's leg.
    pub(super) fn hang_up(&mut self, world: &Rc<World>, call: &ContactId, by_center: bool) {
        let Some(leg) = self.legs.get_mut(call) else { return };
        if leg.ended.is_some() {
            return;
        }
        leg.end(by_center);
        self.tell(world, call, What::HungUp { by_center });
    }
}

/// Starts every gateway.
pub(super) fn start(world: &Rc<World>, index: usize) {
    let wait = world.between(200, 700);
    world.after(wait, move |world| {
        world.gateways[index].borrow_mut().tick(world);
        start(world, index);
    });
}

/// Carries what a replica says to a gateway.
pub(super) fn deliver(world: &Rc<World>, index: usize, link: &Rc<Link>, message: ToGateway) {
    let same = Rc::clone(link);
    link.send_down(world, move |world| {
        let mut gateway = world.gateways[index].borrow_mut();
        let is_current = gateway.line.as_ref().is_some_and(|(line, _)| Rc::ptr_eq(line, &same));
        if is_current && gateway.up && world.now() >= gateway.apart_until {
            gateway.hear(world, message.clone());
        }
    });
}
