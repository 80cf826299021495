//! The simulated center: who there is, and how its queues behave.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::{
    ClassDefinition, ClassKey, MissRule, PlanUpdate, ProfileDefinition, ProfileKey, QueueRules,
    ReadyOrder, Route, RouteStep, Slot, Standing, WrapUpMode,
};
use switchboard_domain::floor::state::Seat;
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId};

use super::engine::{Engine, Millis};

/// How many queues there are.
pub(super) const QUEUES: usize = 3;
/// How many chats an agent takes at once.
pub(super) const CHATS: usize = 2;
/// How long a gateway's heartbeat holds.
pub(super) const GATEWAY_LEASE: Duration = Duration::from_secs(10);
/// How long a desktop's heartbeat holds.
pub(super) const AGENT_LEASE: Duration = Duration::from_secs(12);

/// The size of a center and the manners of its queues.
pub(super) struct Center {
    pub(super) gateways: usize,
    pub(super) agents: usize,
    pub(super) replicas: usize,
    /// The mean time between two callers.
    pub(super) interarrival: u64,
    manners: [Manners; QUEUES],
    /// When each queue is closed, if it ever is.
    closed: [Option<(Millis, Millis)>; QUEUES],
}

#[derive(Clone, Copy)]
struct Manners {
    ring: u64,
    ring_count: u32,
    order: ReadyOrder,
    wait: u64,
    most: u32,
    most_active: u32,
    wrap_up_mode: WrapUpMode,
    wrap_up: u64,
    cool_down: u64,
    misses: u32,
    join_when_empty: bool,
    leave_when_empty: Option<u64>,
    redial: u64,
    callbacks: u32,
    overflows: bool,
}

impl Center {
    pub(super) fn new(dice: &Engine) -> Self {
        let size = |low, high| usize::try_from(dice.between(low, high)).unwrap_or(2);
        Self {
            gateways: size(1, 4),
            agents: size(2, 7),
            replicas: size(2, 4),
            interarrival: dice.between(4_000, 15_000),
            manners: std::array::from_fn(|_| Manners::new(dice)),
            closed: std::array::from_fn(|_| {
                let from = dice.between(40_000, 300_000);
                dice.chance(25).then(|| (from, from + dice.between(10_000, 60_000)))
            }),
        }
    }

    /// Gives a way through a queue as its hours are.
    pub(super) fn route(
        &self,
        number: usize,
        first: Option<usize>,
        channel: Channel,
        now: Millis,
    ) -> Route {
        let hours = self.closed[number % QUEUES].filter(|(_, until)| now < *until);
        let closes_in = hours.map(|(from, _)| Duration::from_millis(from.saturating_sub(now)));
        Route { closes_in, ..route(number, first, channel) }
    }

    /// Gives the plan of a version of the center; every second one cools down longer.
    pub(super) fn plan(&self, version: u64) -> PlanUpdate {
        let rules = |queue: usize| self.manners[queue].rules(queue, version);
        let queues = (0..QUEUES).map(|queue| (queue_id(queue), rules(queue))).collect();
        let channels = [Channel::Voice, Channel::Chat, Channel::Callback];
        let of = |channel| (0..QUEUES * 2).map(move |number| class(number, channel));
        let classes = channels.into_iter().flat_map(of).collect();
        PlanUpdate { version, queues, classes }
    }
}

impl Manners {
    fn new(dice: &Engine) -> Self {
        let small = |low, high| u32::try_from(dice.between(low, high)).unwrap_or(1);
        let any = |count: usize| usize::try_from(dice.between(0, count as u64)).unwrap_or(0);
        Self {
            ring: dice.between(5, 20),
            ring_count: if dice.chance(30) { small(2, 4) } else { 1 },
            order: ReadyOrder::ALL[any(ReadyOrder::ALL.len())],
            wait: dice.between(30, 200),
            most: small(2, 30),
            most_active: if dice.chance(25) { small(1, 4) } else { u32::MAX },
            wrap_up_mode: WrapUpMode::ALL[any(WrapUpMode::ALL.len())],
            wrap_up: dice.between(0, 3) * dice.between(2, 15),
            cool_down: dice.between(1, 15),
            misses: small(0, 3),
            join_when_empty: dice.chance(80),
            leave_when_empty: dice.chance(30).then(|| dice.between(2, 30)),
            redial: if dice.chance(50) { dice.between(5, 60) } else { 0 },
            callbacks: small(0, 3),
            overflows: dice.chance(40),
        }
    }

