//! The routing plan: everything matching needs that depends on configuration alone.
//!
//! It is computed from a [center](crate::center) and loaded onto the floor as a whole, under a
//! version. A command that was prepared against another version is refused as stale.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::ids::QueueId;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Makes the key from its text, which must hold no white space.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Gives the key as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

key!(
    /// Names a class: contacts that the same agents can serve, in the same queue.
    ClassKey
);
key!(
    /// Names a profile: agents that can serve the same classes, with the same queue ranks.
    ProfileKey
);

/// How a queue treats its contacts and the agents who serve them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRules {
    /// How long one agent is rung before the offer expires.
    pub ring_timeout: Duration,
    /// How long a contact waits at most before it overflows.
    pub max_wait: Duration,
    /// How many contacts wait at most; one more overflows. Exact under concurrency.
    pub max_waiting: u32,
    /// How long an agent has for after-call work; zero for none.
    pub wrap_up: Duration,
    /// How long a contact is not offered again to an agent who missed or declined it.
    pub cool_down: Duration,
    /// After how many missed offers in a row an agent becomes not ready; zero for never.
    pub miss_threshold: u32,
    /// Whether an agent who declines becomes not ready.
    pub decline_makes_not_ready: bool,
    /// What becomes of a contact that overflows: `queue:` and a class, or else an action for the
    /// gateway, such as `hangup`.
    pub overflow: String,
}

/// A class of contacts: where they wait and who may serve them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassPlan {
    /// The queue in which the contacts wait.
    pub queue: QueueId,
    /// The profiles that may serve the class, each with the rank it gives to the queue.
    pub profiles: BTreeMap<ProfileKey, u32>,
}

/// A class with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassDefinition {
    /// The name of the class.
    pub key: ClassKey,
    /// The queue in which its contacts wait.
    pub queue: QueueId,
    /// The profiles that may serve it, each with the rank it gives to the queue (lower first).
    pub profiles: BTreeMap<ProfileKey, u32>,
}

/// A plan as it is loaded: it replaces what it names and leaves the rest, so that contacts waiting
/// in a class it does not name are not stranded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanUpdate {
    /// Which version of the configuration the plan was made from; it only grows.
    pub version: u64,
    /// The rules of each queue.
    pub queues: BTreeMap<QueueId, QueueRules>,
    /// The classes.
    pub classes: Vec<ClassDefinition>,
}

/// The plan in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The version loaded last; zero before the first.
    pub version: u64,
    /// The rules of each queue.
    pub queues: BTreeMap<QueueId, QueueRules>,
    /// The classes known so far; routing adds those it meets.
    pub classes: BTreeMap<ClassKey, ClassPlan>,
    /// For each profile the classes it serves, with the rank it gives to their queue.
    pub profiles: BTreeMap<ProfileKey, BTreeSet<(u32, ClassKey)>>,
}

impl Plan {
    /// Loads an update.
    pub fn load(&mut self, update: &PlanUpdate) {
        self.version = update.version;
        self.queues.extend(update.queues.clone());
        for class in &update.classes {
            self.forget_class(&class.key);
            self.define_class(class);
        }
    }

    fn forget_class(&mut self, key: &ClassKey) {
        let Some(class) = self.classes.remove(key) else {
            return;
        };
        for (profile, rank) in class.profiles {
            if let Some(served) = self.profiles.get_mut(&profile) {
                served.remove(&(rank, key.clone()));
                if served.is_empty() {
                    self.profiles.remove(&profile);
                }
            }
        }
    }

    /// Adds a class and lists it with each profile that may serve it; does nothing if it is known.
    pub fn define_class(&mut self, class: &ClassDefinition) {
        if self.classes.contains_key(&class.key) {
            return;
        }
        for (profile, rank) in &class.profiles {
            self.profiles.entry(profile.clone()).or_default().insert((*rank, class.key.clone()));
        }
        let plan = ClassPlan { queue: class.queue.clone(), profiles: class.profiles.clone() };
        self.classes.insert(class.key.clone(), plan);
    }
}
