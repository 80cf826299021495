//! From every state, without further faults, everything that the stream holds gets recorded.

use super::action::Action;
use super::mutants::Mutant;
use super::world::World;

/// Within so many steps of each recorder a small world comes to rest.
const STEPS: usize = 60;

/// Lets the recorders go on undisturbed; says what is left undone.
pub(super) fn comes_to_rest(world: &World, mutant: Option<Mutant>) -> Result<(), &'static str> {
    let mut world = world.clone();
    if !world.server.open {
        let at = world.server.last + 1;
        world.perform(Action::Open { at }, mutant)?;
    }
    for who in 0..world.recorders.len() {
        world.perform(Action::Reconnect(who), mutant)?;
    }
    for _ in 0..STEPS {
        if world.server.stream.iter().all(|told| world.durable.is_known(*told)) {
            return Ok(());
        }
        for who in 0..world.recorders.len() {
            world.perform(Action::Proceed(who), mutant)?;
        }
    }
    Err("what the stream holds is never recorded")
}
