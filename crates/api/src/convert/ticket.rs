//! Tickets, their moves and their story.

pub mod beside;
mod department;
pub mod dispatch;
pub mod filter;
pub mod form;
pub mod import;
pub mod macros;
pub mod promise;
pub mod relation;
pub mod view;

pub use department::department;

use std::collections::BTreeMap;

use switchboard_domain::ticket::sla::{Clock, ClockKind, Clocks};
use switchboard_domain::ticket::{
    Category, CategoryError, Filled, Medium, MoveDetails, NewTicket, Revision, StageTimes, Ticket,
    TicketKinds, TicketMove, TicketPriority, TicketState,
};
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_relations::Relations;
use switchboard_store::tickets::TicketEvent;

use super::time::{duration, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

const MAX_SUBJECT: usize = 200;
const MAX_DESCRIPTION: usize = 8_000;
const MAX_NOTE: usize = 4_000;

/// Puts a ticket on the wire, without its story.
pub fn ticket(ticket: Ticket) -> wire::Ticket {
    wire::Ticket {
        ticket_id: ticket.id.to_string(),
        number: ticket.number,
        state: state(ticket.state).into(),
        subject: ticket.subject,
        description: ticket.body,
        priority: priority(ticket.priority).into(),
        kind: ticket.kind.to_string(),
        category: or_empty(ticket.category),
        medium: medium(ticket.medium).into(),
        customer_id: or_empty(ticket.customer),
        interaction_id: or_empty(ticket.interaction),
        rule: ticket.rule.unwrap_or_default(),
        department: ticket.department.unwrap_or_default(),
        queue_id: or_empty(ticket.queue),
        agent_id: or_empty(ticket.assignee),
        resolution: ticket.resolution.unwrap_or_default(),
        resolved_by: ticket.resolved_by.unwrap_or_default(),
        inform_time: ticket.informed.map(|informed| timestamp(informed.at)),
        informed_by: ticket.informed.map_or(0, |informed| medium(informed.by).into()),
        merged_into_id: or_empty(ticket.merged_into),
        create_time: Some(timestamp(ticket.created_at)),
        update_time: Some(timestamp(ticket.changed_at)),
        etag: ticket.version.to_string(),
        events: vec![],
        stage_times: None,
        clocks: vec![],
        sla_policy: String::new(),
        reopen_count: ticket.reopened,
        bounce_count: ticket.bounced,
        form: BTreeMap::new(),
        ticked_steps: vec![],
        followers: vec![],
        attachments: vec![],
        side_conversations: vec![],
        parent_id: or_empty(ticket.parent),
        incident_id: or_empty(ticket.incident),
        incident: ticket.is_incident,
        links: vec![],
        children: vec![],
        member_count: 0,
        open_member_count: 0,
        linked_interaction_ids: vec![],
    }
}

/// What is told of a ticket besides its record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// What happened to it, the oldest first.
    pub events: Vec<TicketEvent>,
    /// What is filled in of its form.
    pub filled: Filled,
    /// What it has to do with other tickets.
    pub relations: Relations,
}

/// Puts a ticket on the wire with its story, with the time it spent in each stage up to now, and with
/// what is owed by which policy.
pub fn told(
    about: Ticket,
    story: Story,
    owed: Option<(&str, Clocks)>,
    now: Timestamp,
) -> wire::Ticket {
    let Story { events, filled, relations } = story;
    let life = events.iter().map(|event| (event.state, event.at));
    let stage_times = Some(stage_times(StageTimes::of(life, now)));
    let events = events.into_iter().map(event).collect();
    let (policy, Clocks(clocks)) = owed.unwrap_or_default();
    let clocks = clocks.into_iter().map(|(kind, read)| clock(kind, read, now)).collect();
    let (form, ticked_steps) = form::filled(filled);
    let sla_policy = policy.to_owned();
    let about = relation::related(relations, ticket(about));
    wire::Ticket { events, stage_times, clocks, sla_policy, form, ticked_steps, ..about }
}

