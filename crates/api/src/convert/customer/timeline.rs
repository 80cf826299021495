//! What happened with customers, and which records may be about one.

use switchboard_domain::customer::Duplicate;
use switchboard_store::customer_timeline::{Happening, TimelineEntry};

use super::{event, listed};
use crate::convert::time::timestamp;
use crate::generated::callerid::v1 as wire;
use crate::generated::callerid::v1::timeline_entry::What;

/// Puts something that happened on the wire.
pub fn timeline_entry(entry: TimelineEntry) -> wire::TimelineEntry {
    wire::TimelineEntry { at: Some(timestamp(entry.at)), what: Some(what(entry.what)) }
}

fn what(happening: Happening) -> What {
    match happening {
        Happening::Contact { id, state, queue, agent, disposition } => {
            What::Contact(wire::TimelineContact {
                interaction_id: id.to_string(),
                state,
                queue_id: named(queue),
                agent_id: named(agent),
                disposition: disposition.unwrap_or_default(),
            })
        }
        Happening::Ticket { id, number, subject, state, priority } => {
            What::Ticket(wire::TimelineTicket {
                ticket_id: id.to_string(),
                number,
                subject,
                state,
                priority,
            })
        }
        Happening::FollowUp { id, state, survey, ticket, reason } => {
            What::FollowUp(wire::TimelineFollowUp {
                follow_up_id: id.to_string(),
                state,
                survey_id: named(survey),
                ticket_id: named(ticket),
                reason: reason.unwrap_or_default(),
            })
        }
        Happening::Promise { id, state, what, due_at, owner, ticket } => {
            What::Promise(wire::TimelinePromise {
                promise_id: id.to_string(),
                state,
                what,
                due_time: Some(timestamp(due_at)),
                owner_agent_id: named(owner),
                ticket_id: named(ticket),
            })
        }
        Happening::Touchpoint { id, state, plan, reason, follow_up, ticket } => {
            What::Touchpoint(wire::TimelineTouchpoint {
                touchpoint_id: id.to_string(),
                state,
                plan,
                reason: reason.unwrap_or_default(),
                follow_up_id: named(follow_up),
                ticket_id: named(ticket),
            })
        }
        Happening::Occurrence { id, kind, summary, source, actor } => {
            let (request_id, kind) = (id.to_string(), kind.to_string());
            What::Occurrence(wire::TimelineOccurrence { request_id, kind, summary, source, actor })
        }
        Happening::Record { customer, event: change } => What::Record(wire::TimelineRecord {
            customer_id: customer.to_string(),
            event: Some(event(change)),
        }),
    }
}

fn named(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Puts two records that may be about one customer on the wire, with masked numbers.
pub fn duplicate(duplicate: Duplicate) -> wire::Duplicate {
    wire::Duplicate {
        older: Some(listed(duplicate.older)),
        younger: Some(listed(duplicate.younger)),
        reasons: duplicate.reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
        score: duplicate.score.into(),
    }
}
