//! The names of classes and profiles.

use std::fmt;

use smol_str::{SmolStr, format_smolstr};

use crate::channel::Channel;
use crate::ids::AgentId;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(SmolStr);

        impl $name {
            /// Makes the key from its text, which must hold no white space.
            pub fn new(text: impl Into<SmolStr>) -> Self {
                Self(text.into())
            }

            /// Gives the key as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&$name> for SmolStr {
            fn from(key: &$name) -> Self {
                key.0.clone()
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

impl ClassKey {
    /// Names the contacts held for one agent, whatever their channel and queue.
    pub fn personal(agent: &AgentId) -> Self {
        Self(format_smolstr!("@{agent}"))
    }

    /// Names what stands before all personal classes in their order.
    pub fn before_personal() -> Self {
        Self(SmolStr::new_static("@"))
    }

    /// Gives the agent a personal class is held for.
    pub fn agent(&self) -> Option<AgentId> {
        AgentId::parse(self.0.strip_prefix('@')?).ok()
    }

    /// Gives the channel of the class; none for contacts held for one agent.
    pub fn channel(&self) -> Option<Channel> {
        self.0.split_once(':').and_then(|(word, _)| Channel::parse(word))
    }
}

impl ProfileKey {
    /// Names what an agent can serve alone: the contacts held for him.
    pub fn personal(agent: &AgentId) -> Self {
        Self(format_smolstr!("@{agent}"))
    }
}
