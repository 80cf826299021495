//! Virtual time: what happens when, and the tasks that wait for it.
//!
//! Everything runs on one thread in one order, so a seed replays exactly. Jobs run at a time, first
//! come first served; tasks are futures polled when something they wait for has happened.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use switchboard_domain::floor::walk::Dice;

use super::world::World;

/// How many jobs no ten minutes need.
const RUNAWAY: u64 = 2_000_000;

/// A time in milliseconds since the simulation began.
pub(super) type Millis = u64;

type Job = Box<dyn FnOnce(&Rc<World>)>;
type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Who owns a task: when the owner dies its tasks go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner(pub(super) u64);

struct Entry {
    at: Millis,
    number: u64,
    job: Job,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// The clock, the agenda, the tasks and the dice.
pub(super) struct Engine {
    now: Cell<Millis>,
    count: Cell<u64>,
    agenda: RefCell<BinaryHeap<Reverse<Entry>>>,
    tasks: RefCell<BTreeMap<u64, (Owner, Option<Task>)>>,
    ready: RefCell<VecDeque<u64>>,
    current: Cell<u64>,
    dice: RefCell<Dice>,
}

impl Engine {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            now: Cell::new(0),
            count: Cell::new(0),
            agenda: RefCell::default(),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            current: Cell::new(0),
            dice: RefCell::new(Dice::new(seed)),
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.now.get()
    }

    fn number(&self) -> u64 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// Gives a number from `low` to below `high`.
    pub(super) fn between(&self, low: u64, high: u64) -> u64 {
        let span = usize::try_from(high.saturating_sub(low)).unwrap_or(usize::MAX);
        low + u64::try_from(self.dice.borrow_mut().below(span)).unwrap_or(0)
    }

    /// Says yes in `percent` of a hundred cases.
    pub(super) fn chance(&self, percent: u64) -> bool {
        self.between(0, 100) < percent
    }

    /// Gives 128 bits of chance as 32 digits.
    pub(super) fn bits(&self) -> String {
        let half = || self.between(0, u64::MAX);
        format!("{:016x}{:016x}", half(), half())
    }

    /// Does something at a time.
    pub(super) fn at(&self, at: Millis, job: impl FnOnce(&Rc<World>) + 'static) {
        let entry = Entry { at: at.max(self.now()), number: self.number(), job: Box::new(job) };
        self.agenda.borrow_mut().push(Reverse(entry));
    }

    /// Does something after a while.
    pub(super) fn after(&self, wait: Millis, job: impl FnOnce(&Rc<World>) + 'static) {
        self.at(self.now() + wait, job);
    }

    /// Starts a task.
    pub(super) fn spawn(&self, owner: Owner, task: impl Future<Output = ()> + 'static) {
        let id = self.number();
        self.tasks.borrow_mut().insert(id, (owner, Some(Box::pin(task))));
        self.wake(id);
    }

    /// Ends every task of an owner where it stands.
    pub(super) fn kill(&self, owner: Owner) {
        let of_owner = |(_, (of, _)): &(&u64, &(Owner, _))| *of == owner;
        let tasks = self.tasks.borrow();
        let doomed: Vec<u64> = tasks.iter().filter(of_owner).map(|(id, _)| *id).collect();
        drop(tasks);
        for id in doomed {
            let task = self.tasks.borrow_mut().remove(&id);
            // Dropped here, for what a task holds may look at the others when it goes.
            drop(task);
        }
    }

    /// Lets a task look again.
    pub(super) fn wake(&self, id: u64) {
        self.ready.borrow_mut().push_back(id);
    }

    /// Names the task that runs now.
    pub(super) fn current(&self) -> u64 {
        self.current.get()
    }

    /// Takes the next job up to a time, and moves the clock to it.
    fn next(&self, until: Millis) -> Option<Job> {
        let mut agenda = self.agenda.borrow_mut();
        if agenda.peek().is_none_or(|Reverse(entry)| entry.at > until) {
            return None;
        }
        let Reverse(entry) = agenda.pop()?;
        self.now.set(entry.at);
        Some(entry.job)
    }

    fn run_ready(&self) {
        loop {
            let Some(id) = self.ready.borrow_mut().pop_front() else { return };
            let task = self.tasks.borrow_mut().get_mut(&id).and_then(|(_, task)| task.take());
            let Some(mut task) = task else { continue };
            self.current.set(id);
            let poll = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            let mut tasks = self.tasks.borrow_mut();
            match (poll, tasks.get_mut(&id)) {
                (Poll::Pending, Some((_, place))) => *place = Some(task),
                _ => {
                    let done = tasks.remove(&id);
                    drop(tasks);
                    drop((done, task));
                }
            }
        }
    }

    /// Forgets all that was to happen; tasks and jobs hold the world, and the world holds them.
    pub(super) fn clear(&self) {
        let tasks = std::mem::take(&mut *self.tasks.borrow_mut());
        drop(tasks);
        let agenda = std::mem::take(&mut *self.agenda.borrow_mut());
        drop(agenda);
    }
}

/// Runs until a time, or until a check fails.
pub(super) fn run(world: &Rc<World>, until: Millis) {
    world.run_ready();
    let mut jobs = 0_u64;
    while !world.judge.borrow().has_failed()
        && let Some(job) = world.next(until)
    {
        job(world);
        world.run_ready();
        jobs += 1;
        if jobs == RUNAWAY {
            world.fail("runaway: messages never end".to_owned());
        }
    }
}

/// Waits.
pub(super) async fn sleep(world: &Rc<World>, wait: Millis) {
    let until = world.now() + wait;
    let task = world.current();
    world.at(until, move |world| world.wake(task));
    poll_fn(|_| if world.now() >= until { Poll::Ready(()) } else { Poll::Pending }).await;
}
