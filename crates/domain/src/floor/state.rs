//! What the floor remembers: contacts, offers, agents and gateways, and the states they are in.

use std::fmt;

use crate::ids::{AgentId, ContactId, GatewayId, OfferId};
use crate::time::Timestamp;

pub use agent::{Agent, AgentState, Assignment, Phase, Ringing, Seat, Want};
pub use contact::{Callback, Contact, ContactState, EndReason, Place, Ring};
pub use offer::{Offer, OfferOutcome};

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

        impl From<$name> for smol_str::SmolStr {
            fn from(word: $name) -> Self {
                Self::new_static(word.as_str())
            }
        }
    };
}
pub(crate) use words;

mod agent;
mod contact;
mod offer;

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

/// A gateway.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
