//! Follow-ups: calls that the center owes, after an issue was closed, because a day has come, or because
//! a ticket asks for one; after a closing by somebody other than who handled the issue. What a flow asked at the end of a call is a follow-up that
//! is done already.
//!
#![doc = include_str!("follow_up/transitions.md")]

mod call_survey;
mod policy;
mod state;

pub use call_survey::CallSurvey;
pub use policy::{FollowUpPolicy, policy_for};
pub use state::{FollowUpMove, FollowUpRejection, FollowUpState};

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::{
    AgentId, ContactId, CustomerId, FollowUpId, QueueId, SurveyId, TicketId, TouchpointId,
};
use crate::ticket::Ticket;
use crate::time::Timestamp;
use crate::touchpoint::Touchpoint;

/// What a call is owed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A ticket was closed. One that comes back is closed anew, in another version.
    Closing {
        /// The ticket.
        ticket: TicketId,
        /// Its version at the closing.
        version: u64,
    },
    /// A day of the care calendar has come.
    Touchpoint(TouchpointId),
    /// A ticket asks for it: its rule, or somebody who works on it.
    CallBack {
        /// The ticket.
        ticket: TicketId,
    },
    /// Nothing: a flow asked the caller at the end of a call.
    Call {
        /// The call.
        call: ContactId,
        /// The ticket that it is about.
        ticket: Option<TicketId>,
    },
}

/// What a call-back is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBack {
    /// The ticket that asks for it.
    pub ticket: TicketId,
    /// Who is called; none for a caller whom nobody knows, who has only a number.
    pub customer: Option<CustomerId>,
    /// Who answers for the ticket.
    pub department: Option<String>,
    /// The queue whose agents call.
    pub queue: QueueId,
    /// When they call at the earliest.
    pub due_at: Timestamp,
}

/// One call that is owed: one for each closing of a ticket that a policy picks. Or what a caller was asked
/// in a call: one for each call and survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// The record's name.
    pub id: FollowUpId,
    /// What it is owed for.
    pub cause: Cause,
    /// The policy, or the plan of the care calendar, that wants it; [`CALL_BACK`] for what a ticket asks
    /// for, [`IN_CALL`] for what a flow asked.
    pub policy: String,
    /// Where it stands.
    pub state: FollowUpState,
    /// Who is called.
    pub customer: Option<CustomerId>,
    /// Who answered for the ticket.
    pub department: Option<String>,
    /// The queue whose agents call; none for what a flow asked.
    pub queue: Option<QueueId>,
    /// What the customer is asked.
    pub survey: Option<SurveyId>,
    /// The agents who do not call: who handled the ticket and who resolved it.
    pub spared: BTreeSet<AgentId>,
    /// When it is to be done, or looked at again.
    pub due_at: Timestamp,
    /// When it is given up.
    pub expires_at: Timestamp,
    /// How often it went to the agents; an order that was refused does not count.
    pub calls: u32,
    /// The callback of the last time.
    pub contact: Option<ContactId>,
    /// Why it was declined or skipped, in a word.
    pub reason: Option<String>,
    /// The ticket that a low score opened.
    pub recovery: Option<TicketId>,
    /// Since when it is owed.
    pub made_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Grows by one per change; the etag.
    pub version: u64,
}

impl FollowUp {
    /// Makes the follow-up that a policy wants after a closing.
    ///
    /// Without a customer there is nobody to call, which is written down.
    pub fn after(
        (ticket, version): (&Ticket, u64),
        policy: &FollowUpPolicy,
        id: FollowUpId,
        at: Timestamp,
    ) -> Self {
        let nobody = ticket.customer.is_none();
        let (cause, due_at) =
            (Cause::Closing { ticket: ticket.id.clone(), version }, at + policy.after);
        Self {
            policy: policy.id.clone(),
            state: if nobody { FollowUpState::Skipped } else { FollowUpState::Due },
            customer: ticket.customer.clone(),
            department: ticket.department.clone(),
            queue: Some(policy.queue.clone()),
            survey: policy.survey.clone(),
            spared: handlers(ticket),
            due_at,
            expires_at: due_at + PATIENCE,
            reason: nobody.then(|| NO_CUSTOMER.to_owned()),
            ..Self::owed(id, cause, at)
        }
    }

