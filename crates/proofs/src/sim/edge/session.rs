//! One gateway's session: its calls, what it says, and what is sent to it.

mod standing;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use switchboard_domain::floor::command::Report;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{ContactId, GatewayId};

use super::feed::News;
use super::floors::Trouble;
use super::ledger::Account;
use super::{Edge, Replica, facts, inventory, watch};
use crate::sim::gateway;
use crate::sim::inbox::Inbox;
use crate::sim::link::Link;
use crate::sim::mutants::Mutant;
use crate::sim::wire::{Fact, LegReport, Order, ToCenter, ToGateway};
use crate::sim::world::World;
use standing::{join_floor, register};

/// How many commands to the floor one fact of a call may take.
pub(super) const PARTS: u64 = 8;
/// The part of a fact up to which an inventory includes it.
pub(super) const FOUND: u64 = 4;
const WORKERS: usize = 4;

/// One gateway's session in one replica.
pub(in crate::sim) struct Session {
    pub(super) edge: Edge,
    pub(super) gateway: GatewayId,
    index: usize,
    link: Rc<Link>,
    /// Single requests instead of a stream: nothing can be told unasked, no new token either.
    pub(super) polled: bool,
    account: RefCell<Account>,
    rejoining: Cell<bool>,
    pub(super) calls: RefCell<BTreeSet<ContactId>>,
    /// Calls that were there before the session: none of them is a new caller.
    pub(super) brought: RefCell<BTreeSet<ContactId>>,
    /// Calls that are to be connected with the agent who was asked about them, with the consultation
    /// whose leg ends then and the version it ended with.
    pub(super) joins: RefCell<BTreeMap<ContactId, (ContactId, u64)>>,
    /// Calls that were over before the floor knew of them, with how they ended.
    pub(super) gone: RefCell<BTreeMap<ContactId, u64>>,
    outstanding: RefCell<BTreeMap<String, Order>>,
    /// The session whose inventory is done with.
    pub(super) settled: Cell<Option<Token>>,
    pub(super) news: Inbox<News>,
    closed: Cell<bool>,
}

/// Serves a link until it ends.
pub(in crate::sim) fn open(
    world: &Rc<World>,
    replica: &Rc<Replica>,
    (index, polled): (usize, bool),
    link: &Rc<Link>,
) -> Inbox<ToCenter> {
    let incoming = Inbox::new();
    let edge = Edge { world: Rc::clone(world), replica: Rc::clone(replica) };
    replica.links.borrow_mut().push(Rc::clone(link));
    let (link, requests) = (Rc::clone(link), incoming.clone());
    world.spawn(replica.owner, async move {
        if !matches!(requests.next(&edge.world).await, ToCenter::Hello) {
            link.cut();
            return;
        }
        let joined = Session::join(&edge, index, polled, &link).await;
        let Ok(session) = joined else {
            let away = Rc::clone(&link);
            gateway::deliver(&edge.world, index, &link, ToGateway::Closed);
            edge.world.after(1_000, move |_| away.cut());
            return;
        };
        session.serve(requests).await;
    });
    incoming
}

impl Session {
    async fn join(
        edge: &Edge,
        index: usize,
        polled: bool,
        link: &Rc<Link>,
    ) -> Result<Rc<Self>, Trouble> {
        let gateway = crate::sim::center::gateway_id(index);
        register(edge, &gateway)?;
        let token = join_floor(edge, &gateway).await?;
        let session = Rc::new(Self {
            edge: edge.clone(),
            gateway,
            index,
            link: Rc::clone(link),
            polled,
            account: RefCell::new(Account::new(token, true)),
            rejoining: Cell::new(false),
            calls: RefCell::default(),
            brought: RefCell::default(),
            joins: RefCell::default(),
            gone: RefCell::default(),
            outstanding: RefCell::default(),
            settled: Cell::new(None),
            news: Inbox::new(),
            closed: Cell::new(false),
        });
        edge.replica.sessions.borrow_mut().push(Rc::clone(&session));
        session.send(ToGateway::Welcome { token });
        Ok(session)
    }