fn clock(kind: ClockKind, clock: Clock, now: Timestamp) -> wire::SlaClock {
    let target = match kind {
        ClockKind::Acceptance => wire::SlaTarget::Acceptance,
        ClockKind::FirstResponse => wire::SlaTarget::FirstResponse,
        ClockKind::Response => wire::SlaTarget::Response,
        ClockKind::Resolution => wire::SlaTarget::Resolution,
    };
    let (state, due, left, done) = match clock {
        Clock::Running { due: Some(due), .. } if due <= now => {
            (wire::SlaState::Overdue, Some(due), None, None)
        }
        Clock::Running { due, .. } => (wire::SlaState::Running, due, None, None),
        Clock::Paused { left } => (wire::SlaState::Paused, None, Some(left), None),
        Clock::Met { at } => (wire::SlaState::Met, None, None, Some(at)),
        Clock::Missed { due, at } => (wire::SlaState::Missed, Some(due), None, Some(at)),
    };
    wire::SlaClock {
        target: target.into(),
        state: state.into(),
        due_time: due.map(timestamp),
        left: left.map(duration),
        done_time: done.map(timestamp),
    }
}

/// Reads what is needed to make a ticket, but for its form; without a kind it is of the center's usual
/// one.
pub fn new_ticket(
    request: wire::CreateTicketRequest,
    kinds: &TicketKinds,
) -> Result<NewTicket, ApiError> {
    Ok(NewTicket {
        subject: field::required_text("subject", request.subject, MAX_SUBJECT)?,
        body: field::text("description", request.description, MAX_DESCRIPTION)?,
        kind: field::optional_id("kind", &request.kind)?.unwrap_or_else(|| kinds.usual()),
        category: category_field("category", &request.category)?,
        priority: priority_field("priority", request.priority)?,
        medium: medium_field("medium", request.medium)?.unwrap_or_default(),
        customer: field::optional_id("customer_id", &request.customer_id)?,
        interaction: field::optional_id("interaction_id", &request.interaction_id)?,
        department: said(field::word("department", request.department)?),
        parent: field::optional_id("parent_id", &request.parent_id)?,
        filled: Filled::default(),
    })
}

/// Reads what accompanies a move; `actor` comes from the credential.
pub fn move_details(
    request: wire::MoveTicketRequest,
    actor: String,
) -> Result<(TicketMove, MoveDetails), ApiError> {
    let attempted = move_field("action", request.action)?;
    if !request.queue_id.is_empty() && !request.agent_id.is_empty() {
        return Err(ApiError::invalid_unseen("queue_id", "empty when agent_id is set"));
    }
    let details = MoveDetails {
        actor,
        note: said(field::text("note", request.note, MAX_NOTE)?),
        department: said(field::word("department", request.department)?),
        queue: field::optional_id("queue_id", &request.queue_id)?,
        assignee: field::optional_id("agent_id", &request.agent_id)?,
        resolution: said(field::text("resolution", request.resolution, MAX_NOTE)?),
        merged_into: field::optional_id("merged_into_id", &request.merged_into_id)?,
        medium: medium_field("medium", request.medium)?,
        revision: Revision::default(),
    };
    Ok((attempted, details))
}

fn stage_times(times: StageTimes) -> wire::StageTimes {
    let StageTimes { acceptance, dispatch, handling, waiting, closure } = times;
    wire::StageTimes {
        acceptance: Some(duration(acceptance)),
        dispatch: Some(duration(dispatch)),
        handling: Some(duration(handling)),
        waiting: Some(duration(waiting)),
        closure: Some(duration(closure)),
    }
}

fn event(event: TicketEvent) -> wire::TicketEvent {
    wire::TicketEvent {
        version: event.version,
        at: Some(timestamp(event.at)),
        action: event.applied.map_or(wire::TicketMove::Unspecified, action).into(),
        state: state(event.state).into(),
        actor: event.actor,
        note: event.note.unwrap_or_default(),
    }
}

const fn state(state: TicketState) -> wire::TicketState {
    match state {
        TicketState::New => wire::TicketState::New,
        TicketState::Accepted => wire::TicketState::Accepted,
        TicketState::Dispatched => wire::TicketState::Dispatched,
        TicketState::InProgress => wire::TicketState::InProgress,
        TicketState::WaitingOnCustomer => wire::TicketState::WaitingOnCustomer,
        TicketState::OnHold => wire::TicketState::OnHold,
        TicketState::Resolved => wire::TicketState::Resolved,
        TicketState::Closed => wire::TicketState::Closed,
        TicketState::Reopened => wire::TicketState::Reopened,
        TicketState::Merged => wire::TicketState::Merged,
        TicketState::Cancelled => wire::TicketState::Cancelled,
    }
}

