//! Callers: they arrive by chance, want something, and do not wait for ever.

use std::rc::Rc;

use switchboard_domain::ids::ContactId;

use super::center::{QUEUES, contact_id};
use super::wire::Wish;
use super::world::World;

/// Lets callers arrive.
pub(super) fn start(world: &Rc<World>, number: u64) {
    let wait = gap(world);
    world.after(wait, move |world| {
        if world.open.get() {
            arrive(world, number);
            start(world, number + 1);
        }
    });
}

/// Draws the time to the next caller: exponential, as independent callers are.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time of some seconds"
)]
fn gap(world: &World) -> u64 {
    let share = world.between(1, 1_000_000) as f64 / 1e6;
    (-share.ln() * world.center.interarrival as f64) as u64
}

fn any(world: &World, count: usize) -> usize {
    usize::try_from(world.between(0, count as u64)).unwrap_or(0)
}

fn arrive(world: &Rc<World>, number: u64) {
    let index = any(world, world.center.gateways);
    let mut gateway = world.gateways[index].borrow_mut();
    if !gateway.up {
        return;
    }
    let wish = Wish {
        class: any(world, 2 * QUEUES),
        questions: world.between(0, 3),
        priority: i32::try_from(world.between(0, 3)).unwrap_or(0),
        caller: world.between(0, 30),
        agent: world.chance(15).then(|| any(world, world.center.agents)),
        writes: world.chance(15),
    };
    let call = contact_id(number);
    let mut judge = world.judge.borrow_mut();
    judge.figures.chats += u64::from(wish.writes);
    judge.figures.calls += u64::from(!wish.writes);
    drop(judge);
    gateway.arrive(world, call.clone(), wish);
    lose_patience(world, index, call, world.between(15_000, 100_000));
}

fn lose_patience(world: &Rc<World>, index: usize, call: ContactId, wait: u64) {
    world.after(wait, move |world| {
        let mut gateway = world.gateways[index].borrow_mut();
        let Some(leg) = gateway.legs.get(&call) else { return };
        if leg.bridge.agent().is_some() {
            drop(gateway);
            return lose_patience(world, index, call, 15_000);
        }
        gateway.hang_up(world, &call, false);
    });
}

/// Closes the doors; whoever still waits leaves.
pub(super) fn close(world: &Rc<World>) {
    world.open.set(false);
}

/// Whoever does not talk leaves; in the end everyone does.
pub(super) fn empty(world: &Rc<World>, everyone_from: u64) {
    let everyone = world.now() >= everyone_from;
    for gateway in &world.gateways {
        let mut gateway = gateway.borrow_mut();
        let leaving: Vec<ContactId> = gateway
            .legs
            .iter()
            .filter(|(_, leg)| leg.is_up() && (everyone || leg.bridge.agent().is_none()))
            .map(|(call, _)| call.clone())
            .collect();
        for call in leaving {
            gateway.hang_up(world, &call, false);
        }
    }
    world.after(5_000, move |world| empty(world, everyone_from));
}
