//! The story of one call, an event per line.

use std::collections::BTreeMap;

use switchboard_api::call::v1::{Interaction, InteractionEvent};

use crate::cli::format;
use crate::cli::output::Output;

/// What is told first, in this order; the rest follows by name.
const FIRST: &[&str] = &[
    "gateway", "flow", "from", "input", "node", "queue", "cause", "priority", "agent", "outcome",
    "reason", "offer",
];
/// What is never told: names are not for a terminal's memory.
const HIDDEN: &[&str] = &["caller_name", "customer_name", "calling_raw", "alert"];
/// What the events repeat, or the heading says.
const REPEATED: &[&str] =
    &["state", "contact", "class", "rank", "expires_at", "until", "open_tickets", "open_promises"];
/// What is known of the caller from the start, and travels with the contact.
const KNOWN: &[&str] = &[
    "attestation",
    "called_number",
    "calling_number",
    "confidence",
    "customer",
    "flow",
    "language",
    "lookup",
    "lookup_reason",
    "match",
    "menu_path",
    "tier",
];
/// Events that say of an offer or an agent what the contact's own event says beside them.
const ECHOES: &[&str] = &["agent_offered", "agent_busy"];
/// What an offer's event says of why it was made, told as one sentence.
const REASONS: &[&str] = &["chosen_by", "order", "score", "over", "over_score"];

/// Writes the story; with `all`, every event with everything in it.
pub(crate) fn write(call: &Interaction, all: bool, out: &mut Output) -> anyhow::Result<()> {
    for (name, text) in heading(call) {
        if !text.is_empty() {
            let name = out.strong(&format!("{name:<10}"));
            out.line(&format!("{name}{text}"))?;
        }
    }
    out.line("")?;
    let start = call.events.first().map_or(0, millis);
    for event in call.events.iter().filter(|event| all || !is_echo(event)) {
        let offset = offset(millis(event) - start);
        let told = [particulars(event, all), because(event)].concat();
        let line = format!("{offset:>10}  {:<20}{told}", event.r#type);
        let line = if is_echo(event) { out.faint(line.trim_end()) } else { line };
        out.line(line.trim_end())?;
    }
    Ok(())
}

fn heading(call: &Interaction) -> [(&'static str, String); 9] {
    let state = format::word(call.state().as_str_name(), "INTERACTION_STATE_");
    let end = [&state, &call.outcome, &call.end_reason].map(String::as_str);
    let numbers = [format::masked(&call.calling_number), call.called_number.clone()];
    [
        ("call", call.interaction_id.clone()),
        ("started", format::time(call.started_at.as_ref())),
        ("numbers", numbers.join(" to ")),
        ("customer", call.customer_id.clone()),
        ("language", call.language.clone()),
        ("waited", format::span(call.waited.as_ref())),
        ("talked", format::span(call.talked.as_ref())),
        ("state", end.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")),
        ("tickets", call.ticket_ids.join(", ")),
    ]
}

fn is_echo(event: &InteractionEvent) -> bool {
    ECHOES.contains(&event.r#type.as_str())
}

fn millis(event: &InteractionEvent) -> i64 {
    event.at.map_or(0, |at| at.seconds * 1_000 + i64::from(at.nanos) / 1_000_000)
}

fn offset(millis: i64) -> String {
    format!("+{}.{:03}s", millis / 1_000, (millis % 1_000).abs())
}

fn particulars(event: &InteractionEvent, all: bool) -> String {
    let is_start = event.r#type == "contact_started";
    let is_offer = event.r#type == "offer_made";
    let is_told = |name: &str| {
        let is_news = !REPEATED.contains(&name) && (is_start || !KNOWN.contains(&name));
        let is_apart = is_offer && REASONS.contains(&name);
        !HIDDEN.contains(&name) && !is_apart && (all || is_news)
    };
    let mut fields: BTreeMap<&str, &str> = event
        .fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .filter(|(name, text)| is_told(name) && !text.is_empty())
        .collect();
    let first: Vec<(&str, &str)> =
        FIRST.iter().filter_map(|name| fields.remove_entry(name)).collect();
    let words = first.into_iter().chain(fields).map(|(name, text)| pair(name, text));
    words.collect::<Vec<_>>().join("  ")
}

/// Says why an offer was made to this agent and not to another one.
fn because(event: &InteractionEvent) -> String {
    let field = |name: &str| event.fields.get(name).map(String::as_str).filter(|it| !it.is_empty());
    let Some(chosen_by) = field("chosen_by").filter(|_| event.r#type == "offer_made") else {
        return String::new();
    };
    let score = |name: &str| field(name).map(|score| format!(" ({score})")).unwrap_or_default();
    let why = match (chosen_by, field("order")) {
        ("supervisor", _) => "a supervisor gave the call to the agent".to_owned(),
        ("consult", _) => "the agent was consulted".to_owned(),
        ("agent", _) => format!("the call was ahead of all the agent serves{}", score("score")),
        (_, Some(order)) => format!("the agent was first by {order}{}", score("score")),
        (_, None) => "the agent was first".to_owned(),
    };
    let over = field("over").map(|other| format!(", over {other}{}", score("over_score")));
    format!("  chosen because {why}{}", over.unwrap_or_default())
}

fn pair(name: &str, text: &str) -> String {
    if name == "calling_number" {
        format!("{name}={}", format::masked(text))
    } else if text.contains(char::is_whitespace) {
        format!("{name}={text:?}")
    } else {
        format!("{name}={text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, fields: &[(&str, &str)]) -> InteractionEvent {
        InteractionEvent {
            r#type: kind.to_owned(),
            fields: fields
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            ..InteractionEvent::default()
        }
    }

    #[test]
    fn particulars_start_with_what_matters_and_hide_who_called() {
        let started = event(
            "contact_started",
            &[
                ("caller_name", "Zhang"),
                ("calling_number", "+8613800000001"),
                ("gateway", "gateway-1"),
                ("reason", "no answer"),
                ("state", "in_menu"),
            ],
        );

        assert_eq!(
            particulars(&started, false),
            "gateway=gateway-1  reason=\"no answer\"  calling_number=+86*******0001"
        );
    }

    #[test]
    fn what_was_said_before_is_told_again_only_on_request() {
        let queued = event("contact_queued", &[("queue", "booking"), ("tier", "A1")]);

        assert_eq!(particulars(&queued, false), "queue=booking");
        assert_eq!(particulars(&queued, true), "queue=booking  tier=A1");
    }

    #[test]
    fn an_echo_is_left_out() {
        assert!(is_echo(&event("agent_offered", &[])));
        assert!(!is_echo(&event("contact_offered", &[])));
    }

    #[test]
    fn an_offer_says_why_it_was_made() {
        let fields = [
            ("agent", "li-wei"),
            ("chosen_by", "contact"),
            ("order", "idle"),
            ("score", "1000"),
            ("over", "emma-lin"),
            ("over_score", "2000"),
        ];
        let offer = event("offer_made", &fields);

        assert_eq!(particulars(&offer, true), "agent=li-wei");
        assert_eq!(
            because(&offer),
            "  chosen because the agent was first by idle (1000), over emma-lin (2000)"
        );
        assert_eq!(because(&event("offer_closed", &[("chosen_by", "agent")])), "");
    }

    #[test]
    fn times_are_told_from_the_start_of_the_call() {
        assert_eq!(offset(0), "+0.000s");
        assert_eq!(offset(61_250), "+61.250s");
    }
}
