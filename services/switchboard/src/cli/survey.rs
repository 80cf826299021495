//! `survey`: what customers are asked, and what came of it.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use switchboard_api::followup::v1::answer::Value;
use switchboard_api::followup::v1::{
    Answer, DriverFigures, FollowUpState, GetFollowUpRequest, ItemFigures, ListSurveysRequest,
    LoyaltyPartFigures, PointFigures, Question, QuestionType, RecordAnswersRequest,
    ReportSurveyRequest, Survey, SurveyFigures,
};

use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::follow_up;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::period::RecentArgs;

const KANO: &str = "KANO_";
const TYPE: &str = "QUESTION_TYPE_";

#[derive(Debug, Subcommand)]
pub(crate) enum SurveyCommand {
    /// Lists the surveys of the center
    Ls(LsArgs),
    /// Shows the questions of a survey
    Show(ShowArgs),
    /// Writes down what a customer answered
    Answer(AnswerArgs),
    /// Counts what came of a survey, by department, in follow-ups that last changed in a time
    Report(ReportArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// The survey's id
    survey: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct AnswerArgs {
    /// The follow-up's id
    follow_up: String,
    /// The answers, such as solved=5 words="it took long"
    #[arg(required = true, value_parser = pair)]
    answers: Vec<(String, String)>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// The survey's id
    survey: String,
    #[command(flatten)]
    period: RecentArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Survey {
    const NAME: &'static str = "switchboard.followup.v1.Survey";
    const COLUMNS: &'static [&'static str] = &["SURVEY", "QUESTIONS"];

    fn row(&self) -> Vec<String> {
        let names: Vec<&str> =
            self.questions.iter().map(|question| question.name.as_str()).collect();
        vec![self.survey_id.clone(), names.join(", ")]
    }
}

impl Shown for SurveyFigures {
    const NAME: &'static str = "switchboard.followup.v1.SurveyFigures";
    const COLUMNS: &'static [&'static str] = &[
        "DEPARTMENT",
        "ANSWERED",
        "UNREACHED",
        "DECLINED",
        "OPEN",
        "CSAT",
        "SATISFIED",
        "LOYAL",
        "BY CLASS",
        "ITEMS",
        "LOYALTY SCORE",
        "DRIVERS",
    ];

    fn row(&self) -> Vec<String> {
        use FollowUpState as State;
        let count = |wanted: &[State]| {
            let counted = self.states.iter().filter(|count| wanted.contains(&count.state()));
            counted.map(|count| count.count).sum::<u64>().to_string()
        };
        let points = self.satisfaction.unwrap_or_default();
        let class = |figures: &switchboard_api::followup::v1::KanoFigures| {
            let class = format::word(figures.kano().as_str_name(), KANO);
            format!("{class} {}", mean(figures.points.unwrap_or_default()))
        };
        vec![
            self.department.clone(),
            count(&[State::Answered]),
            count(&[State::Unreached]),
            count(&[State::Declined]),
            count(&[State::Due, State::Calling, State::Reached]),
            mean(points),
            share(points.satisfied, points.answers),
            share(self.loyal, self.judged),
            self.kano.iter().map(class).collect::<Vec<_>>().join(", "),
            self.items.iter().map(item).collect::<Vec<_>>().join(", "),
            loyalty_score(self),
            drivers(self),
        ]
    }
}

impl SurveyCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Show(arguments) => arguments.run(out).await,
            Self::Answer(arguments) => arguments.run(out).await,
            Self::Report(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let surveys = surveys(&self.client).await?;
        out.list(self.client.format(), &surveys)
    }
}

impl ShowArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let surveys = surveys(&self.client).await?;
        let found = surveys.iter().find(|survey| survey.survey_id == self.survey);
        let missing = || told(Exit::NotFound, format!("there is no survey `{}`", self.survey));
        let found = found.ok_or_else(missing)?;
        match self.client.format() {
            Format::Json => out.json(found, Survey::NAME),
            Format::Table => {
                let columns = ["QUESTION", "TYPE", "CLASS", "OPTIONS", "TEXT"];
                out.table(&columns, found.questions.iter().map(question))
            }
        }
    }
}

