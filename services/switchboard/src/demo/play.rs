//! One call, from its first ring to its ticket.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::call::v1::{HangupCause, Side};
use switchboard_client::gateway::{CallEvent, Gateway};
use tokio::time::timeout;

use super::narrator::Narrator;
use super::records::Office;
use super::stories::Story;
use crate::cli::format;

/// No story takes longer than this, a missed offer included.
const LIMIT: Duration = Duration::from_mins(1);

/// Plays one story and tells it; gives whether its call ended in time.
pub(crate) async fn play(
    story: &Story,
    gateway: &Gateway,
    office: &Office,
    narrator: &Arc<Narrator>,
) -> bool {
    let say = |text: &str| narrator.tell(story.slug, text);
    let script = &story.script;
    let from = match script.calling_number.as_str() {
        "" => "a withheld number".to_owned(),
        number => format::masked(number),
    };
    say(&format!("{from} calls {}: {}", script.called_number, story.title));
    say(&format!("recognised: {}", office.caller(story).await));
    let mut call = gateway.call(script.clone());
    let mut has_ended = false;
    let following = async {
        while let Some(event) = call.next().await {
            has_ended = matches!(event, CallEvent::Ended { .. });
            for line in lines(event) {
                say(&line);
            }
            if has_ended {
                return;
            }
        }
    };
    drop(timeout(LIMIT, following).await);
    if !has_ended {
        say("has not come to its end, so the caller hangs up");
        call.hang_up();
    }
    conclude(story, office, narrator).await;
    has_ended
}

/// Tells what is recorded of a call that is over.
async fn conclude(story: &Story, office: &Office, narrator: &Arc<Narrator>) {
    let say = |text: &str| narrator.tell(story.slug, text);
    let Some(record) = office.complete(story).await else {
        return say("is not in the history");
    };
    let filed = match record.disposition.as_str() {
        "" => String::new(),
        disposition => format!(", filed as `{disposition}`"),
    };
    let waited = format::span(record.waited.as_ref());
    say(&format!("recorded: {}{filed}, waited {waited}", record.outcome));
    match office.tickets_of(&story.script.id).await {
        Ok(tickets) if tickets.is_empty() => say("no ticket: no rule asks for one"),
        Ok(tickets) => {
            for ticket in tickets {
                say(&format!("ticket no. {}: {}", ticket.number, ticket.subject));
            }
        }
        Err(status) => say(&format!("its tickets cannot be listed: {}", status.message())),
    }
}

/// Puts a step into words.
fn lines(event: CallEvent) -> Vec<String> {
    match event {
        CallEvent::Heard { prompts, .. } => {
            prompts.into_iter().map(|text| format!("hears “{text}”")).collect()
        }
        CallEvent::Pressed { keys } if keys.is_empty() => vec!["presses nothing".to_owned()],
        CallEvent::Pressed { keys } => vec![format!("presses {keys}")],
        CallEvent::Waits { queue, position, estimated } => {
            let place = match position {
                0 => String::new(),
                position => format!(", position {position}"),
            };
            let wait = estimated
                .map(|wait| format!(", expected wait {}", format::duration(wait)))
                .unwrap_or_default();
            vec![format!("waits in queue `{queue}`{place}{wait}")]
        }
        CallEvent::GetsOn { position, at_most, .. } => {
            let wait = at_most.map(|wait| format!(", at most {}", format::duration(wait)));
            vec![format!("is told: position {position}{}", wait.unwrap_or_default())]
        }
        CallEvent::Connecting { agent } => vec![format!("is being connected to {agent}")],
        CallEvent::Bridged { agent, .. } => vec![format!("talks to {agent}")],
        CallEvent::NotReached { cause } => {
            let cause = format::word(cause.as_str_name(), "HANGUP_CAUSE_");
            vec![format!("is called back in vain: {cause}")]
        }
        CallEvent::BridgeFailed { agent } => vec![format!("could not be connected to {agent}")],
        CallEvent::AgentGone { agent } => vec![format!("{agent} put the phone down")],
        CallEvent::Transferring { number } => vec![format!("is being connected to {number}")],
        CallEvent::Recorded { asset, .. } => vec![format!("leaves a message: {asset}")],
        CallEvent::Recording { on } => {
            vec![format!("recording is switched {}", if on { "on" } else { "off" })]
        }
        CallEvent::Diverted { kind, target } => {
            let kind = format::word(kind.as_str_name(), "DIVERT_KIND_");
            vec![format!("is sent on: {kind} {target}")]
        }
        CallEvent::Ended { side, cause } => vec![over(side, cause)],
        CallEvent::Refused { reason, message } => vec![format!("refused: {message} ({reason})")],
    }
}

fn over(side: Side, cause: HangupCause) -> String {
    let who = match side {
        Side::Unspecified | Side::Caller => "hangs up",
        Side::Agent => "the agent hangs up",
        Side::Center => "the center ends the call",
    };
    if matches!(cause, HangupCause::Normal | HangupCause::Unspecified) {
        return who.to_owned();
    }
    format!("{who}: {}", format::word(cause.as_str_name(), "HANGUP_CAUSE_"))
}
