//! The life of a follow-up: one match, one arm per legal move, refusal last.

use std::fmt;

use thiserror::Error;

use crate::floor::state::words;

words!(
    /// Where a follow-up stands.
    FollowUpState {
        /// It waits for its time.
        Due = "due",
        /// It is with the agents of its queue.
        Calling = "calling",
        /// The customer was reached; nothing is written down of what was said.
        Reached = "reached",
        /// The customer's answers are written down.
        Answered = "answered",
        /// The customer was called as often as is allowed, and was not reached.
        Unreached = "unreached",
        /// The customer does not want to be asked.
        Declined = "declined",
        /// The center does without it.
        Skipped = "skipped",
    }
);

words!(
    /// What becomes of a follow-up.
    FollowUpMove {
        /// It goes to the agents, or is still on its way to them.
        Call = "call",
        /// The call came to nothing that counts: it is done again later.
        PutOff = "put_off",
        /// The customer answered the call.
        Reach = "reach",
        /// The customer was not reached.
        Miss = "miss",
        /// The answers are written down.
        Answer = "answer",
        /// The customer does not want to be asked.
        Decline = "decline",
        /// The center does without it.
        Skip = "skip",
    }
);

/// Says that a move is not allowed from where a follow-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a follow-up that is {state} allows no {attempted}")]
pub struct FollowUpRejection {
    /// Where it stands.
    pub state: FollowUpState,
    /// What was tried.
    pub attempted: FollowUpMove,
}

impl FollowUpState {
    /// Says whether it ended with the customer, who answered or did not; what waits, and what the
    /// center did without, asked nobody.
    pub const fn is_asked(self) -> bool {
        match self {
            Self::Reached | Self::Answered | Self::Unreached | Self::Declined => true,
            Self::Due | Self::Calling | Self::Skipped => false,
        }
    }

    /// Gives the state after a move, or refuses the move.
    ///
    /// A customer who was not reached may still answer: in a call of their own, or on paper.
    pub fn after(self, attempted: FollowUpMove) -> Result<Self, FollowUpRejection> {
        use FollowUpMove as Move;
        match (self, attempted) {
            (Self::Due | Self::Calling, Move::Call) => Ok(Self::Calling),
            (Self::Due | Self::Calling, Move::PutOff) => Ok(Self::Due),
            (Self::Calling, Move::Reach) => Ok(Self::Reached),
            (Self::Due | Self::Calling, Move::Miss) => Ok(Self::Unreached),
            (Self::Due | Self::Calling | Self::Reached | Self::Unreached, Move::Answer) => {
                Ok(Self::Answered)
            }
            (Self::Due | Self::Calling | Self::Reached | Self::Unreached, Move::Decline) => {
                Ok(Self::Declined)
            }
            (Self::Due | Self::Calling, Move::Skip) => Ok(Self::Skipped),
            (state, attempted) => Err(FollowUpRejection { state, attempted }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn the_documented_table_is_the_table_in_force() {
        let mut table = "| from | move | to |\n| --- | --- | --- |\n".to_owned();
        for state in FollowUpState::ALL {
            for attempted in FollowUpMove::ALL {
                if let Ok(after) = state.after(*attempted) {
                    writeln!(table, "| {state} | {attempted} | {after} |").expect("memory");
                }
            }
        }

        assert_eq!(include_str!("transitions.md"), table, "the table in force is:\n{table}");
    }

    #[test]
    fn what_is_answered_declined_or_skipped_stays_so() {
        for state in [FollowUpState::Answered, FollowUpState::Declined, FollowUpState::Skipped] {
            assert!(FollowUpMove::ALL.iter().all(|attempted| state.after(*attempted).is_err()));
        }
    }
}
