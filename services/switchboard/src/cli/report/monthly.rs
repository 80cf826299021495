//! `report monthly`: asks for the figures of a month and writes them as one pack.

use clap::{Args, ValueEnum};
use switchboard_api::report::v1::{ReportTargetsRequest, ReportTicketsRequest, TicketGrouping};

use super::pack::{Pack, Section};
use crate::cli::client::ServerArgs;
use crate::cli::format;
use crate::cli::output::{Output, message};
use crate::cli::period::MonthArgs;

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
    #[command(flatten)]
    month: MonthArgs,
    /// Only tickets of this department
    #[arg(long, default_value = "")]
    department: String,
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
        let (start, end) = self.month.bounds()?;
        let mut reports = self.server.connect_as("supervisor")?.reports();
        let (mut sections, mut gap) = (vec![], None);
        for (by, grouping) in SECTIONS {
            let request = ReportTicketsRequest {
                start_time: Some(start),
                end_time: Some(end),
                group_by: grouping.into(),
                department: self.department.clone(),
            };
            let report = reports.report_tickets(request).await?.into_inner();
            gap = format::gap(Some(&start), report.complete_from.as_ref());
            sections.push(Section { by, groups: report.figures });
        }
        if let Some(gap) = gap {
            message(&gap);
        }
        let request = ReportTargetsRequest {
            start_time: Some(start),
            end_time: Some(end),
            department: self.department.clone(),
        };
        let targets = reports.report_targets(request).await?.into_inner().targets;
        let Self { month: MonthArgs { month, zone }, department, layout, .. } = self;
        let pack = Pack { month, zone, department, sections, targets };
        match layout {
            Layout::Md => out.text(&pack.markdown()),
            Layout::Csv => out.text(&pack.csv()?),
            Layout::Json => out.line(&pack.json()?),
        }
    }
}
