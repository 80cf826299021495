//! What is told of deadlines, and when: a warning before each, the deadline itself if it is missed,
//! and then one level of escalation after the other.
//!
//! Each is told once: whoever tells them remembers up to when everything was told, and the ticket's life
//! what. A deadline may move to before that time, because the customer's tier or the policy changed; it is
//! told then, unless it was told before.

use std::fmt;

use crate::time::Timestamp;

use super::{ClockKind, Clocks, Escalation, SlaPolicy};

/// How the line of a ticket's life ends that tells of a missed deadline; figures count by it.
pub const OVERDUE: &str = "is overdue";

/// The line of a ticket's life that tells that its customer was not answered in time.
pub const UNANSWERED: &str = "first response is overdue";

/// Something to be told of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// From when on.
    pub at: Timestamp,
    /// Which clock.
    pub clock: ClockKind,
    /// What.
    pub level: AlarmLevel,
    /// Since when the clock has run.
    pub since: Timestamp,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmLevel {
    /// The time is nearly up.
    Warning,
    /// The time is up.
    Overdue,
    /// Nothing has happened since; counts from 1.
    Escalated(usize),
}

impl fmt::Display for Alarm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = self.clock;
        match self.level {
            AlarmLevel::Warning => write!(formatter, "{clock} is nearly due"),
            AlarmLevel::Overdue => write!(formatter, "{clock} {OVERDUE}"),
            AlarmLevel::Escalated(level) => {
                write!(formatter, "{clock} {OVERDUE}, escalated to level {level}")
            }
        }
    }
}

impl SlaPolicy {
    /// Gives the level of escalation that an alarm tells of.
    pub fn escalation(&self, alarm: &Alarm) -> Option<&Escalation> {
        match alarm.level {
            AlarmLevel::Warning | AlarmLevel::Overdue => None,
            AlarmLevel::Escalated(level) => self.escalations.get(level.checked_sub(1)?),
        }
    }

    /// Gives everything that is ever to be told of the clocks as they run, the earliest first.
    pub(super) fn alarms(&self, clocks: &Clocks) -> Vec<Alarm> {
        let of = |(clock, since, due)| self.alarms_of(clock, since, due);
        let mut alarms: Vec<Alarm> = clocks.running().flat_map(of).collect();
        alarms.sort_unstable();
        alarms
    }

    fn alarms_of(&self, clock: ClockKind, since: Timestamp, due: Timestamp) -> Vec<Alarm> {
        let alarm = |at, level| Alarm { at, clock, level, since };
        let warning = (!self.warn_before.is_zero())
            .then(|| alarm(due - self.warn_before, AlarmLevel::Warning));
        let overdue = alarm(due, AlarmLevel::Overdue);
        let escalated = (1..)
            .zip(&self.escalations)
            .map(|(level, escalation)| alarm(due + escalation.after, AlarmLevel::Escalated(level)));
        warning.into_iter().chain([overdue]).chain(escalated).collect()
    }
}

/// What was told of a ticket before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Up to when everything that came due was told.
    pub until: Timestamp,
    /// What, and when.
    pub lines: Vec<(Timestamp, String)>,
}

impl Told {
    /// Tells whether nobody has told of an alarm: it came due since, or has moved to before then.
    fn lacks(&self, alarm: &Alarm) -> bool {
        let text = alarm.to_string();
        let mut told = self.lines.iter().filter(|(at, _)| *at > alarm.since);
        alarm.at > self.until
            // What lies before the clock began to run was never to come.
            || (alarm.at > alarm.since && !told.any(|(_, line)| *line == text))
    }
}

/// Of what is ever to be told, what is to be told now, and what is to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// To be told now.
    pub now: Vec<Alarm>,
    /// What is to come.
    pub outlook: Outlook,
}

/// What is to come of a ticket's deadlines while nobody moves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// When the next alarm is due; none when nothing is left to be told.
    pub next: Option<Timestamp>,
    /// The first deadline of the clocks that run, be it missed; none when no clock runs.
    pub deadline: Option<Timestamp>,
}

