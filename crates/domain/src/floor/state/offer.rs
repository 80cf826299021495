//! An offer: one contact rings one agent, until it is answered or taken back.

use std::fmt;

use crate::ids::{AgentId, ContactId};
use crate::time::Timestamp;

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
        /// Another agent who was rung for the same contact was first.
        AnsweredElsewhere = "answered_elsewhere",
        /// The agent went on a break, or a supervisor took the contact away.
        Withdrawn = "withdrawn",
        /// The live state may have lost a write, so every offer was voided.
        EpochChanged = "epoch_changed",
    }
);

/// An offer: one contact rings one agent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
