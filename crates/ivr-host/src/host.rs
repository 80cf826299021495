//! Runs a flow: a step, an answer to what it asks the world, the next step, until it waits or ends.
//!
//! The world never holds a call up: an answer that is late is [`Answer::Late`], one that cannot be
//! had is [`Answer::Failed`], and both lead along the fallback that the flow has for them. The steps
//! of a flow are counted and its questions together have a budget, so every run ends.
//!
//! What the center knows itself is answered within a run. A run ends where the flow asks a system
//! outside or the gateway: whoever runs it decides what happens meanwhile, and goes on with
//! [`IvrHost::go_on`] or [`IvrHost::hear`].

mod metrics;
mod world;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::center::Center;
use switchboard_domain::flow::{
    self, Answer, Context, Flow, Input, Outcome, Position, Question, Respondent, Step,
    SurveyResult, VoicemailRequest,
};
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_routing::Shared;
use switchboard_runtime::process::Process;
use tokio::time::{Instant, timeout};

use crate::fetch::Fetcher;
use metrics::Metrics;
pub use world::CenterWorld;

/// How long all questions of one input that the center answers may take together.
const BUDGET: Duration = Duration::from_secs(5);
/// How long all questions of one input to systems outside may take where a request waits for them:
/// less than the request itself may.
const OUTSIDE_BUDGET: Duration = Duration::from_secs(8);
/// How much longer than its deadline a question is waited for: whoever answers keeps the deadline, and
/// is cut off only for not doing so.
const MARGIN: Duration = Duration::from_millis(250);

/// Who answers what a flow asks.
#[async_trait]
pub trait World: Send + Sync {
    /// Answers the question that the flow stands at. [`Position::steps`] is the same when the same
    /// question of a call is asked again, and what it brings about must then not come about twice.
    async fn answer(&self, scene: Scene<'_>, question: &Question, at: &Position) -> Answer;

    /// Keeps a message that a caller left; with the same `order` it is kept once. A world without a
    /// place for messages keeps none, and the flow takes its fallback.
    async fn keep_message(
        &self,
        _scene: Scene<'_>,
        _request: &VoicemailRequest,
        _message: &Message,
        _order: u32,
    ) -> Answer {
        Answer::Failed
    }
}

/// A message that a gateway has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names the recording at the gateway.
    pub asset: String,
    /// How long it is.
    pub length: Duration,
}

/// What a gateway says to a question for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Whether a transfer was answered.
    Transferred(bool),
    /// The message that was left, if one was.
    Recorded(Option<Message>),
    /// It could not do what it was asked.
    Failed,
}

/// What is said to a flow that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// What the caller did, or that what was played has ended.
    Input(Input),
    /// What the gateway says to what it was asked to do.
    Fact(Fact),
}

/// An answer, and how it is told in traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// The question with the answer in a word: `fetch=refused`.
    pub told: String,
}

impl Answered {
    fn new(question: &Question, answer: Answer) -> Self {
        let told = format!("{}={}", question.as_str(), word(&answer));
        Self { answer, told }
    }
}

/// Runs flows.
pub struct IvrHost {
    world: Arc<dyn World>,
    metrics: Metrics,
}

/// Whose flow runs.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The tenant's center.
    pub center: &'a Center,
    /// The version of the flow that the call began with.
    pub flow: &'a Flow,
    /// The call or session.
    pub call: &'a ContactId,
    /// What the flow may know of the caller.
    pub known: &'a Context<'a>,
}

/// What one input led to, and what was asked on the way.
pub struct Run {
    /// Where the caller is now, and what is to be done, from the first step to the last.
    pub step: Step,
    /// The questions with the answers in a word, in order: `staffing=answered`.
    pub asked: Vec<String>,
    /// What the caller said of the service, if a survey was finished.
    pub survey: Option<SurveyResult>,
}

impl Run {
    /// Gives what the flow asks a system outside or the gateway, and waits for.
    pub fn pending(&self) -> Option<&Question> {
        match &self.step.outcome {
            Some(Outcome::Ask(question)) => Some(question),
            Some(_) | None => None,
        }
    }
}

impl IvrHost {
    /// Takes who answers.
    pub fn new(world: Arc<dyn World>) -> Arc<Self> {
        Arc::new(Self { world, metrics: Metrics::new() })
    }

    /// Runs flows over the stores and the live state of a process.
    pub fn over(process: &Process, shared: &Shared) -> Arc<Self> {
        let durable = &process.stores.durable;
        Self::new(Arc::new(CenterWorld {
            floors: Arc::clone(&shared.floors),
            estimates: Arc::clone(&shared.estimates),
            lookup: Arc::clone(&shared.lookup),
            customers: Arc::clone(&durable.customers),
            tickets: Arc::clone(&durable.tickets),
            fetcher: Fetcher::new(&process.config.fetch),
        }))
    }

