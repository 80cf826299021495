//! `evaluation`: how well calls and tickets were handled, by scorecards.

mod draw;
mod report;
mod shown;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use switchboard_api::quality::v1::{
    AcknowledgeEvaluationRequest, EvaluationState, GetEvaluationRequest, JudgeEvaluationRequest,
    ListEvaluationsRequest, Mark, WithdrawEvaluationRequest,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::Output;

const STATE: &str = "EVALUATION_STATE_";
/// What is keyed for a criterion that does not apply.
const NONE: &str = "none";

#[derive(Debug, Subcommand)]
pub(crate) enum EvaluationCommand {
    /// Lists the scorecards of the center
    Scorecards(report::ScorecardArgs),
    /// Draws by chance calls that came in, or tickets that were made, in a time: an evaluation for each
    Draw(draw::DrawArgs),
    /// Opens the evaluation of one call or ticket
    Open(draw::OpenArgs),
    /// Lists evaluations
    Ls(LsArgs),
    /// Shows one evaluation with its marks
    Get(GetArgs),
    /// Writes down the marks
    Judge(JudgeArgs),
    /// Does without an evaluation
    Withdraw(WithdrawArgs),
    /// Says, as the agent, that it has been read
    Acknowledge(GetArgs),
    /// Counts what was found by a scorecard in evaluations that were judged in a time
    Report(report::ReportArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those in this state: open, done or withdrawn
    #[arg(long)]
    state: Option<String>,
    /// Only those by this scorecard
    #[arg(long, default_value = "")]
    scorecard: String,
    /// Only those of this agent's work
    #[arg(long, default_value = "")]
    agent: String,
    /// Only those of this review
    #[arg(long, default_value = "")]
    sample: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// The evaluation's id
    evaluation: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct JudgeArgs {
    /// The evaluation's id
    evaluation: String,
    /// The marks, such as greeting=1 solution=4 identity=none
    #[arg(required = true, value_parser = mark)]
    marks: Vec<Mark>,
    /// What the agent is to know besides
    #[arg(long, default_value = "")]
    comment: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct WithdrawArgs {
    /// The evaluation's id
    evaluation: String,
    /// Why, in a word, such as cut-off
    reason: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl EvaluationCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Scorecards(arguments) => arguments.run(out).await,
            Self::Draw(arguments) => arguments.run(out).await,
            Self::Open(arguments) => arguments.run(out).await,
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Get(arguments) => arguments.get(out).await,
            Self::Judge(arguments) => arguments.run(out).await,
            Self::Withdraw(arguments) => arguments.run(out).await,
            Self::Acknowledge(arguments) => arguments.acknowledge(out).await,
            Self::Report(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = ListEvaluationsRequest {
            state: state(self.state.as_deref())?.into(),
            scorecard_id: self.scorecard,
            agent_id: self.agent,
            sample: self.sample,
            ..ListEvaluationsRequest::default()
        };
        let mut quality = self.client.connect()?.quality();
        let page = async |page_size, page_token| {
            let request = ListEvaluationsRequest { page_size, page_token, ..filter.clone() };
            quality.list_evaluations(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl GetArgs {
    async fn get(self, out: &mut Output) -> anyhow::Result<()> {
        let mut quality = self.client.connect()?.quality();
        let request = GetEvaluationRequest { evaluation_id: self.evaluation };
        let found = quality.get_evaluation(request).await?.into_inner().evaluation;
        shown::show(&found.unwrap_or_default(), self.client.format(), out)
    }

    async fn acknowledge(self, out: &mut Output) -> anyhow::Result<()> {
        let mut quality = self.client.connect_as("agent")?.quality();
        let (evaluation_id, etag) = (self.evaluation, String::new());
        let request = AcknowledgeEvaluationRequest { evaluation_id, etag };
        let read = quality.acknowledge_evaluation(request).await?.into_inner().evaluation;
        shown::show(&read.unwrap_or_default(), self.client.format(), out)
    }
}

impl JudgeArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut quality = self.client.connect()?.quality();
        let request = JudgeEvaluationRequest {
            evaluation_id: self.evaluation,
            marks: self.marks,
            comment: self.comment,
            etag: String::new(),
        };
        let judged = quality.judge_evaluation(request).await?.into_inner().evaluation;
        shown::show(&judged.unwrap_or_default(), self.client.format(), out)
    }
}

impl WithdrawArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut quality = self.client.connect()?.quality();
        let request =
            WithdrawEvaluationRequest { evaluation_id: self.evaluation, reason: self.reason };
        let gone = quality.withdraw_evaluation(request).await?.into_inner().evaluation;
        shown::show(&gone.unwrap_or_default(), self.client.format(), out)
    }
}

fn mark(text: &str) -> anyhow::Result<Mark> {
    let (criterion, points) = text.split_once('=').context("must be CRITERION=POINTS")?;
    let points = match points {
        NONE => None,
        points => Some(points.parse().with_context(|| {
            format!("`{points}` is neither points nor `{NONE}` for what does not apply")
        })?),
    };
    Ok(Mark { criterion: criterion.to_owned(), points })
}

fn state(word: Option<&str>) -> anyhow::Result<EvaluationState> {
    let Some(word) = word else { return Ok(EvaluationState::Unspecified) };
    let known = EvaluationState::from_str_name(&format::name(word, STATE));
    let unknown = || format!("`{word}` is no state of an evaluation: open, done or withdrawn");
    known.ok_or_else(|| told(Exit::NotUnderstood, unknown()))
}
