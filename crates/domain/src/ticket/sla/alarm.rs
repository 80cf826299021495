//! What is told of deadlines, and when: a warning before each, the deadline itself if it is missed,
//! and then one level of escalation after the other.
//!
//! Each is told once: whoever tells them remembers up to when everything was told.

use std::fmt;

use crate::time::Timestamp;

use super::{ClockKind, Clocks, SlaPolicy};

/// How the line of a ticket's life ends that tells of a missed deadline; figures count by it.
pub const OVERDUE: &str = "is overdue";

/// Something to be told of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// From when on.
    pub at: Timestamp,
    /// Which clock.
    pub clock: ClockKind,
    /// What.
    pub level: AlarmLevel,
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
    /// Gives everything that is ever to be told of the clocks as they run, the earliest first.
    pub fn alarms(&self, clocks: &Clocks) -> Vec<Alarm> {
        let mut alarms: Vec<Alarm> =
            clocks.running().flat_map(|(clock, due)| self.alarms_of(clock, due)).collect();
        alarms.sort_unstable();
        alarms
    }

    fn alarms_of(&self, clock: ClockKind, due: Timestamp) -> Vec<Alarm> {
        let warning = (!self.warn_before.is_zero()).then(|| Alarm {
            at: due - self.warn_before,
            clock,
            level: AlarmLevel::Warning,
        });
        let overdue = Alarm { at: due, clock, level: AlarmLevel::Overdue };
        let escalated = (1..).zip(&self.escalations).map(|(level, after)| Alarm {
            at: due + *after,
            clock,
            level: AlarmLevel::Escalated(level),
        });
        warning.into_iter().chain([overdue]).chain(escalated).collect()
    }
}

/// Of what is ever to be told, what is to be told now, and when to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// To be told now.
    pub now: Vec<Alarm>,
    /// When the next is due; none when nothing is left.
    pub next: Option<Timestamp>,
}

impl Due {
    /// Divides alarms into those of before, which were told, those up to now, and the rest.
    pub fn of(alarms: &[Alarm], told_until: Timestamp, now: Timestamp) -> Self {
        let new = alarms.iter().filter(|alarm| alarm.at > told_until && alarm.at <= now);
        let next = alarms.iter().find(|alarm| alarm.at > now);
        Self { now: new.copied().collect(), next: next.map(|alarm| alarm.at) }
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
            escalations: vec![seconds(60), seconds(120)],
            ..a_policy()
        }
    }

    fn due_at(second: i64) -> Clocks {
        Clocks(vec![(ClockKind::Resolution, Clock::Running { due: Some(at(second)) })])
    }

    #[test]
    fn each_level_is_told_once_at_its_time() {
        let alarms = strict().alarms(&due_at(100));
        let mut told = Vec::new();
        let mut until = at(0);
        for second in (0..=300).step_by(7) {
            let due = Due::of(&alarms, until, at(second));
            told.extend(due.now.iter().map(|alarm| (alarm.level, alarm.at)));
            until = at(second);
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
        let due = Due::of(&strict().alarms(&due_at(100)), at(95), at(170));

        let levels: Vec<_> = due.now.iter().map(|alarm| alarm.level).collect();
        assert_eq!(levels, [AlarmLevel::Overdue, AlarmLevel::Escalated(1)]);
        assert_eq!(due.next, Some(at(220)));
    }

    #[test]
    fn a_clock_that_stands_still_tells_nothing() {
        let paused = Clocks(vec![(ClockKind::Resolution, Clock::Paused { left: Duration::ZERO })]);

        assert_eq!(strict().alarms(&paused), []);
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
