//! The routing plan: everything matching needs that depends on configuration alone.
//!
//! It is computed from a [center](crate::center) and loaded onto the floor as a whole, under a
//! version. A command that was prepared against another version is refused as stale.

mod key;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::channel::Channel;
use crate::ids::QueueId;

use super::state::words;

pub use crate::center::{MissCause, WrapUpMode};

pub use key::{ClassKey, ProfileKey};
pub use rules::{MissRule, QueueRules};

words!(
    /// By what the ready agents of equal standing are ordered; lower comes first.
    ReadyOrder {
        /// Idle longest.
        Idle = "idle",
        /// Longest not rung.
        Offered = "offered",
        /// Fewest contacts since sign-in, then idle longest.
        Handled = "handled",
        /// Least talk time since sign-in.
        TalkTime = "talk_time",
        /// Drawn by weight.
        Weighted = "weighted",
        /// A fixed order, then idle longest.
        Fixed = "fixed",
    }
);

/// Where the agents of a profile stand for a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The rank the profile gives to the queue; an agent takes the lowest first.
    pub rank: u32,
    /// How well the profile fits; the lowest is rung first.
    pub preference: i32,
}

/// A class of contacts: who may serve them.
///
/// Its name says its channel: `voice:booking/english:1`. A personal class, `@li-wei`, holds
/// contacts of any channel and queue for one agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClassDefinition {
    /// The name of the class.
    pub key: ClassKey,
    /// The profiles that may serve it.
    pub profiles: BTreeMap<ProfileKey, Standing>,
}

/// One step on a contact's way through wider and wider classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteStep {
    /// How long after it entered the queue the contact takes the step.
    pub after: Duration,
    /// Whether it takes the step as soon as nobody works who is eligible for the class before.
    pub when_empty: bool,
    /// The class it waits in from then on.
    pub class: ClassDefinition,
}

/// Where a contact waits, and who may serve it as it ages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The queue.
    pub queue: QueueId,
    /// The steps; the first is taken at once.
    pub steps: Vec<RouteStep>,
    /// When the queue closes, if it does; zero when it is closed now.
    pub closes_in: Option<Duration>,
}

/// How many contacts of one channel an agent takes at once, and what keeps him from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// How many.
    pub capacity: u32,
    /// The channels that block this one while he works on them; itself is not meant.
    pub blocked_by: BTreeSet<Channel>,
}

/// A profile: what its agents can serve, and how they are ordered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileDefinition {
    /// The name of the profile; equal names mean equal definitions.
    pub key: ProfileKey,
    /// By what its agents are listed; always by idle time too.
    pub orders: BTreeSet<ReadyOrder>,
    /// The channels its agents serve.
    pub slots: BTreeMap<Channel, Slot>,
}

/// A plan as it is loaded: it replaces what it names and leaves the rest, so that contacts waiting
/// in a class it does not name are not stranded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PlanUpdate {
    /// Which version of the configuration the plan was made from; it only grows.
    pub version: u64,
    /// The rules of each queue.
    pub queues: BTreeMap<QueueId, QueueRules>,
    /// The classes.
    pub classes: Vec<ClassDefinition>,
}

/// What is known of a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClassPlan {
    /// The version of the plan it was computed from.
    pub version: u64,
    /// The profiles that may serve it.
    pub profiles: BTreeMap<ProfileKey, Standing>,
}

/// The plan in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Plan {
    /// The version loaded last; zero before the first.
    pub version: u64,
    /// The rules of each queue.
    pub queues: BTreeMap<QueueId, QueueRules>,
    /// The classes known so far; routing adds those it meets.
    pub classes: BTreeMap<ClassKey, ClassPlan>,
    /// For each profile the classes it serves, with the rank it gives to their queue.
    pub profiles: BTreeMap<ProfileKey, BTreeSet<(u32, ClassKey)>>,
    /// The profiles of agents who signed in.
    pub abilities: BTreeMap<ProfileKey, ProfileDefinition>,
}

impl Plan {
    /// Loads an update.
    pub fn load(&mut self, update: &PlanUpdate) {
        self.version = update.version;
        self.queues.extend(update.queues.clone());
        for class in &update.classes {
            self.define_class(class);
        }
    }

    fn forget_class(&mut self, key: &ClassKey) {
        let Some(class) = self.classes.remove(key) else {
            return;
        };
        for (profile, standing) in class.profiles {
            if let Some(served) = self.profiles.get_mut(&profile) {
                served.remove(&(standing.rank, key.clone()));
                if served.is_empty() {
                    self.profiles.remove(&profile);
                }
            }
        }
    }

    /// Adds a class and lists it with each profile that may serve it; does nothing if it is known
    /// in this version.
    pub fn define_class(&mut self, class: &ClassDefinition) {
        let version = self.version;
        if self.classes.get(&class.key).is_some_and(|known| known.version == version) {
            return;
        }
        self.forget_class(&class.key);
        for (profile, standing) in &class.profiles {
            let served = self.profiles.entry(profile.clone()).or_default();
            served.insert((standing.rank, class.key.clone()));
        }
        let plan = ClassPlan { version, profiles: class.profiles.clone() };
        self.classes.insert(class.key.clone(), plan);
    }

    /// Adds a profile; does nothing if it is known.
    pub fn define_profile(&mut self, profile: &ProfileDefinition) {
        self.abilities.entry(profile.key.clone()).or_insert_with(|| profile.clone());
    }
}
