//! The floor of one tenant: every contact, offer, agent and gateway, and the one verb that moves
//! them, [`Floor::apply`].
//!
//! It is the model of the live state: the memory store runs it as it stands, and the scripts of the
//! Redis store are proven to give the same replies, states and events.
//!
#![doc = include_str!("floor/transitions.md")]

mod accept_offer;
mod agent_moves;
mod callbacks;
pub mod command;
mod consult;
mod contact_moves;
mod decline_offer;
pub mod details;
mod dispatch;
mod end_contact;
pub mod event;
pub mod fields;
mod fire_deadlines;
mod gateway_moves;
pub mod invariants;
mod kept_places;
mod lines;
mod matching;
pub mod mutants;
mod offers;
mod open_epoch;
mod overflow;
mod owed_calls;
pub mod plan;
pub mod planner;
mod reconcile_leg;
pub mod rejection;
mod reports;
mod route_contact;
mod settling;
mod sign_in;
mod staffing;
mod start_contact;
pub mod state;
mod step;
mod supervise;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "test-util"))]
pub mod walk;
mod wrap_up;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};
use crate::time::Timestamp;

use self::command::{Command, Envelope, Reply};
use self::event::Event;
use self::plan::{ClassKey, Plan, ProfileKey, ReadyOrder};
use self::rejection::Rejection;
use self::state::{Agent, Contact, Gateway, Offer};
use self::step::Step;

/// How long a caller in the menu may be without a step of the flow: longer than a flow waits for
/// anything, which is a message of ten minutes. The whole time in the menu is the flow's to bound.
pub const MENU_LIMIT: Duration = Duration::from_mins(15);
/// How long a gateway may take to confirm a bridge before it is asked.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a contact outlives its gateway.
pub const GATEWAY_GRACE: Duration = Duration::from_secs(30);
/// How many leases the barrier of a new epoch waits at most.
pub const BARRIER_LEASES: u32 = 3;
/// How often a contact may overflow to another queue.
pub const MAX_HOPS: u32 = 3;
/// How much of a sweep one step does: what a script needs for it must not keep Redis from others.
pub const BATCH: usize = 8;
/// How far into a line an agent looks for a contact that may ring him.
pub const LOOK: usize = 64;
/// How long a contact is kept from an agent it must never ring: who asks for a consultation, or whom a
/// callback spares.
const FOR_GOOD: Duration = Duration::from_hours(24 * 365);
/// The most the logical clock moves in one step.
pub const MAX_TICK: Duration = Duration::from_secs(1);

/// A contact's place in an index of waiting contacts: rank, then sequence.
pub type WaitingKey = (i64, u64, ContactId);

/// Something with a deadline, named so that names sort as the store sorts them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// An agent's lease or after-call work.
    Agent(AgentId),
    /// A contact's longest stay in its state.
    Contact(ContactId),
    /// A gateway's lease.
    Gateway(GatewayId),
    /// A class in which contacts wait though nobody works who is eligible.
    Class(ClassKey),
    /// The place kept for a caller who left, by queue and caller.
    Place(String),
}

/// A list of ready agents: of one profile, for one channel, in one order.
pub type ReadyKey = (ProfileKey, Channel, ReadyOrder);

/// The place of a caller who left, kept for him to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeptPlace {
    /// Its order among waiting contacts.
    pub rank: i64,
    /// Its sequence number.
    pub sequence: u64,
    /// When it was first taken.
    pub enqueued_at: Timestamp,
    /// The priority it was taken with.
    pub priority: i32,
    /// Until when it is kept.
    pub until: Timestamp,
}

/// Names what belongs to one caller in one queue.
pub fn caller_key(queue: &QueueId, caller: &str) -> String {
    format!("{queue} {caller}")
}

