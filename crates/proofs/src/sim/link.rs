//! A connection between a client and a replica: in order and whole until it is cut; or rough, as
//! single requests are, which may be delayed, lost and repeated one by one.

use std::cell::Cell;
use std::rc::Rc;

use super::engine::Millis;
use super::world::World;

/// One connection.
pub(super) struct Link {
    open: Cell<bool>,
    rough: bool,
    up: Cell<Millis>,
    down: Cell<Millis>,
}

impl Link {
    pub(super) fn new(rough: bool) -> Rc<Self> {
        let (up, down) = (Cell::new(0), Cell::new(0));
        Rc::new(Self { open: Cell::new(true), rough, up, down })
    }

    /// Says whether it still carries anything.
    pub(super) fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Ends it; what is under way is lost.
    pub(super) fn cut(&self) {
        self.open.set(false);
    }

    /// Carries something to the replica.
    pub(super) fn send_up(self: &Rc<Self>, world: &Rc<World>, job: impl Fn(&Rc<World>) + 'static) {
        self.carry(world, &self.up, job);
    }

    /// Carries something to the client.
    pub(super) fn send_down(
        self: &Rc<Self>,
        world: &Rc<World>,
        job: impl Fn(&Rc<World>) + 'static,
    ) {
        self.carry(world, &self.down, job);
    }

    fn carry(
        self: &Rc<Self>,
        world: &Rc<World>,
        last: &Cell<Millis>,
        job: impl Fn(&Rc<World>) + 'static,
    ) {
        if !self.is_open() {
            return;
        }
        let job = Rc::new(job);
        let bad = self.rough && !world.calm.get();
        let copies = if bad { copies(world) } else { 1 };
        for _ in 0..copies {
            let delay = if bad && world.chance(10) {
                world.between(10, 5_000)
            } else if world.calm.get() || !world.chance(2) {
                world.between(1, 15)
            } else {
                world.between(15, 800)
            };
            let mut at = world.now() + delay;
            if !self.rough {
                at = at.max(last.get());
                last.set(at);
            }
            let (link, job) = (Rc::clone(self), Rc::clone(&job));
            world.at(at, move |world| {
                if link.is_open() {
                    job(world);
                }
            });
        }
    }
}

fn copies(world: &World) -> u64 {
    match world.between(0, 100) {
        0..3 => 0,
        3..7 => 2,
        _ => 1,
    }
}
