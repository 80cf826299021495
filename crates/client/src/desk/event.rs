//! What an agent sees.

use switchboard_api::agent::v1::{Offer, OfferOutcome, PresenceKind, WorkState};

/// One thing that happened at a desk.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskEvent {
    /// The session began, or went on after the stream was away.
    SignedIn {
        /// Names the session.
        session: String,
        /// What the agent is doing.
        state: WorkState,
    },
    /// The agent's state changed.
    State(WorkState),
    /// A contact rings.
    Offered(Box<Offer>),
    /// A contact stopped ringing.
    OfferClosed {
        /// The offer.
        offer: String,
        /// How it ended.
        outcome: OfferOutcome,
        /// Why it was revoked; empty otherwise.
        cause: String,
    },
    /// Agent and caller hear each other.
    Connected {
        /// The contact.
        contact: String,
    },
    /// The contact left the agent.
    ContactEnded {
        /// The contact.
        contact: String,
        /// Why.
        reason: String,
    },
    /// Wrap-up began.
    WrapUp {
        /// The contact.
        contact: String,
    },
    /// A supervisor said what the agent has to be.
    PresenceForced {
        /// What.
        kind: PresenceKind,
        /// Who decided it.
        by: String,
    },
    /// A consultation began: the other agent rings.
    ConsultStarted {
        /// The contact that is consulted about.
        contact: String,
        /// The consultation.
        consult: String,
    },
    /// A consultation ended.
    ConsultEnded {
        /// The contact that was consulted about.
        contact: String,
        /// How, such as `merged`.
        outcome: String,
    },
    /// The center refused what the agent did.
    Refused {
        /// What the agent did.
        action: &'static str,
        /// The stable reason.
        reason: String,
        /// What is wrong.
        message: String,
    },
    /// A newer session took this one's place.
    Replaced,
}
