//! How long a ticket spent in each stage of the closed loop.

use std::time::Duration;

use crate::time::Timestamp;

use super::TicketState;

/// A stage of the closed loop (受理, 派单, 处理, 关闭).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Until somebody takes responsibility.
    Acceptance,
    /// Until somebody begins to work on it.
    Dispatch,
    /// Somebody works on it.
    Handling,
    /// The customer, or something outside, must move first.
    Waiting,
    /// It is handled; the customer is informed, and somebody looks it over.
    Closure,
}

impl Stage {
    /// Gives the stage of a ticket that stands there; none for one that is over.
    pub const fn of(state: TicketState) -> Option<Self> {
        match state {
            TicketState::New | TicketState::Reopened => Some(Self::Acceptance),
            TicketState::Accepted | TicketState::Dispatched => Some(Self::Dispatch),
            TicketState::InProgress => Some(Self::Handling),
            TicketState::WaitingOnCustomer | TicketState::OnHold => Some(Self::Waiting),
            TicketState::Resolved => Some(Self::Closure),
            TicketState::Closed | TicketState::Merged | TicketState::Cancelled => None,
        }
    }
}

/// The time spent in each stage, over all rounds of a ticket that came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageTimes {
    /// In acceptance.
    pub acceptance: Duration,
    /// In dispatch.
    pub dispatch: Duration,
    /// In handling.
    pub handling: Duration,
    /// In waiting.
    pub waiting: Duration,
    /// In closure.
    pub closure: Duration,
}

impl StageTimes {
    /// Adds up a ticket's life, told as the state after each move and its time, up to now.
    ///
    /// Together the stages are the time from its making to now, without the time it was over.
    pub fn of(life: impl IntoIterator<Item = (TicketState, Timestamp)>, now: Timestamp) -> Self {
        let mut times = Self::default();
        let mut before = None;
        for (state, at) in life {
            times.add(before.replace((state, at)), at);
        }
        times.add(before, now);
        times
    }

    /// Adds the times of others.
    pub fn add_all(&mut self, other: &Self) {
        self.acceptance += other.acceptance;
        self.dispatch += other.dispatch;
        self.handling += other.handling;
        self.waiting += other.waiting;
        self.closure += other.closure;
    }

    /// Gives the time over all stages.
    pub fn total(&self) -> Duration {
        let Self { acceptance, dispatch, handling, waiting, closure } = *self;
        [acceptance, dispatch, handling, waiting, closure].into_iter().sum()
    }

    fn add(&mut self, stood: Option<(TicketState, Timestamp)>, until: Timestamp) {
        let Some((state, since)) = stood else { return };
        let spent = until.since(since);
        match Stage::of(state) {
            Some(Stage::Acceptance) => self.acceptance += spent,
            Some(Stage::Dispatch) => self.dispatch += spent,
            Some(Stage::Handling) => self.handling += spent,
            Some(Stage::Waiting) => self.waiting += spent,
            Some(Stage::Closure) => self.closure += spent,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ticket::TicketMove;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn each_stage_has_its_time_and_a_second_round_adds_to_the_first() {
        let life = [
            (TicketState::New, at(0)),
            (TicketState::Accepted, at(1)),
            (TicketState::Dispatched, at(3)),
            (TicketState::InProgress, at(7)),
            (TicketState::OnHold, at(15)),
            (TicketState::InProgress, at(31)),
            (TicketState::Resolved, at(63)),
            (TicketState::Closed, at(127)),
            (TicketState::Reopened, at(1_000)),
        ];

        let times = StageTimes::of(life, at(1_002));

        let seconds = Duration::from_secs;
        assert_eq!(
            times,
            StageTimes {
                acceptance: seconds(1 + 2),
                dispatch: seconds(2 + 4),
                handling: seconds(8 + 32),
                waiting: seconds(16),
                closure: seconds(64),
            }
        );
    }

    proptest! {
        #[test]
        fn the_stages_of_a_ticket_that_was_never_over_are_its_whole_age(
            moves in prop::collection::vec((0..TicketMove::ALL.len(), 0_i64..100_000), 0..40),
        ) {
            let (mut state, mut now) = (TicketState::New, 0);
            let mut life = vec![(state, at(now))];
            let mut over = 0;
            for (index, pause) in moves {
                over += if Stage::of(state).is_none() { pause } else { 0 };
                now += pause;
                if let Ok(after) = state.after(TicketMove::ALL[index]) {
                    state = after;
                    life.push((state, at(now)));
                }
            }

            let times = StageTimes::of(life, at(now));

            prop_assert_eq!(times.total(), Duration::from_secs((now - over).unsigned_abs()));
        }
    }
}
