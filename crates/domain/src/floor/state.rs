//! What the floor remembers: contacts, offers, agents and gateways, and the states they are in.

use std::collections::BTreeMap;
use std::fmt;

use crate::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};
use crate::time::Timestamp;

use super::plan::{ClassKey, ProfileKey};

/// One session of a gateway or an agent: counted within an epoch, so never issued twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// The epoch in which the session began.
    pub epoch: u64,
    /// The number of the session within the tenant; it only grows.
    pub number: u64,
}

impl Token {
    /// Reads a token from its text form, such as `3.17`.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, number) = text.split_once('.')?;
        Some(Self { epoch: epoch.parse().ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.epoch, self.number)
    }
}

/// Something the floor counts versions of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// An agent.
    Agent(AgentId),
    /// A contact.
    Contact(ContactId),
    /// A gateway.
    Gateway(GatewayId),
    /// An offer.
    Offer(OfferId),
    /// The tenant's floor as a whole.
    Floor,
}

impl Entity {
    /// Gives the kind of entity as one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Contact(_) => "contact",
            Self::Gateway(_) => "gateway",
            Self::Offer(_) => "offer",
            Self::Floor => "floor",
        }
    }

    /// Gives the id within its kind; empty for the floor.
    pub fn id(&self) -> &str {
        match self {
            Self::Agent(id) => id.as_str(),
            Self::Contact(id) => id.as_str(),
            Self::Gateway(id) => id.as_str(),
            Self::Offer(id) => id.as_str(),
            Self::Floor => "",
        }
    }
}

/// Where a contact is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactState {
    /// The caller listens to the menu.
    InMenu,
    /// The caller waits in a queue.
    Queued,
    /// One agent is being rung.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The agent who is rung.
        agent: AgentId,
    },
    /// An agent accepted; the gateway was told to bridge.
    Connecting {
        /// The accepted offer.
        offer: OfferId,
        /// The agent who accepted.
        agent: AgentId,
    },
    /// Caller and agent talk.
    Connected {
        /// The agent.
        agent: AgentId,
    },
    /// The contact is over.
    Ended {
        /// Why it ended.
        reason: EndReason,
    },
}

impl ContactState {
    /// Gives the state as one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::InMenu => "in_menu",
            Self::Queued => "queued",
            Self::Offered { .. } => "offered",
            Self::Connecting { .. } => "connecting",
            Self::Connected { .. } => "connected",
            Self::Ended { .. } => "ended",
        }
    }

    /// Gives the agent the contact is bound to, if any.
    pub fn agent(&self) -> Option<&AgentId> {
        match self {
            Self::Offered { agent, .. }
            | Self::Connecting { agent, .. }
            | Self::Connected { agent } => Some(agent),
            Self::InMenu | Self::Queued | Self::Ended { .. } => None,
        }
    }

    /// Says whether the contact is over.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value, in order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Gives the value as one word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the value from its word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words!(
    /// Why a contact ended.
    EndReason {
        /// The caller was served: by an agent, or by the menu to its end.
        Completed = "completed",
        /// The caller left while waiting, ringing or connecting.
        Abandoned = "abandoned",
        /// The caller left, or the flow ended the call, before any queue.
        LeftMenu = "left_menu",
        /// The queue was full, or the longest wait had passed.
        Overflow = "overflow",
        /// The gateway was gone for longer than the grace time.
        GatewayLost = "gateway_lost",
        /// The gateway came back without the call.
        GoneDuringOutage = "gone_during_outage",
    }
);

words!(
    /// How an offer ended.
    OfferOutcome {
        /// The agent accepted.
        Accepted = "accepted",
        /// The agent declined.
        Declined = "declined",
        /// The agent did not answer in time.
        Expired = "expired",
        /// The caller hung up.
        CallerGone = "caller_gone",
        /// The agent's desktop was lost, or he signed out.
        AgentGone = "agent_gone",
        /// The gateway was lost.
        GatewayGone = "gateway_gone",
        /// The live state may have lost a write, so every offer was voided.
        EpochChanged = "epoch_changed",
    }
);

/// An offer: one contact rings one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The contact.
    pub contact: ContactId,
    /// The agent.
    pub agent: AgentId,
    /// How it ended; none while it is live.
    pub outcome: Option<OfferOutcome>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// A contact's place in line, kept through requeue, decline and transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The queue.
    pub queue: QueueId,
    /// The class within the queue.
    pub class: ClassKey,
    /// The order among waiting contacts, lower first: `enqueued_at − priority × credit`, in ms.
    pub rank: i64,
    /// Breaks ties of rank: the tenant's sequence number at the first enqueue.
    pub sequence: u64,
    /// When the contact first entered a queue.
    pub enqueued_at: Timestamp,
    /// The priority it entered with.
    pub priority: i32,
    /// When the longest wait ends.
    pub overflows_at: Timestamp,
}

