//! The little center of the model: two queues, and agents who serve both.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use switchboard_domain::ids::QueueId;

/// The version of the plan.
pub(super) const VERSION: u64 = 1;
/// Any lease: the model decides when it ends.
pub(super) const LEASE: Duration = Duration::from_secs(10);

/// What a configuration asks of the queues and the agents.
#[derive(Clone, Copy, Debug)]
pub(super) struct House {
    /// How many contacts may wait in a queue.
    pub(super) max_waiting: u32,
    /// How many contacts a queue serves at once.
    pub(super) max_active: u32,
    /// How many agents ring at once.
    pub(super) ring_count: u32,
    /// How many contacts an agent takes at once; more than one are conversations in writing.
    pub(super) capacity: u32,
    /// Whether there is after-call work.
    pub(super) wrap_up: bool,
    /// After how many misses an agent becomes not ready.
    pub(super) miss_threshold: u32,
    /// Whether the first queue overflows into the second.
    pub(super) overflow: bool,
    /// Whether only agent 0 serves a contact at first, and all once it aged or he left.
    pub(super) rings: bool,
}

impl House {
    /// The usual house: room for all, after-call work, no threshold.
    pub(super) const USUAL: Self = Self {
        max_waiting: 9,
        max_active: u32::MAX,
        ring_count: 1,
        capacity: 1,
        wrap_up: true,
        miss_threshold: 0,
        overflow: false,
        rings: false,
    };

    /// Gives the channel of every contact.
    pub(super) fn channel(self) -> Channel {
        if self.capacity > 1 { Channel::Chat } else { Channel::Voice }
    }

    /// Gives the way of a contact through a queue.
    pub(super) fn route(self, number: usize) -> Route {
        let step = |wide: bool| RouteStep {
            after: Duration::from_secs(if wide { 30 } else { 0 }),
            when_empty: wide,
            class: self.class(number, wide || !self.rings),
        };
        let steps = if self.rings { vec![step(false), step(true)] } else { vec![step(true)] };
        Route { queue: queue(number), steps, closes_in: None }
    }

    fn class(self, number: usize, wide: bool) -> ClassDefinition {
        let skill = if wide { "" } else { "first:1" };
        let key = ClassKey::new(format!("{}:{}/{skill}", self.channel(), queue(number)));
        let standing = Standing { rank: 1, preference: 0 };
        let profiles: BTreeMap<_, _> =
            (0..=usize::from(wide)).map(|rank| (profile_key(rank), standing)).collect();
        ClassDefinition { key, profiles }
    }

    /// Gives what an agent can serve.
    pub(super) fn profile(self, agent: usize) -> ProfileDefinition {
        let number = usize::from(self.rings && agent > 0);
        let slot = Slot { capacity: self.capacity, blocked_by: BTreeSet::new() };
        ProfileDefinition {
            key: profile_key(number),
            orders: BTreeSet::from([ReadyOrder::Idle]),
            slots: BTreeMap::from([(self.channel(), slot)]),
        }
    }

    fn rules(self) -> QueueRules {
        let miss = MissRule { cool_down: Duration::from_secs(15), threshold: self.miss_threshold };
        QueueRules {
            ring_timeout: Duration::from_secs(20),
            ring_count: self.ring_count,
            order: ReadyOrder::Idle,
            max_wait: Duration::from_mins(10),
            max_waiting: self.max_waiting,
            max_active: self.max_active,
            wrap_up_mode: if self.wrap_up { WrapUpMode::Timed } else { WrapUpMode::None },
            wrap_up: Duration::from_secs(30),
            wrap_up_extension: Duration::ZERO,
            default_disposition: String::new(),
            misses: [miss; 4],
            join_when_empty: true,
            leave_when_empty: None,
            redial_window: Duration::ZERO,
            draining: false,
            callback_attempts: 0,
            callback_retry: Duration::ZERO,
            callback_lifetime: Duration::ZERO,
            overflow: if self.overflow { "queue:q1:" } else { "voicemail" }.to_owned(),
            when_closed: "hangup".to_owned(),
        }
    }

    /// Gives the plan.
    pub(super) fn plan(self) -> PlanUpdate {
        let queues = [queue(0), queue(1)].into_iter().map(|id| (id, self.rules())).collect();
        let steps = [0, 1].into_iter().flat_map(|number| self.route(number).steps);
        let classes = steps.map(|step| step.class).collect();
        PlanUpdate { version: VERSION, queues, classes }
    }
}

fn profile_key(number: usize) -> ProfileKey {
    ProfileKey::new(format!("p{number}"))
}

fn queue(number: usize) -> QueueId {
    QueueId::parse(format!("q{number}")).expect("an id")
}
