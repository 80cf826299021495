//! A world that answers what it was told to answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use switchboard_center::SampleCustomer;
use switchboard_domain::center::{Center, Language};
use switchboard_domain::flow::{
    Answer, CustomerKey, FetchRequest, KnownCustomer, NodeId, Position, Question, TransferTarget,
};
use switchboard_domain::phone::{Country, PhoneAddress};
use switchboard_ivr_host::{Scene, World};

/// What a flow asked, and what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The node that asked.
    pub node: NodeId,
    /// What it asked, as people read it; a secret is not in it.
    pub question: String,
    /// The answer in a word.
    pub answer: &'static str,
    /// Why the answer is none that was meant; nothing when it was.
    pub trouble: Option<String>,
    /// How long the answer took.
    pub took: Duration,
}

/// Answers from a script: by the node that asks, else from sample customers, else not at all.
pub(crate) struct Script {
    answers: BTreeMap<NodeId, Vec<Answer>>,
    customers: Vec<SampleCustomer>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// How many answers each node got.
    counts: BTreeMap<NodeId, usize>,
    /// What was asked since somebody looked.
    asked: Vec<Asked>,
}

impl Script {
    pub(crate) fn new(
        answers: BTreeMap<NodeId, Vec<Answer>>,
        customers: Vec<SampleCustomer>,
    ) -> Self {
        Self { answers, customers, told: Mutex::default() }
    }

    /// Gives what was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.told().asked)
    }

    /// Gives the nodes whose answers nobody asked for.
    pub(crate) fn idle(&self) -> BTreeSet<NodeId> {
        let told = self.told();
        self.answers.keys().filter(|node| !told.counts.contains_key(*node)).cloned().collect()
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the answer to a question, and what is wrong with it.
    fn find(
        &self,
        scene: Scene<'_>,
        question: &Question,
        node: &NodeId,
    ) -> (Answer, Option<String>) {
        let count = self.told().counts.get(node).copied().unwrap_or(0);
        let scripted = self.answers.get(node);
        let scripted = scripted.and_then(|answers| answers.get(count).or(answers.last()));
        if let Some(answer) = scripted {
            let trouble =
                (!fits(question, answer)).then(|| format!("{} is no answer to it", word(answer)));
            return (answer.clone(), trouble);
        }
        match question {
            Question::Customer(key) if !self.customers.is_empty() => {
                (self.customer(key, scene.center), None)
            }
            Question::Staffing { .. }
            | Question::Customer(_)
            | Question::Fetch(_)
            | Question::Callback(_)
            | Question::Ticket(_)
            | Question::Survey(_)
            | Question::Transfer(_)
            | Question::Voicemail(_) => {
                (Answer::Failed, Some("nobody was told what to answer".into()))
            }
        }
    }

    fn customer(&self, key: &CustomerKey, center: &Center) -> Answer {
        let found: Vec<&SampleCustomer> = match key {
            CustomerKey::Id(id) => {
                self.customers.iter().filter(|known| known.id.as_str() == id).collect()
            }
            CustomerKey::Number(number) => holders(&self.customers, number, center.default_country),
        };
        match found.as_slice() {
            [only] => Answer::Customer(center.with_segments(known(only), None)),
            _ => Answer::NotFound,
        }
    }
}

#[async_trait]
impl World for Script {
    async fn answer(&self, scene: Scene<'_>, question: &Question, at: &Position) -> Answer {
        let node = at.node.clone();
        let (answer, trouble) = self.find(scene, question, &node);
        let took = if answer == Answer::Late { question.deadline() } else { Duration::ZERO };
        let mut told = self.told();
        *told.counts.entry(node.clone()).or_default() += 1;
        let (question, word) = (describe(question), word(&answer));
        told.asked.push(Asked { node, question, answer: word, trouble, took });
        answer
    }
}

/// Finds the sample customers who have a number.
pub(crate) fn holders<'a>(
    customers: &'a [SampleCustomer],
    number: &str,
    home: Country,
) -> Vec<&'a SampleCustomer> {
    let Ok(PhoneAddress::Number(number)) = PhoneAddress::parse(number, home) else {
        return Vec::new();
    };
    let has = |known: &&SampleCustomer| known.numbers.iter().any(|one| one.e164 == *number.e164());
    customers.iter().filter(has).collect()
}

/// Gives what a flow may know of a sample customer.
pub(crate) fn known(sample: &SampleCustomer) -> KnownCustomer {
    KnownCustomer {
        id: Some(sample.id.clone()),
        tier: Some(sample.tier),
        language: sample.language.as_deref().and_then(|tag| Language::parse(tag).ok()),
        segments: Vec::new(),
        open_tickets: 0,
    }
}

/// Says whether an answer is one that the question may get.
const fn fits(question: &Question, answer: &Answer) -> bool {
    matches!(
        (question, answer),
        (_, Answer::Failed | Answer::Late)
            | (Question::Staffing { .. }, Answer::Staffing(_))
            | (Question::Customer(_), Answer::Customer(_) | Answer::NotFound)
            | (Question::Fetch(_), Answer::Fetched(_) | Answer::Refused)
            | (Question::Ticket(_), Answer::Ticket(_))
            | (
                Question::Callback(_)
                    | Question::Survey(_)
                    | Question::Transfer(_)
                    | Question::Voicemail(_),
                Answer::Done,
            )
    )
}

const fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Staffing(_) => "staffing",
        Answer::Customer(_) => "customer",
        Answer::Fetched(_) => "fetched",
        Answer::Ticket(_) => "ticket",
        Answer::NotFound => "not_found",
        Answer::Refused => "refused",
        Answer::Done => "done",
        Answer::Failed => "failed",
        Answer::Late => "late",
    }
}

fn describe(question: &Question) -> String {
    match question {
        Question::Staffing { queue } => format!("how queue `{queue}` is staffed"),
        Question::Customer(CustomerKey::Number(number)) => format!("who has the number {number}"),
        Question::Customer(CustomerKey::Id(id)) => format!("who has the id {id}"),
        Question::Fetch(request) => describe_fetch(request),
        Question::Callback(request) => format!(
            "for a callback in queue `{}` to {}",
            request.queue,
            request.number.as_deref().unwrap_or("the caller's number")
        ),
        Question::Ticket(request) => format!("for a ticket “{}”", request.subject),
        Question::Survey(result) => {
            let scores = result.scores.iter().map(|(name, score)| format!(" {name}={score}"));
            format!("to keep survey `{}`:{}", result.survey, scores.collect::<String>())
        }
        Question::Transfer(request) => match &request.to {
            TransferTarget::Agent(agent) => format!("for a transfer to agent `{agent}`"),
            TransferTarget::Number(number) => format!("for a transfer to {number}"),
        },
        Question::Voicemail(request) => format!("for a message to queue `{}`", request.queue),
    }
}

fn describe_fetch(request: &FetchRequest) -> String {
    let values = request.values.iter().map(|(name, value)| {
        // A secret has no place in a transcript.
        let shown = if value.is_secret() { "•••" } else { value.expose() };
        format!(" {name}={shown}")
    });
    format!("endpoint `{}`:{}", request.endpoint, values.collect::<String>())
}
