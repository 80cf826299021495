//! Test cases of flows: who calls, what the world answers, what the caller does, what must come of it.

mod expected;
mod given;
mod inputs;

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{Language, SkillRequirement};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{Answer, CivilDate, KnownCustomer, NodeId};
use switchboard_domain::ids::{FlowId, QueueId};
use switchboard_domain::number_rule::RuleKind;

use crate::item::Item;
use crate::keys::cases as keys;
use crate::problem::{Place, Problem, Problems};
use crate::yaml::{self, Entry};

pub use given::parse_answer;
pub use inputs::parse_input;

/// A test case of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowCase {
    /// The file it stands in.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// What it claims.
    pub name: String,
    /// The flow.
    pub flow: FlowId,
    /// What holds when the call begins.
    pub given: Given,
    /// What the caller does, in order.
    pub inputs: Vec<CallerInput>,
    /// What must come of it.
    pub expected: Expected,
}

/// What holds when a simulated call begins, and what the world answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// When it begins.
    pub at: Option<WallTime>,
    /// The number of the caller; nothing when it is withheld.
    pub caller: Option<String>,
    /// The number called.
    pub called: Option<String>,
    /// What the caller hears, if the number does not choose it.
    pub language: Option<Language>,
    /// How the contact came in.
    pub channel: Option<Channel>,
    /// The lists that the calling number stands on.
    pub lists: Option<Vec<RuleKind>>,
    /// How far the network vouches for the calling number.
    pub verification: Option<Verification>,
    /// Who calls.
    pub customer: Option<KnownCustomer>,
    /// What the world answers by the node that asks, in order; the last one holds from then on.
    pub answers: BTreeMap<NodeId, Vec<Answer>>,
}

/// A time by the clock on the center's wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallTime {
    /// The day.
    pub day: CivilDate,
    /// The minute of the day.
    pub minute: u16,
}

/// One thing a simulated caller does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerInput {
    /// Presses keys.
    Keys {
        /// The keys, in order.
        keys: String,
        /// How long after the question the first is pressed.
        after: Duration,
        /// How long after each key the next is pressed.
        every: Duration,
    },
    /// Writes.
    Text(String),
    /// Does nothing until the flow gives up waiting.
    Silence,
    /// Leaves.
    HangUp,
}

/// What must come of a case; nothing means that it is not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Every node the caller comes through.
    pub path: Option<Vec<String>>,
    /// Nodes on the way, maybe with others between them.
    pub through: Vec<String>,
    /// Prompts that are heard, maybe with others between them.
    pub prompts: Vec<String>,
    /// Texts that are heard, each as a part of something.
    pub texts: Vec<String>,
    /// What fields hold at the end.
    pub fields: BTreeMap<String, String>,
    /// Fields that hold nothing at the end.
    pub no_fields: Vec<String>,
    /// How it ends, as a word.
    pub end: Option<String>,
    /// Where the caller waits.
    pub queue: Option<QueueId>,
    /// Why, as a word.
    pub reason: Option<String>,
    /// Points of priority that the flow added.
    pub priority: Option<u32>,
    /// The skills that the flow added.
    pub skills: Option<Vec<SkillRequirement>>,
    /// The topics of common questions.
    pub answered: Option<Vec<String>>,
    /// The language at the end.
    pub language: Option<Language>,
}

/// Reads test cases from the text of a YAML file, or gives everything that is wrong with it.
pub fn parse_cases(file: &str, text: &str) -> Result<Vec<FlowCase>, Vec<Problem>> {
    let problems = Problems::default();
    let tree = yaml::parse(file, text, &problems);
    let cases = tree.and_then(|tree| read(&Item::root(file, &problems, &tree), file));
    let (found, _) = problems.into_sorted();
    if found.is_empty() { Ok(cases.unwrap_or_default()) } else { Err(found) }
}

fn read(root: &Item<'_>, file: &str) -> Option<Vec<FlowCase>> {
    let fields = root.fields(&keys::FILE)?;
    let named = fields.optional("flow").map(|flow| flow.parse::<FlowId>());
    let given = fields.or("given", Given::default(), general);
    let cases = fields.required("cases");
    fields.finish();
    let flow = match named {
        Some(flow) => flow?,
        None => flow_of(root, file)?,
    };
    let common = Common { file, flow, given };
    let entries = cases?.entries().into_iter();
    Some(entries.filter_map(|(entry, item)| common.case(entry, &item)).collect())
}

fn general(item: &Item<'_>) -> Option<Given> {
    let fields = item.fields(&keys::GIVEN)?;
    let given = given::read(&fields);
    fields.finish();
    Some(given)
}

/// What the cases of a file have in common.
struct Common<'a> {
    file: &'a str,
    flow: FlowId,
    given: Given,
}

impl Common<'_> {
    fn case(&self, entry: &Entry, item: &Item<'_>) -> Option<FlowCase> {
        let item = item.called(format!("case {:?}", entry.name));
        let fields = item.fields(&keys::CASE)?;
        let given = given::read(&fields).or(&self.given);
        let inputs = inputs::read(&fields, given.channel());
        let expected = fields.required("expect").and_then(|value| expected::read(&value));
        fields.finish();
        Some(FlowCase {
            file: self.file.into(),
            place: entry.place,
            name: entry.name.clone(),
            flow: self.flow.clone(),
            given,
            inputs,
            expected: expected?,
        })
    }
}

fn flow_of(root: &Item<'_>, file: &str) -> Option<FlowId> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let flow = name.strip_suffix(".yaml").and_then(|name| FlowId::parse(name).ok());
    if flow.is_none() {
        root.report("\"flow\" is missing, and the file is not named after a flow");
    }
    flow
}
