//! Time zones, from data that is compiled in: the same answer on every machine.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

use crate::flow::CivilDate;
use crate::time::Timestamp;

/// Says that a text names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no time zone such as \"Asia/Shanghai\"")]
pub struct UnknownZone(pub String);

/// A time zone of the IANA database, such as `Asia/Shanghai`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Finds a time zone by its name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let found = TimeZoneDatabase::bundled().get(name);
        found.map(Self).map_err(|_| UnknownZone(name.chars().take(64).collect()))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Gives the day at a point in time.
    pub fn day_at(&self, now: Timestamp) -> CivilDate {
        CivilDate::at(now, self.0.to_offset(instant(now)).seconds() / 60)
    }

    /// Gives when the clock on the wall first shows this minute of a day, or has jumped over it;
    /// nothing for a day that has no place on it.
    pub fn moment(&self, day: CivilDate, minute: u16) -> Option<Timestamp> {
        let year = i16::try_from(day.year()).ok()?;
        let (month, day) = (i8::try_from(day.month()).ok()?, i8::try_from(day.day()).ok()?);
        Some(self.first(Date::new(year, month, day).ok()?, minute))
    }

    /// Gives how many seconds of its day the clock on the wall shows.
    pub fn second_at(&self, now: Timestamp) -> u32 {
        let shown = self.0.to_datetime(instant(now));
        let part = |value: i8| u32::from(value.unsigned_abs());
        part(shown.hour()) * 3_600 + part(shown.minute()) * 60 + part(shown.second())
    }

    /// Gives when the next day begins.
    pub fn next_day(&self, now: Timestamp) -> Timestamp {
        self.first(self.date_at(now).saturating_add(1.day()), 0)
    }

    pub(super) fn date_at(&self, now: Timestamp) -> Date {
        self.0.to_datetime(instant(now)).date()
    }

    /// Gives when the clock on the wall first shows this minute of the day, or has jumped over it.
    pub(super) fn first(&self, date: Date, minute: u16) -> Timestamp {
        self.at(date, minute, |before, _| before)
    }

    /// Gives when the clock on the wall last shows this minute of the day, or has jumped over it.
    pub(super) fn last(&self, date: Date, minute: u16) -> Timestamp {
        self.at(date, minute, |_, after| after)
    }

    fn at(&self, date: Date, minute: u16, in_fold: fn(Offset, Offset) -> Offset) -> Timestamp {
        let shown = date.to_datetime(time(minute));
        let resolve = |offset: Offset| offset.to_timestamp(shown).unwrap_or_default();
        let found = match self.0.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => resolve(offset),
            AmbiguousOffset::Fold { before, after } => resolve(in_fold(before, after)),
            // With the offset of after the jump the time lies before it, and the jump comes next.
            AmbiguousOffset::Gap { after, .. } => {
                let earlier = resolve(after);
                let jump = self.0.following(earlier).next();
                jump.map_or(earlier, |jump| jump.timestamp())
            }
        };
        Timestamp::from_millis(found.as_millisecond())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

fn instant(now: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default()
}

fn time(minute: u16) -> Time {
    let part = |value: u16| i8::try_from(value).unwrap_or(0);
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or_default()
}

#[cfg(test)]
impl Zone {
    pub(super) fn minute_at(&self, now: Timestamp) -> u16 {
        let shown = self.0.to_datetime(instant(now));
        u16::from(shown.hour().unsigned_abs()) * 60 + u16::from(shown.minute().unsigned_abs())
    }
}
