//! What the desks of one load point show, taken together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use switchboard_api::agent::v1::{DeskUpdate, WorkState, desk_update::Update};
use switchboard_client::gateway::CallEvent;
use switchboard_client::witness::DeskWitness;
use tokio::time::Instant;

/// What the desks show.
#[derive(Default)]
pub(super) struct Floor(Mutex<FloorState>);

/// The calls and agents of a load point, as seen from outside.
#[derive(Default)]
pub(super) struct FloorState {
    /// The agents who are rung or talk.
    pub(super) engaged: BTreeSet<String>,
    /// When each call rang first.
    pub(super) rang: BTreeMap<String, Instant>,
    /// What each caller who is still there heard last, if anything.
    pub(super) heard: BTreeMap<String, Option<CallEvent>>,
    /// When each call left its desk.
    pub(super) released: BTreeMap<String, Instant>,
    /// When each caller was made to hang up.
    pub(super) hung_up: BTreeMap<String, Instant>,
    /// By how much the driver missed each moment at which something was to happen.
    pub(super) late: Vec<Duration>,
    /// How long it takes from hanging up until the desk knows, smoothed.
    pub(super) release_takes: Option<Duration>,
}

impl Floor {
    pub(super) fn state(&self) -> MutexGuard<'_, FloorState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FloorState {
    fn release(&mut self, call: &str, now: Instant) {
        self.released.insert(call.to_owned(), now);
        let Some(at) = self.hung_up.remove(call) else { return };
        let took = now - at;
        let smooth = |before: Duration| before.mul_f64(0.95) + took.mul_f64(0.05);
        self.release_takes = Some(self.release_takes.map_or(took, smooth));
    }
}

/// One agent's desk.
pub(super) struct Seat {
    pub(super) agent: String,
    pub(super) floor: Arc<Floor>,
}

impl DeskWitness for Seat {
    fn hears(&self, update: &DeskUpdate) {
        let (now, mut state) = (Instant::now(), self.floor.state());
        match &update.update {
            Some(Update::OfferMade(made)) => {
                let card = made.offer.as_ref().and_then(|offer| offer.contact.as_ref());
                if let Some(card) = card {
                    state.rang.entry(card.contact_id.clone()).or_insert(now);
                    state.engaged.insert(self.agent.clone());
                }
            }
            Some(Update::Agent(agent)) if agent.state() == WorkState::Ready => {
                state.engaged.remove(&self.agent);
            }
            Some(Update::ContactEnded(ended)) => state.release(&ended.contact_id, now),
            _ => {}
        }
    }
}
