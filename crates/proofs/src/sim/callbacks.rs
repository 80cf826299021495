//! Callers who ask to be called back while they wait, and some who change their minds; a clerk
//! writes it down through any replica.

use std::rc::Rc;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::state::{Contact, ContactState};
use switchboard_domain::ids::ContactId;

use super::center::{callback_id, queue_number, route};
use super::edge::Edge;
use super::world::World;

/// Starts the clerk.
pub(super) fn start(world: &Rc<World>) {
    world.after(world.between(3_000, 25_000), |world| {
        if !world.calm.get() {
            write_down(world);
        }
        start(world);
    });
}

fn write_down(world: &Rc<World>) {
    let cancels = world.chance(15);
    let fits = |contact: &Contact| {
        let waits = matches!(contact.state, ContactState::Queued | ContactState::Offered { .. });
        waits && contact.callback.is_some() == cancels
    };
    let Some((contact, queue)) = pick(world, fits) else { return };
    let Some(replica) = world.any_replica() else { return };
    let owner = replica.owner;
    let edge = Edge { world: Rc::clone(world), replica };
    let (callback, by) = (callback_id(world.now()), "caller".to_owned());
    let opens_in = Duration::from_secs(world.between(0, 20));
    let closes_in = world.chance(30).then(|| Duration::from_secs(world.between(20, 60)));
    world.spawn(owner, async move {
        // Whatever is refused, the caller is told and leaves it at that.
        if cancels {
            let _ = edge.apply(Command::CancelCallback { contact, by }).await;
            return;
        }
        let request = |plan_version| Command::RequestCallback {
            contact: contact.clone(),
            callback: callback.clone(),
            plan_version,
            route: route(queue, None, Channel::Callback),
            opens_in,
            closes_in,
            by: by.clone(),
            agreed: None,
        };
        if edge.apply_planned(request).await.is_ok() {
            edge.world.judge.borrow_mut().figures.callbacks += 1;
        }
    });
}

/// Picks a contact that fits, and its queue.
fn pick(world: &World, fits: impl Fn(&Contact) -> bool) -> Option<(ContactId, usize)> {
    let store = world.store.borrow();
    let fitting = store.floor.contacts.iter().filter(|(_, contact)| fits(contact));
    let found: Vec<(&ContactId, usize)> = fitting
        .filter_map(|(id, contact)| Some((id, queue_number(&contact.place.as_ref()?.queue))))
        .collect();
    let index = usize::try_from(world.between(0, found.len() as u64)).unwrap_or(0);
    found.get(index).map(|(id, queue)| ((*id).clone(), *queue))
}
