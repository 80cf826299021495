//! Surveys: what customers are asked, and what their answers mean.

mod answer;
mod figures;
mod indices;

pub use answer::{Answer, AnswerError, Answers, Given, MAX_TEXT, Verdict};
pub use figures::{PointFigures, ResponseFigures};
pub use indices::{
    Driver, DriverFigures, Indices, ItemPair, LoyaltyPart, Measured, PairFigures, Side, TEMPLATE,
};

use std::fmt;
use std::ops::RangeInclusive;

use crate::center::Localized;
use crate::floor::state::words;
use crate::follow_up::{Cause, FollowUp};
use crate::ids::{SurveyId, TicketKindId};
use crate::ticket::{NewTicket, Ticket, TicketPriority};

/// The points of a scale; the highest is the best.
pub const POINTS: RangeInclusive<u8> = 1..=5;
/// From so many points on a customer counts as satisfied.
pub const SATISFIED: u8 = 4;
/// The most questions a survey has.
pub const MOST_QUESTIONS: usize = 50;
/// How many questions tell whether a customer is loyal: none or all of them are asked.
pub const LOYALTY_QUESTIONS: usize = 3;

words!(
    /// What kind of answer a question takes.
    QuestionKind {
        /// How satisfied the customer is, on a scale.
        Satisfaction = "satisfaction",
        /// One of the three that tell whether the customer is loyal, on a scale.
        Loyalty = "loyalty",
        /// Anything else on a scale, which counts neither for satisfaction nor for loyalty.
        Rating = "rating",
        /// One of some options.
        Choice = "choice",
        /// The customer's own words.
        Text = "text",
    }
);

words!(
    /// How a quality of the service that is asked about makes customers content, after Kano.
    Kano {
        /// It is taken for granted: its lack is held against the center, its presence is not noticed.
        MustBe = "must_be",
        /// The more of it, the better.
        OneDimensional = "one_dimensional",
        /// Nobody misses it, and everybody is glad of it.
        Attractive = "attractive",
        /// It makes no difference.
        Indifferent = "indifferent",
        /// Customers would rather not have it.
        Reverse = "reverse",
    }
);

/// A set of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The survey's name.
    pub id: SurveyId,
    /// Its questions, in the order in which they are asked.
    pub questions: Vec<Question>,
    /// What is done about a dissatisfied customer.
    pub recovery: Option<Recovery>,
    /// What makes customers content, and how much each matters.
    pub drivers: Vec<Driver>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name within the survey.
    pub name: String,
    /// What the customer is asked.
    pub text: Localized,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// Which options there are; none unless it is a choice.
    pub options: Vec<String>,
    /// Which class of quality it is about.
    pub kano: Option<Kano>,
    /// Whether it may be left out.
    pub is_optional: bool,
    /// What it measures besides.
    pub measured: Measured,
}

/// The ticket that a low score opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// A score is low when one answer about satisfaction is at most that.
    pub at_most: u8,
    /// What kind of ticket it opens.
    pub kind: TicketKindId,
    /// What it is about; `{ticket}` stands for the number of the ticket that was followed up.
    pub subject: String,
    /// How urgent it is.
    pub priority: TicketPriority,
    /// Who is responsible; none for the department of the ticket that was followed up.
    pub department: Option<String>,
}

impl Recovery {
    /// Gives the ticket that makes up for what a follow-up brought to light, after a ticket or none.
    pub fn ticket(&self, follow_up: &FollowUp, after: Option<&Ticket>, told: &str) -> NewTicket {
        let number = after.map(|ticket| ticket.number.to_string()).unwrap_or_default();
        let about = after.map(|ticket| format!("\nfollows up ticket {}", ticket.number));
        let subject = self.subject.replace("{ticket}", &number);
        let interaction = match &follow_up.cause {
            Cause::Call { call, .. } => Some(call.clone()),
            Cause::Closing { .. } | Cause::Touchpoint(_) | Cause::CallBack { .. } => None,
        };
        NewTicket {
            body: format!("{told}{}", about.unwrap_or_default()),
            category: after.and_then(|ticket| ticket.category.clone()),
            priority: self.priority,
            customer: follow_up.customer.clone(),
            interaction,
            department: self.department.clone().or_else(|| follow_up.department.clone()),
            ..NewTicket::about(self.kind.clone(), subject)
        }
    }
}
