//! Evaluations: one agent's work in one call or ticket, on its way from opened to acknowledged.

use std::fmt;

use thiserror::Error;

use super::Finding;
use crate::floor::state::words;
use crate::ids::{AgentId, ContactId, EvaluationId, QueueId, ScorecardId, TicketId};
use crate::time::Timestamp;

words!(
    /// Where an evaluation stands.
    EvaluationState {
        /// It is to be judged.
        Open = "open",
        /// It is judged.
        Done = "done",
        /// The center does without it.
        Withdrawn = "withdrawn",
    }
);

/// What is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// A call.
    Call(ContactId),
    /// A ticket.
    Ticket(TicketId),
}

/// What was found, by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the marks come to.
    pub finding: Finding,
    /// Who judged, such as `supervisor:wu`.
    pub evaluator: String,
    /// When.
    pub at: Timestamp,
}

/// One agent's work in one call or ticket, as somebody judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The record's name.
    pub id: EvaluationId,
    /// By which scorecard it is judged.
    pub scorecard: ScorecardId,
    /// Where it stands.
    pub state: EvaluationState,
    /// What is judged.
    pub about: Judged,
    /// Whose work it is.
    pub agent: AgentId,
    /// The last queue of the call, or the queue of the ticket.
    pub queue: Option<QueueId>,
    /// Who answers for the ticket.
    pub department: Option<String>,
    /// The review it is part of.
    pub sample: Option<String>,
    /// Who opened it.
    pub opened_by: String,
    /// What was found.
    pub found: Option<Found>,
    /// Why it was withdrawn, in a word.
    pub reason: Option<String>,
    /// When the agent had read it.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// Says why an evaluation does not change.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvaluationError {
    /// Who handled it does not judge it.
    #[error("nobody judges their own work")]
    OwnWork,
    /// It is about somebody else.
    #[error("the evaluation is about another agent")]
    NotYours,
    /// It is not in the state that the change begins with.
    #[error("the evaluation is {0}")]
    NotIn(EvaluationState),
    /// The agent has read it, so it stays as it is.
    #[error("the agent has acknowledged the evaluation")]
    Acknowledged,
    /// Somebody else judged it.
    #[error("{0} has judged it")]
    JudgedBy(String),
}

impl Evaluation {
    /// Gives it with what somebody found: `person` names the evaluator as agents are named, `actor` as the
    /// audit trail does.
    pub fn judge(
        &self,
        finding: Finding,
        (person, actor): (&str, &str),
        at: Timestamp,
    ) -> Result<Self, EvaluationError> {
        if person == self.agent.as_str() {
            return Err(EvaluationError::OwnWork);
        }
        if self.state == EvaluationState::Withdrawn {
            return Err(EvaluationError::NotIn(self.state));
        }
        if self.acknowledged_at.is_some() {
            return Err(EvaluationError::Acknowledged);
        }
        let before = self.found.as_ref().filter(|found| found.evaluator != actor);
        if let Some(before) = before {
            return Err(EvaluationError::JudgedBy(before.evaluator.clone()));
        }
        // A correction belongs to the day on which it was judged.
        let judged_at = self.found.as_ref().map_or(at, |found| found.at);
        let found = Found { finding, evaluator: actor.to_owned(), at: judged_at };
        let state = EvaluationState::Done;
        Ok(Self { state, found: Some(found), ..self.changed(at) })
    }

    /// Gives it withdrawn by a person for a reason; one that was judged stays.
    pub fn withdraw(
        &self,
        (person, reason): (&str, &str),
        at: Timestamp,
    ) -> Result<Self, EvaluationError> {
        if person == self.agent.as_str() {
            return Err(EvaluationError::OwnWork);
        }
        if self.state != EvaluationState::Open {
            return Err(EvaluationError::NotIn(self.state));
        }
        let state = EvaluationState::Withdrawn;
        Ok(Self { state, reason: Some(reason.to_owned()), ..self.changed(at) })
    }

    /// Gives it read by the agent it is about; the first time counts.
    pub fn acknowledge(&self, agent: &AgentId, at: Timestamp) -> Result<Self, EvaluationError> {
        if *agent != self.agent {
            return Err(EvaluationError::NotYours);
        }
        if self.state != EvaluationState::Done {
            return Err(EvaluationError::NotIn(self.state));
        }
        Ok(Self { acknowledged_at: Some(at), ..self.changed(at) })
    }

