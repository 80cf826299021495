//! A command as the arguments of its script, in the order the script's header gives.

use std::time::Duration;

use switchboard_domain::floor::command::{Command, Desk, Leg, Report};
use switchboard_domain::floor::plan::{ClassDefinition, PlanUpdate, QueueRules};

/// Gives the arguments of a command.
pub(crate) fn arguments(command: &Command) -> Vec<String> {
    match command {
        Command::OpenEpoch { epoch, gateways, lease } => {
            let names: Vec<&str> = gateways.iter().map(AsRef::as_ref).collect();
            vec![epoch.to_string(), millis(*lease), names.join(" ")]
        }
        Command::SweepEpoch | Command::FireDeadlines => Vec::new(),
        Command::LoadPlan { plan } => plan_arguments(plan),
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
        Command::StartContact { report, plan_version, fallback, details } => {
            let fallback = fallback.as_ref().map(class_line).unwrap_or_default();
            with_report(report, [plan_version.to_string(), fallback, details.clone()])
        }
        Command::StepMenu { report, menu, trail } => {
            with_report(report, [menu.clone(), trail.clone()])
        }
        Command::RouteContact { report, plan_version, class, priority, credit, details } => {
            let credit = i64::from(*priority).saturating_mul(millis_number(*credit));
            let rest = [
                plan_version.to_string(),
                class_line(class),
                priority.to_string(),
                credit.to_string(),
                details.clone(),
            ];
            with_report(report, rest)
        }
        Command::ReportBridged { report, offer }
        | Command::ReportBridgeFailed { report, offer } => with_report(report, [offer.to_string()]),
        Command::ReportAgentGone { report } => with_report(report, []),
        Command::HangUp { report, served } => with_report(report, [u8::from(*served).to_string()]),
        Command::SignIn { .. } | Command::TransferContact { .. } => planned_arguments(command),
        Command::RenewAgent { desk, lease } => with_desk(desk, [millis(*lease)]),
        Command::SetWant { desk, want, reason } => {
            with_desk(desk, [want.to_string(), reason.clone()])
        }
        Command::AcceptOffer { desk, offer } | Command::DeclineOffer { desk, offer } => {
            with_desk(desk, [offer.to_string()])
        }
        Command::FinishWrapUp { desk, contact, notes } => {
            with_desk(desk, [contact.to_string(), notes.clone()])
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`arguments` sends only these two here")]
fn planned_arguments(command: &Command) -> Vec<String> {
    match command {
        Command::SignIn { agent, want, reason, profile, plan_version, lease } => vec![
            agent.to_string(),
            want.to_string(),
            reason.clone(),
            profile.to_string(),
            plan_version.to_string(),
            millis(*lease),
        ],
        Command::TransferContact { desk, contact, plan_version, class } => {
            with_desk(desk, [contact.to_string(), plan_version.to_string(), class_line(class)])
        }
        _ => Vec::new(),
    }
}

fn with_report<const N: usize>(report: &Report, rest: [String; N]) -> Vec<String> {
    let mut line = vec![
        report.contact.to_string(),
        report.gateway.to_string(),
        report.token.to_string(),
        report.call_sequence.to_string(),
    ];
    line.extend(rest);
    line
}

fn with_desk<const N: usize>(desk: &Desk, rest: [String; N]) -> Vec<String> {
    let mut line = vec![desk.agent.to_string(), desk.session.to_string()];
    line.extend(rest);
    line
}

fn leg_arguments(leg: &Leg) -> [String; 5] {
    [
        leg.contact.to_string(),
        millis(leg.age),
        leg.bridged_to.as_ref().map(ToString::to_string).unwrap_or_default(),
        leg.fallback.as_ref().map(class_line).unwrap_or_default(),
        leg.details.clone(),
    ]
}

fn plan_arguments(plan: &PlanUpdate) -> Vec<String> {
    let queues =
        plan.queues.iter().map(|(queue, rules)| format!("{queue} {}\n", rules_line(rules)));
    let classes = plan.classes.iter().map(|class| format!("{}\n", class_line(class)));
    vec![plan.version.to_string(), queues.collect(), classes.collect()]
}

/// Writes the rules of a queue as the plan stores them.
pub(crate) fn rules_line(rules: &QueueRules) -> String {
    format!(
        "{} {} {} {} {} {} {} {}",
        millis(rules.ring_timeout),
        millis(rules.max_wait),
        rules.max_waiting,
        millis(rules.wrap_up),
        millis(rules.cool_down),
        rules.miss_threshold,
        u8::from(rules.decline_makes_not_ready),
        rules.overflow
    )
}

fn class_line(class: &ClassDefinition) -> String {
    let mut line = format!("{} {}", class.queue, class.key);
    for (profile, rank) in &class.profiles {
        line.push_str(&format!(" {rank}:{profile}"));
    }
    line
}

fn millis(span: Duration) -> String {
    millis_number(span).to_string()
}

fn millis_number(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
