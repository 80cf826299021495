//! What became of tickets in some time, by published definitions, from the lines of their lives.
//!
//! | figure | definition |
//! | --- | --- |
//! | made, resolved, closed, reopened, merged, cancelled | moves of that name in the time |
//! | late | resolutions of which a deadline was told overdue since the making, or since the last reopening |
//! | kept | (resolved − late) / resolved; what has no deadline is not late |
//! | answered, late answers | first answers to the customer, by a reply, a question or the resolution; those before which the first response was told overdue |
//! | first contact | resolutions without a dispatch, a wait or a hold before, of tickets that never came back |
//! | reopen rate | reopened / resolved |
//! | spent | the time that tickets stood in each stage, as far as it lies in the time |
//! | standing | tickets in each stage at the end; those in closure are resolved, the others open |
//! | age | the time since the making of those that are open at the end |
//!
//! Every figure of a group of tickets is the sum of those of its tickets, and what is counted or
//! spent in two times that follow each other is the sum of both.

use std::time::Duration;

use crate::ratio::{mean, ratio};
use crate::time::Timestamp;

use super::{Stage, StageTimes, TicketMove, TicketState};

/// A week, after which an open ticket is old.
const WEEK: Duration = Duration::from_hours(7 * 24);
/// Thirty days, after which an open ticket is very old.
const MONTH: Duration = Duration::from_hours(30 * 24);

/// One line of a ticket's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The move; none for the making.
    pub applied: Option<TicketMove>,
    /// Where the ticket stood after it.
    pub state: TicketState,
    /// When.
    pub at: Timestamp,
    /// Whether it tells that a deadline is overdue.
    pub is_overdue: bool,
    /// Whether it tells so of the first answer to the customer.
    pub is_unanswered: bool,
}

/// What became of tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketFigures {
    /// Tickets that were made.
    pub made: u64,
    /// Resolutions.
    pub resolved: u64,
    /// Those that came late.
    pub late: u64,
    /// First answers to the customers.
    pub answered: u64,
    /// Those of which the deadline was told overdue before.
    pub answered_late: u64,
    /// The time from the making to each first answer, together.
    pub answering: Duration,
    /// Those at the first contact.
    pub first_contact: u64,
    /// Closings.
    pub closed: u64,
    /// Tickets that came back, each time.
    pub reopened: u64,
    /// Tickets in whose place another goes on.
    pub merged: u64,
    /// Tickets that were withdrawn.
    pub cancelled: u64,
    /// The time from the making to each resolution, together.
    pub resolving: Duration,
    /// The time in each stage.
    pub spent: StageTimes,
    /// How many stand in each stage at the end.
    pub standing: Standing,
    /// The age of those that are open, together.
    pub age: Duration,
    /// The age of the oldest of them.
    pub oldest: Duration,
    /// Those that are older than a week.
    pub older_than_week: u64,
    /// Those that are older than thirty days.
    pub older_than_month: u64,
}

/// How many tickets stand in each stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Nobody has taken responsibility.
    pub acceptance: u64,
    /// Nobody works on it yet.
    pub dispatch: u64,
    /// Somebody works on it.
    pub handling: u64,
    /// The customer, or something outside, must move first.
    pub waiting: u64,
    /// It is resolved, and not closed.
    pub closure: u64,
}

impl Standing {
    /// Gives how many are open.
    pub const fn open(&self) -> u64 {
        self.acceptance + self.dispatch + self.handling + self.waiting
    }

    const fn count(&mut self, stage: Stage) {
        match stage {
            Stage::Acceptance => self.acceptance += 1,
            Stage::Dispatch => self.dispatch += 1,
            Stage::Handling => self.handling += 1,
            Stage::Waiting => self.waiting += 1,
            Stage::Closure => self.closure += 1,
        }
    }
}

impl TicketFigures {
    /// Counts what became of one ticket from a time until another, exclusive; its life is told oldest
    /// line first, and what comes after the time is not looked at.
    pub fn of(life: &[Line], from: Timestamp, until: Timestamp) -> Self {
        let life: Vec<&Line> = life.iter().filter(|line| line.at < until).collect();
        let mut figures = Self::default();
        let (Some(first), Some(last)) = (life.first(), life.last()) else { return figures };
        let comes_back = life.iter().any(|line| line.applied == Some(TicketMove::Reopen));
        let (mut is_late, mut is_handed_on) = (false, false);
        figures.count_answer(&life, first.at, from);
        for line in &life {
            is_late |= line.is_overdue;
            if line.applied == Some(TicketMove::Reopen) {
                is_late = line.is_overdue;
            }
            is_handed_on |= line.applied.is_some_and(hands_on);
            if line.at >= from {
                figures.count(line.applied);
                if line.applied == Some(TicketMove::Resolve) {
                    figures.late += u64::from(is_late);
                    figures.first_contact += u64::from(!is_handed_on && !comes_back);
                    figures.resolving += line.at.since(first.at);
                }
            }
        }
        let within = life.iter().map(|line| (line.state, line.at.max(from)));
        figures.spent = StageTimes::of(within, until);
        figures.stand(last.state, until.since(first.at));
        figures
    }

