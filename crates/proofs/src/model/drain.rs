//! Liveness: from every state a world without further faults comes to rest by itself.
//!
//! The schedule is fixed and fair: messages arrive, desktops sign in, agents accept, gateways
//! connect, and callers hang up only once they talk. So a state that comes to rest shows more than
//! that nothing is stuck: everybody who was still on the line was connected.

use super::action::Action;
use super::explorer::Explorer;
use super::table::Table;
use super::timer::Timer;
use super::view::{Doing, Place};
use super::world::{Left, Line, OLD, SAVED, SERVING, World};

/// No schedule to rest is longer than this.
const PATIENCE: usize = 400;

/// The states that are known to come to rest.
pub(super) struct Drain {
    known: Table,
}

impl Drain {
    pub(super) fn new(words: usize) -> Self {
        Self { known: Table::new(words) }
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Drives a state to rest, or says why it cannot come there.
    pub(super) fn check(&mut self, explorer: &mut Explorer, from: &World) -> Result<(), String> {
        let shape = explorer.configuration.shape;
        let mut world = *from;
        world.left = Left::default();
        (world.floors[SAVED], world.floors[OLD]) = (0, 0);
        explorer.tidy(&mut world);
        let mut path = Vec::new();
        let mut actions: Vec<Action> = Vec::new();
        while !self.known.contains(&world.pack(&shape)) {
            path.push(world);
            if path.len() > PATIENCE {
                return Err(stuck("the world goes round in circles", &actions));
            }
            match next(explorer, &world)? {
                Some((action, after)) => {
                    actions.push(action);
                    world = after;
                }
                None if rests(explorer, &world) => break,
                None => return Err(stuck("nothing more happens, yet there is no rest", &actions)),
            }
        }
        for passed in path {
            self.known.insert(&passed.pack(&shape));
        }
        Ok(())
    }
}

fn next(explorer: &mut Explorer, world: &World) -> Result<Option<(Action, World)>, String> {
    explorer.explore(world);
    if let Some((action, rule)) = explorer.fault.take() {
        return Err(format!("without further faults, {action}: {rule}"));
    }
    let mut best: Option<(u8, usize)> = None;
    for (number, (action, after)) in explorer.next.iter().enumerate() {
        let Some(rank) = action.rank() else { continue };
        if after == world || !may(explorer, world, *action) {
            continue;
        }
        if best.is_none_or(|(known, _)| rank < known) {
            best = Some((rank, number));
        }
    }
    Ok(best.map(|(_, number)| explorer.next[number]))
}

/// Callers hang up only once they talk.
fn may(explorer: &Explorer, world: &World, action: Action) -> bool {
    if let Action::Comes { timer: Timer::Contact(contact), .. } = action {
        // Only a contact whose gateway stays away has no other way to its end.
        let seen = &explorer.floors.view(world.floors[SERVING]).contacts[usize::from(contact)];
        return seen.orphaned && explorer.configuration.gateways_stay_away;
    }
    let Action::CallerHangsUp(contact) = action else { return true };
    let contact = usize::from(contact);
    let seen = explorer.floors.view(world.floors[SERVING]).contacts[contact];
    seen.place == Place::Connected && world.legs[contact].agent == seen.agent
}

/// L1, L2 and L4: no caller is left, every agent is free, the barrier is open.
fn rests(explorer: &Explorer, world: &World) -> bool {
    let view = explorer.floors.view(world.floors[SERVING]);
    let shape = explorer.configuration.shape;
    let away = explorer.configuration.gateways_stay_away;
    let calls = away || world.legs.iter().take(shape.contacts).all(|leg| leg.line != Line::Up);
    let contacts =
        view.contacts.iter().all(|seen| matches!(seen.place, Place::Unknown | Place::Ended(_)));
    let agents =
        view.agents.iter().take(shape.agents).all(|seat| matches!(seat.doing, Doing::Ready));
    let heard = if explorer.configuration.silent_gateway { 1 } else { shape.gateways };
    let gateways = view.gateways.iter().take(heard).all(|seat| seat.fresh || away);
    calls && contacts && agents && gateways && view.barrier_open
}

fn stuck(words: &str, actions: &[Action]) -> String {
    let told: Vec<String> = actions.iter().take(40).map(ToString::to_string).collect();
    format!("L liveness: {words}; without further faults: {}", told.join("; "))
}
