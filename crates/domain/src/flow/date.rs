//! Days, and days typed on a telephone.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::time::Timestamp;

const MILLIS_PER_DAY: i64 = 86_400_000;
const MILLIS_PER_MINUTE: i64 = 60_000;

/// Says why keys are not an acceptable day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Not four or eight digits, or a day that is in no calendar.
    #[error("not a day as MMDD or YYYYMMDD")]
    NotADay,
    /// A day before today.
    #[error("the day is over")]
    Past,
    /// A day later than the flow accepts.
    #[error("the day is too far ahead")]
    TooFarAhead,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    year: i32,
    month: u8,
    day: u8,
}

impl CivilDate {
    /// Makes a day of the years 1 to 9999, or nothing when no calendar has it.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let known = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1;
        (known && day <= days_in_month(year, month)).then_some(Self { year, month, day })
    }

    /// Gives the day at a point in time, so many minutes east of Greenwich.
    pub fn at(now: Timestamp, minutes_east: i32) -> Self {
        let shift = i64::from(minutes_east).saturating_mul(MILLIS_PER_MINUTE);
        Self::from_day_number(now.as_millis().saturating_add(shift).div_euclid(MILLIS_PER_DAY))
    }

    /// Gives the year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// Gives the month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Gives the day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Gives the day so many months later, or the last of its month where that has no such day:
    /// from 31 January it is 28 or 29 February a month later, and 31 March two months later.
    #[must_use]
    pub fn months_later(self, months: u16) -> Self {
        let count = self.year * 12 + i32::from(self.month) - 1 + i32::from(months);
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let month = u8::try_from(month).unwrap_or(1);
        Self { year, month, day: self.day.min(days_in_month(year, month)) }
    }

    /// Gives the day so many days later, or earlier when there are fewer than none.
    #[must_use]
    pub fn days_later(self, days: i64) -> Self {
        Self::from_day_number(self.day_number() + days)
    }

    /// Reads `MMDD`, the next such day from today on, or `YYYYMMDD`.
    pub fn from_keys(
        keys: &str,
        today: Self,
        max_days_ahead: Option<u32>,
    ) -> Result<Self, DateError> {
        if !keys.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DateError::NotADay);
        }
        let date = match keys.len() {
            4 => Self::next_month_day(number(&keys[..2]), number(&keys[2..]), today),
            8 => Self::new(
                i32::from(number(&keys[..2])) * 100 + i32::from(number(&keys[2..4])),
                number(&keys[4..6]),
                number(&keys[6..]),
            ),
            _ => None,
        };
        let date = date.ok_or(DateError::NotADay)?;
        let ahead = date.day_number() - today.day_number();
        match max_days_ahead {
            _ if ahead < 0 => Err(DateError::Past),
            Some(most) if ahead > i64::from(most) => Err(DateError::TooFarAhead),
            _ => Ok(date),
        }
    }

    fn next_month_day(month: u8, day: u8, today: Self) -> Option<Self> {
        let this_year = Self::new(today.year, month, day).filter(|date| *date >= today);
        this_year.or_else(|| Self::new(today.year + 1, month, day))
    }

    // Counts days from 1970-01-01, in years that begin on 1 March so that the leap day comes last.
    fn day_number(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn from_day_number(days: i64) -> Self {
        let shifted = days.clamp(-719_162, 2_932_896) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |value: i64| u8::try_from(value).unwrap_or(1);
        Self { year: i32::try_from(year).unwrap_or(1), month: small(month), day: small(day) }
    }
}

impl FromStr for CivilDate {
    type Err = DateError;

