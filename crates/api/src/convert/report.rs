//! Reports on tickets.

use switchboard_domain::survey::ResponseFigures;
use switchboard_domain::ticket::TicketFigures;
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_reports::{
    ExceptionQuery, ExceptionReport, TicketExceptions, TicketGroup, TicketGrouping, TicketReport,
};
use switchboard_store::ticket_views::STUCK;

use super::time::{MAX_PERIOD, asked_period, duration, duration_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::report::v1 as wire;

/// Reads what is asked for.
pub fn ticket_report(
    request: wire::ReportTicketsRequest,
    now: Timestamp,
) -> Result<TicketReport, ApiError> {
    let (from, until) = asked_period((request.start_time, request.end_time), now)?;
    let department = field::word("department", request.department)?;
    let department = Some(department).filter(|name| !name.is_empty());
    Ok(TicketReport { from, until, by: grouping("group_by", request.group_by)?, department })
}

fn grouping(name: &str, value: i32) -> Result<TicketGrouping, ApiError> {
    Ok(match field::known::<wire::TicketGrouping>(name, value)? {
        wire::TicketGrouping::Unspecified => TicketGrouping::Nothing,
        wire::TicketGrouping::Kind => TicketGrouping::Kind,
        wire::TicketGrouping::Category => TicketGrouping::Category,
        wire::TicketGrouping::Department => TicketGrouping::Department,
        wire::TicketGrouping::Agent => TicketGrouping::Agent,
        wire::TicketGrouping::Priority => TicketGrouping::Priority,
        wire::TicketGrouping::Tier => TicketGrouping::Tier,
    })
}

/// Puts what became of a group of tickets on the wire.
pub fn ticket_figures(group: TicketGroup) -> wire::TicketFigures {
    let TicketGroup { name, figures, responses } = group;
    let open = figures.standing.open();
    wire::TicketFigures {
        group: name,
        made: figures.made,
        resolved: figures.resolved,
        late: figures.late,
        answered: figures.answered,
        answered_late: figures.answered_late,
        mean_answering: figures.mean_answering().map(duration),
        first_contact: figures.first_contact,
        closed: figures.closed,
        reopened: figures.reopened,
        merged: figures.merged,
        cancelled: figures.cancelled,
        kept: figures.kept(),
        first_contact_rate: figures.first_contact_rate(),
        reopen_rate: figures.reopen_rate(),
        mean_resolving: figures.mean_resolving().map(duration),
        stages: stages(&figures),
        open,
        older_than_week: figures.older_than_week,
        older_than_month: figures.older_than_month,
        mean_age: figures.mean_age().map(duration),
        oldest: (open > 0).then(|| duration(figures.oldest)),
        responses: Some(response_figures(&responses)),
    }
}

/// Reads with how many tickets somebody asks whether something is wrong.
pub fn exception_query(
    request: wire::CountExceptionsRequest,
    now: Timestamp,
) -> Result<ExceptionQuery, ApiError> {
    let department = field::word("department", request.department)?;
    let untouched = match request.untouched_for {
        Some(_) => duration_field("untouched_for", request.untouched_for, MAX_PERIOD)?,
        None => STUCK,
    };
    let department = Some(department).filter(|name| !name.is_empty());
    Ok(ExceptionQuery { department, now, untouched_since: now - untouched })
}

/// Puts what is wrong with tickets on the wire.
pub fn exceptions(report: ExceptionReport) -> wire::CountExceptionsResponse {
    wire::CountExceptionsResponse {
        all: Some(exceptions_of(report.all)),
        departments: report.departments.into_iter().map(exceptions_of).collect(),
    }
}

fn exceptions_of(counts: TicketExceptions) -> wire::TicketExceptions {
    wire::TicketExceptions {
        department: counts.department.unwrap_or_default(),
        open: counts.open,
        overdue: counts.overdue,
        stuck: counts.stuck,
        bounced: counts.bounced,
        reopened: counts.reopened,
        unassigned: counts.unassigned,
    }
}

fn response_figures(figures: &ResponseFigures) -> wire::ResponseFigures {
    let points = &figures.satisfaction;
    wire::ResponseFigures {
        asked: figures.asked,
        answered: figures.answered,
        response_rate: figures.response_rate(),
        points: points.answers,
        satisfied: points.satisfied,
        satisfied_share: points.satisfied_share(),
        mean_points: points.mean(),
        judged: figures.judged,
        loyal: figures.loyal,
        loyal_share: figures.loyal_share(),
    }
}

fn stages(figures: &TicketFigures) -> Vec<wire::StageFigures> {
    let (times, counts) = (&figures.spent, &figures.standing);
    let stage = |stage: &str, spent, standing| wire::StageFigures {
        stage: stage.to_owned(),
        spent: Some(duration(spent)),
        standing,
    };
    vec![
        stage("acceptance", times.acceptance, counts.acceptance),
        stage("dispatch", times.dispatch, counts.dispatch),
        stage("handling", times.handling, counts.handling),
        stage("waiting", times.waiting, counts.waiting),
        stage("closure", times.closure, counts.closure),
    ]
}