    /// Makes the call that a day of the care calendar is to be.
    pub fn on_day(
        touchpoint: &Touchpoint,
        (queue, survey): (&QueueId, Option<&SurveyId>),
        id: FollowUpId,
        at: Timestamp,
    ) -> Self {
        Self {
            policy: touchpoint.plan.clone(),
            customer: Some(touchpoint.customer.clone()),
            queue: Some(queue.clone()),
            survey: survey.cloned(),
            expires_at: touchpoint.closes_at,
            ..Self::owed(id, Cause::Touchpoint(touchpoint.id.clone()), at)
        }
    }

    /// Makes the call that a ticket asks for. Whoever had a hand in the ticket may call.
    pub fn call_back(call: CallBack, id: FollowUpId, at: Timestamp) -> Self {
        Self {
            policy: CALL_BACK.to_owned(),
            customer: call.customer,
            department: call.department,
            queue: Some(call.queue),
            due_at: call.due_at,
            expires_at: call.due_at + PATIENCE,
            ..Self::owed(id, Cause::CallBack { ticket: call.ticket }, at)
        }
    }

    /// Makes what is owed since then, at once, to nobody yet.
    fn owed(id: FollowUpId, cause: Cause, at: Timestamp) -> Self {
        Self {
            id,
            cause,
            policy: String::new(),
            state: FollowUpState::Due,
            customer: None,
            department: None,
            queue: None,
            survey: None,
            spared: BTreeSet::new(),
            due_at: at,
            expires_at: at + PATIENCE,
            calls: 0,
            contact: None,
            reason: None,
            recovery: None,
            made_at: at,
            changed_at: at,
            version: 1,
        }
    }

    /// Gives the ticket that was closed, that asks for the call, or that the call was about.
    pub fn ticket(&self) -> Option<&TicketId> {
        match &self.cause {
            Cause::Closing { ticket, .. } | Cause::CallBack { ticket } => Some(ticket),
            Cause::Call { ticket, .. } => ticket.as_ref(),
            Cause::Touchpoint(_) => None,
        }
    }

    /// Gives the follow-up after a move, or says why there is none.
    pub fn apply(&self, attempted: FollowUpMove, at: Timestamp) -> Result<Self, FollowUpRejection> {
        let state = self.state.after(attempted)?;
        Ok(Self { state, changed_at: at, version: self.version + 1, ..self.clone() })
    }

    /// Gives the follow-up with the agents, to be looked at by then. What is with them already keeps the
    /// id of its call: it is the same call, however often it is ordered.
    pub fn call(&self, at: Timestamp, look_at: Timestamp) -> Result<Self, FollowUpRejection> {
        let calling = self.apply(FollowUpMove::Call, at)?;
        let calls = if self.state == FollowUpState::Calling { self.calls } else { self.calls + 1 };
        Ok(Self { due_at: look_at, ..calling.with_calls(calls) })
    }

    /// Gives the follow-up to be called again then.
    pub fn put_off(&self, at: Timestamp, until: Timestamp) -> Result<Self, FollowUpRejection> {
        Ok(Self { due_at: until, ..self.apply(FollowUpMove::PutOff, at)? })
    }

    /// Gives the follow-up as if its last call had never been ordered.
    #[must_use]
    pub fn without_last_call(self) -> Self {
        let calls = self.calls.saturating_sub(1);
        self.with_calls(calls)
    }

