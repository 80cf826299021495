//! A command as the arguments of its script, in the order the script's header gives.

mod plan;

use std::time::Duration;

use switchboard_domain::floor::command::{Agreed, Command, Desk, Leg, Report};
use switchboard_domain::floor::plan::ProfileDefinition;
use switchboard_domain::floor::state::Seat;
use switchboard_domain::ids::AgentId;

use self::plan::{optional_route, plan_arguments, profile_line, route_text};

/// Gives the arguments of a command.
pub(crate) fn arguments(command: &Command) -> Vec<String> {
    match command {
        Command::OpenEpoch { epoch, gateways, lease } => {
            let names: Vec<&str> = gateways.iter().map(AsRef::as_ref).collect();
            vec![epoch.to_string(), millis(*lease), names.join(" ")]
        }
        Command::SweepEpoch | Command::FireDeadlines => Vec::new(),
        Command::LoadPlan { plan } => plan_arguments(plan),
        Command::AssignProfiles { plan_version, profiles } => {
            vec![plan_version.to_string(), profiles.iter().map(seated).collect()]
        }
        Command::JoinGateway { gateway, lease } => vec![gateway.to_string(), millis(*lease)],
        Command::RenewGateway { gateway, token, lease } => {
            vec![gateway.to_string(), token.to_string(), millis(*lease)]
        }
        Command::ReconcileLeg { gateway, token, leg } => {
            let mut line = vec![gateway.to_string(), token.to_string()];
            line.extend(leg_arguments(leg));
            line
        }
        Command::FinishInventory { gateway, token } => vec![gateway.to_string(), token.to_string()],
        Command::StartContact { report, .. }
        | Command::StepMenu { report, .. }
        | Command::RouteContact { report, .. }
        | Command::ReportBridged { report, .. }
        | Command::ReportBridgeFailed { report, .. }
        | Command::ReportDialFailed { report, .. }
        | Command::ReportAgentGone { report }
        | Command::HangUp { report, .. } => {
            let mut line = report_arguments(report).to_vec();
            line.extend(told(command));
            line
        }
        Command::SignIn { .. } => sign_in_arguments(command),
        Command::RenewAgent { desk, .. }
        | Command::SetWant { desk, .. }
        | Command::AcceptOffer { desk, .. }
        | Command::DeclineOffer { desk, .. }
        | Command::FinishWrapUp { desk, .. }
        | Command::ExtendWrapUp { desk, .. }
        | Command::TransferContact { desk, .. }
        | Command::StartConsult { desk, .. }
        | Command::CompleteConsult { desk, .. }
        | Command::CancelConsult { desk, .. } => {
            let mut line = desk_arguments(desk).to_vec();
            line.extend(asked(command));
            line
        }
        Command::AssignContact { .. }
        | Command::MoveContact { .. }
        | Command::PrioritiseContact { .. }
        | Command::ForcePresence { .. }
        | Command::RequestCallback { .. }
        | Command::StartCallback { .. }
        | Command::CancelCallback { .. } => decided(command),
    }
}

/// Gives what a report says beside the contact, the gateway and its session.
#[expect(clippy::wildcard_enum_match_arm, reason = "`arguments` sends only reports here")]
fn told(command: &Command) -> Vec<String> {
    match command {
        Command::StartContact { channel, caller, plan_version, fallback, details, .. } => vec![
            channel.to_string(),
            caller.clone(),
            plan_version.to_string(),
            optional_route(fallback.as_ref()),
            details.clone(),
        ],
        Command::StepMenu { menu, trail, .. } => vec![menu.clone(), trail.clone()],
        Command::RouteContact { plan_version, route, priority, credit, details, .. } => vec![
            plan_version.to_string(),
            route_text(route),
            priority.to_string(),
            rank_credit(*priority, *credit),
            details.clone(),
        ],
        Command::ReportBridged { offer, .. } => vec![offer.to_string()],
        Command::ReportBridgeFailed { offer, cause, .. } => {
            vec![offer.to_string(), cause.to_string()]
        }
        Command::ReportDialFailed { offer, outcome, .. } => {
            vec![offer.to_string(), outcome.clone()]
        }
        Command::HangUp { served, .. } => vec![flag(*served)],
        _ => Vec::new(),
    }
}

