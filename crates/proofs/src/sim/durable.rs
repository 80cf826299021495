//! The durable store and its recorder: epochs, gateways, the version of the center, the history.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use switchboard_domain::floor::state::Entity;
use switchboard_domain::ids::{ContactId, GatewayId};
use switchboard_domain::interaction::{Fact, Interaction};
use switchboard_domain::time::Timestamp;

use super::engine::Millis;
use super::store::Row;
use super::world::World;

/// What no crash loses.
pub(super) struct Durable {
    /// The highest epoch handed out.
    pub(super) epochs: u64,
    pub(super) gateways: BTreeSet<GatewayId>,
    pub(super) center_version: u64,
    pub(super) down_until: Millis,
    /// The last entry seen in the stream.
    cursor: u64,
    /// The highest epoch met in the stream.
    epoch: u64,
    /// Up to where each epoch is kept.
    pub(super) offsets: BTreeMap<u64, u64>,
    pub(super) history: BTreeMap<ContactId, Interaction>,
}

impl Durable {
    pub(super) fn new() -> Self {
        Self {
            epochs: 0,
            gateways: BTreeSet::new(),
            center_version: 1,
            down_until: 0,
            cursor: 0,
            epoch: 0,
            offsets: BTreeMap::new(),
            history: BTreeMap::new(),
        }
    }

    pub(super) fn is_down(&self, now: Millis) -> bool {
        now < self.down_until
    }

    fn keep(&mut self, row: &Row) {
        if self.offsets.get(&row.epoch).is_some_and(|offset| *offset >= row.id) {
            return;
        }
        self.offsets.insert(row.epoch, row.id);
        let contact = match &row.event.entity {
            Entity::Contact(id) => Some(id.clone()),
            Entity::Agent(_) | Entity::Gateway(_) | Entity::Offer(_) | Entity::Floor => None,
        };
        let Some(id) = contact else { return };
        let wall = Timestamp::from_millis(row.wall);
        let interaction =
            self.history.entry(id.clone()).or_insert_with(|| Interaction::begin(id, wall));
        let own = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        let fields = row.event.fields.iter().map(own).collect();
        let fact = Fact { kind: row.event.kind.as_str(), fields: &fields, wall };
        // Every id of the simulation is an id.
        let _ = interaction.fold(&fact);
    }
}

/// Starts the recorder.
pub(super) fn start(world: &Rc<World>) {
    let wait = world.between(100, 900);
    world.after(wait, |world| {
        record(world);
        start(world);
    });
}

fn record(world: &Rc<World>) {
    let mut durable = world.durable.borrow_mut();
    let store = world.store.borrow();
    if durable.is_down(world.now()) || store.is_paused(world.now()) {
        return;
    }
    if store.last_id() < durable.cursor {
        durable.cursor = 0;
    }
    let rows = store.rows_after(durable.cursor);
    let newest = rows.iter().map(|row| row.epoch).max().unwrap_or_default();
    if newest > durable.epoch && durable.cursor != 0 {
        // A stream that lost its end may have grown again behind the cursor.
        durable.epoch = newest;
        durable.cursor = 0;
        return;
    }
    durable.epoch = durable.epoch.max(newest);
    for row in rows {
        durable.keep(row);
        durable.cursor = row.id;
    }
    let offsets = durable.offsets.clone();
    drop((durable, store));
    let replicas = world.replicas.borrow().clone();
    for session in replicas.iter().flat_map(|replica| replica.sessions()) {
        if let Some(offset) = offsets.get(&session.token().epoch) {
            session.record(*offset);
        }
    }
}
