//! Interactions and their events.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::interaction::{Interaction, InteractionState};
use switchboard_domain::time::Timestamp;
use switchboard_store::history::{InteractionFilter, InteractionStory, QueueStep};
use switchboard_store::outbox::OutboxEntry;

use super::channel::channel;
use super::phone::masked;
use super::time::{MAX_PERIOD, asked_period, duration, duration_field, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::call::v1 as wire;

/// The names of event particulars that hold a caller's number.
const NUMBER_FIELDS: [&str; 2] = ["calling_number", "calling_raw"];

/// How much of a caller's number a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// All of it.
    Shown,
    /// The last four digits.
    Masked,
}

impl Numbers {
    /// Gives as much of a number as the reader sees.
    pub fn of(self, number: String) -> String {
        match self {
            Self::Shown => number,
            Self::Masked => masked(&number),
        }
    }
}

/// The shortest step of a report.
const MIN_STEP: Duration = Duration::from_mins(1);
/// The most steps of a report.
const MAX_STEPS: u128 = 1_000;

/// Reads which time a report is about: from when, until when, in which steps.
pub fn report_time(
    request: &wire::ReportQueuesRequest,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp, Duration), ApiError> {
    let (from, until) = asked_period((request.start_time, request.end_time), now)?;
    let time = until.since(from);
    let step = match request.step {
        Some(_) => duration_field("step", request.step, MAX_PERIOD)?,
        None => time,
    };
    let steps = time.as_nanos().div_ceil(step.as_nanos().max(1));
    if request.step.is_some() && (step < MIN_STEP || steps > MAX_STEPS) {
        let expected = "at least a minute, and at most 1,000 steps from start to end";
        return Err(ApiError::invalid("step", &format!("{} s", step.as_secs()), expected));
    }
    Ok((from, until, step))
}

/// Puts what a queue did on the wire.
pub fn queue_figures(step: QueueStep, target: Duration) -> wire::QueueFigures {
    let QueueStep { queue, from, figures } = step;
    wire::QueueFigures {
        queue_id: queue.to_string(),
        start_time: Some(timestamp(from)),
        offered: figures.offered,
        answered: figures.answered,
        answered_in_time: figures.answered_in_time,
        abandoned: figures.abandoned,
        short_abandoned: figures.short_abandoned,
        overflowed: figures.overflowed,
        lost: figures.lost,
        open: figures.open,
        target: Some(duration(target)),
        service_level: figures.service_level(),
        abandon_rate: figures.abandon_rate(),
        speed_of_answer: figures.speed_of_answer().map(duration),
        mean_talk: figures.mean_talk().map(duration),
        longest_wait: Some(duration(figures.longest_wait)),
        callbacks_booked: figures.callbacks_booked,
        unreached: figures.unreached,
    }
}

/// Puts an interaction on the wire, without events.
pub fn interaction(record: Interaction, numbers: Numbers) -> wire::Interaction {
    let outcome = record.outcome().map(|outcome| outcome.to_string()).unwrap_or_default();
    let waited = span(record.queued_at, record.answered_at.or(record.ended_at));
    let talked = span(record.answered_at, record.ended_at);
    wire::Interaction {
        interaction_id: record.id.to_string(),
        channel: channel(record.channel).into(),
        state: state(record.state).into(),
        gateway_id: or_empty(record.gateway),
        calling_number: numbers.of(record.calling_number.unwrap_or_default()),
        called_number: record.called_number.unwrap_or_default(),
        customer_id: or_empty(record.customer),
        language: record.language.unwrap_or_default(),
        queue_id: or_empty(record.queue),
        agent_id: or_empty(record.agent),
        offers: record.offers,
        started_at: Some(timestamp(record.started_at)),
        queued_at: record.queued_at.map(timestamp),
        answered_at: record.answered_at.map(timestamp),
        ended_at: record.ended_at.map(timestamp),
        waited: waited.map(duration),
        talked: talked.map(duration),
        end_reason: record.end_reason.unwrap_or_default(),
        outcome,
        disposition: record.disposition.unwrap_or_default(),
        notes: record.notes.unwrap_or_default(),
        ticket_ids: Vec::new(),
        events: Vec::new(),
        caller_lists: record.caller_lists,
        origin: record.origin.to_string(),
    }
}

/// Puts an interaction on the wire with all its events.
pub fn story(
    story: InteractionStory,
    ticket_ids: Vec<String>,
    numbers: Numbers,
) -> wire::Interaction {
    let events = story.events.into_iter().zip(1..);
    wire::Interaction {
        ticket_ids,
        events: events.map(|(entry, sequence)| event(entry, sequence, numbers)).collect(),
        ..interaction(story.interaction, numbers)
    }
}

/// Reads the filters of a list.
pub fn filter(request: &wire::ListInteractionsRequest) -> Result<InteractionFilter, ApiError> {
    let asked = field::known::<wire::InteractionState>("state", request.state)?;
    Ok(InteractionFilter {
        state: InteractionState::ALL.into_iter().find(|known| state(*known) == asked),
        queue: field::optional_id("queue_id", &request.queue_id)?,
        agent: field::optional_id("agent_id", &request.agent_id)?,
        customer: field::optional_id("customer_id", &request.customer_id)?,
    })
}

fn event(entry: OutboxEntry, sequence: u64, numbers: Numbers) -> wire::InteractionEvent {
    wire::InteractionEvent {
        sequence,
        version: entry.version,
        at: Some(timestamp(entry.wall)),
        r#type: entry.kind,
        fields: fields(entry.fields, numbers),
        epoch: entry.epoch,
    }
}

fn fields(mut fields: BTreeMap<String, String>, numbers: Numbers) -> BTreeMap<String, String> {
    for name in NUMBER_FIELDS {
        if let Some(value) = fields.get_mut(name) {
            *value = numbers.of(std::mem::take(value));
        }
    }
    fields
}

fn span(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<Duration> {
    Some(to?.since(from?))
}

const fn state(state: InteractionState) -> wire::InteractionState {
    match state {
        InteractionState::InMenu => wire::InteractionState::InMenu,
        InteractionState::Waiting => wire::InteractionState::Waiting,
        InteractionState::Offered => wire::InteractionState::Offered,
        InteractionState::Connecting => wire::InteractionState::Connecting,
        InteractionState::Connected => wire::InteractionState::Connected,
        InteractionState::Orphaned => wire::InteractionState::Orphaned,
        InteractionState::Ended => wire::InteractionState::Ended,
    }
}

fn or_empty(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
