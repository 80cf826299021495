//! `report targets`: what a company, its departments and the people in them were to reach in a month, and
//! whether they did.

use clap::{Args, ValueEnum};
use serde_json::Value;
use switchboard_api::report::v1::target_attainment::Aim;
use switchboard_api::report::v1::{
    Attained, Measure, ReportTargetsRequest, TargetAttainment, TargetFigures,
};

use super::pack;
use crate::cli::client::ServerArgs;
use crate::cli::output::{Output, message};
use crate::cli::period::MonthArgs;
use crate::cli::{format, json};

/// The message of whoever has targets in the contract.
const FIGURES: &str = "switchboard.report.v1.TargetFigures";

/// The measures, and what the columns of a pack call them.
const MEASURES: [(Measure, &str); 8] = [
    (Measure::Kept, "kept"),
    (Measure::FirstContactRate, "first contact rate"),
    (Measure::ReopenRate, "reopen rate"),
    (Measure::MeanResolving, "mean time to resolve"),
    (Measure::MeanAnswering, "mean time to first answer"),
    (Measure::ResponseRate, "response rate"),
    (Measure::SatisfiedShare, "CSAT"),
    (Measure::LoyalShare, "L3"),
];

const HEADS: [&str; 6] = ["whose", "measure", "target", "actual", "of", "attained"];

#[derive(Args, Debug)]
pub(crate) struct TargetsArgs {
    #[command(flatten)]
    month: MonthArgs,
    /// Only this department and its agents
    #[arg(long, default_value = "")]
    department: String,
    /// How the targets are written
    #[arg(short = 'o', long = "output", value_enum, default_value_t)]
    layout: Layout,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Layout {
    /// Columns for people
    #[default]
    Table,
    /// A table in Markdown
    Md,
    /// A header and a line for each target: shares from 0 to 1, times in seconds
    Csv,
    /// A JSON array
    Json,
}

impl TargetsArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (start, end) = self.month.bounds()?;
        let request = ReportTargetsRequest {
            start_time: Some(start),
            end_time: Some(end),
            department: self.department,
        };
        let mut reports = self.server.connect_as("supervisor")?.reports();
        let report = reports.report_targets(request).await?.into_inner();
        if let Some(gap) = format::gap(Some(&start), report.complete_from.as_ref()) {
            message(&gap);
        }
        match self.layout {
            Layout::Table => {
                let heads = HEADS.map(str::to_uppercase);
                let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
                out.table(&heads, rows(&report.targets).into_iter())
            }
            Layout::Md => out.text(markdown(&report.targets).trim_start()),
            Layout::Csv => out.text(&csv(&report.targets)?),
            Layout::Json => out.line(&serde_json::to_string_pretty(&values(&report.targets)?)?),
        }
    }
}

/// Writes targets as a table in Markdown; nothing where there are none.
pub(super) fn markdown(of: &[TargetFigures]) -> String {
    let mut text = String::new();
    if !of.is_empty() {
        let rows = rows(of).into_iter().map(|mut row| {
            row[0] = pack::cell(&row[0]);
            row
        });
        pack::table("Targets", &HEADS, rows, &mut text);
    }
    text
}

/// Gives targets for programs: the messages of the contract.
pub(super) fn values(of: &[TargetFigures]) -> anyhow::Result<Vec<Value>> {
    of.iter().map(|holder| json::value(holder, FIGURES)).collect()
}

/// Names the columns of targets beside figures.
pub(super) fn heads() -> impl Iterator<Item = String> {
    let column = |label: &str| label.to_lowercase().replace(' ', "_");
    MEASURES.into_iter().flat_map(move |(_, label)| {
        ["target", "attained"].map(|what| format!("{what}_{}", column(label)))
    })
}

/// Gives the cells of these columns; empty ones where there is no target.
pub(super) fn cells(of: Option<&TargetFigures>) -> impl Iterator<Item = String> {
    MEASURES.into_iter().flat_map(move |(measure, _)| {
        let targets = of.into_iter().flat_map(|holder| &holder.targets);
        let found = targets.into_iter().find(|target| target.measure() == measure);
        let cells = |target| [plain_aim(target), attained(target).to_owned()];
        found.map(cells).unwrap_or_default()
    })
}

fn rows(of: &[TargetFigures]) -> Vec<Vec<String>> {
    let row = |holder: &TargetFigures, target: &TargetAttainment| {
        vec![
            whose(holder),
            label(target).to_owned(),
            aim(target),
            actual(target),
            target.counted.to_string(),
            attained(target).to_owned(),
        ]
    };
    let rows = of.iter().flat_map(|holder| holder.targets.iter().map(move |it| row(holder, it)));
    rows.collect()
}

