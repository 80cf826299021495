//! What the floor tells of itself: one event for each change of one entity, in order.

use std::collections::BTreeMap;
use std::fmt;

use super::state::{Entity, words};

words!(
    /// What changed.
    ///
    /// Every event of a contact or an agent carries `state`, the state after the change.
    EventKind {
        /// A contact began. Fields: `gateway`, and the contact's details.
        ContactStarted = "contact_started",
        /// The caller moved through the menu. Fields: what the flow tells of the step.
        MenuStepped = "menu_stepped",
        /// A contact entered a queue. Fields: `queue`, `class`, `priority`, `rank`, `cause`
        /// (`routed`, `menu_timeout`, `overflowed`, `transferred`), and the contact's details.
        ContactQueued = "contact_queued",
        /// A contact went back to its place. Fields: `queue`, `cause`, `agent`.
        ContactRequeued = "contact_requeued",
        /// A contact rings an agent. Fields: `offer`, `agent`, `queue`, `expires_at`.
        ContactOffered = "contact_offered",
        /// An agent accepted; the gateway is to bridge. Fields: `offer`, `agent`.
        ContactConnecting = "contact_connecting",
        /// The gateway is asked for the fate of a bridge. Fields: `offer`, `agent`.
        ContactQueried = "contact_queried",
        /// Caller and agent talk. Fields: `agent`.
        ContactConnected = "contact_connected",
        /// The contact's gateway is gone.
        ContactOrphaned = "contact_orphaned",
        /// The gateway confirmed the contact after it was orphaned.
        ContactConfirmed = "contact_confirmed",
        /// The gateway brought a contact back that had been given up. Fields: as for the start.
        ContactReopened = "contact_reopened",
        /// A contact ended. Fields: `reason`, `queue` and `action` (after an overflow), `agent`.
        ContactEnded = "contact_ended",
        /// An offer was made. Fields: `contact`, `agent`, `queue`, `expires_at`.
        OfferMade = "offer_made",
        /// An offer ended. Fields: `contact`, `agent`, `outcome`.
        OfferClosed = "offer_closed",
        /// A desktop signed in, anew or in place of an older one. Fields: `session`, `reason`.
        AgentSignedIn = "agent_signed_in",
        /// An agent became ready.
        AgentReady = "agent_ready",
        /// An agent became not ready. Fields: `reason`.
        AgentNotReady = "agent_not_ready",
        /// An agent is being rung. Fields: `offer`, `contact`.
        AgentOffered = "agent_offered",
        /// An agent is bound to a contact. Fields: `contact`.
        AgentBusy = "agent_busy",
        /// An agent began after-call work. Fields: `contact`, `until`.
        AgentWrapUp = "agent_wrap_up",
        /// An agent finished after-call work. Fields: `contact`, and what he noted.
        WrapUpFinished = "wrap_up_finished",
        /// An agent said what he wants to be later. Fields: `want`, `reason`.
        AgentWanted = "agent_wanted",
        /// An agent's desktop was lost while he was bound to a contact.
        AgentDetached = "agent_detached",
        /// An agent left, or his desktop was lost. Fields: `cause`.
        AgentSignedOut = "agent_signed_out",
        /// A gateway said hello. Fields: `token`.
        GatewayJoined = "gateway_joined",
        /// A gateway finished its inventory.
        GatewayFresh = "gateway_fresh",
        /// A gateway's lease ended.
        GatewayLost = "gateway_lost",
        /// A new epoch began. Fields: `epoch`.
        EpochOpened = "epoch_opened",
        /// Matching began in this epoch.
        BarrierOpened = "barrier_opened",
        /// A plan was loaded. Fields: `plan`.
        PlanLoaded = "plan_loaded",
    }
);

/// One change of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What changed.
    pub entity: Entity,
    /// Its version after the change: one more than before.
    pub version: u64,
    /// How it changed.
    pub kind: EventKind,
    /// The particulars, as listed with [`EventKind`].
    pub fields: BTreeMap<String, String>,
}