    fn rules(self, queue: usize, version: u64) -> QueueRules {
        let cool_down = Duration::from_secs(self.cool_down + version % 2);
        let next = format!("queue:{}:0", queue_id((queue + 1) % QUEUES));
        QueueRules {
            ring_timeout: Duration::from_secs(self.ring),
            ring_count: self.ring_count,
            order: self.order,
            max_wait: Duration::from_secs(self.wait),
            max_waiting: self.most,
            max_active: self.most_active,
            wrap_up_mode: self.wrap_up_mode,
            wrap_up: Duration::from_secs(self.wrap_up),
            wrap_up_extension: Duration::from_secs(10),
            default_disposition: String::new(),
            misses: [MissRule { cool_down, threshold: self.misses }; 4],
            join_when_empty: self.join_when_empty,
            leave_when_empty: self.leave_when_empty.map(Duration::from_secs),
            redial_window: Duration::from_secs(self.redial),
            draining: false,
            callback_attempts: self.callbacks,
            callback_retry: Duration::from_secs(5),
            callback_lifetime: Duration::from_secs(90),
            overflow: if self.overflows { next } else { "voicemail".to_owned() },
            when_closed: "busy".to_owned(),
        }
    }
}

/// Gives a class: one of each queue that all who serve it can take, one for specialists.
fn class(number: usize, channel: Channel) -> ClassDefinition {
    let queue = number % QUEUES;
    let special = number >= QUEUES;
    let able = (0..QUEUES).filter(|profile| (profile + 1) % QUEUES != queue);
    let able = able.filter(|profile| !special || *profile == queue);
    let standing = |profile: usize| {
        let (rank, preference) = (u32::from(profile != queue), i32::from(profile != queue));
        Standing { rank, preference }
    };
    let profiles: BTreeMap<ProfileKey, Standing> =
        able.map(|profile| (profile_key(profile), standing(profile))).collect();
    let key = ClassKey::new(format!("{channel}:{}/{}", queue_id(queue), number / QUEUES));
    ClassDefinition { key, profiles }
}

/// Gives a way through wider classes: from one agent, if any, over specialists to everyone.
pub(super) fn route(number: usize, first: Option<usize>, channel: Channel) -> Route {
    let step = |after, when_empty, class| RouteStep {
        after: Duration::from_secs(after),
        when_empty,
        class,
    };
    let own = first.map(|agent| {
        let key = ClassKey::personal(&agent_id(agent));
        step(0, false, ClassDefinition { key, profiles: BTreeMap::new() })
    });
    let held = if own.is_some() { 8 } else { 0 };
    let mut steps: Vec<RouteStep> = own.into_iter().collect();
    steps.push(step(held, held > 0, class(number, channel)));
    if number >= QUEUES {
        steps.push(step(held + 10, true, class(number % QUEUES, channel)));
    }
    Route { queue: queue_id(number % QUEUES), steps, closes_in: None }
}

/// Gives what an agent can serve; it changes with the version of the center.
pub(super) fn profile(agent: usize, version: u64) -> ProfileDefinition {
    let number = (agent + usize::try_from(version / 3).unwrap_or(0)) % QUEUES;
    let slot =
        |capacity, blocked_by: [Channel; 2]| Slot { capacity, blocked_by: blocked_by.into() };
    let (voice, chat, back) = (Channel::Voice, Channel::Chat, Channel::Callback);
    let slots = BTreeMap::from([
        (voice, slot(1, [back, chat])),
        (back, slot(1, [voice, chat])),
        (chat, slot(u32::try_from(CHATS).unwrap_or(1), [voice, back])),
    ]);
    let orders = ReadyOrder::ALL.iter().copied().collect();
    ProfileDefinition { key: profile_key(number), orders, slots }
}

/// Gives where an agent stands among others.
pub(super) fn seat(agent: usize) -> Seat {
    let number = u32::try_from(agent).unwrap_or(0);
    Seat { weight: number + 1, order: number }
}

fn profile_key(number: usize) -> ProfileKey {
    ProfileKey::new(format!("profile-{}", number % QUEUES))
}

pub(super) fn queue_id(number: usize) -> QueueId {
    QueueId::parse(format!("queue-{number}")).expect("a word and a number are an id")
}

pub(super) fn agent_id(number: usize) -> AgentId {
    AgentId::parse(format!("agent-{number}")).expect("a word and a number are an id")
}

/// Names a callback by the moment at which it was booked.
pub(super) fn callback_id(at: Millis) -> ContactId {
    ContactId::parse(format!("back-{at}")).expect("a word and a number are an id")
}

/// Names a consultation by the moment at which an agent asked for it.
pub(super) fn consult_id(agent: usize, at: Millis) -> ContactId {
    ContactId::parse(format!("consult-{agent}-{at}")).expect("a word and numbers are an id")
}

/// Gives the number of a queue.
pub(super) fn queue_number(queue: &QueueId) -> usize {
    queue.as_str().rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub(super) fn gateway_id(number: usize) -> GatewayId {
    GatewayId::parse(format!("gateway-{number}")).expect("a word and a number are an id")
}

pub(super) fn contact_id(number: u64) -> ContactId {
    ContactId::parse(format!("call-{number}")).expect("a word and a number are an id")
}
