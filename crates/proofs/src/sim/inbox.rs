//! Lines of things that tasks wait for.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use super::engine::Millis;
use super::world::World;

/// A line of things for one task.
pub(super) struct Inbox<T>(Rc<RefCell<Line<T>>>);

struct Line<T> {
    things: VecDeque<T>,
    waiter: Option<u64>,
}

impl<T> Clone for Inbox<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Inbox<T> {
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new(Line { things: VecDeque::new(), waiter: None })))
    }

    /// Adds a thing.
    pub(super) fn push(&self, world: &World, thing: T) {
        let mut line = self.0.borrow_mut();
        line.things.push_back(thing);
        if let Some(task) = line.waiter.take() {
            world.wake(task);
        }
    }

    /// Says whether two names are for the same line.
    pub(super) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Forgets what waits.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().things.clear();
    }

    /// Waits for the next thing.
    pub(super) async fn next(&self, world: &Rc<World>) -> T {
        poll_fn(|_| self.look(world)).await
    }

    /// Waits for the next thing, but not for ever.
    pub(super) async fn next_within(&self, world: &Rc<World>, wait: Millis) -> Option<T> {
        let until = world.now() + wait;
        let task = world.current();
        world.at(until, move |world| world.wake(task));
        poll_fn(|_| match self.look(world) {
            Poll::Ready(thing) => Poll::Ready(Some(thing)),
            Poll::Pending if world.now() >= until => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn look(&self, world: &World) -> Poll<T> {
        let mut line = self.0.borrow_mut();
        match line.things.pop_front() {
            Some(thing) => Poll::Ready(thing),
            None => {
                line.waiter = Some(world.current());
                Poll::Pending
            }
        }
    }
}