    /// Adds the figures of others.
    pub fn add(&mut self, other: &Self) {
        self.made += other.made;
        self.resolved += other.resolved;
        self.late += other.late;
        self.answered += other.answered;
        self.answered_late += other.answered_late;
        self.answering += other.answering;
        self.first_contact += other.first_contact;
        self.closed += other.closed;
        self.reopened += other.reopened;
        self.merged += other.merged;
        self.cancelled += other.cancelled;
        self.resolving += other.resolving;
        self.spent.add_all(&other.spent);
        self.standing.acceptance += other.standing.acceptance;
        self.standing.dispatch += other.standing.dispatch;
        self.standing.handling += other.standing.handling;
        self.standing.waiting += other.standing.waiting;
        self.standing.closure += other.standing.closure;
        self.age += other.age;
        self.oldest = self.oldest.max(other.oldest);
        self.older_than_week += other.older_than_week;
        self.older_than_month += other.older_than_month;
    }

    /// Gives the share of resolutions that came in time, from 0 to 1; none without resolutions.
    pub fn kept(&self) -> Option<f64> {
        ratio(self.resolved - self.late, self.resolved)
    }

    /// Gives the share of resolutions at the first contact, from 0 to 1; none without resolutions.
    pub fn first_contact_rate(&self) -> Option<f64> {
        ratio(self.first_contact, self.resolved)
    }

    /// Gives how many came back for one that was resolved; none without resolutions.
    pub fn reopen_rate(&self) -> Option<f64> {
        ratio(self.reopened, self.resolved)
    }

    /// Gives the mean time from the making to a resolution; none without resolutions.
    pub fn mean_resolving(&self) -> Option<Duration> {
        mean(self.resolving, self.resolved)
    }

    /// Gives the mean time from the making to a first answer; none without any.
    pub fn mean_answering(&self) -> Option<Duration> {
        mean(self.answering, self.answered)
    }

    /// Gives the mean age of open tickets; none without any.
    pub fn mean_age(&self) -> Option<Duration> {
        mean(self.age, self.standing.open())
    }

    /// Counts the first answer to the customer, if it lies in the time.
    fn count_answer(&mut self, life: &[&Line], made: Timestamp, from: Timestamp) {
        let answers = |line: &&&Line| line.applied.is_some_and(TicketMove::answers_customer);
        let Some(answer) = life.iter().find(answers).filter(|line| line.at >= from) else { return };
        let before = life.iter().take_while(|line| !answers(line));
        self.answered += 1;
        self.answered_late += u64::from(before.into_iter().any(|line| line.is_unanswered));
        self.answering += answer.at.since(made);
    }

    const fn count(&mut self, applied: Option<TicketMove>) {
        match applied {
            None => self.made += 1,
            Some(TicketMove::Resolve) => self.resolved += 1,
            Some(TicketMove::Close) => self.closed += 1,
            Some(TicketMove::Reopen) => self.reopened += 1,
            Some(TicketMove::Merge) => self.merged += 1,
            Some(TicketMove::Cancel) => self.cancelled += 1,
            Some(
                TicketMove::Accept
                | TicketMove::Dispatch
                | TicketMove::Escalate
                | TicketMove::Start
                | TicketMove::WaitOnCustomer
                | TicketMove::Hold
                | TicketMove::Resume
                | TicketMove::Reply
                | TicketMove::Inform
                | TicketMove::Note
                | TicketMove::Revise
                | TicketMove::Alarm,
            ) => {}
        }
    }

    fn stand(&mut self, last: TicketState, age: Duration) {
        let Some(stage) = Stage::of(last) else { return };
        self.standing.count(stage);
        if stage == Stage::Closure {
            return;
        }
        (self.age, self.oldest) = (age, age);
        self.older_than_week = u64::from(age > WEEK);
        self.older_than_month = u64::from(age > MONTH);
    }
}

/// Says whether whoever took the ticket down no longer sees to it alone.
const fn hands_on(applied: TicketMove) -> bool {
    matches!(
        applied,
        TicketMove::Dispatch | TicketMove::Escalate | TicketMove::WaitOnCustomer | TicketMove::Hold
    )
}

#[cfg(test)]
mod tests;
