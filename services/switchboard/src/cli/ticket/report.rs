//! `ticket report`: what became of tickets in some time, counted apart by one thing.

use clap::{Args, ValueEnum};
use serde_json::Value;
use switchboard_api::report::v1::{
    ReportTicketsRequest, StageFigures, TicketFigures, TicketGrouping,
};

use crate::cli::client::ServerArgs;
use crate::cli::output::{Output, message};
use crate::cli::period::{time, zone};
use crate::cli::report::pack::{self, Section};
use crate::cli::{format, json};

/// The message of a stage in the contract.
const STAGE: &str = "switchboard.report.v1.StageFigures";

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// From when on, such as 2026-11-01 or 2026-11-01T09:00
    #[arg(long)]
    from: String,
    /// Until when, exclusive; now if left out
    #[arg(long)]
    until: Option<String>,
    /// By what tickets are counted apart; all together if left out
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Only tickets of this department
    #[arg(long, default_value = "")]
    department: String,
    /// The time zone of the two times
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// How the figures are written
    #[arg(short = 'o', long = "output", value_enum, default_value_t)]
    layout: Layout,
    #[command(flatten)]
    server: ServerArgs,
}

/// By what tickets are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// What kind of issue it is
    Kind,
    /// Where in their life they spent the time, and stand at the end
    Stage,
    /// Which department answers for it
    Department,
    /// Who works on it
    Agent,
    /// How urgent it is
    #[value(alias = "priority")]
    Grade,
    /// What it is filed under
    Category,
    /// What the customer is worth
    Tier,
}

/// How figures are written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Layout {
    /// Columns for people
    #[default]
    Table,
    /// A table in Markdown
    Md,
    /// A header and a line for each group
    Csv,
    /// A JSON array
    Json,
}

impl ReportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let zone = zone(&self.zone)?;
        let request = ReportTicketsRequest {
            start_time: Some(time(&self.from, &zone)?),
            end_time: self.until.as_deref().map(|until| time(until, &zone)).transpose()?,
            group_by: self.by.map_or(TicketGrouping::Unspecified, By::grouping).into(),
            department: self.department,
        };
        let start = request.start_time;
        let mut reports = self.server.connect_as("supervisor")?.reports();
        let report = reports.report_tickets(request).await?.into_inner();
        if let Some(gap) = format::gap(start.as_ref(), report.complete_from.as_ref()) {
            message(&gap);
        }
        let groups = report.figures;
        match self.by {
            Some(By::Stage) => write_stages(&stages(groups), self.layout, out),
            by => write(&Section { by: by.map_or("all", By::word), groups }, self.layout, out),
        }
    }
}

impl By {
    const fn grouping(self) -> TicketGrouping {
        match self {
            // Every group tells of its stages.
            Self::Stage => TicketGrouping::Unspecified,
            Self::Kind => TicketGrouping::Kind,
            Self::Department => TicketGrouping::Department,
            Self::Agent => TicketGrouping::Agent,
            Self::Grade => TicketGrouping::Priority,
            Self::Category => TicketGrouping::Category,
            Self::Tier => TicketGrouping::Tier,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Stage => "stage",
            Self::Department => "department",
            Self::Agent => "agent",
            Self::Grade => "grade",
            Self::Category => "category",
            Self::Tier => "tier",
        }
    }
}

fn write(section: &Section, layout: Layout, out: &mut Output) -> anyhow::Result<()> {
    match layout {
        Layout::Table => {
            let (heads, rows) = section.table();
            let heads: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
            out.table(&heads.iter().map(String::as_str).collect::<Vec<_>>(), rows.into_iter())
        }
        Layout::Md => {
            let mut text = String::new();
            section.markdown(&mut text);
            section.answers(&mut text);
            out.text(text.trim_start())
        }
        Layout::Csv => out.text(&section.csv()?),
        Layout::Json => out.line(&serde_json::to_string_pretty(&section.json()?)?),
    }
}

fn write_stages(stages: &[StageFigures], layout: Layout, out: &mut Output) -> anyhow::Result<()> {
    let row = |spent: String, stage: &StageFigures| {
        vec![stage.stage.clone(), spent, stage.standing.to_string()]
    };
    match layout {
        Layout::Table => {
            let row = |stage: &StageFigures| row(format::span(stage.spent.as_ref()), stage);
            out.table(&["STAGE", "TIME SPENT", "STANDING"], stages.iter().map(row))
        }
        Layout::Md => {
            let mut text = String::new();
            pack::stages(stages, &mut text);
            out.text(text.trim_start())
        }
        Layout::Csv => {
            let mut file = csv::Writer::from_writer(vec![]);
            file.write_record(["stage", "spent", "standing"])?;
            for stage in stages {
                let spent = stage.spent.map(|spent| spent.seconds.to_string());
                file.write_record(row(spent.unwrap_or_default(), stage))?;
            }
            out.text(&String::from_utf8(file.into_inner()?)?)
        }
        Layout::Json => {
            let values = stages.iter().map(|stage| json::value(stage, STAGE));
            let values = values.collect::<anyhow::Result<Vec<Value>>>()?;
            out.line(&serde_json::to_string_pretty(&values)?)
        }
    }
}

/// Gives the stages of all tickets together.
fn stages(groups: Vec<TicketFigures>) -> Vec<StageFigures> {
    groups.into_iter().next().map(|all| all.stages).unwrap_or_default()
}
