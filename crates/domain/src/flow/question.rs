//! What a flow asks of the world, and what the world answers.
//!
//! The stepper never looks anything up. Where it needs to, a step ends with
//! [`Outcome::Ask`](super::Outcome::Ask); whoever runs the flow finds the answer and goes on with
//! [`Input::Answer`](super::Input::Answer). An answer that is [`Answer::Failed`], that comes late or
//! that does not belong to the question leads along the node's fallback edge.
//!
//! | question | good answer | other answers | any other |
//! | --- | --- | --- | --- |
//! | [`Staffing`](Question::Staffing) | [`Answer::Staffing`] | | `fallback` |
//! | [`Customer`](Question::Customer) | [`Answer::Customer`] | [`Answer::NotFound`]: `not_found` | `fallback` |
//! | [`Fetch`](Question::Fetch) | [`Answer::Fetched`] | [`Answer::Refused`]: `refused` | `fallback` |
//! | [`Callback`](Question::Callback) | [`Answer::Done`] | | `fallback` |
//! | [`Ticket`](Question::Ticket) | [`Answer::Ticket`] | | `fallback` |
//! | [`Survey`](Question::Survey) | [`Answer::Done`] | | goes on all the same |
//! | [`Transfer`](Question::Transfer) | [`Answer::Done`]: the flow ends, for an agent with a route | | `fallback` |
//! | [`Voicemail`](Question::Voicemail) | [`Answer::Done`] | | `fallback` |

use std::collections::BTreeMap;
use std::time::Duration;

use super::secret::RequestValue;
use super::{Key, Utterance};
use crate::center::{Language, SkillRequirement};
use crate::customer::{Customer, Tier};
use crate::ids::{AgentId, CustomerId, EndpointId, QueueId, TicketKindId};
use crate::ticket::{Category, TicketPriority};

/// How long the center's own records may take to answer.
const RECORDS_DEADLINE: Duration = Duration::from_secs(2);
/// How long beginning and ending a recording may take on top of it.
const RECORDING_MARGIN: Duration = Duration::from_secs(30);

/// Who answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respondent {
    /// The center itself, from its live state and its records, in a moment.
    Center,
    /// A system outside, in seconds.
    Outside,
    /// The gateway that has the caller, as long as a conversation takes.
    Gateway,
}

/// What a flow asks of the world.
///
/// Asking again (after a replica was lost) repeats the question with the same
/// [`Position::steps`](super::Position::steps); what it brings about must happen once.
#[derive(Debug, PartialEq, Eq)]
pub enum Question {
    /// How a queue is staffed, and who waits there.
    Staffing {
        /// The queue.
        queue: QueueId,
    },
    /// Who a number or an id belongs to.
    Customer(CustomerKey),
    /// What a system outside says.
    Fetch(FetchRequest),
    /// To be called back.
    Callback(CallbackRequest),
    /// To make a ticket.
    Ticket(TicketRequest),
    /// To keep what the caller said about the service.
    Survey(SurveyResult),
    /// To connect the caller with somebody outside the queues.
    Transfer(TransferRequest),
    /// To record a message.
    Voicemail(VoicemailRequest),
}

impl Question {
    /// Gives how long an answer is waited for; after it the answer is [`Answer::Late`].
    pub fn deadline(&self) -> Duration {
        match self {
            Self::Fetch(request) => request.deadline,
            Self::Transfer(request) => request.ring,
            Self::Voicemail(request) => request.max_length.saturating_add(RECORDING_MARGIN),
            Self::Staffing { .. }
            | Self::Customer(_)
            | Self::Callback(_)
            | Self::Ticket(_)
            | Self::Survey(_) => RECORDS_DEADLINE,
        }
    }

    /// Says who answers it.
    pub const fn respondent(&self) -> Respondent {
        match self {
            Self::Fetch(_) => Respondent::Outside,
            Self::Voicemail(_)
            | Self::Transfer(TransferRequest { to: TransferTarget::Number(_), .. }) => {
                Respondent::Gateway
            }
            Self::Staffing { .. }
            | Self::Customer(_)
            | Self::Callback(_)
            | Self::Ticket(_)
            | Self::Survey(_)
            | Self::Transfer(TransferRequest { to: TransferTarget::Agent(_), .. }) => {
                Respondent::Center
            }
        }
    }

    /// Gives the word for the question, as in traces.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Staffing { .. } => "staffing",
            Self::Customer(_) => "lookup",
            Self::Fetch(_) => "fetch",
            Self::Callback(_) => "callback",
            Self::Ticket(_) => "ticket",
            Self::Survey(_) => "survey",
            Self::Transfer(_) => "transfer",
            Self::Voicemail(_) => "voicemail",
        }
    }
}