fn csv(of: &[TargetFigures]) -> anyhow::Result<String> {
    let mut file = csv::Writer::from_writer(vec![]);
    file.write_record(["department", "agent", "measure", "target", "actual", "of", "attained"])?;
    for holder in of {
        for target in &holder.targets {
            let actual = target.share.map(|share| format!("{share:.4}"));
            let mean = || target.mean.map(|mean| mean.seconds.to_string());
            file.write_record([
                holder.department.clone(),
                holder.agent_id.clone(),
                label(target).to_lowercase().replace(' ', "_"),
                plain_aim(target),
                actual.or_else(mean).unwrap_or_default(),
                target.counted.to_string(),
                attained(target).to_owned(),
            ])?;
        }
    }
    Ok(String::from_utf8(file.into_inner()?)?)
}

/// Names whose target it is by the way down the tree.
fn whose(holder: &TargetFigures) -> String {
    match (holder.department.as_str(), holder.agent_id.as_str()) {
        ("", _) => "company".to_owned(),
        (department, "") => department.to_owned(),
        (department, agent) => format!("{department} / {agent}"),
    }
}

fn label(target: &TargetAttainment) -> &'static str {
    let found = MEASURES.iter().find(|(measure, _)| *measure == target.measure());
    found.map_or("", |(_, label)| label)
}

fn aim(target: &TargetAttainment) -> String {
    match &target.aim {
        Some(Aim::AtLeast(share)) => format!("≥ {}", percent(*share)),
        Some(Aim::AtMost(share)) => format!("≤ {}", percent(*share)),
        Some(Aim::Within(time)) => format!("≤ {}", format::span(Some(time))),
        None => String::new(),
    }
}

fn plain_aim(target: &TargetAttainment) -> String {
    match &target.aim {
        Some(Aim::AtLeast(share) | Aim::AtMost(share)) => format!("{share:.4}"),
        Some(Aim::Within(time)) => time.seconds.to_string(),
        None => String::new(),
    }
}

fn actual(target: &TargetAttainment) -> String {
    target.share.map_or_else(|| format::span(target.mean.as_ref()), percent)
}

fn attained(target: &TargetAttainment) -> &'static str {
    match target.attained() {
        Attained::Yes => "yes",
        Attained::No => "no",
        Attained::TooFew => "too few to tell",
        Attained::Unspecified => "",
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
pub(super) mod tests {
    use switchboard_api::report::v1::TicketFigures;

    use super::*;

    /// Gives targets of a company, of a department, and of an agent of it.
    pub(crate) fn targets(figures: &TicketFigures) -> Vec<TargetFigures> {
        let kept = TargetAttainment {
            measure: Measure::Kept.into(),
            aim: Some(Aim::AtLeast(0.95)),
            counted: 8,
            share: Some(0.75),
            attained: Attained::No.into(),
            ..TargetAttainment::default()
        };
        let speed = TargetAttainment {
            measure: Measure::MeanResolving.into(),
            aim: Some(Aim::Within(prost_types::Duration { seconds: 7_200, nanos: 0 })),
            attained: Attained::TooFew.into(),
            ..TargetAttainment::default()
        };
        let of = |department: &str, agent: &str| TargetFigures {
            department: department.to_owned(),
            agent_id: agent.to_owned(),
            figures: Some(figures.clone()),
            targets: vec![kept, speed],
        };
        vec![of("", ""), of("re|funds", ""), of("re|funds", "wang")]
    }

    #[test]
    fn targets_read_as_a_tree() {
        let text = markdown(&targets(&TicketFigures::default()));

        for line in [
            "| company | kept | ≥ 95.0 % | 75.0 % | 8 | no |\n",
            "| re\\|funds | mean time to resolve | ≤ 2h |  | 0 | too few to tell |\n",
            "| re\\|funds / wang | kept | ≥ 95.0 % | 75.0 % | 8 | no |\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
        assert_eq!(markdown(&[]), "");
    }

    #[test]
    fn targets_read_as_lines_of_a_spreadsheet() {
        let text = csv(&targets(&TicketFigures::default())).expect("a file");

        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "department,agent,measure,target,actual,of,attained");
        assert_eq!(lines[1], ",,kept,0.9500,0.7500,8,no");
        assert_eq!(lines[6], "re|funds,wang,mean_time_to_resolve,7200,,0,too few to tell");
    }
}
