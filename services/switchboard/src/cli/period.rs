//! The times that reports and draws are about, as people type them.

use clap::Args;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::failure::{Exit, told};

/// A time up to now, unless it says otherwise.
#[derive(Args, Debug)]
pub(crate) struct RecentArgs {
    /// From when on, such as 2026-11-01 or 2026-11-01T09:00; 30 days if left out
    #[arg(long)]
    from: Option<String>,
    /// Until when, exclusive; now if left out
    #[arg(long)]
    until: Option<String>,
    /// The time zone of the two times
    #[arg(long, default_value = "UTC")]
    zone: String,
}

/// A month.
#[derive(Args, Debug)]
pub(crate) struct MonthArgs {
    /// The month, such as 2026-11
    #[arg(long)]
    pub(crate) month: String,
    /// The time zone in which the month begins and ends
    #[arg(long, default_value = "UTC")]
    pub(crate) zone: String,
}

impl RecentArgs {
    /// Gives from when and until when, where either is said.
    pub(crate) fn bounds(
        &self,
    ) -> anyhow::Result<(Option<prost_types::Timestamp>, Option<prost_types::Timestamp>)> {
        let zone = zone(&self.zone)?;
        let read = |text: &Option<String>| text.as_ref().map(|text| time(text, &zone)).transpose();
        Ok((read(&self.from)?, read(&self.until)?))
    }
}

impl MonthArgs {
    /// Gives when the month begins and when the next one does.
    pub(crate) fn bounds(
        &self,
    ) -> anyhow::Result<(prost_types::Timestamp, prost_types::Timestamp)> {
        let (month, zone) = (&self.month, zone(&self.zone)?);
        let first: Date = format!("{month}-01").parse().map_err(|error| {
            told(Exit::NotUnderstood, format!("`{month}` is no month such as 2026-11: {error}"))
        })?;
        let next = first.checked_add(1.month())?;
        let begins =
            |day: Date| day.to_zoned(zone.clone()).map(|start| on_the_wire(start.timestamp()));
        Ok((begins(first)?, begins(next)?))
    }
}

/// Reads the name of a time zone.
pub(crate) fn zone(name: &str) -> anyhow::Result<TimeZone> {
    TimeZone::get(name)
        .map_err(|error| told(Exit::NotUnderstood, format!("--zone {name}: {error}")))
}

/// Reads a time: a day, which begins at midnight of the zone, a time of the zone, or one with an offset.
pub(crate) fn time(text: &str, zone: &TimeZone) -> anyhow::Result<prost_types::Timestamp> {
    let in_zone = || {
        let civil: DateTime = text.parse()?;
        Ok::<_, jiff::Error>(civil.to_zoned(zone.clone())?.timestamp())
    };
    let at = text.parse::<Timestamp>().or_else(|_| in_zone()).map_err(|error| {
        told(Exit::NotUnderstood, format!("`{text}` is no time such as 2026-11-01T09:00: {error}"))
    })?;
    Ok(on_the_wire(at))
}

/// Gives a time as requests carry it.
pub(crate) fn on_the_wire(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(month: &str, zone: &str) -> MonthArgs {
        MonthArgs { month: month.to_owned(), zone: zone.to_owned() }
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let shanghai = TimeZone::get("Asia/Shanghai").expect("a zone");
        let seconds = |text| time(text, &shanghai).expect("a time").seconds;

        let midnight = seconds("2026-11-01");

        assert_eq!(midnight, seconds("2026-10-31T16:00:00Z"));
        assert_eq!(seconds("2026-11-01T09:00") - midnight, 9 * 60 * 60);
        assert!(time("soon", &shanghai).expect_err("a refusal").to_string().contains("`soon`"));
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_of_the_zone() {
        let utc = |text| time(text, &TimeZone::UTC).expect("a time");

        let (start, end) = month("2026-11", "Asia/Shanghai").bounds().expect("a month");

        assert_eq!((start, end), (utc("2026-10-31T16:00"), utc("2026-11-30T16:00")));
    }

    #[test]
    fn what_is_no_month_is_named() {
        for text in ["2026-13", "november", "2026-11-07"] {
            let refusal = month(text, "UTC").bounds().expect_err("a refusal").to_string();
            assert!(refusal.contains(text), "{refusal}");
        }
    }

    #[test]
    fn what_is_not_said_of_a_recent_time_is_left_to_the_service() {
        let recent = |from: Option<&str>| RecentArgs {
            from: from.map(str::to_owned),
            until: None,
            zone: "UTC".to_owned(),
        };

        assert_eq!(recent(None).bounds().expect("a time"), (None, None));
        assert!(recent(Some("2026-11-01")).bounds().expect("a time").0.is_some());
        assert!(recent(Some("soon")).bounds().is_err());
    }
}
