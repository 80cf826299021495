//! How an agent finishes up after a contact.

use std::fmt;
use std::time::Duration;

use crate::floor::state::words;

words!(
    /// Whether an agent finishes up, and who ends it.
    WrapUpMode {
        /// The agent is free at once.
        None = "none",
        /// The agent is free at once, unless they asked for wrap-up during the contact.
        Optional = "optional",
        /// It ends by itself after the time, or earlier when the agent says so.
        Timed = "timed",
        /// It ends by itself after the time and not earlier.
        TimedFixed = "timed_fixed",
        /// It ends when the agent says so.
        UntilDone = "until_done",
    }
);

/// After-call work of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapUp {
    /// Whether there is any, and who ends it.
    pub mode: WrapUpMode,
    /// How long it lasts; of no meaning to `none` and `until_done`.
    pub time: Duration,
    /// How much longer it lasts each time the agent asks for more; zero means it cannot be extended.
    pub extension: Duration,
}

impl WrapUp {
    /// No after-call work.
    pub const NONE: Self =
        Self { mode: WrapUpMode::None, time: Duration::ZERO, extension: Duration::ZERO };

    /// Makes after-call work that ends by itself or earlier; none when the time is zero.
    pub fn timed(time: Duration) -> Self {
        if time.is_zero() {
            return Self::NONE;
        }
        Self { mode: WrapUpMode::Timed, time, extension: Duration::ZERO }
    }
}
