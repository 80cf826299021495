//! What a caller keyed in a survey of a flow, and the follow-up that it makes: one that is done already.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{ContactId, CustomerId, FollowUpId, SurveyId, TicketId};
use crate::survey::Answers;
use crate::ticket::Ticket;
use crate::time::Timestamp;

use super::{Cause, FollowUp, FollowUpState, IN_CALL};

/// Why somebody did not answer who was asked and keyed nothing that counts.
const SILENT: &str = "silent";

/// What a caller keyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSurvey {
    /// The call.
    pub call: ContactId,
    /// What the flow asked.
    pub survey: SurveyId,
    /// The score of each question that was answered, by its name.
    pub scores: BTreeMap<String, u32>,
    /// When.
    pub at: Timestamp,
    /// Who called, if that is known.
    pub customer: Option<CustomerId>,
    /// The ticket that the call made, or that took it up.
    pub ticket: Option<TicketId>,
    /// Whether the call counts for no report, and so its answers.
    pub is_uncounted: bool,
}

impl CallSurvey {
    /// Makes the follow-up: answered, or declined by who keyed nothing that counts.
    pub fn follow_up(&self, id: FollowUpId, about: Option<&Ticket>, answers: &Answers) -> FollowUp {
        let is_silent = *answers == Answers::default();
        let customer = self.customer.clone();
        FollowUp {
            id,
            cause: Cause::Call {
                call: self.call.clone(),
                ticket: about.map(|ticket| ticket.id.clone()),
            },
            policy: IN_CALL.to_owned(),
            state: if is_silent { FollowUpState::Declined } else { FollowUpState::Answered },
            customer: customer.or_else(|| about.and_then(|ticket| ticket.customer.clone())),
            department: about.and_then(|ticket| ticket.department.clone()),
            queue: None,
            survey: Some(self.survey.clone()),
            spared: BTreeSet::new(),
            due_at: self.at,
            expires_at: self.at,
            calls: 0,
            contact: None,
            reason: is_silent.then(|| SILENT.to_owned()),
            recovery: None,
            made_at: self.at,
            changed_at: self.at,
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::Answer;

    #[test]
    fn who_keyed_nothing_that_counts_was_asked_and_did_not_answer() {
        let keyed = CallSurvey {
            call: ContactId::parse("call-1").expect("an id"),
            survey: SurveyId::parse("care").expect("an id"),
            scores: BTreeMap::new(),
            at: Timestamp::from_millis(7),
            customer: CustomerId::parse("li").ok(),
            ticket: None,
            is_uncounted: false,
        };
        let id = || FollowUpId::parse("f-1").expect("an id");
        let answers = [("solved".to_owned(), Answer::Points(1))].into_iter().collect();

        let silent = keyed.follow_up(id(), None, &Answers::default());
        let answered = keyed.follow_up(id(), None, &answers);

        let told = |follow_up: &FollowUp| (follow_up.state, follow_up.told().expect("an end"));
        let wants_none = "survey in the call: the customer wants no questions: silent".to_owned();
        assert_eq!(told(&silent), (FollowUpState::Declined, wants_none));
        let answer = "survey in the call: the customer answered".to_owned();
        assert_eq!(told(&answered), (FollowUpState::Answered, answer));
        assert_eq!((answered.changed_at, answered.customer), (keyed.at, keyed.customer));
    }
}
