//! Routes, classes, profiles and rules as text, written as the scripts read them.

use switchboard_domain::floor::plan::{
    ClassDefinition, PlanUpdate, ProfileDefinition, QueueRules, Route, RouteStep,
};

use super::{flag, millis};

/// Writes a plan: its version, a line for each queue, a line for each class.
pub(super) fn plan_arguments(plan: &PlanUpdate) -> Vec<String> {
    let queues =
        plan.queues.iter().map(|(queue, rules)| format!("{queue} {}\n", rules_line(rules)));
    let classes = plan.classes.iter().map(|class| format!("{}\n", class_line(class)));
    vec![plan.version.to_string(), queues.collect(), classes.collect()]
}

/// Writes the rules of a queue as the plan stores them: numbers first, then words.
fn rules_line(rules: &QueueRules) -> String {
    let mut words = vec![
        millis(rules.ring_timeout),
        rules.ring_count.to_string(),
        millis(rules.max_wait),
        rules.max_waiting.to_string(),
        rules.max_active.to_string(),
        millis(rules.wrap_up),
        millis(rules.wrap_up_extension),
    ];
    for miss in &rules.misses {
        words.extend([millis(miss.cool_down), miss.threshold.to_string()]);
    }
    words.extend([
        flag(rules.join_when_empty),
        rules.leave_when_empty.map_or_else(|| "-1".to_owned(), millis),
        millis(rules.redial_window),
        flag(rules.draining),
        rules.callback_attempts.to_string(),
        millis(rules.callback_retry),
        millis(rules.callback_lifetime),
        rules.order.to_string(),
        rules.wrap_up_mode.to_string(),
        word(&rules.overflow),
        word(&rules.when_closed),
        word(&rules.default_disposition),
    ]);
    words.join(" ")
}

/// Writes a word; a dash when there is none.
fn word(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// Writes a class and the profiles that may serve it.
fn class_line(class: &ClassDefinition) -> String {
    let mut line = class.key.to_string();
    for (profile, standing) in &class.profiles {
        line.push_str(&format!(" {profile}={}:{}", standing.rank, standing.preference));
    }
    line
}

/// Writes a route: its queue and when that closes, then a line for each step.
pub(super) fn route_text(route: &Route) -> String {
    let closes_in = route.closes_in.map_or_else(|| "-".to_owned(), millis);
    let mut text = format!("{} {closes_in}", route.queue);
    for RouteStep { after, when_empty, class } in &route.steps {
        let (after, when_empty) = (millis(*after), flag(*when_empty));
        text.push_str(&format!("\n{after} {when_empty} {}", class_line(class)));
    }
    text
}

/// Writes a route, or nothing.
pub(super) fn optional_route(route: Option<&Route>) -> String {
    route.map(route_text).unwrap_or_default()
}

/// Writes what a profile can serve: its name, its orders, its slots.
pub(super) fn profile_line(profile: &ProfileDefinition) -> String {
    let orders: Vec<&str> = profile.orders.iter().map(|order| order.as_str()).collect();
    let mut line = format!("{} {}", profile.key, orders.join(","));
    for (channel, slot) in &profile.slots {
        let blocked: Vec<&str> = slot.blocked_by.iter().map(|other| other.as_str()).collect();
        line.push_str(&format!(" {channel}={}:{}", slot.capacity, blocked.join("+")));
    }
    line
}
