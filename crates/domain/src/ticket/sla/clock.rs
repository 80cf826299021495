//! The clocks of one ticket, from its life.

use std::fmt;
use std::time::Duration;

use crate::center::Calendar;
use crate::ticket::{Stage, TicketMove, TicketState};
use crate::time::Timestamp;

use super::SlaPolicy;

/// What a clock measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// The time until somebody takes responsibility.
    Acceptance,
    /// The time until the customer is answered for the first time.
    FirstResponse,
    /// The time until somebody responds when it is our turn again.
    Response,
    /// The time until the resolution.
    Resolution,
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It runs, and the time is up then; none when that is beyond what the calendar tells.
    Running {
        /// Since when, without a halt.
        since: Timestamp,
        /// When the time is up.
        due: Option<Timestamp>,
    },
    /// It stands still, with so much left.
    Paused {
        /// How much time of the calendar is left.
        left: Duration,
    },
    /// What was owed was done in time.
    Met {
        /// When it was done.
        at: Timestamp,
    },
    /// What was owed was done, but too late.
    Missed {
        /// When it was due.
        due: Timestamp,
        /// When it was done.
        at: Timestamp,
    },
}

/// The clocks of one ticket that measure anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks(pub Vec<(ClockKind, Clock)>);

/// One line of a ticket's life: the move, none for the making, and the state after it.
pub type Step = (Option<TicketMove>, TicketState, Timestamp);

impl Clocks {
    /// Reads the clocks off a ticket's life, oldest line first, by the calendar of the policy; without
    /// a calendar every hour counts.
    pub fn of(policy: &SlaPolicy, calendar: Option<&Calendar>, life: &[Step]) -> Self {
        let read = |kind| {
            let target = policy.target(kind)?;
            let hand = life.iter().fold(None, |hand, step| kind.moved(hand, step, calendar));
            Some((kind, hand?.read(target, calendar)))
        };
        Self(ClockKind::ALL.into_iter().filter_map(read).collect())
    }

    /// Gives the clocks that run, with since when and until when.
    pub fn running(&self) -> impl Iterator<Item = (ClockKind, Timestamp, Timestamp)> {
        self.0.iter().filter_map(|(kind, clock)| match clock {
            Clock::Running { since, due: Some(due) } => Some((*kind, *since, *due)),
            Clock::Running { due: None, .. }
            | Clock::Paused { .. }
            | Clock::Met { .. }
            | Clock::Missed { .. } => None,
        })
    }
}

/// A clock while it is read: what has run, and since when it runs or when it stopped for good.
#[derive(Clone, Copy)]
struct Hand {
    ran: Duration,
    at: Motion,
}

#[derive(Clone, Copy)]
enum Motion {
    Since(Timestamp),
    Paused,
    Done { began: Timestamp, at: Timestamp },
}

impl Hand {
    fn start(at: Timestamp) -> Self {
        Self { ran: Duration::ZERO, at: Motion::Since(at) }
    }

    fn halt(self, at: Timestamp, calendar: Option<&Calendar>, is_done: bool) -> Self {
        let Motion::Since(since) = self.at else {
            return match self.at {
                Motion::Paused if is_done => Self { at: Motion::Done { began: at, at }, ..self },
                Motion::Paused | Motion::Since(_) | Motion::Done { .. } => self,
            };
        };
        if is_done {
            return Self { at: Motion::Done { began: since, at }, ..self };
        }
        Self { ran: self.ran + passed(calendar, since, at), at: Motion::Paused }
    }

    fn run(self, at: Timestamp) -> Self {
        match self.at {
            Motion::Paused => Self { at: Motion::Since(at), ..self },
            Motion::Since(_) | Motion::Done { .. } => self,
        }
    }

    fn read(self, target: Duration, calendar: Option<&Calendar>) -> Clock {
        let left = target.saturating_sub(self.ran);
        let due = |since| match calendar {
            Some(calendar) => calendar.after_open_time(since, left),
            None => Some(since + left),
        };
        match self.at {
            Motion::Since(since) => Clock::Running { since, due: due(since) },
            Motion::Paused => Clock::Paused { left },
            Motion::Done { began, at } => match due(began) {
                Some(due) if at > due => Clock::Missed { due, at },
                Some(_) | None => Clock::Met { at },
            },
        }
    }
}

fn passed(calendar: Option<&Calendar>, since: Timestamp, until: Timestamp) -> Duration {
    calendar.map_or_else(|| until.since(since), |open| open.open_time_between(since, until))
}

impl ClockKind {
    /// Every clock.
    pub const ALL: [Self; 4] =
        [Self::Acceptance, Self::FirstResponse, Self::Response, Self::Resolution];

    /// Gives the word used in records and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::FirstResponse => "first response",
            Self::Response => "response",
            Self::Resolution => "resolution",
        }
    }

    fn moved(self, hand: Option<Hand>, step: &Step, calendar: Option<&Calendar>) -> Option<Hand> {
        let (applied, state, at) = *step;
        match self {
            Self::Acceptance => Some(accepted(hand, state, at, calendar)),
            Self::FirstResponse => Some(answered(hand, applied, state, at, calendar)),
            Self::Response => responded(hand, applied, state, at, calendar),
            Self::Resolution => Some(resolved(hand, applied, state, at, calendar)),
        }
    }
}

fn accepted(
    hand: Option<Hand>,
    state: TicketState,
    at: Timestamp,
    calendar: Option<&Calendar>,
) -> Hand {
    let hand = hand.unwrap_or_else(|| Hand::start(at));
    if state == TicketState::New { hand } else { hand.halt(at, calendar, true) }
}

/// Only the first answer counts: neither what follows nor a ticket that comes back starts it anew.
fn answered(
    hand: Option<Hand>,
    applied: Option<TicketMove>,
    state: TicketState,
    at: Timestamp,
    calendar: Option<&Calendar>,
) -> Hand {
    let hand = hand.unwrap_or_else(|| Hand::start(at));
    let is_over = matches!(Stage::of(state), Some(Stage::Closure) | None);
    if is_over || applied.is_some_and(TicketMove::answers_customer) {
        hand.halt(at, calendar, true)
    } else if state == TicketState::OnHold {
        hand.halt(at, calendar, false)
    } else {
        hand.run(at)
    }
}

fn responded(
    hand: Option<Hand>,
    applied: Option<TicketMove>,
    state: TicketState,
    at: Timestamp,
    calendar: Option<&Calendar>,
) -> Option<Hand> {
    match (applied, Stage::of(state)) {
        (Some(TicketMove::Resume | TicketMove::Reopen), _) => Some(Hand::start(at)),
        (Some(TicketMove::Reply), _) => hand.map(|hand| hand.halt(at, calendar, true)),
        (_, Some(Stage::Waiting | Stage::Closure) | None) => {
            hand.map(|hand| hand.halt(at, calendar, true))
        }
        (_, Some(Stage::Acceptance | Stage::Dispatch | Stage::Handling)) => hand,
    }
}

fn resolved(
    hand: Option<Hand>,
    applied: Option<TicketMove>,
    state: TicketState,
    at: Timestamp,
    calendar: Option<&Calendar>,
) -> Hand {
    let Some(hand) = hand.filter(|_| applied != Some(TicketMove::Reopen)) else {
        return Hand::start(at);
    };
    match Stage::of(state) {
        Some(Stage::Waiting) => hand.halt(at, calendar, false),
        Some(Stage::Closure) | None => hand.halt(at, calendar, true),
        Some(Stage::Acceptance | Stage::Dispatch | Stage::Handling) => hand.run(at),
    }
}

impl fmt::Display for ClockKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
