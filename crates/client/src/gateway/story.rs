//! What happens on a call, as its gateway sees it.

use std::time::Duration;

use switchboard_api::call::v1::{DivertKind, HangupCause, Side};

/// One step of a call's story.
#[derive(Clone, Debug, PartialEq)]
pub enum CallEvent {
    /// The caller hears prompts.
    Heard {
        /// What is spoken, or the names of the recordings.
        prompts: Vec<String>,
        /// The language of the prompts as a BCP 47 tag.
        language: String,
    },
    /// The caller was asked for keys and answered.
    Pressed {
        /// The keys without the terminator; empty for none.
        keys: String,
    },
    /// The caller waits, and was told where they stand.
    Waits {
        /// The queue.
        queue: String,
        /// The caller's place, 1 for next; 0 when unknown.
        position: u32,
        /// The wait to expect, when it is known.
        estimated: Option<Duration>,
    },
    /// The caller still waits, and is told how they get on.
    GetsOn {
        /// The caller's place, 1 for next.
        position: u32,
        /// What the caller is told: at most this long; nothing when nobody knows.
        at_most: Option<Duration>,
        /// The wait to expect, when it is known.
        estimated: Option<Duration>,
    },
    /// An agent's telephone is being connected.
    Connecting {
        /// The agent.
        agent: String,
    },
    /// Caller and agent hear each other.
    Bridged {
        /// The agent.
        agent: String,
        /// The offer the agent accepted.
        offer: String,
    },
    /// The customer of a callback was not reached.
    NotReached {
        /// Why.
        cause: HangupCause,
    },
    /// An agent could not be connected.
    BridgeFailed {
        /// The agent.
        agent: String,
    },
    /// The agent's leg ended while the caller stayed.
    AgentGone {
        /// The agent.
        agent: String,
    },
    /// A telephone outside is called for the caller.
    Transferring {
        /// Its number.
        number: String,
    },
    /// The caller left a message.
    Recorded {
        /// The name of the recording; empty when nothing was said.
        asset: String,
        /// How long it is.
        length: Duration,
    },
    /// Recording was switched.
    Recording {
        /// Whether it is on from now on.
        on: bool,
    },
    /// The call was given out of the center's hands.
    Diverted {
        /// Where to.
        kind: DivertKind,
        /// The mailbox or number.
        target: String,
    },
    /// The call is over.
    Ended {
        /// Who ended it.
        side: Side,
        /// Why.
        cause: HangupCause,
    },
    /// The center refused an event of this call.
    Refused {
        /// The stable reason.
        reason: String,
        /// What is wrong.
        message: String,
    },
}