/// What a customer is looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerKey {
    /// A telephone number as it was keyed in.
    Number(String),
    /// The id of the record.
    Id(String),
}

/// A request to a system outside.
#[derive(Debug, PartialEq, Eq)]
pub struct FetchRequest {
    /// Where to ask; the center's settings say how.
    pub endpoint: EndpointId,
    /// What to send, by name.
    pub values: BTreeMap<String, RequestValue>,
    /// What to take out of the reply.
    pub fields: Vec<FetchField>,
    /// How long all attempts together may take.
    pub deadline: Duration,
    /// How often to try again within the deadline.
    pub retries: u32,
}

/// One value to take out of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchField {
    /// The flow's field that gets it.
    pub name: String,
    /// Where it is in the reply: names of nested objects with dots between them.
    pub from: String,
    /// What it must be.
    pub kind: ValueKind,
    /// Whether it may be missing.
    pub optional: bool,
}

/// What the text of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueKind {
    /// Any text; days are texts such as `2026-12-25`.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A wish to be called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackRequest {
    /// The queue whose agents call, and where the caller keeps the place.
    pub queue: QueueId,
    /// The number keyed in; nothing means the one the caller has.
    pub number: Option<String>,
    /// Skills needed on top of the queue's own.
    pub skills: Vec<SkillRequirement>,
    /// Points of priority added.
    pub priority_boost: u32,
    /// The language the caller speaks.
    pub language: Language,
    /// Everything collected and set.
    pub attributes: BTreeMap<String, String>,
}

/// A ticket to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRequest {
    /// What it is about, in one line.
    pub subject: String,
    /// What kind of ticket it is.
    pub kind: Option<TicketKindId>,
    /// What it is filed under.
    pub category: Option<Category>,
    /// The department that is responsible.
    pub department: Option<String>,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// What else is to be written down, by name.
    pub fields: BTreeMap<String, String>,
}

/// What a caller said about the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyResult {
    /// The name of the survey.
    pub survey: String,
    /// The scores by question; a question without an answer is missing.
    pub scores: BTreeMap<String, i64>,
}

/// Somebody outside the queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferTarget {
    /// One agent, wherever the agent is signed in.
    Agent(AgentId),
    /// A telephone number in E.164 form.
    Number(String),
}

/// A caller to be connected with somebody outside the queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRequest {
    /// With whom.
    pub to: TransferTarget,
    /// How long to ring.
    pub ring: Duration,
}

/// A message to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicemailRequest {
    /// What to play before the tone.
    pub prompts: Vec<Utterance>,
    /// Whose message it is.
    pub queue: QueueId,
    /// How long it may be.
    pub max_length: Duration,
    /// The key that ends it.
    pub end_key: Option<Key>,
}

/// What the world answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// How a queue is staffed.
    Staffing(Staffing),
    /// Who it is.
    Customer(KnownCustomer),
    /// Nobody has the number or id, or several have.
    NotFound,
    /// The values of the reply by the flow's fields; one that is not in the reply is missing.
    Fetched(BTreeMap<String, String>),
    /// The system outside understood and said no.
    Refused,
    /// The ticket is there and has this number.
    Ticket(u64),
    /// It is done.
    Done,
    /// It cannot be done.
    Failed,
    /// No answer came in time.
    Late,
}

/// How a queue is staffed, and who waits there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staffing {
    /// How many agents of the queue are ready and free.
    pub available: u32,
    /// How many agents of the queue work, free or not.
    pub staffed: u32,
    /// How many contacts wait.
    pub waiting: u32,
    /// How long the first of them has waited; zero when nobody waits.
    pub oldest: Duration,
    /// How long another one would probably wait; nothing when nobody knows.
    pub wait: Option<Duration>,
}

/// What is known about the customer who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCustomer {
    /// The record.
    pub id: Option<CustomerId>,
    /// The value grade.
    pub tier: Option<Tier>,
    /// The language of the record.
    pub language: Option<Language>,
    /// The groups the customer belongs to.
    pub segments: Vec<String>,
    /// How many tickets are not closed yet.
    pub open_tickets: u32,
}

impl KnownCustomer {
    /// Takes what flows may know of a customer, apart from the segments.
    pub fn of(customer: &Customer, open_tickets: u32) -> Self {
        Self {
            id: Some(customer.id.clone()),
            tier: Some(customer.tier),
            language: customer.language.as_deref().and_then(|tag| Language::parse(tag).ok()),
            segments: Vec::new(),
            open_tickets,
        }
    }
}