impl AnswerArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut follow_ups = self.client.connect()?.follow_ups();
        let follow_up_id = self.follow_up;
        let get = GetFollowUpRequest { follow_up_id: follow_up_id.clone() };
        let survey = follow_ups.get_follow_up(get).await?.into_inner().survey;
        let questions = survey.unwrap_or_default().questions;
        let answers = self.answers.into_iter().map(|pair| answer(&questions, pair));
        let answers = answers.collect::<anyhow::Result<_>>()?;
        let request = RecordAnswersRequest { follow_up_id, answers };
        let answered = follow_ups.record_answers(request).await?.into_inner().follow_up;
        follow_up::show(&answered.unwrap_or_default(), self.client.format(), out)
    }
}

impl ReportArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (from_time, to_time) = self.period.bounds()?;
        let request = ReportSurveyRequest { from_time, to_time, survey_id: self.survey };
        let mut follow_ups = self.client.connect()?.follow_ups();
        let figures = follow_ups.report_survey(request).await?.into_inner().figures;
        out.list(self.client.format(), &figures)
    }
}

async fn surveys(client: &ClientArgs) -> anyhow::Result<Vec<Survey>> {
    let mut follow_ups = client.connect()?.follow_ups();
    Ok(follow_ups.list_surveys(ListSurveysRequest {}).await?.into_inner().surveys)
}

fn question(question: &Question) -> Vec<String> {
    let kano = if question.kano == 0 { "" } else { question.kano().as_str_name() };
    let texts: Vec<&str> = question.texts.values().map(String::as_str).collect();
    vec![
        question.name.clone(),
        format::word(question.r#type().as_str_name(), TYPE),
        format::word(kano, KANO),
        question.options.join(", "),
        texts.join(" / "),
    ]
}

/// Reads an answer as its question takes it; what no question is named is for the server to refuse.
fn answer(questions: &[Question], (name, text): (String, String)) -> anyhow::Result<Answer> {
    let asked = questions.iter().find(|question| question.name == name);
    let value = match asked.map_or(QuestionType::Text, Question::r#type) {
        QuestionType::Satisfaction | QuestionType::Loyalty | QuestionType::Rating => {
            let points = text.parse().with_context(|| format!("`{name}` takes points"));
            Value::Points(points.map_err(|error| told(Exit::NotUnderstood, format!("{error}")))?)
        }
        QuestionType::Choice => Value::Option(text),
        QuestionType::Text | QuestionType::Unspecified => Value::Text(text),
    };
    Ok(Answer { question: name, value: Some(value) })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be QUESTION=ANSWER")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Writes an item as its ratio and its gap, and of how many customers.
fn item(item: &ItemFigures) -> String {
    match (item.ratio, item.gap) {
        (Some(ratio), Some(gap)) => {
            format!("{} {ratio:.2} {gap:+.2} of {}", item.item, item.answers)
        }
        (None, _) | (_, None) => item.item.clone(),
    }
}

/// Writes the score, and the fewest answers about a part.
fn loyalty_score(figures: &SurveyFigures) -> String {
    let answers = |part: &LoyaltyPartFigures| part.points.unwrap_or_default().answers;
    let fewest = figures.loyalty_parts.iter().map(answers).min();
    let score = figures.loyalty_score.zip(fewest);
    score.map(|(sum, least)| format!("{sum:.2} of {least}")).unwrap_or_default()
}

/// Writes the index, and the drivers with what each takes away and of how many answers.
fn drivers(figures: &SurveyFigures) -> String {
    let driver = |driver: &DriverFigures| {
        let answers = driver.points.unwrap_or_default().answers;
        Some(format!("{} −{:.2} of {answers}", driver.driver, driver.loss?))
    };
    let index = figures.driver_index.map(|index| format!("{index:.2}"));
    let lost = figures.drivers.iter().filter_map(driver);
    index.into_iter().chain(lost).collect::<Vec<_>>().join(", ")
}

fn mean(points: PointFigures) -> String {
    if points.answers == 0 { String::new() } else { format!("{:.2}", points.mean) }
}

fn share(part: u64, of: u64) -> String {
    let percent = (part * 100).checked_div(of);
    percent.map(|percent| format!("{percent}% of {of}")).unwrap_or_default()
}
