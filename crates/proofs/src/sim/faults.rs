//! What goes wrong, and when: drawn before a run begins.

use std::rc::Rc;

use super::desk;
use super::edge;
use super::engine::Millis;
use super::world::World;

/// When the first fault may come.
const FIRST: Millis = 8_000;
/// When faults are over.
pub(super) const LAST: Millis = 360_000;

/// Draws the faults of a run.
pub(super) fn plan(world: &Rc<World>) {
    let count = world.between(3, 16);
    for _ in 0..count {
        let at = world.between(FIRST, LAST);
        let kind = world.between(0, 17);
        world.at(at, move |world| strike(world, kind));
        if kind <= 2 {
            let depth = world.between(20, 5_000);
            world.at(at.saturating_sub(depth), |world| {
                let record = world.judge.borrow().record.clone();
                world.store.borrow_mut().remember(record);
            });
        }
    }
    world.at(LAST, end);
}

fn strike(world: &Rc<World>, kind: u64) {
    world.judge.borrow_mut().figures.faults += 1;
    match kind {
        0..=2 => rewind(world),
        3 => restart(world),
        4 => pause(world),
        5 => jump(world),
        6 | 7 => kill_replica(world),
        8 => cut_replica(world),
        9 => cut_stream(world),
        10 | 11 => part_gateway(world),
        12 => crash_gateway(world),
        13 => sleep_laptop(world),
        14 => restart_desktop(world),
        15 => stop_durable(world),
        _ => change_center(world),
    }
}

/// The store dies, and comes back from an older copy.
fn rewind(world: &Rc<World>) {
    let to_nothing = world.between(0, 12) == 0;
    let down = world.between(0, 4_000);
    let now = world.now();
    world.trace(|| "FAULT the store loses its last writes".to_owned());
    // What has no leg yet, a booking or a consultation: if the store forgets it, nobody is left who
    // could tell of it.
    let store = world.store.borrow();
    let booked = store
        .floor
        .contacts
        .iter()
        .filter(|(_, contact)| contact.callback.is_some() || contact.parent.is_some());
    let booked: Vec<_> = booked.map(|(id, _)| id.clone()).collect();
    drop(store);
    world.judge.borrow_mut().forgotten.extend(booked);
    let record = world.store.borrow_mut().rewind(to_nothing);
    world.judge.borrow_mut().record = record;
    world.store.borrow_mut().pause(now + down);
}

fn restart(world: &Rc<World>) {
    world.trace(|| "FAULT the store restarts".to_owned());
    world.store.borrow_mut().restart();
}

fn pause(world: &Rc<World>) {
    let span = if world.chance(30) { 60_000 } else { world.between(500, 15_000) };
    let until = LAST.min(world.now() + span);
    world.trace(|| format!("FAULT the store pauses until {until}"));
    world.store.borrow_mut().pause(until);
}

fn jump(world: &Rc<World>) {
    let hour = if world.chance(50) { 3_600_000 } else { -3_600_000 };
    world.trace(|| format!("FAULT the clock jumps by {hour} ms"));
    world.store.borrow_mut().jump(hour);
}

fn pick(world: &World, count: usize) -> usize {
    usize::try_from(world.between(0, u64::try_from(count).unwrap_or(1))).unwrap_or(0)
}

fn kill_replica(world: &Rc<World>) {
    let index = pick(world, world.center.replicas);
    if !world.replicas.borrow()[index].alive.get() {
        return;
    }
    world.trace(|| format!("FAULT replica {index} dies"));
    edge::kill(world, index);
    world.after(world.between(300, 20_000), move |world| start_replica(world, index));
}

fn start_replica(world: &Rc<World>, index: usize) {
    let alive = world.replicas.borrow()[index].alive.get();
    if !alive {
        edge::start(world, index);
    }
}

fn cut_replica(world: &Rc<World>) {
    let index = pick(world, world.center.replicas);
    let until = world.now() + world.between(500, 15_000);
    world.trace(|| format!("FAULT replica {index} cannot reach the store until {until}"));
    world.replicas.borrow()[index].cut(until);
}

fn cut_stream(world: &Rc<World>) {
    let index = pick(world, world.center.gateways);
    world.trace(|| format!("FAULT the stream of gateway {index} breaks"));
    world.gateways[index].borrow_mut().disconnect(world);
}

fn part_gateway(world: &Rc<World>) {
    let index = pick(world, world.center.gateways);
    let until = world.now() + world.between(1_000, 55_000);
    world.trace(|| format!("FAULT gateway {index} is apart until {until}"));
    let mut gateway = world.gateways[index].borrow_mut();
    gateway.disconnect(world);
    gateway.apart_until = until;
}

fn crash_gateway(world: &Rc<World>) {
    let index = pick(world, world.center.gateways);
    world.trace(|| format!("FAULT gateway {index} crashes"));
    world.gateways[index].borrow_mut().crash(world);
    world.after(world.between(500, 50_000), move |world| {
        world.gateways[index].borrow_mut().up = true;
    });
}

fn sleep_laptop(world: &Rc<World>) {
    let index = pick(world, world.center.agents);
    let until = world.now() + world.between(2_000, 60_000);
    world.trace(|| format!("FAULT the laptop of agent {index} sleeps until {until}"));
    world.desks[index].borrow_mut().asleep_until = until;
}

fn restart_desktop(world: &Rc<World>) {
    let index = pick(world, world.center.agents);
    world.trace(|| format!("FAULT the desktop of agent {index} restarts"));
    world.desks[index].borrow_mut().restart(world);
}

fn stop_durable(world: &Rc<World>) {
    let until = world.now() + world.between(1_000, 40_000);
    world.trace(|| format!("FAULT the durable store is away until {until}"));
    world.durable.borrow_mut().down_until = until;
}

fn change_center(world: &Rc<World>) {
    world.trace(|| "FAULT the center is changed".to_owned());
    world.durable.borrow_mut().center_version += 1;
}

/// Everything comes back, and nothing goes wrong any more.
fn end(world: &Rc<World>) {
    world.trace(|| "faults are over".to_owned());
    world.calm.set(true);
    for index in 0..world.center.replicas {
        start_replica(world, index);
    }
    for gateway in &world.gateways {
        let mut gateway = gateway.borrow_mut();
        gateway.up = true;
        gateway.apart_until = 0;
    }
    for (index, desk) in world.desks.iter().enumerate() {
        desk.borrow_mut().asleep_until = 0;
        desk::read_mail(world, index);
    }
    world.durable.borrow_mut().down_until = 0;
}
