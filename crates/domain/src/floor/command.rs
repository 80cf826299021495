//! What can be asked of the floor.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::{AgentId, ContactId, GatewayId, OfferId};

use super::plan::{ClassDefinition, PlanUpdate, ProfileKey};
use super::state::{Token, Want};

/// What every command is sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The run id of the server process that the sender is connected to.
    pub run: String,
    /// The machine's wall time in milliseconds; the floor turns it into its logical clock.
    pub wall: i64,
    /// 128 random bits from which the ids of offers made in this step are derived.
    pub seed: OfferId,
}

/// What a gateway says of one leg in its inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The contact.
    pub contact: ContactId,
    /// How long the call has been up.
    pub age: Duration,
    /// The agent the caller is bridged to, if any.
    pub bridged_to: Option<AgentId>,
    /// Where an unknown or unplaced contact may wait.
    pub fallback: Option<ClassDefinition>,
    /// What is known of the caller, for a contact the floor has lost.
    pub details: String,
}

/// An event a gateway reports about one of its contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The contact.
    pub contact: ContactId,
    /// The gateway.
    pub gateway: GatewayId,
    /// The gateway's session.
    pub token: Token,
    /// Its number among the events of the contact; a repeated one is a duplicate.
    pub call_sequence: u64,
}

/// Which agent asks, through which desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The agent.
    pub agent: AgentId,
    /// The desktop's session.
    pub session: Token,
}

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
    /// Puts up to 64 remembered entities in order for the new epoch.
    SweepEpoch,
    /// Loads a newer plan.
    LoadPlan {
        /// The plan.
        plan: PlanUpdate,
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
    /// Ends up to 64 contacts the inventory did not name, or else completes the inventory.
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
        /// The version of the plan the fallback was computed from.
        plan_version: u64,
        /// Where the contact goes if the menu does not end in time.
        fallback: Option<ClassDefinition>,
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
        /// The version of the plan the class was computed from.
        plan_version: u64,
        /// Where it waits.
        class: ClassDefinition,
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
        profile: ProfileKey,
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
    /// Sends a connected contact to another queue.
    TransferContact {
        /// The desktop.
        desk: Desk,
        /// The contact.
        contact: ContactId,
        /// The version of the plan the class was computed from.
        plan_version: u64,
        /// Where it waits next.
        class: ClassDefinition,
    },
    /// Fires up to 64 deadlines that have come, and matches what is left to match.
    FireDeadlines,
}

impl Command {
    /// Gives the name of the command: of its span, its script and its file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OpenEpoch { .. } => "open_epoch",
            Self::SweepEpoch => "sweep_epoch",
            Self::LoadPlan { .. } => "load_plan",
            Self::JoinGateway { .. } => "join_gateway",
            Self::RenewGateway { .. } => "renew_gateway",
            Self::ReconcileLeg { .. } => "reconcile_leg",
            Self::FinishInventory { .. } => "finish_inventory",
            Self::StartContact { .. } => "start_contact",
            Self::StepMenu { .. } => "step_menu",
            Self::RouteContact { .. } => "route_contact",
            Self::ReportBridged { .. } => "report_bridged",
            Self::ReportBridgeFailed { .. } => "report_bridge_failed",
            Self::ReportAgentGone { .. } => "report_agent_gone",
            Self::HangUp { .. } => "hang_up",
            Self::SignIn { .. } => "sign_in",
            Self::RenewAgent { .. } => "renew_agent",
            Self::SetWant { .. } => "set_want",
            Self::AcceptOffer { .. } => "accept_offer",
            Self::DeclineOffer { .. } => "decline_offer",
            Self::FinishWrapUp { .. } => "finish_wrap_up",
            Self::TransferContact { .. } => "transfer_contact",
            Self::FireDeadlines => "fire_deadlines",
        }
    }
}

/// What the floor answers to an accepted command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done; with the version of the entity the command was about.
    Done {
        /// The version after the step.
        version: u64,
    },
    /// It had been done before; nothing changed.
    Duplicate,
    /// A session began.
    Joined {
        /// Its token.
        token: Token,
    },
    /// A bounded part is done; send the command again for the rest.
    More,
}
