//! What can be asked of the floor.

mod name;
mod reply;
mod source;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, GatewayId, OfferId};

use super::plan::{MissCause, PlanUpdate, ProfileDefinition, Route};
use super::state::{Seat, Token, Want};

pub use reply::Reply;
pub use source::{Agreed, Desk, Envelope, Leg, Report};

/// A command to the floor: one atomic move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens a new epoch for the connected server process, after it may have lost writes.
    OpenEpoch {
        /// A number greater than every epoch ever used.
        epoch: u64,
        /// The gateways known to the tenant: the barrier waits for each.
        gateways: BTreeSet<GatewayId>,
        /// How long each may take to come back.
        lease: Duration,
    },
    /// Puts up to 8 remembered entities in order for the new epoch.
    SweepEpoch,
    /// Loads a newer plan.
    LoadPlan {
        /// The plan.
        plan: PlanUpdate,
    },
    /// Brings agents who are signed in to the profiles a newer plan gives them, up to 8.
    AssignProfiles {
        /// The version of the plan the profiles were computed from.
        plan_version: u64,
        /// What each can serve.
        profiles: Vec<(AgentId, ProfileDefinition, Seat)>,
    },
    /// Begins a session of a gateway.
    JoinGateway {
        /// The gateway.
        gateway: GatewayId,
        /// How long its heartbeat holds.
        lease: Duration,
    },
    /// Renews the lease of a gateway.
    RenewGateway {
        /// The gateway.
        gateway: GatewayId,
        /// Its session.
        token: Token,
        /// How long its heartbeat holds.
        lease: Duration,
    },
    /// Reconciles one leg of a gateway's inventory.
    ReconcileLeg {
        /// The gateway.
        gateway: GatewayId,
        /// Its session.
        token: Token,
        /// What it says of the leg.
        leg: Leg,
    },
    /// Ends up to 8 contacts the inventory did not name, or else completes the inventory.
    FinishInventory {
        /// The gateway.
        gateway: GatewayId,
        /// Its session.
        token: Token,
    },
    /// Begins a contact in the menu.
    StartContact {
        /// The gateway's report.
        report: Report,
        /// The channel it came through.
        channel: Channel,
        /// Who calls, as a name to find the same caller again by; empty when unknown.
        caller: String,
        /// The version of the plan the fallback was computed from.
        plan_version: u64,
        /// Where the contact goes if the menu does not end in time; only the first step counts.
        fallback: Option<Route>,
        /// What is known of the caller.
        details: String,
    },
    /// Stores where the caller is in the menu.
    StepMenu {
        /// The gateway's report that moved him.
        report: Report,
        /// The position; opaque to the floor.
        menu: String,
        /// What the flow tells of the step; becomes fields of the event.
        trail: String,
    },
    /// Puts a contact in a queue.
    RouteContact {
        /// The gateway's report that ended the menu.
        report: Report,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Where it waits.
        route: Route,
        /// Its priority.
        priority: i32,
        /// By how much the priority moves it ahead.
        credit: Duration,
        /// What is known of the caller by now.
        details: String,
    },
    /// Reports that caller and agent are bridged.
    ReportBridged {
        /// The gateway's report.
        report: Report,
        /// The offer that led to it.
        offer: OfferId,
    },
    /// Reports that the agent's side of the bridge failed.
    ReportBridgeFailed {
        /// The gateway's report.
        report: Report,
        /// The offer that led to it.
        offer: OfferId,
        /// Why.
        cause: MissCause,
    },
    /// Reports that the agent's leg is gone while the caller's is up.
    ReportAgentGone {
        /// The gateway's report.
        report: Report,
    },
    /// Reports that the caller's leg is gone.
    HangUp {
        /// The gateway's report.
        report: Report,
        /// Whether the center ended it: a caller in the menu was served by it then.
        served: bool,
    },
    /// Signs an agent's desktop in, in place of an older one.
    SignIn {
        /// The agent.
        agent: AgentId,
        /// What he wants to be.
        want: Want,
        /// Why, when not ready.
        reason: String,
        /// What he can serve.
        profile: ProfileDefinition,
        /// Where he stands among others.
        seat: Seat,
        /// The version of the plan the profile was computed from.
        plan_version: u64,
        /// How long his heartbeat holds.
        lease: Duration,
    },
    /// Renews the lease of a desktop.
    RenewAgent {
        /// The desktop.
        desk: Desk,
        /// How long its heartbeat holds.
        lease: Duration,
    },
    /// Says what an agent wants to be; kept until he is at rest.
    SetWant {
        /// The desktop.
        desk: Desk,
        /// What he wants to be.
        want: Want,
        /// Why, when not ready.
        reason: String,
    },
    /// Accepts an offer.
    AcceptOffer {
        /// The desktop.
        desk: Desk,
        /// The offer.
        offer: OfferId,
    },
    /// Declines an offer.
    DeclineOffer {
        /// The desktop.
        desk: Desk,
        /// The offer.
        offer: OfferId,
    },
    /// Ends after-call work, or leaves a contact whose gateway is gone.
    FinishWrapUp {
        /// The desktop.
        desk: Desk,
        /// The contact it is for.
        contact: ContactId,
        /// Disposition and notes; become fields of the event.
        notes: String,
    },
    /// Asks for after-call work while talking, or puts its end off.
    ExtendWrapUp {
        /// The desktop.
        desk: Desk,
        /// The contact it is for.
        contact: ContactId,
        /// By how much in all, counted from the usual end.
        extension: Duration,
    },
    /// Sends a connected contact to another queue, or to an agent.
    TransferContact {
        /// The desktop.
        desk: Desk,
        /// The contact.
        contact: ContactId,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Where it waits next.
        route: Route,
    },
    /// Begins a consultation: another agent is rung while the caller stays with this one.
    StartConsult {
        /// The desktop.
        desk: Desk,
        /// The contact the agent talks to.
        contact: ContactId,
        /// The id of the consultation, made by the caller of the command.
        consult: ContactId,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Who is to be consulted.
        route: Route,
    },
    /// Joins the caller and the agent who was consulted.
    CompleteConsult {
        /// The desktop of the agent who consults.
        desk: Desk,
        /// The contact he talks to.
        contact: ContactId,
    },
    /// Ends a consultation; the caller stays with the agent.
    CancelConsult {
        /// The desktop of the agent who consults.
        desk: Desk,
        /// The contact he talks to.
        contact: ContactId,
    },
    /// Gives a waiting contact to an agent who is free for it, whatever his skills.
    AssignContact {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
        /// Who decided it.
        by: String,
    },
    /// Moves a waiting contact to another queue; it keeps its age.
    MoveContact {
        /// The contact.
        contact: ContactId,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Where it waits next.
        route: Route,
        /// Who decided it.
        by: String,
    },
    /// Gives a waiting contact another priority, at once.
    PrioritiseContact {
        /// The contact.
        contact: ContactId,
        /// Its priority from now on.
        priority: i32,
        /// By how much the priority moves it ahead.
        credit: Duration,
        /// Who decided it.
        by: String,
    },
    /// Says what an agent has to be; he is told, and may change it again.
    ForcePresence {
        /// The agent.
        agent: AgentId,
        /// What he has to be.
        want: Want,
        /// Why, when not ready.
        reason: String,
        /// Who decided it.
        by: String,
    },
    /// Books a callback: the caller's contact ends, the callback keeps its place. A caller in the menu
    /// stays there, and the callback waits behind everybody of its rank.
    RequestCallback {
        /// The waiting contact, one that just overflowed, or one in the menu.
        contact: ContactId,
        /// The id of the callback, made by the caller of the command.
        callback: ContactId,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Where the callback waits.
        route: Route,
        /// In how long the caller may be called at the earliest.
        opens_in: Duration,
        /// In how long the caller may be called at the latest; none for as long as the queue says.
        closes_in: Option<Duration>,
        /// Who asked for it, such as `caller`.
        by: String,
        /// What was agreed in the menu; without it the callback has what the contact has.
        agreed: Option<Agreed>,
    },
    /// Makes a callback that nobody on the line asked for: a call that the center owes somebody.
    StartCallback {
        /// The id of the callback, made by the caller of the command.
        callback: ContactId,
        /// The gateway that dials, or another if it is away by then.
        gateway: GatewayId,
        /// The version of the plan the route was computed from.
        plan_version: u64,
        /// Where the callback waits.
        route: Route,
        /// In how long it may be dialled at the earliest.
        opens_in: Duration,
        /// In how long it may be dialled at the latest, at most for as long as the queue says.
        closes_in: Duration,
        /// Who decided it.
        by: String,
        /// Who is called, how urgent it is, and what is known of them.
        agreed: Agreed,
        /// The agents it is never offered to.
        spared: BTreeSet<AgentId>,
    },
    /// Takes a callback back that has not been answered yet.
    CancelCallback {
        /// The callback.
        contact: ContactId,
        /// Who decided it.
        by: String,
    },
    /// Reports that the caller of a callback was not reached.
    ReportDialFailed {
        /// The gateway's report.
        report: Report,
        /// The offer that led to it.
        offer: OfferId,
        /// What came of it, such as `no_answer`.
        outcome: String,
    },
    /// Fires up to 8 deadlines that have come, and matches what is left to match.
    FireDeadlines,
}