    /// Begins a flow.
    pub async fn start(&self, scene: Scene<'_>) -> Run {
        self.finish(scene, flow::start(scene.flow, scene.known), Vec::new()).await
    }

    /// Goes on with an input.
    pub async fn step(&self, scene: Scene<'_>, position: &Position, input: &Input) -> Run {
        let step = flow::step(scene.flow, position, input, scene.known);
        self.finish(scene, step, Vec::new()).await
    }

    /// Goes on with what is said to the flow, and gives the input that it was.
    pub async fn take(&self, scene: Scene<'_>, position: &Position, said: Said) -> (Run, Input) {
        match said {
            Said::Input(input) => (self.step(scene, position, &input).await, input),
            Said::Fact(fact) => {
                (self.hear(scene, position, fact).await, Input::Answer(Answer::Done))
            }
        }
    }

    /// Goes on with the answer to what the flow asked before.
    pub async fn go_on(&self, scene: Scene<'_>, position: &Position, answered: Answered) -> Run {
        let input = Input::Answer(answered.answer);
        let step = flow::step(scene.flow, position, &input, scene.known);
        self.finish(scene, step, vec![answered.told]).await
    }

    /// Answers what the flow asks a system outside at a position, by the deadline of the question.
    pub async fn answer(
        &self,
        scene: Scene<'_>,
        position: &Position,
        question: &Question,
    ) -> Answered {
        self.answer_within(scene, position, question, question.deadline() + MARGIN).await
    }

    /// Goes on with what the gateway says to the question that the flow asks at a position.
    pub async fn hear(&self, scene: Scene<'_>, position: &Position, fact: Fact) -> Run {
        // Asked again it is the same question; what it costs is not kept.
        let again = flow::step(scene.flow, position, &Input::Start, scene.known);
        let Some(Outcome::Ask(question)) = again.outcome else {
            return self.step(scene, position, &Input::MediaDone).await;
        };
        let answer = match (&*question, fact) {
            (Question::Transfer(_), Fact::Transferred(true)) => Answer::Done,
            (Question::Voicemail(request), Fact::Recorded(Some(message))) => {
                let order = position.steps;
                let keeping = self.world.keep_message(scene, request, &message, order);
                timeout(BUDGET, keeping).await.unwrap_or(Answer::Late)
            }
            _ => Answer::Failed,
        };
        self.go_on(scene, position, Answered::new(&question, answer)).await
    }

    /// Has a run wait for systems outside, where there is nothing else to do meanwhile.
    pub async fn settle(&self, scene: Scene<'_>, mut run: Run) -> Run {
        let ends_at = Instant::now() + OUTSIDE_BUDGET;
        // Every answer costs one of the flow's steps, so this ends.
        while let Some(question) = run.pending().filter(|it| it.respondent() == Respondent::Outside)
        {
            let left = ends_at.saturating_duration_since(Instant::now());
            let within = left.min(question.deadline() + MARGIN);
            let answered = self.answer_within(scene, &run.step.position, question, within).await;
            let mut after = self.go_on(scene, &run.step.position, answered).await;
            run.asked.append(&mut after.asked);
            run.survey = after.survey.or(run.survey);
            run.step = run.step.then(after.step);
        }
        run
    }

    async fn answer_within(
        &self,
        scene: Scene<'_>,
        position: &Position,
        question: &Question,
        within: Duration,
    ) -> Answered {
        let answering = self.world.answer(scene, question, position);
        let answer = timeout(within, answering).await.unwrap_or(Answer::Late);
        Answered::new(question, answer)
    }

    /// Answers what a flow asks the center until it asks that no more.
    async fn finish(&self, scene: Scene<'_>, first: Step, asked: Vec<String>) -> Run {
        let ends_at = Instant::now() + BUDGET;
        let mut run = Run { step: first, asked, survey: None };
        // Every step costs one of the flow's, so this ends.
        while let Some(Outcome::Ask(question)) = &run.step.outcome
            && question.respondent() == Respondent::Center
        {
            let left = ends_at.saturating_duration_since(Instant::now());
            let answered = if let Question::Survey(result) = &**question {
                run.survey = Some(result.clone());
                Answered::new(question, Answer::Done)
            } else {
                let within = left.min(question.deadline());
                self.answer_within(scene, &run.step.position, question, within).await
            };
            run.asked.push(answered.told);
            let input = Input::Answer(answered.answer);
            let after = flow::step(scene.flow, &run.step.position, &input, scene.known);
            run.step = run.step.then(after);
        }
        self.metrics.answered(scene.tenant, &run.step.directives);
        run
    }
}

/// Gives an answer in one word, for traces: never what it says.
const fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Staffing(_) | Answer::Customer(_) | Answer::Fetched(_) => "answered",
        Answer::NotFound => "not_found",
        Answer::Refused => "refused",
        Answer::Ticket(_) | Answer::Done => "done",
        Answer::Failed => "failed",
        Answer::Late => "late",
    }
}

#[cfg(test)]
mod tests;
