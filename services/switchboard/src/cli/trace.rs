//! The story of one call, an event per line.

use std::collections::BTreeMap;

use switchboard_api::call::v1::{Interaction, InteractionEvent};

use crate::cli::format;
use crate::cli::output::Output;

/// What is told first, in this order; the rest follows by name.
const FIRST: &[&str] = &[
    "gateway", "flow", "node", "from", "to", "edge", "input", "outcome", "queue", "cause",
    "priority", "offer", "agent", "state", "reason", "ticket",
];
/// What is never told: who called is in the heading, masked; names are not for a terminal's memory.
const HIDDEN: &[&str] = &["caller_name", "customer_name", "calling_raw", "alert", "class", "rank"];
/// Texts with numbers of callers in them.
const NUMBERS: &[&str] = &["calling_number", "called_number"];

/// Writes the story.
pub(crate) fn write(call: &Interaction, out: &mut Output) -> anyhow::Result<()> {
    for (name, text) in heading(call) {
        if !text.is_empty() {
            let name = out.strong(&format!("{name:<10}"));
            out.line(&format!("{name}{text}"))?;
        }
    }
    out.line("")?;
    let start = call.events.first().map_or(0, millis);
    for event in &call.events {
        let (offset, told) = (offset(millis(event) - start), particulars(&event.fields));
        let line = format!("{offset:>10}  {:<20}{told}", event.r#type);
        let line = if is_minor(event) { out.faint(&line) } else { line };
        out.line(line.trim_end())?;
    }
    Ok(())
}

fn heading(call: &Interaction) -> [(&'static str, String); 9] {
    let state = format::word(call.state().as_str_name(), "INTERACTION_STATE_");
    let end = [&state, &call.outcome, &call.end_reason].map(String::as_str);
    let numbers = [&call.calling_number, &call.called_number].map(|number| format::masked(number));
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

/// What a supervisor rarely asks for.
fn is_minor(event: &InteractionEvent) -> bool {
    matches!(event.r#type.as_str(), "contact_confirmed" | "contact_queried")
}

fn millis(event: &InteractionEvent) -> i64 {
    event.at.map_or(0, |at| at.seconds * 1_000 + i64::from(at.nanos) / 1_000_000)
}

fn offset(millis: i64) -> String {
    format!("+{}.{:03}s", millis / 1_000, (millis % 1_000).abs())
}

fn particulars<'a>(fields: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let mut fields: BTreeMap<&str, &str> = fields
        .into_iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .filter(|(name, text)| !HIDDEN.contains(name) && !text.is_empty())
        .collect();
    let first: Vec<(&str, &str)> =
        FIRST.iter().filter_map(|name| fields.remove_entry(name)).collect();
    let words = first.into_iter().chain(fields).map(|(name, text)| pair(name, text));
    words.collect::<Vec<_>>().join("  ")
}

fn pair(name: &str, text: &str) -> String {
    if NUMBERS.contains(&name) {
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

    #[test]
    fn particulars_start_with_what_matters_and_hide_who_called() {
        let fields = [
            ("agent", "li-wei"),
            ("queue", "booking"),
            ("caller_name", "Zhang"),
            ("calling_number", "+8613800000001"),
            ("reason", "no answer"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));

        let told = particulars(fields.iter().map(|(name, text)| (name, text)));

        assert_eq!(
            told,
            "queue=booking  agent=li-wei  reason=\"no answer\"  calling_number=+86*******0001"
        );
    }

    #[test]
    fn times_are_told_from_the_start_of_the_call() {
        assert_eq!(offset(0), "+0.000s");
        assert_eq!(offset(61_250), "+61.250s");
    }
}
