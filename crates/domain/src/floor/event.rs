//! What the floor tells of itself: one event for each change of one entity, in order.

use std::fmt;

use super::fields::Fields;
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
        /// (`routed`, `menu_timeout`, `overflowed`, `transferred`, `moved`, `callback`, `consult`),
        /// `resumed` (the contact whose place it took, or `1`), `by`, and the contact's details.
        ContactQueued = "contact_queued",
        /// A contact went back to its place, or to the menu. Fields: `queue`, `cause`, `agent`;
        /// after an overflow to a flow, `flow`.
        ContactRequeued = "contact_requeued",
        /// A contact waits for more agents from now on. Fields: `class`, `cause` (`aged`, `empty`).
        ContactWidened = "contact_widened",
        /// A contact has another priority. Fields: `priority`, `rank`, `by`.
        ContactPrioritised = "contact_prioritised",
        /// A supervisor gave a contact to an agent. Fields: `agent`, `by`.
        ContactAssigned = "contact_assigned",
        /// A callback could not be made. Fields: `outcome`, `attempt`, `agent`, `opens_at`.
        CallbackFailed = "callback_failed",
        /// A consultation about a contact began. Fields: `consult`, `agent`.
        ConsultStarted = "consult_started",
        /// A consultation about a contact ended. Fields: `consult`, `outcome` (`cancelled`,
        /// `merged`, or how the consultation ended).
        ConsultEnded = "consult_ended",
        /// A contact rings an agent. Fields: `offer`, `agent`, `queue`, `expires_at`, and for
        /// several at once the last of them.
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
        /// One of several agents who were rung is out. Fields: `offer`, `agent`, `outcome`.
        ContactUnoffered = "contact_unoffered",
        /// A contact ended. Fields: `reason`, `queue`, `agent`; after an overflow `action` and
        /// `cause` (`full`, `waited`, `empty`, `closed`, `draining`); `by`.
        ContactEnded = "contact_ended",
        /// An offer was made. Fields: `contact`, `agent`, `queue`, `expires_at`; why this agent
        /// and this contact: `chosen_by` (`contact`: the best agent was looked for; `agent`: the
        /// contact that is ahead; `supervisor`), `order`, `score`, and the runner-up: `over`,
        /// `over_score`.
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
        /// An agent put the end of after-call work off, or asked for it. Fields: `contact`, `until`.
        WrapUpExtended = "wrap_up_extended",
        /// A supervisor said what an agent has to be. Fields: `want`, `reason`, `by`.
        PresenceForced = "presence_forced",
        /// An agent can serve other contacts than before. Fields: `profile`.
        AgentProfiled = "agent_profiled",
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
    pub fields: Fields,
}