    async fn serve(self: Rc<Self>, requests: Inbox<ToCenter>) {
        let world = Rc::clone(&self.edge.world);
        let owner = self.edge.replica.owner;
        world.spawn(owner, watch::follow(Rc::clone(&self)));
        let workers: Vec<Inbox<(Token, Fact)>> = (0..WORKERS).map(|_| Inbox::new()).collect();
        for worker in &workers {
            world.spawn(owner, facts::work(Rc::clone(&self), worker.clone()));
        }
        let chunks: Inbox<(Token, Vec<LegReport>)> = Inbox::new();
        world.spawn(owner, inventory::work(Rc::clone(&self), chunks.clone()));
        while !self.is_closed() {
            // A session that was closed meanwhile finds out at the latest now.
            let Some(request) = requests.next_within(&world, 2_000).await else { continue };
            match request {
                ToCenter::Closed => break,
                ToCenter::Hello => {}
                ToCenter::Inventory { token, legs } => {
                    self.answer_welcome(token);
                    self.brought.borrow_mut().extend(legs.iter().map(|leg| leg.call.clone()));
                    chunks.push(&world, (token, legs));
                }
                ToCenter::Fact(fact) => self.hand_over(fact, &workers),
                ToCenter::Batch { number, facts } => {
                    world.spawn(owner, Rc::clone(&self).take_batch(number, facts));
                }
                ToCenter::Result { order } => {
                    self.outstanding.borrow_mut().remove(&order);
                }
                ToCenter::Heartbeat => self.beat().await,
            }
        }
        self.end();
    }

    fn end(&self) {
        self.close();
        let replica = &self.edge.replica;
        replica.sessions.borrow_mut().retain(|session| !std::ptr::eq(&raw const **session, self));
        self.link.cut();
    }

    fn hand_over(&self, fact: Fact, workers: &[Inbox<(Token, Fact)>]) {
        let begun = self.account.borrow_mut().begin(fact.sequence);
        match begun {
            Ok(Some(token)) => {
                let sum: usize = fact.call.as_str().bytes().map(usize::from).sum();
                workers[sum % WORKERS].push(&self.edge.world, (token, fact));
            }
            Ok(None) => {}
            Err(expected) => self.send(ToGateway::Gap { expected }),
        }
    }

    /// Takes the facts of one request in order, then answers it.
    async fn take_batch(self: Rc<Self>, number: u64, facts: Vec<Fact>) {
        for fact in facts {
            let begun = self.account.borrow_mut().begin(fact.sequence);
            match begun {
                Ok(Some(token)) => self.take(token, fact).await,
                Ok(None) => {}
                Err(expected) => self.send(ToGateway::Gap { expected }),
            }
        }
        self.acknowledge();
        self.send(ToGateway::BatchDone { number });
    }

    async fn beat(&self) {
        if self.polled {
            let waiting: Vec<Order> = self.outstanding.borrow().values().cloned().collect();
            for order in waiting {
                self.send(ToGateway::Order(order));
            }
            self.acknowledge();
        }
        if self.renew().await.is_ok() {
            self.send(ToGateway::Heartbeat);
        }
    }

    pub(in crate::sim) fn token(&self) -> Token {
        self.account.borrow().token
    }

    /// Notes that the gateway answers a welcome; says whether it is the newest.
    pub(super) fn answer_welcome(&self, token: Token) -> bool {
        self.account.borrow_mut().answer(token)
    }

    /// Names a report about a call; `part` tells the commands of one fact apart.
    pub(super) fn report(&self, call: &ContactId, number: u64, part: u64) -> Report {
        let mut call_sequence = number * PARTS + part;
        if self.edge.world.has(Mutant::RetryWithNewNumber) {
            call_sequence += self.edge.world.now() * PARTS;
        }
        let (contact, gateway) = (call.clone(), self.gateway.clone());
        Report { contact, gateway, token: self.token(), call_sequence }
    }

    pub(super) fn forget(&self, call: &ContactId) {
        self.calls.borrow_mut().remove(call);
        self.brought.borrow_mut().remove(call);
        self.joins.borrow_mut().retain(|_, (consult, _)| consult != call);
        self.outstanding.borrow_mut().retain(|_, order| order.call != *call);
    }

    /// Sends an order; it counts as outstanding until its result comes.
    pub(super) fn order(&self, mut order: Order) {
        order.id = format!("{}/{}", order.call, order.id);
        self.outstanding.borrow_mut().insert(order.id.clone(), order.clone());
        self.send(ToGateway::Order(order));
    }

    /// Notes that a fact is in the live state, and tells the gateway.
    pub(super) fn accept(&self, token: Token, sequence: u64, place: Option<u64>) {
        if self.account.borrow_mut().accept(token, sequence, place) {
            self.acknowledge();
        }
    }

    /// Notes how far the history has got, and tells the gateway.
    pub(in crate::sim) fn record(&self, upto: u64) {
        let more = self.account.borrow_mut().record(upto);
        if more {
            self.acknowledge();
        }
    }

    fn acknowledge(&self) {
        let (accepted, recorded) = self.account.borrow().standing();
        self.send(ToGateway::Acknowledged { accepted, recorded });
    }

    pub(super) fn send(&self, message: ToGateway) {
        gateway::deliver(&self.edge.world, self.index, &self.link, message);
    }

    fn close(&self) {
        self.closed.set(true);
        self.news.push(&self.edge.world, News::Gap);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get() || !self.link.is_open()
    }
}
