//! `report monthly`: asks for the figures of a month and writes them as one pack.

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use switchboard_api::report::v1::{ReportTargetsRequest, ReportTicketsRequest, TicketGrouping};

use super::pack::{Pack, Section};
use crate::cli::client::ServerArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Output, message};
use crate::cli::queue::report::{on_the_wire, zone};

/// By what the pack counts, in its order.
const SECTIONS: [(&str, TicketGrouping); 7] = [
    ("all", TicketGrouping::Unspecified),
    ("kind", TicketGrouping::Kind),
    ("category", TicketGrouping::Category),
    ("department", TicketGrouping::Department),
    ("agent", TicketGrouping::Agent),
    ("priority", TicketGrouping::Priority),
    ("tier", TicketGrouping::Tier),
];

#[derive(Args, Debug)]
pub(crate) struct MonthlyArgs {
    /// The month, such as 2026-11
    #[arg(long)]
    month: String,
    /// Only tickets of this department
    #[arg(long, default_value = "")]
    department: String,
    /// The time zone in which the month begins and ends
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// How the pack is written
    #[arg(short = 'o', long = "output", value_enum, default_value_t)]
    layout: Layout,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Layout {
    /// Tables in Markdown
    #[default]
    Md,
    /// A header and a line for each group
    Csv,
    /// One JSON object
    Json,
}

impl MonthlyArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (start, end) = month(&self.month, &self.zone)?;
        let mut reports = self.server.connect_as("supervisor")?.reports();
        let (mut sections, mut gap) = (vec![], None);
        for (by, grouping) in SECTIONS {
            let request = ReportTicketsRequest {
                start_time: Some(on_the_wire(start)),
                end_time: Some(on_the_wire(end)),
                group_by: grouping.into(),
                department: self.department.clone(),
            };
            let report = reports.report_tickets(request).await?.into_inner();
            gap = format::gap(Some(&on_the_wire(start)), report.complete_from.as_ref());
            sections.push(Section { by, groups: report.figures });
        }
        if let Some(gap) = gap {
            message(&gap);
        }
        let request = ReportTargetsRequest {
            start_time: Some(on_the_wire(start)),
            end_time: Some(on_the_wire(end)),
            department: self.department.clone(),
        };
        let targets = reports.report_targets(request).await?.into_inner().targets;
        let Self { month, department, layout, .. } = self;
        let pack = Pack { month, zone: self.zone, department, sections, targets };
        match layout {
            Layout::Md => out.text(&pack.markdown()),
            Layout::Csv => out.text(&pack.csv()?),
            Layout::Json => out.line(&pack.json()?),
        }
    }
}

/// Gives when a month begins and when the next one does, in a zone.
pub(super) fn month(text: &str, name: &str) -> anyhow::Result<(Timestamp, Timestamp)> {
    let tz = zone(name)?;
    let first: Date = format!("{text}-01").parse().map_err(|error| {
        told(Exit::NotUnderstood, format!("`{text}` is no month such as 2026-11: {error}"))
    })?;
    let next = first.checked_add(1.month())?;
    Ok((first.to_zoned(tz.clone())?.timestamp(), next.to_zoned(tz)?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_and_ends_at_midnight_of_the_zone() {
        let (start, end) = month("2026-11", "Asia/Shanghai").expect("a month");

        assert_eq!(start, "2026-10-31T16:00:00Z".parse().expect("a time"));
        assert_eq!(end, "2026-11-30T16:00:00Z".parse().expect("a time"));
    }

    #[test]
    fn what_is_no_month_is_named() {
        for text in ["2026-13", "november", "2026-11-07"] {
            let refusal = month(text, "UTC").expect_err("a refusal").to_string();
            assert!(refusal.contains(text), "{refusal}");
        }
    }
}
