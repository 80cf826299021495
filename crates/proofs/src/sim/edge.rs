//! One replica: stateless but for the streams it holds, as the services are.
//!
//! | file | mirrors |
//! | --- | --- |
//! | `floors.rs` | `crates/routing`: epochs opened, plans loaded |
//! | `feed.rs` | `crates/routing`: one reader of the outbox |
//! | `session.rs`, `ledger.rs`, `facts.rs`, `menu.rs`, `inventory.rs`, `orders.rs`, `watch.rs`, `consults.rs` | `services/call` |
//! | `seat.rs`, `deadlines.rs` | `services/queue` |

mod consults;
mod deadlines;
mod facts;
pub(super) mod feed;
mod floors;
mod inventory;
mod ledger;
mod menu;
mod orders;
mod seat;
mod session;
mod watch;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use switchboard_domain::ids::GatewayId;

use super::engine::{Engine, Millis, Owner};
use super::inbox::Inbox;
use super::link::Link;
use super::world::World;

pub(super) use seat::{ToSeat, open as open_seat};
pub(super) use session::{Session, open as open_session};

/// One replica process, from its start to its death.
pub(super) struct Replica {
    pub(super) index: usize,
    pub(super) owner: Owner,
    pub(super) alive: Cell<bool>,
    cut_until: Cell<Millis>,
    arrives: Cell<Millis>,
    read_run: Cell<u64>,
    /// The version of the center this replica knows.
    pub(super) center_version: Cell<u64>,
    newest_epoch: Cell<u64>,
    opening: Cell<bool>,
    known: RefCell<BTreeSet<GatewayId>>,
    sessions: RefCell<Vec<Rc<Session>>>,
    seats: RefCell<Vec<Inbox<ToSeat>>>,
    links: RefCell<Vec<Rc<Link>>>,
    news: Inbox<()>,
}

impl Replica {
    pub(super) fn new(index: usize, engine: &Engine) -> Rc<Self> {
        Rc::new(Self {
            index,
            owner: Owner(engine.between(1, u64::MAX)),
            alive: Cell::new(false),
            cut_until: Cell::new(0),
            arrives: Cell::new(0),
            read_run: Cell::new(1),
            center_version: Cell::new(1),
            newest_epoch: Cell::new(0),
            opening: Cell::new(false),
            known: RefCell::default(),
            sessions: RefCell::default(),
            seats: RefCell::default(),
            links: RefCell::default(),
            news: Inbox::new(),
        })
    }

    /// Says whether the replica cannot reach the store.
    pub(super) fn is_cut(&self, now: Millis) -> bool {
        now < self.cut_until.get()
    }

    /// Says when the next thing sent to the store arrives there, at the earliest at a time.
    pub(super) fn arrival(&self, earliest: Millis) -> Millis {
        self.arrives.set(self.arrives.get().max(earliest));
        self.arrives.get()
    }

    /// Says whether the reader of the outbox meets another server process than before.
    pub(super) fn notices(&self, run: u64) -> bool {
        self.read_run.replace(run) != run
    }

    /// Cuts the replica off from the store for a while.
    pub(super) fn cut(&self, until: Millis) {
        self.cut_until.set(until);
    }

    /// Lets go of whom it serves: they hold the replica, and through it the world, as it holds them.
    pub(super) fn let_go(&self) {
        self.sessions.take();
        self.seats.take();
    }

    /// Gives the gateway sessions it serves.
    pub(super) fn sessions(&self) -> Vec<Rc<Session>> {
        self.sessions.borrow().clone()
    }
}

/// A replica at work in the world.
#[derive(Clone)]
pub(super) struct Edge {
    pub(super) world: Rc<World>,
    pub(super) replica: Rc<Replica>,
}

/// Starts a replica's own work.
pub(super) fn start(world: &Rc<World>, index: usize) {
    let replica = Replica::new(index, world);
    replica.alive.set(true);
    replica.center_version.set(world.durable.borrow().center_version);
    world.replicas.borrow_mut()[index] = Rc::clone(&replica);
    let edge = Edge { world: Rc::clone(world), replica };
    let owner = edge.replica.owner;
    world.spawn(owner, deadlines::fire(edge.clone()));
    world.spawn(owner, deadlines::follow_center(edge.clone()));
    world.spawn(owner, feed::read(edge));
}

/// Kills a replica: nothing of it is left, and its clients find their streams broken.
pub(super) fn kill(world: &Rc<World>, index: usize) {
    let replica = Rc::clone(&world.replicas.borrow()[index]);
    replica.alive.set(false);
    world.kill(replica.owner);
    replica.links.take().iter().for_each(|link| link.cut());
    replica.let_go();
}