impl Due {
    /// Divides alarms, the earliest first, into those that were told, the others up to now, and the rest.
    pub(super) fn of(alarms: &[Alarm], told: &Told, now: Timestamp) -> Self {
        let new = alarms.iter().filter(|alarm| alarm.at <= now && told.lacks(alarm));
        let next = alarms.iter().find(|alarm| alarm.at > now);
        let deadline = alarms.iter().find(|alarm| alarm.level == AlarmLevel::Overdue);
        let outlook =
            Outlook { next: next.map(|alarm| alarm.at), deadline: deadline.map(|alarm| alarm.at) };
        Self { now: new.copied().collect(), outlook }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Clock;
    use super::super::tests::{a_policy, at, seconds};
    use super::*;

    fn strict() -> SlaPolicy {
        SlaPolicy {
            warn_before: seconds(10),
            escalations: [60, 120].map(|after| Escalation::told(seconds(after))).into(),
            ..a_policy()
        }
    }

    fn due_at(second: i64) -> Clocks {
        let running = Clock::Running { since: at(0), due: Some(at(second)) };
        Clocks(vec![(ClockKind::Resolution, running)])
    }

    fn warned_at(second: i64) -> Told {
        Told { until: at(second), lines: vec![(at(second), "resolution is nearly due".to_owned())] }
    }

    #[test]
    fn each_level_is_told_once_at_its_time() {
        let alarms = strict().alarms(&due_at(100));
        let mut told = Vec::new();
        let mut before = Told::default();
        for second in (0..=300).step_by(7) {
            let due = Due::of(&alarms, &before, at(second));
            told.extend(due.now.iter().map(|alarm| (alarm.level, alarm.at)));
            before.lines.extend(due.now.iter().map(|alarm| (at(second), alarm.to_string())));
            before.until = at(second);
        }

        let expected = [
            (AlarmLevel::Warning, at(90)),
            (AlarmLevel::Overdue, at(100)),
            (AlarmLevel::Escalated(1), at(160)),
            (AlarmLevel::Escalated(2), at(220)),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn after_an_absence_everything_missed_is_told_together() {
        let due = Due::of(&strict().alarms(&due_at(100)), &warned_at(95), at(170));

        let levels: Vec<_> = due.now.iter().map(|alarm| alarm.level).collect();
        assert_eq!(levels, [AlarmLevel::Overdue, AlarmLevel::Escalated(1)]);
        let outlook = Outlook { next: Some(at(220)), deadline: Some(at(100)) };
        assert_eq!(due.outlook, outlook);
    }

    #[test]
    fn a_deadline_that_moves_to_before_the_last_look_is_told_once() {
        let alarms = strict().alarms(&due_at(50));
        let mut told = warned_at(95);

        let due = Due::of(&alarms, &told, at(100));
        told.lines.extend(due.now.iter().map(|alarm| (at(100), alarm.to_string())));
        let again = Due::of(&alarms, &Told { until: at(100), ..told }, at(105));

        let levels: Vec<_> = due.now.iter().map(|alarm| alarm.level).collect();
        let outlook = Outlook { next: Some(at(110)), deadline: Some(at(50)) };
        assert_eq!((levels, due.outlook), (vec![AlarmLevel::Overdue], outlook));
        assert_eq!(again, Due { now: vec![], outlook });
    }

    #[test]
    fn what_was_told_before_a_clock_began_anew_is_told_anew() {
        let running = Clock::Running { since: at(96), due: Some(at(100)) };
        let alarms = strict().alarms(&Clocks(vec![(ClockKind::Resolution, running)]));
        let before = Told { lines: vec![(at(50), "resolution is overdue".into())], until: at(110) };

        let due = Due::of(&alarms, &before, at(110));

        // Of its warning it was too late from the beginning.
        let levels: Vec<_> = due.now.iter().map(|alarm| alarm.level).collect();
        assert_eq!(levels, [AlarmLevel::Overdue]);
    }

    #[test]
    fn a_clock_that_stands_still_tells_nothing() {
        let paused = Clocks(vec![(ClockKind::Resolution, Clock::Paused { left: Duration::ZERO })]);

        assert_eq!(strict().alarms(&paused), []);
    }

    #[test]
    fn figures_know_by_its_line_that_the_first_answer_is_overdue() {
        let (clock, level) = (ClockKind::FirstResponse, AlarmLevel::Overdue);

        let alarm = Alarm { at: at(9), clock, level, since: at(0) };

        assert_eq!(alarm.to_string(), UNANSWERED);
    }

    #[test]
    fn an_alarm_says_what_is_wrong() {
        let [_, overdue, escalated, _] = strict().alarms(&due_at(100))[..] else {
            panic!("four levels");
        };

        assert_eq!(overdue.to_string(), "resolution is overdue");
        assert_eq!(escalated.to_string(), "resolution is overdue, escalated to level 1");
    }
}
