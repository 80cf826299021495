//! Why the floor refuses a command. A refused command has changed nothing.

use thiserror::Error;

use super::state::OfferOutcome;

/// Why the floor refuses a command.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Rejection {
    /// No epoch is open for this server process: the live state may have lost writes.
    #[error("the live state must be opened for a new epoch first")]
    EpochClosed,
    /// The epoch offered is not newer than the one in use.
    #[error("epoch {current} is already in use")]
    EpochUsed {
        /// The epoch in use.
        current: u64,
    },
    /// The floor still puts its memory in order after an epoch change.
    #[error("the floor is recovering")]
    Recovering,
    /// The command was prepared against another version of the plan.
    #[error("the plan in use has version {current}")]
    StalePlan {
        /// The version in use.
        current: u64,
    },
    /// The queue, class or profile is not in the plan.
    #[error("`{name}` is not in the routing plan")]
    NotInPlan {
        /// What is missing.
        name: String,
    },
    /// The contact does not exist.
    #[error("there is no such contact")]
    UnknownContact,
    /// The agent never signed in.
    #[error("there is no such agent on the floor")]
    UnknownAgent,
    /// The gateway never said hello.
    #[error("there is no such gateway on the floor")]
    UnknownGateway,
    /// The offer does not exist.
    #[error("there is no such offer")]
    UnknownOffer,
    /// The contact belongs to another gateway.
    #[error("the contact belongs to another gateway")]
    OtherGateway,
    /// The session is not the newest one.
    #[error("a newer session has replaced this one")]
    StaleSession,
    /// The gateway has not finished its inventory.
    #[error("the gateway has not finished its inventory")]
    GatewayNotFresh,
    /// The offer is over, or another agent's.
    #[error("the offer is over: {outcome}")]
    OfferClosed {
        /// How it ended.
        outcome: OfferOutcome,
    },
    /// The offer was made to another agent.
    #[error("the offer was made to another agent")]
    OtherAgent,
    /// The agent is not free for this channel.
    #[error("the agent is not free: {state}")]
    AgentNotFree {
        /// What he is doing.
        state: String,
    },
    /// The queue takes no callbacks, or the caller's number is not known.
    #[error("no callback is possible: {why}")]
    NoCallback {
        /// Why.
        why: String,
    },
    /// After-call work cannot be extended this far.
    #[error("after-call work can be extended by {limit} ms at most")]
    ExtensionTooLong {
        /// The longest extension, in ms.
        limit: u64,
    },
    /// The move is not legal from the present state.
    #[error("this is not possible in state `{state}`")]
    WrongState {
        /// The present state.
        state: String,
    },
}

impl Rejection {
    /// Gives the stable word for the rejection.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EpochClosed => "EPOCH_CLOSED",
            Self::EpochUsed { .. } => "EPOCH_USED",
            Self::Recovering => "RECOVERING",
            Self::StalePlan { .. } => "STALE_PLAN",
            Self::NotInPlan { .. } => "NOT_IN_PLAN",
            Self::UnknownContact => "UNKNOWN_CONTACT",
            Self::UnknownAgent => "UNKNOWN_AGENT",
            Self::UnknownGateway => "UNKNOWN_GATEWAY",
            Self::UnknownOffer => "UNKNOWN_OFFER",
            Self::OtherGateway => "OTHER_GATEWAY",
            Self::StaleSession => "STALE_SESSION",
            Self::GatewayNotFresh => "GATEWAY_NOT_FRESH",
            Self::OfferClosed { .. } => "OFFER_CLOSED",
            Self::OtherAgent => "OTHER_AGENT",
            Self::AgentNotFree { .. } => "AGENT_NOT_FREE",
            Self::NoCallback { .. } => "NO_CALLBACK",
            Self::ExtensionTooLong { .. } => "EXTENSION_TOO_LONG",
            Self::WrongState { .. } => "WRONG_STATE",
        }
    }

    /// Gives the variable part of the rejection as text; empty when there is none.
    pub fn detail(&self) -> String {
        match self {
            Self::EpochUsed { current } | Self::StalePlan { current } => current.to_string(),
            Self::NotInPlan { name } => name.clone(),
            Self::OfferClosed { outcome } => outcome.to_string(),
            Self::WrongState { state } | Self::AgentNotFree { state } => state.clone(),
            Self::NoCallback { why } => why.clone(),
            Self::ExtensionTooLong { limit } => limit.to_string(),
            Self::EpochClosed
            | Self::Recovering
            | Self::UnknownContact
            | Self::UnknownAgent
            | Self::UnknownGateway
            | Self::UnknownOffer
            | Self::OtherGateway
            | Self::StaleSession
            | Self::GatewayNotFresh
            | Self::OtherAgent => String::new(),
        }
    }

    /// Reads a rejection from its word and its variable part.
    pub fn parse(code: &str, detail: &str) -> Option<Self> {
        let number = || detail.parse().ok();
        Some(match code {
            "EPOCH_CLOSED" => Self::EpochClosed,
            "EPOCH_USED" => Self::EpochUsed { current: number()? },
            "RECOVERING" => Self::Recovering,
            "STALE_PLAN" => Self::StalePlan { current: number()? },
            "NOT_IN_PLAN" => Self::NotInPlan { name: detail.to_owned() },
            "UNKNOWN_CONTACT" => Self::UnknownContact,
            "UNKNOWN_AGENT" => Self::UnknownAgent,
            "UNKNOWN_GATEWAY" => Self::UnknownGateway,
            "UNKNOWN_OFFER" => Self::UnknownOffer,
            "OTHER_GATEWAY" => Self::OtherGateway,
            "STALE_SESSION" => Self::StaleSession,
            "GATEWAY_NOT_FRESH" => Self::GatewayNotFresh,
            "OFFER_CLOSED" => Self::OfferClosed { outcome: OfferOutcome::parse(detail)? },
            "OTHER_AGENT" => Self::OtherAgent,
            "AGENT_NOT_FREE" => Self::AgentNotFree { state: detail.to_owned() },
            "NO_CALLBACK" => Self::NoCallback { why: detail.to_owned() },
            "EXTENSION_TOO_LONG" => Self::ExtensionTooLong { limit: number()? },
            "WRONG_STATE" => Self::WrongState { state: detail.to_owned() },
            _ => return None,
        })
    }
}
