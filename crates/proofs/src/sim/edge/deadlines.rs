//! Fires deadlines when they come, and brings newer centers to the floor.

use switchboard_domain::floor::command::{Command, Reply};

use super::Edge;
use crate::sim::center::{agent_id, profile, seat};
use crate::sim::engine::{Millis, sleep};

/// How often deadlines are looked at.
const TICK: Millis = 900;
/// When to try again while the floor is away.
const PAUSE: Millis = 500;

/// Fires deadlines until the replica dies; any number of replicas may do so at once.
pub(super) async fn fire(edge: Edge) {
    loop {
        let fired = loop {
            match edge.apply(Command::FireDeadlines).await {
                Ok(applied) if applied.reply == Reply::More => {}
                outcome => break outcome,
            }
        };
        let wait = if fired.is_ok() { TICK } else { PAUSE };
        sleep(&edge.world, wait + edge.world.between(0, 100)).await;
    }
}

/// Follows the center's versions until the replica dies.
pub(super) async fn follow_center(edge: Edge) {
    let mut brought = 0;
    loop {
        sleep(&edge.world, 1_000 + edge.world.between(0, 2_000)).await;
        let newest = edge.world.durable.borrow().center_version;
        edge.replica.center_version.set(newest);
        if newest == brought || edge.load_plan(newest).await.is_err() {
            continue;
        }
        let agents = (0..edge.world.center.agents)
            .map(|index| (agent_id(index), profile(index, newest), seat(index)));
        let profiles = Command::AssignProfiles { plan_version: newest, profiles: agents.collect() };
        if edge.apply(profiles).await.is_ok() {
            brought = newest;
        }
    }
}
