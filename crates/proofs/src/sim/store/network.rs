//! The way to the store and back: what is asked and answered may be late, lost or repeated.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use super::{Answer, Question};
use crate::sim::edge::Replica;
use crate::sim::engine::Millis;
use crate::sim::world::World;

/// How long a replica waits for an answer.
const TIMEOUT: Millis = 1_000;

type Slot = Rc<RefCell<Option<Answer>>>;

/// Asks the store over a network that may delay, lose and repeat.
pub(in crate::sim) async fn ask(
    world: &Rc<World>,
    replica: &Rc<Replica>,
    question: Question,
) -> Answer {
    let slot: Slot = Slot::default();
    let task = world.current();
    let patience = world.now() + TIMEOUT;
    let rough = !world.calm.get();
    let copies = 1 + u64::from(rough && world.chance(2));
    let run = world.store.borrow().runs;
    if matches!(question, Question::Tail(_)) && replica.notices(run) {
        // The reader waits on a connection of its own, which broke with the process.
        return Answer::Away;
    }
    for copy in 0..copies {
        if replica.is_cut(world.now()) || (rough && world.between(0, 200) == 0) {
            continue;
        }
        // One connection keeps the order; what is stuck holds up what comes behind it.
        let at = replica.arrival(world.now() + delay(world, rough) + copy);
        let (sent, answered) = (question.clone(), Rc::clone(&slot));
        world.at(at, move |world| arrive(world, run, sent, (task, answered)));
    }
    let expired = Rc::clone(&slot);
    world.at(patience, move |world| fill(world, task, &expired, Answer::Away));
    poll_fn(|_| slot.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
}

fn delay(world: &World, rough: bool) -> Millis {
    if rough && world.chance(1) { world.between(5, 1_500) } else { world.between(1, 4) }
}

fn fill(world: &World, task: u64, slot: &Slot, answer: Answer) {
    // The one who asked may have got another copy of the answer, or be gone: then nobody looks.
    slot.borrow_mut().get_or_insert(answer);
    world.wake(task);
}

fn arrive(world: &Rc<World>, run: u64, question: Question, (task, slot): (u64, Slot)) {
    let mut store = world.store.borrow_mut();
    if store.is_paused(world.now()) {
        // Jobs of one time run in the order they were planned.
        let until = store.paused_until;
        world.at(until, move |world| arrive(world, run, question, (task, slot)));
        return;
    }
    if run != store.runs {
        // The connection broke with the process it led to.
        fill(world, task, &slot, Answer::Away);
        return;
    }
    let before = store.last_id();
    let answer = store.answer(world, &question);
    let is_news = store.last_id() != before;
    drop(store);
    if is_news {
        crate::sim::edge::feed::notify(world);
    }
    let rough = !world.calm.get();
    if !(rough && world.between(0, 200) == 0) {
        world.after(delay(world, rough), move |world| fill(world, task, &slot, answer));
    }
}
