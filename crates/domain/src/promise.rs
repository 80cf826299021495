//! Promises: what somebody told a customer would be done by when.
//!
//! | from | keep, in time | break | withdraw |
//! | --- | --- | --- | --- |
//! | `open` | `kept` | `broken` | `withdrawn` |
//!
//! What is kept, broken or withdrawn stays so. A promise that nobody kept in time is broken by time
//! itself; what is done later does not mend it, and a new promise is a new one.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::{AgentId, CustomerId, PromiseId, TicketId};
use crate::time::Timestamp;

/// Where a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromiseState {
    /// There is time left to keep it.
    Open,
    /// It was kept in time.
    Kept,
    /// It was not.
    Broken,
    /// The customer does not expect it any more.
    Withdrawn,
}

/// What becomes of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromiseEnd {
    /// What was promised is done.
    Keep,
    /// It will not be done, or not in time.
    Break,
    /// It need not be done.
    Withdraw,
}

/// What was promised to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The record's name.
    pub id: PromiseId,
    /// About which issue.
    pub ticket: Option<TicketId>,
    /// To whom.
    pub customer: Option<CustomerId>,
    /// What.
    pub what: String,
    /// Who sees to it.
    pub owner: Option<AgentId>,
    /// By when.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: PromiseState,
    /// Who gave it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// When and how it ended.
    pub ended: Option<PromiseEnded>,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// How a promise ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseEnded {
    /// When.
    pub at: Timestamp,
    /// Who said so; `promise:due` if only time did.
    pub by: String,
    /// Why, for the next reader.
    pub note: Option<String>,
}

/// Says why a promise does not end so.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PromiseError {
    /// It has ended before.
    #[error("a promise that is {state} stays so")]
    Over {
        /// Where it stands.
        state: PromiseState,
    },
    /// The time to keep it is over.
    #[error("a promise is kept by the time it was given for; this one is overdue, and broken")]
    TooLate {
        /// By when it had to be kept.
        due_at: Timestamp,
    },
}

impl Promise {
    /// Gives the promise after its end, or says why it does not end so.
    pub fn ended(&self, how: PromiseEnd, ended: PromiseEnded) -> Result<Self, PromiseError> {
        let state = match (self.state, how) {
            (PromiseState::Open, PromiseEnd::Keep) if ended.at > self.due_at => {
                return Err(PromiseError::TooLate { due_at: self.due_at });
            }
            (PromiseState::Open, PromiseEnd::Keep) => PromiseState::Kept,
            (PromiseState::Open, PromiseEnd::Break) => PromiseState::Broken,
            (PromiseState::Open, PromiseEnd::Withdraw) => PromiseState::Withdrawn,
            (state, _) => return Err(PromiseError::Over { state }),
        };
        Ok(Self { state, ended: Some(ended), version: self.version + 1, ..self.clone() })
    }
}

impl PromiseState {
    /// Every state, in the order of a promise's life.
    pub const ALL: [Self; 4] = [Self::Open, Self::Kept, Self::Broken, Self::Withdrawn];

    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for PromiseState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Says that a text names no state of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no state of a promise")]
pub struct PromiseStateError(pub String);

impl FromStr for PromiseState {
    type Err = PromiseStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| PromiseStateError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUE: Timestamp = Timestamp::from_millis(9_000);

    fn a_promise() -> Promise {
        Promise {
            id: PromiseId::parse("p-1").expect("an id"),
            ticket: None,
            customer: CustomerId::parse("li").ok(),
            what: "call back".to_owned(),
            owner: None,
            due_at: DUE,
            state: PromiseState::Open,
            made_by: "agent:wang".to_owned(),
            made_at: Timestamp::ZERO,
            ended: None,
            version: 1,
        }
    }

    fn at(millis: i64) -> PromiseEnded {
        let at = Timestamp::from_millis(millis);
        PromiseEnded { at, by: "agent:wang".to_owned(), note: None }
    }

    #[test]
    fn an_open_promise_ends_once_in_one_of_three_ways() {
        let ways = [
            (PromiseEnd::Keep, PromiseState::Kept),
            (PromiseEnd::Break, PromiseState::Broken),
            (PromiseEnd::Withdraw, PromiseState::Withdrawn),
        ];
        for (how, state) in ways {
            let ended = a_promise().ended(how, at(5_000)).expect("an end");
            let expected = Promise { state, ended: Some(at(5_000)), version: 2, ..a_promise() };
            assert_eq!(ended, expected);
            for (again, _) in ways {
                let refused = ended.ended(again, at(6_000));
                assert_eq!(refused, Err(PromiseError::Over { state }), "{again:?}");
            }
        }
    }

    #[test]
    fn a_promise_is_kept_until_its_time_is_up_and_not_after() {
        let kept = |millis| a_promise().ended(PromiseEnd::Keep, at(millis)).map(|it| it.state);

        assert_eq!(kept(9_000), Ok(PromiseState::Kept));
        assert_eq!(kept(9_001), Err(PromiseError::TooLate { due_at: DUE }));
    }

    #[test]
    fn states_are_read_by_the_words_they_are_written_in() {
        for state in PromiseState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        assert!("lost".parse::<PromiseState>().is_err());
    }
}
