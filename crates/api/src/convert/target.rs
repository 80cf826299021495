//! Targets, and how they were met.

use switchboard_domain::survey::ResponseFigures;
use switchboard_domain::targets::{Aim, Attained, Attainment, Measure, Percent};
use switchboard_domain::ticket::TicketFigures;
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_reports::{TicketGroup, TicketReport};

use super::report::{ticket_figures, ticket_report};
use super::time::duration;
use crate::error::ApiError;
use crate::generated::report::v1 as wire;

/// Whose targets: those of the company, of a department, or of an agent of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The department; none for the company.
    pub department: Option<String>,
    /// The agent; none for the company, and for a department as a whole.
    pub agent: Option<String>,
}

/// Reads which targets somebody asks for, and in which time.
pub fn target_report(
    request: wire::ReportTargetsRequest,
    now: Timestamp,
) -> Result<TicketReport, ApiError> {
    let wire::ReportTargetsRequest { start_time, end_time, department } = request;
    let same = wire::ReportTicketsRequest { start_time, end_time, department, group_by: 0 };
    ticket_report(same, now)
}

/// Puts on the wire what somebody was to reach, and what was counted.
pub fn target_figures(
    holder: Holder,
    (tickets, answers): (&TicketFigures, &ResponseFigures),
    attainments: &[Attainment],
) -> wire::TargetFigures {
    let name = holder.agent.as_ref().or(holder.department.as_ref()).cloned();
    let group =
        TicketGroup { name: name.unwrap_or_default(), figures: *tickets, responses: *answers };
    wire::TargetFigures {
        department: holder.department.unwrap_or_default(),
        agent_id: holder.agent.unwrap_or_default(),
        figures: Some(ticket_figures(group)),
        targets: attainments.iter().map(attainment).collect(),
    }
}

fn attainment(of: &Attainment) -> wire::TargetAttainment {
    wire::TargetAttainment {
        measure: measure(of.measure).into(),
        aim: Some(match of.aim {
            Aim::AtLeast(percent) => wire::target_attainment::Aim::AtLeast(fraction(percent)),
            Aim::AtMost(percent) => wire::target_attainment::Aim::AtMost(fraction(percent)),
            Aim::Within(time) => wire::target_attainment::Aim::Within(duration(time)),
        }),
        counted: of.actual.counted(),
        share: of.actual.share(),
        mean: of.actual.mean().map(duration),
        attained: attained(of.attained).into(),
    }
}

const fn measure(measure: Measure) -> wire::Measure {
    match measure {
        Measure::Kept => wire::Measure::Kept,
        Measure::FirstContactRate => wire::Measure::FirstContactRate,
        Measure::ReopenRate => wire::Measure::ReopenRate,
        Measure::MeanResolving => wire::Measure::MeanResolving,
        Measure::MeanAnswering => wire::Measure::MeanAnswering,
        Measure::ResponseRate => wire::Measure::ResponseRate,
        Measure::SatisfiedShare => wire::Measure::SatisfiedShare,
        Measure::LoyalShare => wire::Measure::LoyalShare,
    }
}

const fn attained(attained: Attained) -> wire::Attained {
    match attained {
        Attained::Yes => wire::Attained::Yes,
        Attained::No => wire::Attained::No,
        Attained::TooFew => wire::Attained::TooFew,
    }
}

fn fraction(percent: Percent) -> f64 {
    f64::from(percent.tenths()) / 1_000.0
}