    /// Reads `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let is_written = |part: &str, digits: usize| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        match parts[..] {
            [year, month, day]
                if is_written(year, 4) && is_written(month, 2) && is_written(day, 2) =>
            {
                let year = i32::from(number(&year[..2])) * 100 + i32::from(number(&year[2..]));
                Self::new(year, number(month), number(day)).ok_or(DateError::NotADay)
            }
            _ => Err(DateError::NotADay),
        }
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn number(two_digits: &str) -> u8 {
    two_digits.bytes().fold(0, |sum, digit| sum * 10 + (digit - b'0'))
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u8, day: u8) -> CivilDate {
        CivilDate::new(year, month, day).expect("a test day exists")
    }

    #[test]
    fn a_month_and_day_mean_the_next_such_day() {
        let today = day(2026, 11, 21);

        assert_eq!(CivilDate::from_keys("1121", today, None), Ok(today));
        assert_eq!(CivilDate::from_keys("1225", today, None), Ok(day(2026, 12, 25)));
        assert_eq!(CivilDate::from_keys("0101", today, None), Ok(day(2027, 1, 1)));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        let today = day(2026, 11, 21);

        for keys in ["0229", "1131", "1301", "0000", "20270229", "122", "00000101", "12*5", ""] {
            assert_eq!(CivilDate::from_keys(keys, today, None), Err(DateError::NotADay), "{keys}");
        }
        assert_eq!(CivilDate::from_keys("20280229", today, None), Ok(day(2028, 2, 29)));
    }

    #[test]
    fn the_range_is_checked() {
        let today = day(2026, 11, 21);

        assert_eq!(CivilDate::from_keys("20261120", today, None), Err(DateError::Past));
        assert_eq!(CivilDate::from_keys("20270120", today, Some(60)), Ok(day(2027, 1, 20)));
        let late = CivilDate::from_keys("20270121", today, Some(60));
        assert_eq!(late, Err(DateError::TooFarAhead));
    }

    #[test]
    fn the_day_depends_on_where_one_is() {
        let evening_in_greenwich = Timestamp::from_millis(1_795_291_200_000);

        assert_eq!(CivilDate::at(evening_in_greenwich, 0).to_string(), "2026-11-21");
        assert_eq!(CivilDate::at(evening_in_greenwich, 8 * 60).to_string(), "2026-11-22");
    }

    #[test]
    fn months_end_where_the_calendar_ends_them() {
        let later = |from: CivilDate, months| from.months_later(months).to_string();

        assert_eq!(later(day(2026, 1, 31), 1), "2026-02-28");
        assert_eq!(later(day(2026, 1, 31), 2), "2026-03-31");
        assert_eq!(later(day(2027, 8, 31), 6), "2028-02-29");
        assert_eq!(later(day(2026, 12, 15), 1), "2027-01-15");
        assert_eq!(later(day(2024, 2, 29), 12), "2025-02-28");
        assert_eq!(later(day(2024, 2, 29), 48), "2028-02-29");
    }

    #[test]
    fn a_day_reads_back_as_it_is_written() {
        assert_eq!("2028-02-29".parse(), Ok(day(2028, 2, 29)));
        for wrong in ["2027-02-29", "2027-2-28", "20270228", "2027-02-28-", "+027-02-28", ""] {
            assert_eq!(wrong.parse::<CivilDate>(), Err(DateError::NotADay), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn so_many_months_later_is_in_the_month_one_counts_to(days in 0_i64..30_000, months in 0_u16..60) {
            let from = CivilDate::from_day_number(days);
            let later = from.months_later(months);

            let counted = |date: CivilDate| date.year * 12 + i32::from(date.month);
            prop_assert_eq!(counted(later) - counted(from), i32::from(months));
            prop_assert!(later.day <= from.day);
            prop_assert!(later.day == from.day || later.days_later(1).day == 1);
        }

        #[test]
        fn day_numbers_go_both_ways(days in -700_000_i64..2_900_000) {
            let date = CivilDate::from_day_number(days);

            prop_assert_eq!(date.day_number(), days);
            prop_assert_eq!(CivilDate::new(date.year, date.month, date.day), Some(date));
        }
    }
}
