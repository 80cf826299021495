//! Everything there is in one simulated center.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use switchboard_domain::ids::AgentId;

use super::center::Center;
use super::desk::Desk;
use super::durable::Durable;
use super::edge::Replica;
use super::engine::Engine;
use super::gateway::{Gateway, Talk};
use super::judge::Judge;
use super::mutants::Mutant;
use super::store::Store;

/// One simulated center, from the store to the telephones.
pub(super) struct World {
    engine: Engine,
    pub(super) center: Center,
    pub(super) store: RefCell<Store>,
    pub(super) durable: RefCell<Durable>,
    pub(super) replicas: RefCell<Vec<Rc<Replica>>>,
    pub(super) gateways: Vec<RefCell<Gateway>>,
    pub(super) desks: Vec<RefCell<Desk>>,
    pub(super) judge: RefCell<Judge>,
    /// Whether faults are over.
    pub(super) calm: Cell<bool>,
    /// Whether callers still arrive.
    pub(super) open: Cell<bool>,
    pub(super) mutant: Option<Mutant>,
    pub(super) tracing: bool,
}

impl Deref for World {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

impl World {
    /// Builds a center by the dice.
    pub(super) fn new(seed: u64, mutant: Option<Mutant>, tracing: bool) -> Rc<Self> {
        let engine = Engine::new(seed);
        let center = Center::new(&engine);
        let gateways = (0..center.gateways).map(|index| Gateway::new(index, &engine));
        let gateways = gateways.map(RefCell::new).collect();
        let desks = (0..center.agents).map(|index| RefCell::new(Desk::new(index))).collect();
        let replicas = (0..center.replicas).map(|index| Replica::new(index, &engine)).collect();
        Rc::new(Self {
            engine,
            center,
            store: RefCell::new(Store::new()),
            durable: RefCell::new(Durable::new()),
            replicas: RefCell::new(replicas),
            gateways,
            desks,
            judge: RefCell::new(Judge::new(tracing)),
            calm: Cell::new(false),
            open: Cell::new(true),
            mutant,
            tracing,
        })
    }

    /// Says whether a fault was planted.
    pub(super) fn has(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Writes down what happens, when someone wants to read it.
    pub(super) fn trace(&self, line: impl FnOnce() -> String) {
        if self.tracing {
            self.judge.borrow_mut().note(self.now(), line());
        }
    }

    /// Writes down that something is wrong.
    pub(super) fn fail(&self, what: String) {
        self.judge.borrow_mut().fail(self.now(), what);
    }

    /// Says to whom an agent really talks or writes: the gateways know.
    pub(super) fn talks_of(&self, agent: &AgentId) -> Vec<Talk> {
        // The gateway that asks is borrowed, and looks at its own legs itself.
        let others = self.gateways.iter().filter_map(|gateway| gateway.try_borrow().ok());
        others.flat_map(|gateway| gateway.talks_of(agent)).collect()
    }

    /// Picks a replica that runs.
    pub(super) fn any_replica(&self) -> Option<Rc<Replica>> {
        let replicas = self.replicas.borrow();
        let alive: Vec<&Rc<Replica>> = replicas.iter().filter(|it| it.alive.get()).collect();
        let index = self.between(0, u64::try_from(alive.len()).unwrap_or(0));
        alive.get(usize::try_from(index).unwrap_or(0)).map(|it| Rc::clone(it))
    }
}
