//! On which days after an anchor something happens.

use std::collections::BTreeSet;
use std::str::FromStr;

use thiserror::Error;

use super::{HORIZON, MOST_WINDOW};
use crate::flow::CivilDate;

/// How many months a year has.
const YEAR: u16 = 12;
/// How many days a month has at least.
const SHORTEST_MONTH: u16 = 28;
/// How many months a day may be over while its window is not.
const OPEN_STILL: u16 = MOST_WINDOW / SHORTEST_MONTH + 1;

/// On which days after an anchor something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// So many months after it, each once.
    Months(BTreeSet<u16>),
    /// Every so many months, 1 to 60: an anniversary every 12.
    Every(u16),
    /// On a day of each year, from the month after the anchor on.
    EachYear(YearDay),
}

/// A day that every year has, such as 15 March; 29 February is the last of the month where it has no such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearDay {
    month: u8,
    day: u8,
}

/// Why a text is no [`YearDay`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no month and day such as 03-15")]
pub struct YearDayError(String);

impl FromStr for YearDay {
    type Err = YearDayError;

    fn from_str(text: &str) -> Result<Self, YearDayError> {
        // A leap year has them all.
        let found: Option<CivilDate> = format!("2024-{text}").parse().ok();
        let date = found.filter(|_| text.len() == "03-15".len());
        date.map(|date| Self { month: date.month(), day: date.day() })
            .ok_or_else(|| YearDayError(text.to_owned()))
    }
}

impl YearDay {
    fn of(self, year: i32, usual: CivilDate) -> CivilDate {
        let date = CivilDate::new(year, self.month, self.day);
        date.or_else(|| CivilDate::new(year, self.month, self.day - 1)).unwrap_or(usual)
    }
}

/// Gives how many days are planned at a time that come every so many months.
fn at_a_time(step: u16) -> u16 {
    (HORIZON / step.max(1)).max(1)
}

impl Rhythm {
    /// Gives how many months after the anchor its days may be that are not over today, the next ones first.
    pub(super) fn months(
        &self,
        anchor: CivilDate,
        today: CivilDate,
    ) -> Box<dyn Iterator<Item = u16> + '_> {
        let Some((first, step)) = self.recurrence(anchor) else {
            return match self {
                Self::Months(months) => Box::new(months.iter().copied()),
                Self::Every(_) | Self::EachYear(_) => Box::new(std::iter::empty()),
            };
        };
        let months = |day: CivilDate| day.year() * i32::from(YEAR) + i32::from(day.month());
        let over = months(today) - months(anchor) - i32::from(OPEN_STILL) - i32::from(first);
        let over = u16::try_from(over).unwrap_or(0) / step;
        let month = move |count: u16| count.checked_mul(step)?.checked_add(first);
        Box::new((over..).map_while(month))
    }

    /// Gives how many days are planned at a time.
    pub(super) fn most(&self) -> usize {
        match self {
            Self::Months(months) => months.len(),
            Self::Every(step) => usize::from(at_a_time(*step)),
            Self::EachYear(_) => usize::from(at_a_time(YEAR)),
        }
    }

    /// Gives the day so many months after the anchor.
    pub(super) fn day(&self, anchor: CivilDate, month: u16) -> CivilDate {
        let day = anchor.months_later(month);
        match self {
            Self::Months(_) | Self::Every(_) => day,
            Self::EachYear(date) => date.of(day.year(), day),
        }
    }

    /// Gives the month that follows one at the end of the horizon; none where it is not of this rhythm, or
    /// the rhythm ends.
    pub(super) fn successor(&self, anchor: CivilDate, month: u16) -> Option<u16> {
        let (first, step) = self.recurrence(anchor)?;
        let since = month.checked_sub(first)?;
        since.is_multiple_of(step).then(|| month.checked_add(at_a_time(step).checked_mul(step)?))?
    }

    /// Says whether such a month after the anchor is of this rhythm.
    #[cfg(test)]
    pub(super) fn has(&self, anchor: CivilDate, month: u16) -> bool {
        match self {
            Self::Months(months) => months.contains(&month),
            Self::Every(step) => month.is_multiple_of(*step),
            Self::EachYear(date) => anchor.months_later(month).month() == date.month,
        }
    }

    /// Says whether windows of so many days before and after would overlap each other.
    pub fn overlaps(&self, window: u16) -> bool {
        match self {
            Self::Every(step) => 2 * window + 1 > SHORTEST_MONTH * step,
            Self::Months(_) | Self::EachYear(_) => false,
        }
    }

    /// Says whether its days are the same for every anchor.
    pub const fn is_of_the_year(&self) -> bool {
        matches!(self, Self::EachYear(_))
    }

    /// Gives the first month after the anchor, and after how many it comes again.
    fn recurrence(&self, anchor: CivilDate) -> Option<(u16, u16)> {
        match self {
            Self::Months(_) => None,
            Self::Every(step) => Some(((*step).max(1), (*step).max(1))),
            Self::EachYear(date) => {
                let year = i32::from(YEAR);
                let ahead = (i32::from(date.month) - i32::from(anchor.month())).rem_euclid(year);
                let ahead = if ahead == 0 { year } else { ahead };
                Some((u16::try_from(ahead).ok()?, YEAR))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_year_is_one_that_some_year_has() {
        for text in ["02-30", "13-01", "3-15", "00-10", "0315", "", "03-15-1", "3.15", "+3-15"] {
            let told = text.parse::<YearDay>().expect_err("a refusal").to_string();
            assert!(told.contains(text) && told.contains("03-15"), "{told}");
        }
        "02-29".parse::<YearDay>().expect("a day");
    }
}
