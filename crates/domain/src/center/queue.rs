//! A waiting line: who may serve it, how long things may take, what happens when they take longer.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::center::callback::CallbackRules;
use crate::center::disposition::QueueDispositions;
use crate::center::locale::Localized;
use crate::center::miss::{MissCause, MissPolicy};
use crate::center::ring::Ring;
use crate::center::skill::SkillRequirement;
use crate::center::strategy::Strategy;
use crate::center::wrap_up::WrapUp;
use crate::ids::{CalendarId, FlowId, QueueId};

/// A waiting line and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Its name, for people.
    pub display_name: Localized,
    /// Which of the eligible agents gets the next contact.
    pub strategy: Strategy,
    /// The skills every contact of this queue needs.
    pub requirement: Vec<SkillRequirement>,
    /// Skills that make an agent be tried before others; they never exclude anybody.
    pub preferred: Vec<SkillRequirement>,
    /// How the requirement relaxes as a contact ages, by rising age.
    pub rings: Vec<Ring>,
    /// The priority every contact of this queue starts with, before tier and flow add theirs.
    pub priority: u32,
    /// How long one agent rings before the next is tried.
    pub ring_timeout: Duration,
    /// How long a contact waits before the overflow action; nothing means for ever.
    pub max_wait: Option<Duration>,
    /// How many contacts may wait at once, exactly; nothing means any number.
    pub max_waiting: Option<u32>,
    /// How many contacts may ring or talk at once; nothing means any number.
    pub max_active: Option<u32>,
    /// Whether a contact may begin to wait while nobody who could serve it is signed in.
    pub join_when_empty: bool,
    /// How long a contact goes on waiting once nobody who could serve it is signed in; nothing
    /// means as long as it may wait anyway.
    pub leave_when_empty: Option<Duration>,
    /// When the queue takes contacts; nothing means always.
    pub hours: Option<CalendarId>,
    /// What happens to a contact that comes outside the hours.
    pub when_closed: OverflowAction,
    /// What happens to a contact that cannot wait, or has waited too long.
    pub overflow: OverflowAction,
    /// How an agent finishes up after a contact.
    pub wrap_up: WrapUp,
    /// What agents note as the result of a talk.
    pub dispositions: QueueDispositions,
    /// What follows when an offer is not taken, for every cause.
    pub misses: BTreeMap<MissCause, MissPolicy>,
    /// Which agents who know a caller are tried before others, in this order.
    pub prefer: Vec<Acquaintance>,
    /// How long ago the last talk with a caller may be for its agent to be preferred.
    pub last_agent_window: Duration,
    /// How long a contact is held for its preferred agent before others may have it; nothing means
    /// it is offered to them only if they are ready at once.
    pub preferred_agent_hold: Option<Duration>,
    /// How long after losing their call a caller who dials again gets the old place back.
    pub redial_window: Option<Duration>,
    /// How callers are called back; nothing means they are not.
    pub callback: Option<CallbackRules>,
    /// How often a waiting caller is told the position; nothing means never.
    pub position_announcements: Option<Duration>,
    /// Takes no new contacts; those that wait are still served.
    pub draining: bool,
    /// The share of contacts to be answered in time.
    pub service_level: ServiceLevel,
}

impl Queue {
    /// Gives what follows when an offer is not taken for this cause.
    pub fn after_miss(&self, cause: MissCause) -> MissPolicy {
        self.misses.get(&cause).copied().unwrap_or_else(|| MissPolicy::of(cause))
    }
}

/// How an agent knows a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acquaintance {
    /// He looks after the customer's account.
    Owner,
    /// He talked to the caller last.
    LastAgent,
}

/// Whether an agent goes on receiving offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The agent may be offered the next contact at once.
    Ready,
    /// The agent must ask for work again.
    NotReady,
}

/// Where a contact goes instead of waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverflowAction {
    /// The gateway ends the call.
    HangUp,
    /// The gateway plays the busy tone.
    Busy,
    /// The gateway takes a message.
    Voicemail,
    /// The caller is called back, by the rules of the queue that the contact leaves.
    Callback,
    /// The contact waits in another queue and keeps its age.
    Queue(QueueId),
    /// The caller is asked again, by a flow.
    Flow(FlowId),
}

/// The promise a queue is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceLevel {
    /// The share of contacts, in percent, 0 to 100.
    pub percent: u8,
    /// The time within which they are to be answered.
    pub within: Duration,
}
