//! The rules of a queue.

use std::time::Duration;

use super::{MissCause, ReadyOrder, WrapUpMode};

/// What a missed offer leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MissRule {
    /// How long the contact is not offered again to the agent.
    pub cool_down: Duration,
    /// After how many misses of this cause in a row the agent becomes not ready; zero for never.
    pub threshold: u32,
}

/// How a queue treats its contacts and the agents who serve them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueueRules {
    /// How long one agent is rung before the offer expires.
    pub ring_timeout: Duration,
    /// How many agents are rung at once, from 1.
    pub ring_count: u32,
    /// By what agents of equal standing are ordered.
    pub order: ReadyOrder,
    /// How long a contact waits at most before it overflows.
    pub max_wait: Duration,
    /// How many contacts wait at most; one more overflows. Exact under concurrency.
    pub max_waiting: u32,
    /// How many contacts ring, connect or talk at once at most; the others wait.
    pub max_active: u32,
    /// What follows a conversation.
    pub wrap_up_mode: WrapUpMode,
    /// How long after-call work takes; zero for no limit where the mode allows it.
    pub wrap_up: Duration,
    /// By how much an agent may put its end off.
    pub wrap_up_extension: Duration,
    /// What counts as the result of a talk when after-call work ends by itself and nothing was noted;
    /// empty for nothing.
    pub default_disposition: String,
    /// What a missed offer leads to, by cause, in the order of [`MissCause`].
    pub misses: [MissRule; 4],
    /// Whether a contact may join while nobody works who is eligible for it.
    pub join_when_empty: bool,
    /// How long a contact waits on while nobody works who is eligible for it; none for ever.
    pub leave_when_empty: Option<Duration>,
    /// How long the place of a caller who left is kept; zero for not at all.
    pub redial_window: Duration,
    /// Whether the queue takes no new contacts and only serves those that wait.
    pub draining: bool,
    /// How often a callback is tried; zero where no callbacks are taken.
    pub callback_attempts: u32,
    /// How long after a vain attempt the caller is called again.
    pub callback_retry: Duration,
    /// How long after it was booked a callback may be made at most.
    pub callback_lifetime: Duration,
    /// What becomes of a contact that overflows: `queue:` and a class, or else an action for the
    /// gateway, such as `hangup`.
    pub overflow: String,
    /// What becomes of a contact while the queue is closed; written like the overflow.
    pub when_closed: String,
}

impl QueueRules {
    /// Gives what a missed offer leads to.
    pub fn miss(&self, cause: MissCause) -> MissRule {
        match cause {
            MissCause::NoAnswer => self.misses[0],
            MissCause::Declined => self.misses[1],
            MissCause::Busy => self.misses[2],
            MissCause::Unreachable => self.misses[3],
        }
    }
}
