//! A gateway: it holds the legs, so what it says is true. Facts are kept until they are recorded,
//! and only orders of the newest session are obeyed.

mod hear;
mod leg;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId, GatewayId};

use super::center::gateway_id;
use super::edge::open_session;
use super::engine::{Engine, Millis};
use super::inbox::Inbox;
use super::link::Link;
use super::wire::{Fact, ToCenter, ToGateway, What, Wish};
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

/// Somebody an agent talks or writes to.
#[derive(Clone)]
pub(super) struct Talk {
    pub(super) gateway: usize,
    pub(super) call: ContactId,
    pub(super) writes: bool,
}

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
    /// The orders to call somebody back, or to consult somebody, that were taken up: a repeat is no new one.
    dialled: BTreeSet<(u64, String)>,
    /// Calls that were to be ended before they began here, and by which order.
    overtaken: BTreeMap<ContactId, (Token, u64)>,
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
            dialled: BTreeSet::new(),
            overtaken: BTreeMap::new(),
        }
    }

    /// Lists the calls and chats an agent is in at this gateway.
    pub(super) fn talks_of(&self, agent: &AgentId) -> Vec<Talk> {
        let talks = self.legs.iter().filter(|(_, leg)| leg.bridge.agent() == Some(agent));
        let talk = |(call, leg): (&ContactId, &Leg)| Talk {
            gateway: self.index,
            call: call.clone(),
            writes: leg.wish.writes,
        };
        talks.map(talk).collect()
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
        self.dialled.clear();
        self.sequence = 0;
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