/// Everything that is live in one tenant's center.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Floor {
    /// The epoch in use; zero before the first.
    pub epoch: u64,
    /// The run id of the server process the epoch was opened for.
    pub run: String,
    /// Whether memory from before the epoch is still being put in order.
    pub sweeping: bool,
    /// Whether offers may be made in this epoch.
    pub barrier_open: bool,
    /// When the barrier stops waiting for gateways that keep their lease but tell no legs.
    pub barrier_until: Timestamp,
    /// Whether every possible match has been made.
    pub settled: bool,
    /// The last line held for a single agent that was looked at, while every match is being made.
    pub own_after: Option<ClassKey>,
    /// The logical clock.
    pub now: Timestamp,
    /// The wall time at the last step.
    pub wall: i64,
    /// How many sessions were begun.
    pub tokens: u64,
    /// How many contacts were enqueued.
    pub sequence: u64,
    /// How often the floor as a whole changed.
    pub version: u64,
    /// How many offers were made.
    pub offered: u64,
    /// When the epoch was opened.
    pub opened_at: Timestamp,
    /// The gateways the barrier waits for.
    pub pending: BTreeSet<GatewayId>,
    /// The routing plan.
    pub plan: Plan,
    /// Contacts, ended ones included.
    pub contacts: BTreeMap<ContactId, Contact>,
    /// Agents who ever signed in.
    pub agents: BTreeMap<AgentId, Agent>,
    /// Gateways that ever joined.
    pub gateways: BTreeMap<GatewayId, Gateway>,
    /// Offers, closed ones included.
    pub offers: BTreeMap<OfferId, Offer>,
    /// Waiting contacts by class.
    pub waiting: BTreeMap<ClassKey, BTreeSet<WaitingKey>>,
    /// Waiting contacts by queue.
    pub queued: BTreeMap<QueueId, BTreeSet<WaitingKey>>,
    /// Ready agents by profile, channel and order, the next first.
    pub ready: BTreeMap<ReadyKey, BTreeSet<(i64, AgentId)>>,
    /// Agents who work, even if busy now, by profile.
    pub staff: BTreeMap<ProfileKey, BTreeSet<AgentId>>,
    /// Classes in which contacts wait though nobody works for them, and since when.
    pub empty: BTreeMap<ClassKey, Timestamp>,
    /// Contacts that ring, connect or talk, by queue.
    pub active: BTreeMap<QueueId, BTreeSet<ContactId>>,
    /// Open callbacks by queue and caller.
    pub callbacks: BTreeMap<String, ContactId>,
    /// Kept places by queue and caller.
    pub kept: BTreeMap<String, KeptPlace>,
    /// Armed deadlines, the next first.
    pub deadlines: BTreeSet<(Timestamp, Due)>,
    /// Armed deadlines by what they are for.
    pub armed: BTreeMap<Due, Timestamp>,
    /// Live contacts and signed-in agents by the epoch they were last put in order for.
    pub live: BTreeMap<Due, u64>,
    /// The legs of each gateway by the session that last reported them; zero when orphaned.
    pub legs: BTreeMap<GatewayId, BTreeMap<ContactId, u64>>,
}

impl Floor {
    /// Makes an empty floor, closed until an epoch is opened.
    pub fn new() -> Self {
        Self { settled: true, ..Self::default() }
    }

    /// Applies one command as one atomic step.
    ///
    /// An accepted command gives a reply and one event for each change of each entity, in order. A
    /// refused command changes nothing.
    ///
    /// A step looks records and lists up in ordered maps, so its cost grows with the logarithm of
    /// the contacts and agents there are; a match looks at the heads of the eligible lists, one per
    /// profile or class. What could touch many entities does up to [`BATCH`] of them and replies
    /// [`Reply::More`]. In proportion to what there is are only `LoadPlan` (its classes),
    /// `SweepEpoch` (what is live) and `FinishInventory` (the gateway's legs).
    pub fn apply(
        &mut self,
        envelope: &Envelope,
        command: &Command,
    ) -> Result<(Reply, Vec<Event>), Rejection> {
        self.check_open(envelope, command)?;
        let mut step = Step::begin(self, envelope);
        let reply = step.run(envelope, command)?;
        Ok((reply, step.finish()))
    }

    fn check_open(&self, envelope: &Envelope, command: &Command) -> Result<(), Rejection> {
        if let Command::OpenEpoch { .. } = command {
            return Ok(());
        }
        if self.epoch == 0 || envelope.run != self.run {
            return Err(Rejection::EpochClosed);
        }
        if self.sweeping && !matches!(command, Command::SweepEpoch | Command::LoadPlan { .. }) {
            return Err(Rejection::Recovering);
        }
        Ok(())
    }

    /// Gives the position of a waiting contact in its queue, from 1.
    ///
    /// Walks the queue up to the contact.
    pub fn position(&self, contact: &ContactId) -> Option<usize> {
        let place = self.contacts.get(contact)?.place.as_ref()?;
        let line = self.queued.get(&place.queue)?;
        line.iter().position(|(_, _, id)| id == contact).map(|index| index + 1)
    }
}
