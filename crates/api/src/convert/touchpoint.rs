//! Days of the care calendar.

use std::collections::BTreeMap;

use switchboard_domain::flow::CivilDate;
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint::{Touchpoint, TouchpointFigures, TouchpointState};
use switchboard_store::touchpoints::{TouchpointFilter, TouchpointReport};

use super::time::{asked_period, timestamp, timestamp_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::touchpoint::v1 as wire;

/// Puts a touchpoint on the wire.
pub fn touchpoint(touchpoint: Touchpoint) -> wire::Touchpoint {
    wire::Touchpoint {
        touchpoint_id: touchpoint.id.to_string(),
        customer_id: touchpoint.customer.to_string(),
        plan: touchpoint.plan,
        anchor_date: touchpoint.anchor_on.to_string(),
        month: touchpoint.month.into(),
        date: touchpoint.day.to_string(),
        open_time: Some(timestamp(touchpoint.opens_at)),
        close_time: Some(timestamp(touchpoint.closes_at)),
        state: state(touchpoint.state).into(),
        reason: touchpoint.reason.unwrap_or_default(),
        follow_up_id: touchpoint.follow_up.map(|id| id.to_string()).unwrap_or_default(),
        ticket_id: touchpoint.ticket.map(|id| id.to_string()).unwrap_or_default(),
        etag: touchpoint.version.to_string(),
    }
}

/// Leaves out of a touchpoint what tells its days: from what it counts, and when it is.
pub fn without_days(touchpoint: wire::Touchpoint) -> wire::Touchpoint {
    wire::Touchpoint {
        anchor_date: String::new(),
        month: 0,
        date: String::new(),
        open_time: None,
        close_time: None,
        ..touchpoint
    }
}

/// Reads a day.
pub fn day_field(field: &str, text: &str) -> Result<CivilDate, ApiError> {
    text.parse().map_err(|_| ApiError::invalid(field, text, "a day such as `2026-02-28`"))
}

/// Reads the filters of a list.
pub fn filter(request: &wire::ListTouchpointsRequest) -> Result<TouchpointFilter, ApiError> {
    let asked = field::known::<wire::TouchpointState>("state", request.state)?;
    let before = request.opens_before;
    let plan = field::word("plan", request.plan.clone())?;
    Ok(TouchpointFilter {
        customer: field::optional_id("customer_id", &request.customer_id)?,
        plan: Some(plan).filter(|plan| !plan.is_empty()),
        state: TouchpointState::ALL.iter().copied().find(|known| state(*known) == asked),
        opens_before: before.map(|time| timestamp_field("opens_before", time)).transpose()?,
    })
}

/// Reads which days are to be counted.
pub fn report(
    request: wire::ReportTouchpointsRequest,
    now: Timestamp,
) -> Result<TouchpointReport, ApiError> {
    let (from, until) = asked_period((request.start_time, request.end_time), now)?;
    let plan = field::word("plan", request.plan)?;
    Ok(TouchpointReport { from, until, now, plan: Some(plan).filter(|plan| !plan.is_empty()) })
}

/// Puts what became of the days of plans on the wire, and of all of them together.
pub fn figures(plans: BTreeMap<String, TouchpointFigures>) -> wire::ReportTouchpointsResponse {
    let mut all = TouchpointFigures::default();
    for figures in plans.values() {
        all.add(figures);
    }
    let plans = plans.into_iter().map(|(plan, figures)| figures_of(plan, figures));
    wire::ReportTouchpointsResponse {
        plans: plans.collect(),
        all: Some(figures_of(String::new(), all)),
    }
}

fn figures_of(plan: String, figures: TouchpointFigures) -> wire::TouchpointFigures {
    wire::TouchpointFigures {
        plan,
        planned: figures.planned(),
        done: figures.done,
        skipped: figures.skips(),
        missed: figures.missed,
        under_way: figures.under_way,
        to_come: figures.to_come,
        unknown: figures.unknown,
        rate: figures.rate(),
        skips: figures
            .skipped
            .into_iter()
            .map(|(reason, count)| wire::SkipCount { reason, count })
            .collect(),
    }
}

const fn state(state: TouchpointState) -> wire::TouchpointState {
    match state {
        TouchpointState::Planned => wire::TouchpointState::Planned,
        TouchpointState::Fired => wire::TouchpointState::Fired,
        TouchpointState::Done => wire::TouchpointState::Done,
        TouchpointState::Skipped => wire::TouchpointState::Skipped,
        TouchpointState::Lapsed => wire::TouchpointState::Lapsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_of_its_own_on_the_wire() {
        for known in TouchpointState::ALL {
            let request = wire::ListTouchpointsRequest {
                state: state(*known).into(),
                ..wire::ListTouchpointsRequest::default()
            };

            assert_eq!(filter(&request).expect("a filter").state, Some(*known));
        }
    }
}