/// Gives what a desktop asks for beside naming its agent and session.
#[expect(clippy::wildcard_enum_match_arm, reason = "`arguments` sends only desk commands here")]
fn asked(command: &Command) -> Vec<String> {
    match command {
        Command::RenewAgent { lease, .. } => vec![millis(*lease)],
        Command::SetWant { want, reason, .. } => vec![want.to_string(), reason.clone()],
        Command::AcceptOffer { offer, .. } | Command::DeclineOffer { offer, .. } => {
            vec![offer.to_string()]
        }
        Command::FinishWrapUp { contact, notes, .. } => vec![contact.to_string(), notes.clone()],
        Command::ExtendWrapUp { contact, extension, .. } => {
            vec![contact.to_string(), millis(*extension)]
        }
        Command::TransferContact { contact, plan_version, route, .. } => {
            vec![contact.to_string(), plan_version.to_string(), route_text(route)]
        }
        Command::StartConsult { contact, consult, plan_version, route, .. } => vec![
            contact.to_string(),
            consult.to_string(),
            plan_version.to_string(),
            route_text(route),
        ],
        Command::CompleteConsult { contact, .. } | Command::CancelConsult { contact, .. } => {
            vec![contact.to_string()]
        }
        _ => Vec::new(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`arguments` sends only these here")]
fn decided(command: &Command) -> Vec<String> {
    match command {
        Command::AssignContact { contact, agent, by } => {
            vec![contact.to_string(), agent.to_string(), by.clone()]
        }
        Command::MoveContact { contact, plan_version, route, by } => {
            vec![contact.to_string(), plan_version.to_string(), route_text(route), by.clone()]
        }
        Command::PrioritiseContact { contact, priority, credit, by } => vec![
            contact.to_string(),
            priority.to_string(),
            rank_credit(*priority, *credit),
            by.clone(),
        ],
        Command::ForcePresence { agent, want, reason, by } => {
            vec![agent.to_string(), want.to_string(), reason.clone(), by.clone()]
        }
        Command::RequestCallback { .. } => callback_arguments(command),
        Command::StartCallback { .. } => owed_callback_arguments(command),
        Command::CancelCallback { contact, by } => vec![contact.to_string(), by.clone()],
        _ => Vec::new(),
    }
}

fn callback_arguments(command: &Command) -> Vec<String> {
    let Command::RequestCallback {
        contact,
        callback,
        plan_version,
        route,
        opens_in,
        closes_in,
        by,
        agreed,
    } = command
    else {
        return Vec::new();
    };
    let mut arguments = vec![
        contact.to_string(),
        callback.to_string(),
        plan_version.to_string(),
        route_text(route),
        millis(*opens_in),
        closes_in.map(millis).unwrap_or_default(),
        by.clone(),
    ];
    arguments.extend(agreed.iter().flat_map(agreed_arguments));
    arguments
}

fn owed_callback_arguments(command: &Command) -> Vec<String> {
    let Command::StartCallback {
        callback,
        gateway,
        plan_version,
        route,
        opens_in,
        closes_in,
        by,
        agreed,
        spared,
    } = command
    else {
        return Vec::new();
    };
    let mut arguments = vec![
        callback.to_string(),
        gateway.to_string(),
        plan_version.to_string(),
        route_text(route),
        millis(*opens_in),
        millis(*closes_in),
        by.clone(),
    ];
    arguments.extend(agreed_arguments(agreed));
    let spared: Vec<&str> = spared.iter().map(AgentId::as_str).collect();
    arguments.push(spared.join(" "));
    arguments
}

fn agreed_arguments(agreed: &Agreed) -> [String; 4] {
    let Agreed { caller, priority, credit, details } = agreed;
    let (priority, ahead) = (priority.to_string(), rank_credit(*priority, *credit));
    [caller.clone(), priority, ahead, details.clone()]
}

fn sign_in_arguments(command: &Command) -> Vec<String> {
    let Command::SignIn { agent, want, reason, profile, seat, plan_version, lease } = command
    else {
        return Vec::new();
    };
    vec![
        agent.to_string(),
        want.to_string(),
        reason.clone(),
        profile_line(profile),
        seat.weight.to_string(),
        seat.order.to_string(),
        plan_version.to_string(),
        millis(*lease),
    ]
}

fn report_arguments(report: &Report) -> [String; 4] {
    [
        report.contact.to_string(),
        report.gateway.to_string(),
        report.token.to_string(),
        report.call_sequence.to_string(),
    ]
}

fn desk_arguments(desk: &Desk) -> [String; 2] {
    [desk.agent.to_string(), desk.session.to_string()]
}

fn leg_arguments(leg: &Leg) -> [String; 9] {
    [
        leg.contact.to_string(),
        millis(leg.age),
        leg.bridged_to.as_ref().map(ToString::to_string).unwrap_or_default(),
        leg.call_sequence.to_string(),
        optional_route(leg.fallback.as_ref()),
        leg.channel.to_string(),
        leg.caller.clone(),
        leg.details.clone(),
        if leg.over { "1".to_owned() } else { String::new() },
    ]
}

/// Writes what an agent can serve and where he sits as one line.
fn seated((agent, profile, seat): &(AgentId, ProfileDefinition, Seat)) -> String {
    format!("{agent} {} {} {}\n", seat.weight, seat.order, profile_line(profile))
}

/// Gives by how much a priority moves a contact ahead.
fn rank_credit(priority: i32, credit: Duration) -> String {
    i64::from(priority).saturating_mul(millis_number(credit)).to_string()
}

fn flag(flag: bool) -> String {
    u8::from(flag).to_string()
}

fn millis(span: Duration) -> String {
    millis_number(span).to_string()
}

fn millis_number(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
