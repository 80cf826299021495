//! What a scripted caller does.

use std::time::Duration;

use switchboard_api::call::v1::{
    CallerVerification, Channel, HangupCause, NumberPresentation, Side,
};

/// A caller: who they are, what they press, how long they stay.
///
/// Build one with [`CallScript::new`] and change what matters.
#[derive(Clone, Debug)]
pub struct CallScript {
    /// The id of the call; never reused.
    pub id: String,
    /// The calling number as the network delivers it; empty for none.
    pub calling_number: String,
    /// The number dialled.
    pub called_number: String,
    /// The name the network delivers; empty for none.
    pub caller_name: String,
    /// Whether the calling number may be shown.
    pub presentation: NumberPresentation,
    /// How far the network vouches for the calling number.
    pub verification: CallerVerification,
    /// How the customer comes.
    pub channel: Channel,
    /// What the caller does each time keys are asked for; silence once the list is used up.
    pub keys: Vec<Keys>,
    /// How each attempt to connect an agent goes; it succeeds once the list is used up.
    pub bridges: Vec<BridgeOutcome>,
    /// Why each transfer to a telephone outside fails; one without a reason is answered, as are those
    /// once the list is used up.
    pub transfers: Vec<Option<HangupCause>>,
    /// How long each message is that the caller leaves; none once the list is used up.
    pub messages: Vec<Duration>,
    /// How long the caller talks to an agent before hanging up; unset: until told.
    pub talk: Option<Duration>,
    /// How long the caller waits in a queue before giving up; unset: for ever.
    pub patience: Option<Duration>,
}

impl CallScript {
    /// Makes a caller who shows a verified number, presses nothing and stays until told.
    pub fn new(id: &str, calling_number: &str, called_number: &str) -> Self {
        Self {
            id: id.to_owned(),
            calling_number: calling_number.to_owned(),
            called_number: called_number.to_owned(),
            caller_name: String::new(),
            presentation: NumberPresentation::Allowed,
            verification: CallerVerification::Full,
            channel: Channel::Voice,
            keys: Vec::new(),
            bridges: Vec::new(),
            transfers: Vec::new(),
            messages: Vec::new(),
            talk: None,
            patience: None,
        }
    }

    /// Lets the customer come another way than by telephone.
    #[must_use]
    pub const fn over(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// Lets the caller press keys the next time they are asked.
    #[must_use]
    pub fn press(mut self, keys: &str) -> Self {
        self.keys.push(Keys::Press(keys.to_owned()));
        self
    }

    /// Lets the caller press nothing the next time they are asked.
    #[must_use]
    pub fn stay_silent(mut self) -> Self {
        self.keys.push(Keys::Silence);
        self
    }

    /// Lets nobody answer the next transfer to a telephone outside.
    #[must_use]
    pub fn transfer_fails(mut self, cause: HangupCause) -> Self {
        self.transfers.push(Some(cause));
        self
    }

    /// Lets the caller leave a message the next time one is recorded.
    #[must_use]
    pub fn leave_message(mut self, length: Duration) -> Self {
        self.messages.push(length);
        self
    }

    /// Lets the caller hang up after talking for some time.
    #[must_use]
    pub const fn talk_for(mut self, talk: Duration) -> Self {
        self.talk = Some(talk);
        self
    }

    /// Lets the caller give up after waiting for some time.
    #[must_use]
    pub const fn give_up_after(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }
}

/// What a caller does when keys are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Presses these keys, the terminator included.
    Press(String),
    /// Presses nothing until the time is over.
    Silence,
}

/// How an attempt to connect an agent goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BridgeOutcome {
    /// Caller and agent hear each other.
    Connects,
    /// One leg cannot be set up; when it is the caller's, the call is over.
    Fails {
        /// Whose leg.
        side: Side,
        /// Why.
        cause: HangupCause,
    },
}

/// How fast the world around a call is; real speech would make every test slow.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long one prompt lasts.
    pub prompt: Duration,
    /// How long a caller takes to press their keys.
    pub keys: Duration,
    /// The longest a silent caller is listened to, however long the command would.
    pub silence: Duration,
    /// How long an agent's telephone takes to be connected.
    pub bridge: Duration,
}

impl Pace {
    /// As fast as it goes, for tests.
    pub const INSTANT: Self = Self {
        prompt: Duration::ZERO,
        keys: Duration::ZERO,
        silence: Duration::ZERO,
        bridge: Duration::ZERO,
    };

    /// Slow enough to read along.
    pub const READABLE: Self = Self {
        prompt: Duration::from_millis(250),
        keys: Duration::from_millis(200),
        silence: Duration::from_millis(1_500),
        bridge: Duration::from_millis(150),
    };
}
