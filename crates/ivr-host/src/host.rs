//! Runs a flow: a step, an answer to what it asks the world, the next step, until it waits or ends.
//!
//! The world never holds a call up: an answer that is late is [`Answer::Late`], one that cannot be
//! had is [`Answer::Failed`], and both lead along the fallback that the flow has for them. The steps
//! of a flow are counted and its questions together have a budget, so every run ends.

mod world;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::center::Center;
use switchboard_domain::flow::{
    self, Answer, Context, Flow, Input, Outcome, Position, Question, Step,
};
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_routing::Shared;
use switchboard_runtime::process::Process;
use tokio::time::{Instant, timeout};

pub use world::CenterWorld;

/// How long all questions of one input may take together.
const BUDGET: Duration = Duration::from_secs(5);

/// Who answers what a flow asks.
#[async_trait]
pub trait World: Send + Sync {
    /// Answers the question that the flow stands at. [`Position::steps`] is the same when the same
    /// question of a call is asked again, and what it brings about must then not come about twice.
    async fn answer(&self, scene: Scene<'_>, question: &Question, at: &Position) -> Answer;
}

/// Runs flows.
pub struct IvrHost {
    world: Arc<dyn World>,
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
}

impl IvrHost {
    /// Takes who answers.
    pub fn new(world: Arc<dyn World>) -> Arc<Self> {
        Arc::new(Self { world })
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
        }))
    }

    /// Begins a flow.
    pub async fn start(&self, scene: Scene<'_>) -> Run {
        self.finish(scene, flow::start(scene.flow, scene.known)).await
    }

    /// Goes on with an input.
    pub async fn step(&self, scene: Scene<'_>, position: &Position, input: &Input) -> Run {
        self.finish(scene, flow::step(scene.flow, position, input, scene.known)).await
    }

    /// Answers what a flow asks until it asks no more.
    async fn finish(&self, scene: Scene<'_>, first: Step) -> Run {
        let ends_at = Instant::now() + BUDGET;
        let mut run = Run { step: first, asked: Vec::new() };
        // Every step costs one of the flow's, so this ends.
        while let Some(Outcome::Ask(question)) = &run.step.outcome {
            let left = ends_at.saturating_duration_since(Instant::now());
            let answering = self.world.answer(scene, question, &run.step.position);
            let answer = timeout(left.min(question.deadline()), answering).await;
            let answer = answer.unwrap_or(Answer::Late);
            run.asked.push(format!("{}={}", question.as_str(), word(&answer)));
            let input = Input::Answer(answer);
            let after = flow::step(scene.flow, &run.step.position, &input, scene.known);
            run.step = run.step.then(after);
        }
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