/// A contact: a caller on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Where it is.
    pub state: ContactState,
    /// The gateway that holds the leg.
    pub gateway: GatewayId,
    /// The gateway session that last reported the leg.
    pub token: Token,
    /// Whether the gateway's lease ended while the contact was live.
    pub orphaned: bool,
    /// The last event of the gateway that was applied to the contact.
    pub call_sequence: u64,
    /// When it started.
    pub started_at: Timestamp,
    /// Where it goes when the menu does not end in time.
    pub fallback: Option<ClassKey>,
    /// Its place in line, once it had one.
    pub place: Option<Place>,
    /// How often it went to another queue because one was full or too slow.
    pub hops: u32,
    /// The agents it is not offered to, each until a time.
    pub tried: BTreeMap<AgentId, Timestamp>,
    /// The stored position in the menu; opaque here.
    pub menu: String,
    /// What services and desktops know of the caller; opaque here.
    pub details: String,
    /// The armed deadline.
    pub deadline: Option<Timestamp>,
    /// How often it changed.
    pub version: u64,
}

impl Contact {
    /// Says whether `agent` may not be rung for this contact at `now`.
    pub fn has_tried(&self, agent: &AgentId, now: Timestamp) -> bool {
        self.tried.get(agent).is_some_and(|until| *until > now)
    }
}

/// What an agent is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentState {
    /// Not signed in.
    Offline,
    /// Signed in, takes no contacts.
    NotReady,
    /// Free for a contact.
    Ready,
    /// Being rung.
    Offered {
        /// The offer.
        offer: OfferId,
        /// The contact that rings.
        contact: ContactId,
    },
    /// Bound to a contact: connecting or talking.
    Busy {
        /// The contact.
        contact: ContactId,
    },
    /// Doing after-call work.
    WrapUp {
        /// The contact it is for.
        contact: ContactId,
    },
}

impl AgentState {
    /// Gives the state as one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::NotReady => "not_ready",
            Self::Ready => "ready",
            Self::Offered { .. } => "offered",
            Self::Busy { .. } => "busy",
            Self::WrapUp { .. } => "wrap_up",
        }
    }

    /// Gives the contact the agent is bound to, if any.
    pub fn contact(&self) -> Option<&ContactId> {
        match self {
            Self::Offered { contact, .. } | Self::Busy { contact } | Self::WrapUp { contact } => {
                Some(contact)
            }
            Self::Offline | Self::NotReady | Self::Ready => None,
        }
    }
}

words!(
    /// What an agent wants to be once he is at rest.
    Want {
        /// To take contacts.
        Ready = "ready",
        /// To stay signed in without taking contacts.
        NotReady = "not_ready",
        /// To leave.
        SignedOut = "signed_out",
    }
);

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// What he is doing.
    pub state: AgentState,
    /// His desktop's session; none when no desktop is connected.
    pub session: Option<Token>,
    /// What he wants to be at rest.
    pub want: Want,
    /// Why he is not ready, such as `lunch` or `no_answer`; empty otherwise.
    pub reason: String,
    /// What he can serve.
    pub profile: ProfileKey,
    /// Whether his desktop was lost while he was bound to a contact.
    pub detached: bool,
    /// Since when he is idle; kept while an offer that is no fault of his comes and goes.
    pub idle_since: Timestamp,
    /// How many offers he missed in a row.
    pub misses: u32,
    /// Until when his desktop's heartbeat holds.
    pub lease_until: Option<Timestamp>,
    /// When his after-call work ends.
    pub wrap_up_until: Option<Timestamp>,
    /// How often he changed.
    pub version: u64,
}

impl Agent {
    /// Gives the deadline that must be armed for him.
    pub fn deadline(&self) -> Option<Timestamp> {
        match (self.lease_until, self.wrap_up_until) {
            (Some(lease), Some(wrap_up)) => Some(lease.min(wrap_up)),
            (lease, wrap_up) => lease.or(wrap_up),
        }
    }
}

/// A gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its session; none until it says hello in this epoch.
    pub token: Option<Token>,
    /// Whether its inventory of this session is complete.
    pub fresh: bool,
    /// Whether its lease has ended.
    pub lost: bool,
    /// When its lease ends; once lost, when the rest of its contacts is orphaned.
    pub deadline: Option<Timestamp>,
    /// How often it changed.
    pub version: u64,
}
