//! What each command is called.

use super::Command;

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
            Self::ExtendWrapUp { .. } => "extend_wrap_up",
            Self::StartConsult { .. } => "start_consult",
            Self::CompleteConsult { .. } => "complete_consult",
            Self::CancelConsult { .. } => "cancel_consult",
            Self::AssignContact { .. } => "assign_contact",
            Self::MoveContact { .. } => "move_contact",
            Self::PrioritiseContact { .. } => "prioritise_contact",
            Self::ForcePresence { .. } => "force_presence",
            Self::RequestCallback { .. } => "request_callback",
            Self::StartCallback { .. } => "start_callback",
            Self::CancelCallback { .. } => "cancel_callback",
            Self::ReportDialFailed { .. } => "report_dial_failed",
            Self::AssignProfiles { .. } => "assign_profiles",
            Self::FireDeadlines => "fire_deadlines",
        }
    }
}
