//! Opening hours: by the wall clock of a time zone, with holidays, right on the days when clocks
//! change.
//!
//! Hours belong to the day on which they begin: `22:00-06:00` of a Friday ends on Saturday, whatever
//! Saturday is. A holiday replaces the hours that begin on it.
//!
//! Whenever the clock on the wall shows a time within the hours, the calendar is open. Hours that
//! begin or end in the hour that a day skips begin or end when the clock jumps; in the hour that a
//! day has twice they begin at its first and end at its second passing.

mod spans;
mod zone;

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::flow::CivilDate;
use crate::ids::CalendarId;
use crate::time::Timestamp;

pub use zone::{UnknownZone, Zone};

/// The last minute of a day, exclusive.
const DAY_END: u16 = 24 * 60;
/// How many days ahead the end of an opening is looked for: longer than any contact waits.
const CLOSING_DAYS: i32 = 8;
/// How many days ahead the next opening is looked for: a year of holidays, and some.
const OPENING_DAYS: i32 = 400;

/// When a center, or a part of it, works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its id.
    pub id: CalendarId,
    /// Whose wall clock counts.
    pub zone: Zone,
    /// The hours that begin on each day of the week, by their beginning; closed on a day not named.
    pub week: BTreeMap<Weekday, Vec<Hours>>,
    /// The days that differ.
    pub holidays: BTreeMap<CivilDate, Holiday>,
}

/// A day that differs from its day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holiday {
    /// Its name, for people.
    pub name: Option<String>,
    /// The hours that begin on it, by their beginning; none when it is closed.
    pub hours: Vec<Hours>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Every day, from Monday.
    pub const ALL: [Self; 7] =
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// Gives the day as a word of three letters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    /// Gives the day at a point in time, where a zone is.
    pub fn at(now: Timestamp, zone: &Zone) -> Self {
        Self::of(zone.date_at(now))
    }

    fn of(date: Date) -> Self {
        let days = date.weekday().to_monday_zero_offset();
        Self::ALL[usize::from(days.unsigned_abs() % 7)]
    }
}

/// Hours of one day, in minutes of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// The whole day.
    pub const ALL_DAY: Self = Self { from: 0, to: DAY_END };

    /// Makes hours from minutes of the day: `from` below 1440, `to` at most 1440.
    ///
    /// An end at or before the beginning is on the next day.
    pub fn new(from: u16, to: u16) -> Option<Self> {
        (from < DAY_END && to <= DAY_END).then_some(Self { from, to })
    }

    /// Reads hours such as `09:00-17:30`, `22:00-06:00` or `00:00-24:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        Self::new(minutes(from.trim())?, minutes(to.trim())?)
    }

    /// Says whether the hours end on the day after the one they begin on.
    pub fn crosses_midnight(self) -> bool {
        self.to <= self.from
    }

    fn days_and_minutes_of_end(self) -> (i32, u16) {
        match self.to {
            DAY_END => (1, 0),
            to if self.crosses_midnight() => (1, to),
            to => (0, to),
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(formatter, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// Reads a time of day such as `03:00`, as minutes since midnight.
pub fn time_of_day(text: &str) -> Option<u16> {
    minutes(text).filter(|minute| *minute < DAY_END)
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let fits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !fits(hour) || !fits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60).then_some(hour * 60 + minute)
}

/// Whether a calendar is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarState {
    /// It is open.
    Open {
        /// When it closes; nothing when that is more than a week away.
        closes_at: Option<Timestamp>,
    },
    /// It is closed.
    Closed {
        /// When it opens; nothing when that is more than a year away.
        opens_at: Option<Timestamp>,
    },
}

impl CalendarState {
    /// Says whether it is open.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

impl Calendar {
    /// Says whether the calendar is open at a point in time, and until or from when.
    pub fn state_at(&self, now: Timestamp) -> CalendarState {
        // Hours that began yesterday may still go on.
        let yesterday = self.zone.date_at(now).saturating_sub(1.day());
        match self.openings(yesterday, OPENING_DAYS).find(|opening| opening.to > now) {
            Some(opening) if opening.from > now => {
                CalendarState::Closed { opens_at: Some(opening.from) }
            }
            Some(opening) => CalendarState::Open { closes_at: self.end_of(yesterday, opening.to) },
            None => CalendarState::Closed { opens_at: None },
        }
    }

    /// Says whether the calendar is open at a point in time.
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        // Hours that began yesterday may still go on.
        let yesterday = self.zone.date_at(now).saturating_sub(1.day());
        self.openings(yesterday, 2).any(|opening| opening.from <= now && now < opening.to)
    }

    /// Says whether a point in time is on one of the days that differ.
    pub fn is_holiday_at(&self, now: Timestamp) -> bool {
        civil(self.zone.date_at(now)).is_some_and(|date| self.holidays.contains_key(&date))
    }

    /// Says whether the calendar is ever open on a day of the week or on a holiday.
    pub fn ever_opens(&self) -> bool {
        let days = self.week.values();
        days.chain(self.holidays.values().map(|day| &day.hours)).any(|hours| !hours.is_empty())
    }

    // Hours that touch or overlap are one opening.
    fn end_of(&self, first: Date, known: Timestamp) -> Option<Timestamp> {
        let mut end = known;
        for opening in self.openings(first, CLOSING_DAYS) {
            if opening.from > end {
                return Some(end);
            }
            end = end.max(opening.to);
        }
        let last_day = self.zone.date_at(end) >= first.saturating_add((CLOSING_DAYS - 1).days());
        (!last_day).then_some(end)
    }

    fn openings(&self, first: Date, days: i32) -> impl Iterator<Item = Opening> {
        let dates = (0..days).map(move |day| first.saturating_add(day.days()));
        dates.flat_map(move |date| {
            let hours = self.hours_on(date).iter();
            hours.map(move |hours| self.opening(date, *hours))
        })
    }

    fn hours_on(&self, date: Date) -> &[Hours] {
        let holiday = civil(date).and_then(|date| self.holidays.get(&date));
        let week = || self.week.get(&Weekday::of(date)).map_or(&[][..], Vec::as_slice);
        holiday.map_or_else(week, |holiday| &holiday.hours)
    }

    fn opening(&self, date: Date, hours: Hours) -> Opening {
        let (days, minutes) = hours.days_and_minutes_of_end();
        let last = date.saturating_add(days.days());
        Opening { from: self.zone.first(date, hours.from), to: self.zone.last(last, minutes) }
    }
}

/// Hours of one day, as points in time.
struct Opening {
    from: Timestamp,
    to: Timestamp,
}

fn civil(date: Date) -> Option<CivilDate> {
    CivilDate::new(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
}

#[cfg(test)]
mod tests;