fn state_field(field: &str, value: i32) -> Result<Option<TicketState>, ApiError> {
    let asked = field::known::<wire::TicketState>(field, value)?;
    Ok(TicketState::ALL.into_iter().find(|known| state(*known) == asked))
}

const fn action(applied: TicketMove) -> wire::TicketMove {
    match applied {
        TicketMove::Accept => wire::TicketMove::Accept,
        TicketMove::Dispatch => wire::TicketMove::Dispatch,
        TicketMove::Escalate => wire::TicketMove::Escalate,
        TicketMove::Start => wire::TicketMove::Start,
        TicketMove::WaitOnCustomer => wire::TicketMove::WaitOnCustomer,
        TicketMove::Hold => wire::TicketMove::Hold,
        TicketMove::Resume => wire::TicketMove::Resume,
        TicketMove::Resolve => wire::TicketMove::Resolve,
        TicketMove::Reply => wire::TicketMove::Reply,
        TicketMove::Inform => wire::TicketMove::Inform,
        TicketMove::Close => wire::TicketMove::Close,
        TicketMove::Reopen => wire::TicketMove::Reopen,
        TicketMove::Merge => wire::TicketMove::Merge,
        TicketMove::Cancel => wire::TicketMove::Cancel,
        TicketMove::Note => wire::TicketMove::Note,
        TicketMove::Revise => wire::TicketMove::Revise,
        TicketMove::Alarm => wire::TicketMove::Alarm,
    }
}

fn move_field(field: &str, value: i32) -> Result<TicketMove, ApiError> {
    let asked = field::known::<wire::TicketMove>(field, value)?;
    match TicketMove::ALL.into_iter().find(|known| action(*known) == asked) {
        Some(TicketMove::Alarm) => {
            let expected = "a move of a person: deadlines are told by the program";
            Err(ApiError::invalid(field, asked.as_str_name(), expected))
        }
        Some(TicketMove::Revise) => {
            let expected = "another move: ReviseTicket says what is revised";
            Err(ApiError::invalid(field, asked.as_str_name(), expected))
        }
        known => known.ok_or_else(|| ApiError::missing(field)),
    }
}

const fn priority(priority: TicketPriority) -> wire::TicketPriority {
    match priority {
        TicketPriority::Urgent => wire::TicketPriority::Urgent,
        TicketPriority::High => wire::TicketPriority::High,
        TicketPriority::Normal => wire::TicketPriority::Normal,
        TicketPriority::Low => wire::TicketPriority::Low,
    }
}

fn priority_field(field: &str, value: i32) -> Result<TicketPriority, ApiError> {
    let asked = field::known::<wire::TicketPriority>(field, value)?;
    let known = TicketPriority::ALL.into_iter().find(|known| priority(*known) == asked);
    Ok(known.unwrap_or_default())
}

pub(super) const fn medium(medium: Medium) -> wire::Medium {
    match medium {
        Medium::Phone => wire::Medium::Phone,
        Medium::Chat => wire::Medium::Chat,
        Medium::Email => wire::Medium::Email,
        Medium::Sms => wire::Medium::Sms,
        Medium::Web => wire::Medium::Web,
        Medium::InPerson => wire::Medium::InPerson,
        Medium::Letter => wire::Medium::Letter,
    }
}

pub(super) fn medium_field(field: &str, value: i32) -> Result<Option<Medium>, ApiError> {
    let asked = field::known::<wire::Medium>(field, value)?;
    Ok(Medium::ALL.into_iter().find(|known| medium(*known) == asked))
}

fn category_field(field: &str, text: &str) -> Result<Option<Category>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    let expected = "one to six names joined by `/`, such as `billing/refund`";
    let refused = |_: CategoryError| ApiError::invalid(field, text, expected);
    text.parse().map(Some).map_err(refused)
}

fn or_empty(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests;
