//! The channels a contact can come through.

use std::fmt;

use crate::floor::state::words;

words!(
    /// How caller and agent meet.
    Channel {
        /// A telephone call.
        Voice = "voice",
        /// A conversation in writing, answered while the caller waits.
        Chat = "chat",
        /// A message, such as an e-mail, answered later.
        Message = "message",
        /// A piece of work without a caller on the line.
        Task = "task",
        /// A call the center makes because the caller asked for it.
        Callback = "callback",
    }
);

impl Channel {
    /// Says whether the two talk: to one at a time, then.
    pub const fn is_spoken(self) -> bool {
        matches!(self, Self::Voice | Self::Callback)
    }
}
