//! Which tickets are wanted.

use std::time::Duration;

use switchboard_domain::ids::{AgentId, ContactId, CustomerId, TicketId, TicketKindId};
use switchboard_store::ticket_views::ViewFilter;
use switchboard_store::tickets::TicketFilter;

use super::{category_field, or_empty, said, state, state_field};
use crate::convert::time::{duration, duration_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

/// Ten years: older than any ticket.
const MAX_UNTOUCHED: Duration = Duration::from_hours(10 * 365 * 24);

/// Reads a filter; `within` is the field that holds it, empty for the request itself.
pub fn read(within: &str, asked: &wire::TicketFilter) -> Result<ViewFilter, ApiError> {
    let read = || {
        let untouched = asked.untouched_for;
        Ok(ViewFilter {
            lasting: lasting(asked)?,
            is_overdue: asked.overdue,
            is_due_today: asked.due_today,
            is_followed: asked.followed,
            untouched_for: match untouched {
                Some(_) => Some(duration_field("untouched_for", untouched, MAX_UNTOUCHED)?),
                None => None,
            },
        })
    };
    read().map_err(|error: ApiError| if within.is_empty() { error } else { error.within(within) })
}

fn lasting(asked: &wire::TicketFilter) -> Result<TicketFilter, ApiError> {
    Ok(TicketFilter {
        state: state_field("state", asked.state)?,
        customer: field::optional_id::<CustomerId>("customer_id", &asked.customer_id)?,
        interaction: field::optional_id::<ContactId>("interaction_id", &asked.interaction_id)?,
        assignee: field::optional_id::<AgentId>("agent_id", &asked.agent_id)?,
        kind: field::optional_id::<TicketKindId>("kind", &asked.kind)?,
        category: category_field("category", &asked.category)?,
        department: said(field::word("department", asked.department.clone())?),
        is_unassigned: asked.unassigned,
        is_open: asked.open,
        is_reopened: asked.reopened,
        is_bounced: asked.bounced,
        is_important: asked.important,
        parent: field::optional_id::<TicketId>("parent_id", &asked.parent_id)?,
        incident: field::optional_id::<TicketId>("incident_id", &asked.incident_id)?,
        is_incident: asked.incidents,
        ..TicketFilter::default()
    })
}

/// Gives the filter that a list asks for.
pub fn of_list(request: &wire::ListTicketsRequest) -> wire::TicketFilter {
    let request = request.clone();
    wire::TicketFilter {
        state: request.state,
        customer_id: request.customer_id,
        interaction_id: request.interaction_id,
        agent_id: request.agent_id,
        kind: request.kind,
        category: request.category,
        department: request.department,
        overdue: request.overdue,
        unassigned: request.unassigned,
        untouched_for: request.untouched_for,
        open: request.open,
        reopened: request.reopened,
        bounced: request.bounced,
        important: request.important,
        due_today: request.due_today,
        followed: request.followed,
        parent_id: request.parent_id,
        incident_id: request.incident_id,
        incidents: request.incidents,
    }
}

/// Puts a filter on the wire.
pub fn write(filter: ViewFilter) -> wire::TicketFilter {
    let lasting = filter.lasting;
    wire::TicketFilter {
        state: lasting.state.map_or(0, |known| state(known).into()),
        customer_id: or_empty(lasting.customer),
        interaction_id: or_empty(lasting.interaction),
        agent_id: or_empty(lasting.assignee),
        kind: or_empty(lasting.kind),
        category: or_empty(lasting.category),
        department: lasting.department.unwrap_or_default(),
        overdue: filter.is_overdue,
        unassigned: lasting.is_unassigned,
        untouched_for: filter.untouched_for.map(duration),
        open: lasting.is_open,
        reopened: lasting.is_reopened,
        bounced: lasting.is_bounced,
        important: lasting.is_important,
        parent_id: or_empty(lasting.parent),
        incident_id: or_empty(lasting.incident),
        incidents: lasting.is_incident,
        due_today: filter.is_due_today,
        followed: filter.is_followed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_goes_both_ways_whole() {
        let asked = wire::TicketFilter {
            state: wire::TicketState::OnHold.into(),
            customer_id: "li".to_owned(),
            interaction_id: "c-1".to_owned(),
            agent_id: "wang".to_owned(),
            kind: "complaint".to_owned(),
            category: "trains/late".to_owned(),
            department: "refunds".to_owned(),
            overdue: true,
            unassigned: true,
            untouched_for: Some(prost_types::Duration { seconds: 60, nanos: 0 }),
            open: true,
            reopened: true,
            bounced: true,
            important: true,
            due_today: true,
            followed: true,
            parent_id: "t-1".to_owned(),
            incident_id: "t-2".to_owned(),
            incidents: true,
        };

        assert_eq!(write(read("", &asked).expect("a filter")), asked);
    }

    #[test]
    fn filters_are_checked_and_refused_by_the_name_of_their_place() {
        let words = wire::TicketFilter { agent_id: "two words".to_owned(), ..Default::default() };
        let long = Some(prost_types::Duration { seconds: i64::MAX, nanos: 0 });
        let ages = wire::TicketFilter { untouched_for: long, ..Default::default() };
        let field = |within, filter| {
            read(within, filter).expect_err("a refusal").metadata()["field"].clone()
        };

        assert_eq!(field("", &words), "agent_id");
        assert_eq!(field("filter", &words), "filter.agent_id");
        assert_eq!(field("", &ages), "untouched_for");
    }
}
