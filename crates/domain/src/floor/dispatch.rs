//! Which move answers which command.

use super::command::{Command, Envelope, Reply};
use super::rejection::Rejection;
use super::route_contact::Wish;
use super::sign_in;
use super::start_contact::Arrival;
use super::step::Step;

impl Step<'_> {
    /// Runs the move of a command.
    pub(super) fn dispatch(
        &mut self,
        envelope: &Envelope,
        command: &Command,
    ) -> Result<Reply, Rejection> {
        match command {
            Command::OpenEpoch { epoch, gateways, lease } => {
                self.open_epoch(&envelope.run, *epoch, gateways, *lease)
            }
            Command::SweepEpoch => Ok(self.sweep_epoch()),
            Command::LoadPlan { plan } => self.load_plan(plan),
            Command::AssignProfiles { plan_version, profiles } => {
                self.assign_profiles(*plan_version, profiles)
            }
            Command::JoinGateway { gateway, lease } => Ok(self.join_gateway(gateway, *lease)),
            Command::RenewGateway { gateway, token, lease } => {
                self.renew_gateway(gateway, *token, *lease)
            }
            Command::ReconcileLeg { gateway, token, leg } => {
                self.reconcile_leg(gateway, *token, leg)
            }
            Command::FinishInventory { gateway, token } => self.finish_inventory(gateway, *token),
            Command::StartContact { .. }
            | Command::StepMenu { .. }
            | Command::RouteContact { .. }
            | Command::ReportBridged { .. }
            | Command::ReportBridgeFailed { .. }
            | Command::ReportDialFailed { .. }
            | Command::ReportAgentGone { .. }
            | Command::HangUp { .. } => self.run_report(command),
            Command::SignIn { .. }
            | Command::RenewAgent { .. }
            | Command::SetWant { .. }
            | Command::AcceptOffer { .. }
            | Command::DeclineOffer { .. }
            | Command::FinishWrapUp { .. }
            | Command::ExtendWrapUp { .. }
            | Command::TransferContact { .. }
            | Command::StartConsult { .. }
            | Command::CompleteConsult { .. }
            | Command::CancelConsult { .. } => self.run_desk(command),
            Command::AssignContact { .. }
            | Command::MoveContact { .. }
            | Command::PrioritiseContact { .. }
            | Command::ForcePresence { .. }
            | Command::RequestCallback { .. }
            | Command::StartCallback { .. }
            | Command::CancelCallback { .. } => self.run_supervisor(command),
            Command::FireDeadlines => Ok(self.fire_deadlines()),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`dispatch` sends only reports here")]
    fn run_report(&mut self, command: &Command) -> Result<Reply, Rejection> {
        match command {
            Command::StartContact { report, plan_version, fallback, channel, caller, details } => {
                let arrival = Arrival { channel: *channel, caller, details };
                self.start_contact(report, *plan_version, fallback.as_ref(), arrival)
            }
            Command::StepMenu { report, menu, trail } => self.step_menu(report, menu, trail),
            Command::RouteContact { report, plan_version, route, priority, credit, details } => {
                let (plan_version, priority, credit) = (*plan_version, *priority, *credit);
                let wish = Wish { plan_version, priority, credit };
                self.route_contact(report, route, wish, details)
            }
            Command::ReportBridged { report, offer } => self.report_bridged(report, offer),
            Command::ReportBridgeFailed { report, offer, cause } => {
                self.report_bridge_failed(report, offer, *cause)
            }
            Command::ReportDialFailed { report, offer, outcome } => {
                self.report_dial_failed(report, offer, outcome)
            }
            Command::ReportAgentGone { report } => self.report_agent_gone(report),
            Command::HangUp { report, served } => self.hang_up(report, *served),
            _ => Ok(Reply::Duplicate),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`dispatch` sends only desk commands here")]
    fn run_desk(&mut self, command: &Command) -> Result<Reply, Rejection> {
        match command {
            Command::SignIn { agent, want, reason, profile, seat, plan_version, lease } => {
                let (want, seat, lease) = (*want, *seat, *lease);
                let wish = sign_in::Wish { want, reason, profile, seat, lease };
                self.sign_in(agent, *plan_version, &wish)
            }
            Command::RenewAgent { desk, lease } => self.renew_agent(desk, *lease),
            Command::SetWant { desk, want, reason } => self.set_want(desk, *want, reason),
            Command::AcceptOffer { desk, offer } => self.accept_offer(desk, offer),
            Command::DeclineOffer { desk, offer } => self.decline_offer(desk, offer),
            Command::FinishWrapUp { desk, contact, notes } => {
                self.finish_wrap_up(desk, contact, notes)
            }
            Command::ExtendWrapUp { desk, contact, extension } => {
                self.extend_wrap_up(desk, contact, *extension)
            }
            Command::TransferContact { desk, contact, plan_version, route } => {
                self.transfer_contact(desk, contact, *plan_version, route)
            }
            Command::StartConsult { desk, contact, consult, plan_version, route } => {
                self.start_consult(desk, contact, consult, (*plan_version, route))
            }
            Command::CompleteConsult { desk, contact } => self.complete_consult(desk, contact),
            Command::CancelConsult { desk, contact } => self.cancel_consult(desk, contact),
            _ => Ok(Reply::Duplicate),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`dispatch` sends only these here")]
    fn run_supervisor(&mut self, command: &Command) -> Result<Reply, Rejection> {
        match command {
            Command::AssignContact { contact, agent, by } => {
                self.assign_contact(contact, agent, by)
            }
            Command::MoveContact { contact, plan_version, route, by } => {
                self.move_contact(contact, *plan_version, route, by)
            }
            Command::PrioritiseContact { contact, priority, credit, by } => {
                let wish = Wish { plan_version: 0, priority: *priority, credit: *credit };
                self.prioritise_contact(contact, wish, by)
            }
            Command::ForcePresence { agent, want, reason, by } => {
                self.force_presence(agent, *want, reason, by)
            }
            Command::RequestCallback { contact, callback, plan_version, route, .. } => {
                self.request_callback(contact, callback, (*plan_version, route), command)
            }
            Command::StartCallback { callback, plan_version, route, .. } => {
                self.start_callback(callback, (*plan_version, route), command)
            }
            Command::CancelCallback { contact, by } => self.cancel_callback(contact, by),
            _ => Ok(Reply::Duplicate),
        }
    }
}
