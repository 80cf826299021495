//! A supervisor who steps in now and then, through any replica.

use std::rc::Rc;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::state::{ContactState, Want};
use switchboard_domain::ids::ContactId;

use super::center::{QUEUES, agent_id};
use super::edge::Edge;
use super::world::World;

/// Starts the supervisor.
pub(super) fn start(world: &Rc<World>) {
    world.after(world.between(1_000, 12_000), |world| {
        if !world.calm.get() {
            step_in(world);
        }
        start(world);
    });
}

fn step_in(world: &Rc<World>) {
    let (Some(replica), Some((contact, channel))) = (world.any_replica(), waiting(world)) else {
        return;
    };
    let owner = replica.owner;
    let edge = Edge { world: Rc::clone(world), replica };
    let agent = agent_id(any(world, world.center.agents));
    let (kind, queue) = (world.between(0, 5), any(world, 2 * QUEUES));
    let priority = i32::try_from(world.between(0, 4)).unwrap_or(0);
    world.spawn(owner, async move {
        let by = "chief".to_owned();
        let credit = Duration::from_secs(20);
        // Whatever he is refused, he sees on his board and leaves it at that.
        let _ = match kind {
            0 | 1 => edge.apply(Command::AssignContact { contact, agent, by }).await,
            2 => {
                let moved = |plan_version| Command::MoveContact {
                    contact: contact.clone(),
                    plan_version,
                    route: edge.route(queue, None, channel),
                    by: by.clone(),
                };
                edge.apply_planned(moved).await
            }
            3 => edge.apply(Command::PrioritiseContact { contact, priority, credit, by }).await,
            _ => {
                let (want, reason) = (Want::NotReady, "training".to_owned());
                edge.apply(Command::ForcePresence { agent, want, reason, by }).await
            }
        };
    });
}

/// Picks a contact that waits or rings, as the supervisor's board shows it.
fn waiting(world: &World) -> Option<(ContactId, Channel)> {
    let store = world.store.borrow();
    let waits =
        |state: &ContactState| matches!(state, ContactState::Queued | ContactState::Offered { .. });
    let contacts = store.floor.contacts.iter().filter(|(_, contact)| waits(&contact.state));
    let contacts: Vec<(&ContactId, Channel)> =
        contacts.map(|(id, contact)| (id, contact.channel)).collect();
    contacts.get(any(world, contacts.len())).map(|(id, channel)| ((*id).clone(), *channel))
}

fn any(world: &World, count: usize) -> usize {
    usize::try_from(world.between(0, count as u64)).unwrap_or(0)
}