    /// Says whether an agent may see it: what was found of their own work.
    pub fn is_shown_to(&self, agent: &AgentId) -> bool {
        self.agent == *agent && self.state == EvaluationState::Done
    }

    /// Says whether it is to be kept from a person, whatever the role: that own work is to be judged.
    pub fn is_kept_from(&self, person: &str) -> bool {
        self.agent.as_str() == person && self.state == EvaluationState::Open
    }

    fn changed(&self, at: Timestamp) -> Self {
        Self { changed_at: at, version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::Score;

    const NOON: Timestamp = Timestamp::from_millis(43_200_000);

    fn open() -> Evaluation {
        Evaluation {
            id: EvaluationId::parse("e-1").expect("an id"),
            scorecard: ScorecardId::parse("calls").expect("an id"),
            state: EvaluationState::Open,
            about: Judged::Call(ContactId::parse("c-1").expect("an id")),
            agent: agent("li-wei"),
            queue: None,
            department: None,
            sample: None,
            opened_by: "supervisor:wu".to_owned(),
            found: None,
            reason: None,
            acknowledged_at: None,
            opened_at: NOON,
            changed_at: NOON,
            version: 1,
        }
    }

    fn agent(id: &str) -> AgentId {
        AgentId::parse(id).expect("an id")
    }

    fn full() -> Finding {
        Finding { score: Score::FULL, is_passed: true, failed: vec![] }
    }

    fn judged() -> Evaluation {
        open().judge(full(), ("wu", "supervisor:wu"), NOON).expect("a judgement")
    }

    #[test]
    fn nobody_judges_their_own_work_in_any_role() {
        let own = open().judge(full(), ("li-wei", "supervisor:li-wei"), NOON);

        assert_eq!(own, Err(EvaluationError::OwnWork));
        assert_eq!(open().withdraw(("li-wei", "cut-off"), NOON), Err(EvaluationError::OwnWork));
        assert!(open().is_kept_from("li-wei") && !judged().is_kept_from("li-wei"));
    }

    #[test]
    fn who_judged_may_correct_it_and_nobody_else() {
        let later = NOON + std::time::Duration::from_mins(1);
        let again = judged().judge(full(), ("wu", "supervisor:wu"), later).expect("a correction");
        let other = judged().judge(full(), ("zhao", "admin:zhao"), NOON);

        assert_eq!((again.version, again.found.map(|found| found.at)), (3, Some(NOON)));
        assert_eq!(other, Err(EvaluationError::JudgedBy("supervisor:wu".to_owned())));
    }

    #[test]
    fn what_the_agent_has_read_stays_as_it_is() {
        let read = judged().acknowledge(&agent("li-wei"), NOON).expect("an acknowledgement");

        assert_eq!(read.acknowledged_at, Some(NOON));
        assert_eq!(
            read.judge(full(), ("wu", "supervisor:wu"), NOON),
            Err(EvaluationError::Acknowledged)
        );
    }

    #[test]
    fn only_the_agent_it_is_about_acknowledges_what_was_found() {
        let early = open().acknowledge(&agent("li-wei"), NOON);
        let other = judged().acknowledge(&agent("chen-jie"), NOON);

        assert_eq!(early, Err(EvaluationError::NotIn(EvaluationState::Open)));
        assert_eq!(other, Err(EvaluationError::NotYours));
        assert!(judged().is_shown_to(&agent("li-wei")));
        assert!(!open().is_shown_to(&agent("li-wei")));
        assert!(!judged().is_shown_to(&agent("chen-jie")));
    }

    #[test]
    fn only_what_is_not_judged_is_withdrawn() {
        let gone = open().withdraw(("wu", "cut-off"), NOON).expect("a withdrawal");

        assert_eq!(
            (gone.state, gone.reason.as_deref()),
            (EvaluationState::Withdrawn, Some("cut-off"))
        );
        assert!(judged().withdraw(("wu", "cut-off"), NOON).is_err());
        assert!(gone.judge(full(), ("wu", "supervisor:wu"), NOON).is_err());
    }
}
