//! `evaluation report` and `evaluation scorecards`.

use clap::{Args, ValueEnum};
use switchboard_api::quality::v1::{
    CriterionFigures, EvaluationFigures, EvaluationGrouping, ListScorecardsRequest,
    ReportEvaluationsRequest, Scorecard,
};

use super::shown::percent;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::period::RecentArgs;

const REPORT: &str = "switchboard.quality.v1.ReportEvaluationsResponse";
const SUBJECT: &str = "EVALUATION_SUBJECT_";

#[derive(Args, Debug)]
pub(crate) struct ScorecardArgs {
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// The scorecard's id
    scorecard: String,
    /// By what the figures are grouped
    #[arg(long, value_enum, default_value = "agent")]
    by: Grouping,
    #[command(flatten)]
    period: RecentArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Grouping {
    Agent,
    Queue,
    Department,
    Sample,
    Evaluator,
}

impl Shown for Scorecard {
    const NAME: &'static str = "switchboard.quality.v1.Scorecard";
    const COLUMNS: &'static [&'static str] =
        &["SCORECARD", "SUBJECT", "QUEUES", "KINDS", "PASS", "CRITERIA"];

    fn row(&self) -> Vec<String> {
        let criteria: Vec<String> = self
            .criteria
            .iter()
            .map(|criterion| format!("{} 0-{}", criterion.name, criterion.points))
            .collect();
        vec![
            self.scorecard_id.clone(),
            format::word(self.subject().as_str_name(), SUBJECT),
            self.queue_ids.join(", "),
            self.kinds.join(", "),
            format!("{}%", self.pass),
            criteria.join(", "),
        ]
    }
}

impl ScorecardArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut quality = self.client.connect()?.quality();
        let listed = quality.list_scorecards(ListScorecardsRequest {}).await?.into_inner();
        out.list(self.client.format(), &listed.scorecards)
    }
}

impl ReportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (from_time, to_time) = self.period.bounds()?;
        let request = ReportEvaluationsRequest {
            from_time,
            to_time,
            scorecard_id: self.scorecard,
            grouping: self.by.wire().into(),
        };
        let mut quality = self.client.connect()?.quality();
        let found = quality.report_evaluations(request).await?.into_inner();
        if self.client.format() == Format::Json {
            return out.json(&found, REPORT);
        }
        let all = EvaluationFigures { name: "all".to_owned(), ..found.all.unwrap_or_default() };
        let groups = found.groups.iter().chain([&all]).map(group);
        out.table(&["GROUP", "JUDGED", "MEAN", "PASSED", "FAILED CRITICAL", "READ"], groups)?;
        out.line("")?;
        let criteria = found.criteria.iter().map(criterion);
        out.table(&["CRITERION", "MARKED", "MEAN", "NO POINTS"], criteria)
    }
}

impl Grouping {
    const fn wire(self) -> EvaluationGrouping {
        match self {
            Self::Agent => EvaluationGrouping::Agent,
            Self::Queue => EvaluationGrouping::Queue,
            Self::Department => EvaluationGrouping::Department,
            Self::Sample => EvaluationGrouping::Sample,
            Self::Evaluator => EvaluationGrouping::Evaluator,
        }
    }
}

fn group(figures: &EvaluationFigures) -> Vec<String> {
    vec![
        figures.name.clone(),
        figures.judged.to_string(),
        mean(figures.mean_score, figures.judged),
        figures.passed.to_string(),
        figures.failed_critical.to_string(),
        figures.acknowledged.to_string(),
    ]
}

fn criterion(figures: &CriterionFigures) -> Vec<String> {
    vec![
        figures.name.clone(),
        figures.marked.to_string(),
        mean(figures.mean_score, figures.marked),
        figures.failed.to_string(),
    ]
}

fn mean(mean: f64, of: u64) -> String {
    if of == 0 { String::new() } else { percent(mean) }
}