    /// Gives it up because its time is over. Who was never called was not missed either.
    pub fn expire(&self, at: Timestamp) -> Result<Self, FollowUpRejection> {
        let attempted = if self.calls == 0 { FollowUpMove::Skip } else { FollowUpMove::Miss };
        Ok(self.apply(attempted, at)?.because(EXPIRED))
    }

    fn with_calls(self, calls: u32) -> Self {
        let contact = (calls > 0).then(|| ContactId::parse(format!("{}.{calls}", self.id)).ok());
        Self { calls, contact: contact.flatten(), ..self }
    }

    /// Says in one line what became of it, for the life of the ticket; nothing before its end.
    pub fn told(&self) -> Option<String> {
        let reason = self.reason.as_deref().map(|reason| format!(": {reason}"));
        let told = match self.state {
            FollowUpState::Due | FollowUpState::Calling => return None,
            FollowUpState::Reached => "the customer was called",
            FollowUpState::Answered => "the customer answered",
            FollowUpState::Unreached => "the customer was called and not reached",
            FollowUpState::Declined => "the customer wants no questions",
            FollowUpState::Skipped => "the customer is not called",
        };
        let what = match self.cause {
            Cause::Closing { .. } | Cause::Touchpoint(_) => "follow-up",
            Cause::CallBack { .. } => "call-back",
            Cause::Call { .. } => "survey in the call",
        };
        Some(format!("{what}: {told}{}", reason.unwrap_or_default()))
    }

    /// Says why it came to this end.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }
}

/// What stands for the policy where a ticket asks.
pub const CALL_BACK: &str = "call-back";
/// What stands for the policy where a flow asked.
pub const IN_CALL: &str = "in-call";
/// How long somebody is called who is owed a call.
const PATIENCE: Duration = Duration::from_hours(14 * 24);
/// Why nobody is called any more whose time is over.
const EXPIRED: &str = "expired";
/// Why nobody is called who is not known.
const NO_CUSTOMER: &str = "no-customer";

/// Gives the agents who had a hand in a ticket.
fn handlers(ticket: &Ticket) -> BTreeSet<AgentId> {
    ticket.assignee.iter().cloned().chain(ticket.resolver()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed() -> FollowUp {
        let at = Timestamp::from_millis(0);
        FollowUp {
            id: FollowUpId::parse("f-1").expect("an id"),
            cause: Cause::Touchpoint(TouchpointId::parse("t-1").expect("an id")),
            policy: "care".to_owned(),
            state: FollowUpState::Due,
            customer: None,
            department: None,
            queue: QueueId::parse("care").ok(),
            survey: None,
            spared: BTreeSet::new(),
            due_at: at,
            expires_at: at,
            calls: 0,
            contact: None,
            reason: None,
            recovery: None,
            made_at: at,
            changed_at: at,
            version: 1,
        }
    }

    #[test]
    fn a_call_that_is_ordered_again_is_the_same_call() {
        let now = Timestamp::from_millis(5);

        let first = owed().call(now, now).expect("it was due");
        let same = first.call(now, now).expect("it is with the agents");
        let next = same.put_off(now, now).and_then(|due| due.call(now, now)).expect("it was due");

        let name = |follow_up: &FollowUp| follow_up.contact.as_ref().map(ToString::to_string);
        assert_eq!(name(&same), name(&first));
        assert_eq!((next.calls, name(&next).as_deref()), (2, Some("f-1.2")));
    }

    #[test]
    fn an_order_that_was_refused_does_not_count() {
        let now = Timestamp::from_millis(5);

        let refused = owed().call(now, now).expect("it was due").without_last_call();

        assert_eq!((refused.calls, refused.contact), (0, None));
    }

    #[test]
    fn who_was_never_called_was_not_missed() {
        let now = Timestamp::from_millis(5);
        let called = owed().call(now, now).expect("it was due");

        let states = [owed(), called].map(|it| it.expire(now).expect("it is open").state);

        assert_eq!(states, [FollowUpState::Skipped, FollowUpState::Unreached]);
    }
}
