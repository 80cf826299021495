//! The rules that hold of every state and of every step.

use super::world::{Told, World};

/// Gives the rule that a state breaks.
pub(super) fn of_state(world: &World) -> Result<(), &'static str> {
    let durable = &world.durable;
    if durable.kept.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("an event is recorded twice");
    }
    if durable.kept.iter().any(|told| durable.dead.contains(told)) {
        return Err("an event is recorded and dead");
    }
    if durable.dead.iter().any(|told| !told.poison) {
        return Err("an event is dead that could have been recorded");
    }
    let known = durable.kept.iter().chain(&durable.dead);
    if known.clone().any(|told| !world.told.contains(told)) {
        return Err("an event is recorded that was never told");
    }
    let passed = |told: &&Told| Some(told.place) <= durable.offsets.get(&told.epoch).copied();
    if world.told.iter().filter(passed).any(|told| !durable.is_known(*told)) {
        return Err("the offset is ahead of what is recorded");
    }
    of_folds(world)
}

/// Every entity is folded from what is recorded of it, in order; left out is only what an old epoch
/// told after a newer one.
fn of_folds(world: &World) -> Result<(), &'static str> {
    for (entity, folded) in (0_u8..).zip(&world.durable.folded) {
        if folded.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err("an entity is folded out of order");
        }
        let of_entity = world.durable.kept.iter().filter(|told| told.entity == Some(entity));
        for told in of_entity {
            let is_old = |other: &(u64, u64)| other.0 > u64::from(told.epoch);
            if !folded.contains(&told.standing()) && !folded.iter().any(is_old) {
                return Err("an event is recorded and its entity not told");
            }
        }
    }
    Ok(())
}

/// Gives the rule that a step breaks.
pub(super) fn of_step(before: &World, after: &World) -> Result<(), &'static str> {
    let is_back = |(epoch, place): (&u8, &u8)| after.durable.offsets.get(epoch) < Some(place);
    if before.durable.offsets.iter().any(is_back) {
        return Err("an offset goes back");
    }
    if before.durable.kept.iter().any(|told| !after.durable.kept.contains(told)) {
        return Err("what was recorded is gone");
    }
    Ok(())
}
