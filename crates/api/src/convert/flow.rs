//! Flows, and the prompts a caller hears.

use std::time::Duration;

use switchboard_domain::flow::{
    CollectDirective, DigitsEnd, Edge, Flow, Input, Key, Node, NodeId, Sound, TransferRequest,
    TransferTarget, Utterance, VoicemailRequest,
};
use switchboard_store::flows::FlowRelease;

use super::time::{duration, duration_field, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::{call::v1 as call, ivr::v1 as wire};

/// The longest name of a recording, in bytes.
const MAX_ASSET: usize = 255;
/// The most keys of one entry.
const MAX_KEYS: usize = 64;
/// The longest message anybody may leave, with room to spare.
const MAX_MESSAGE: Duration = Duration::from_hours(1);

/// Puts a flow on the wire with all its nodes; languages and numbers are the center's to say.
pub fn flow(flow: &Flow, languages: Vec<String>, called_numbers: Vec<String>) -> wire::Flow {
    let nodes = flow.nodes().iter();
    wire::Flow {
        nodes: nodes.map(|(id, node)| flow_node(id, node)).collect(),
        ..summary(flow, languages, called_numbers)
    }
}

/// Puts a flow on the wire without its nodes.
pub fn summary(flow: &Flow, languages: Vec<String>, called_numbers: Vec<String>) -> wire::Flow {
    wire::Flow {
        flow_id: flow.id().to_string(),
        display_name: flow.title().to_owned(),
        version: flow.version().to_string(),
        languages,
        entry_node_id: flow.start().to_string(),
        human_node_id: flow.human().to_string(),
        human_key: key(flow.human_key()),
        max_steps: flow.max_steps(),
        called_numbers,
        nodes: Vec::new(),
    }
}

/// Puts a line of the history of a flow on the wire.
pub fn release(line: &FlowRelease, in_force: bool) -> wire::FlowRelease {
    let (canary_version, canary_percent) = match line.standing.canary {
        Some((version, percent)) => (version.to_string(), u32::from(percent)),
        None => (String::new(), 0),
    };
    wire::FlowRelease {
        flow_id: line.flow.to_string(),
        version: line.standing.version.to_string(),
        canary_version,
        canary_percent,
        center_version: line.center_version,
        cause: line.cause.to_string(),
        author: line.author.clone(),
        note: line.note.clone(),
        released_at: Some(timestamp(line.at)),
        in_force,
    }
}

/// Gives the word for what a node does.
pub const fn node_kind(node: &Node) -> &'static str {
    node.kind()
}

/// Puts sounds into a command for the gateway.
pub fn prompts(utterances: Vec<Utterance>) -> Vec<call::Prompt> {
    let prompt = |utterance: Utterance| {
        let (text, audio) = text_and_audio(utterance.sound);
        call::Prompt {
            prompt_id: utterance.key.to_string(),
            language: utterance.language.to_string(),
            text,
            audio,
        }
    };
    utterances.into_iter().map(prompt).collect()
}

/// Puts listening for keys into a command for the gateway.
pub fn collect(directive: CollectDirective) -> call::Collect {
    let count = |digits: usize| u32::try_from(digits).unwrap_or(u32::MAX);
    call::Collect {
        prompts: prompts(directive.prompts),
        min_digits: count(directive.min_digits),
        max_digits: count(directive.max_digits),
        terminators: directive.terminator.map(key).unwrap_or_default(),
        first_digit_timeout: Some(duration(directive.timers.first_digit)),
        inter_digit_timeout: Some(duration(directive.timers.inter_digit)),
        overall_timeout: Some(duration(directive.timers.overall)),
        barge_in: directive.barge_in,
        sensitive: directive.sensitive,
    }
}

/// Puts a transfer to a telephone outside into a command for the gateway; nothing for one to an agent.
pub fn transfer(request: &TransferRequest, shown_number: &str) -> Option<call::Transfer> {
    let TransferTarget::Number(number) = &request.to else { return None };
    Some(call::Transfer {
        number: number.clone(),
        ring_timeout: Some(duration(request.ring)),
        shown_number: shown_number.to_owned(),
        prompts: Vec::new(),
    })
}

/// Puts the recording of a message into a command for the gateway.
pub fn record_message(request: &VoicemailRequest) -> call::RecordMessage {
    call::RecordMessage {
        queue_id: request.queue.to_string(),
        max_length: Some(duration(request.max_length)),
        terminators: request.end_key.map(key).unwrap_or_default(),
        prompts: prompts(request.prompts.clone()),
    }
}

/// Reads a recorded message: its name and its length; nothing when nothing was said.
pub fn recorded(recorded: call::MessageRecorded) -> Result<Option<(String, Duration)>, ApiError> {
    let asset = field::text("asset", recorded.asset, MAX_ASSET)?;
    let length = duration_field("length", recorded.length, MAX_MESSAGE)?;
    Ok((!asset.is_empty()).then_some((asset, length)))
}

/// Reads what a caller keyed in and why listening ended, with what both fields are called.
pub fn pressed(
    (keys_field, keys): (&'static str, String),
    (reason_field, reason): (&'static str, i32),
) -> Result<Input, ApiError> {
    let keys = field::digits(keys_field, keys, MAX_KEYS)?;
    let end = match field::known::<call::CollectEnd>(reason_field, reason)? {
        call::CollectEnd::NoInput => None,
        call::CollectEnd::Terminator => Some(DigitsEnd::Terminator),
        call::CollectEnd::Timeout => Some(DigitsEnd::Timeout),
        call::CollectEnd::Unspecified | call::CollectEnd::Complete => Some(DigitsEnd::Full),
    };
    Ok(match end {
        Some(end) if !keys.is_empty() || end == DigitsEnd::Terminator => {
            Input::Digits { keys, end }
        }
        Some(_) | None => Input::Silence,
    })
}

/// Shows sounds in a simulation.
pub fn spoken(utterances: Vec<Utterance>) -> Vec<wire::SpokenPrompt> {
    let prompt = |utterance: Utterance| {
        let (text, audio) = text_and_audio(utterance.sound);
        wire::SpokenPrompt {
            prompt_id: utterance.key.to_string(),
            language: utterance.language.to_string(),
            text,
            audio,
        }
    };
    utterances.into_iter().map(prompt).collect()
}

fn flow_node(id: &NodeId, node: &Node) -> wire::FlowNode {
    let edge = |edge: Edge<'_>| wire::FlowEdge {
        outcome: edge.name.into_owned(),
        target_node_id: edge.to.to_string(),
    };
    wire::FlowNode {
        node_id: id.to_string(),
        kind: node_kind(node).to_owned(),
        edges: node.edges().into_iter().map(edge).collect(),
    }
}

fn key(key: Key) -> String {
    key.as_char().to_string()
}

fn text_and_audio(sound: Sound) -> (String, String) {
    match sound {
        Sound::Text(text) => (text, String::new()),
        Sound::Asset(name) => (String::new(), name),
    }
}

#[cfg(test)]
mod tests;
