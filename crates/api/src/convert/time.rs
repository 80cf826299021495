//! Points in time and spans of time.

use std::ops::RangeInclusive;
use std::time::Duration;

use switchboard_domain::time::Timestamp;

use crate::error::ApiError;
use crate::field;

const NANOS_PER_MILLI: i32 = 1_000_000;

/// Year 1 to year 9999, in seconds since 1970: what the wire type allows.
const WIRE_SECONDS: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// The longest time of a report: ten years.
pub(super) const MAX_PERIOD: Duration = Duration::from_hours(10 * 365 * 24);
/// What a report covers when nobody says from when.
pub(super) const USUAL_PERIOD: Duration = Duration::from_hours(30 * 24);

/// From when on something is counted, and until when, exclusive.
pub type Period = (Timestamp, Timestamp);

/// Puts a point in time on the wire.
pub fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    let millis = at.as_millis();
    let below_second = i32::try_from(millis.rem_euclid(1_000)).unwrap_or(0);
    prost_types::Timestamp {
        seconds: millis.div_euclid(1_000).clamp(*WIRE_SECONDS.start(), *WIRE_SECONDS.end()),
        nanos: below_second * NANOS_PER_MILLI,
    }
}

/// Reads a point in time; parts of a millisecond are cut.
pub fn timestamp_field(field: &str, value: prost_types::Timestamp) -> Result<Timestamp, ApiError> {
    let in_range =
        WIRE_SECONDS.contains(&value.seconds) && (0..1_000_000_000).contains(&value.nanos);
    if !in_range {
        let text = format!("{} s {} ns", value.seconds, value.nanos);
        return Err(ApiError::invalid(field, &text, "a time of the years 1 to 9999"));
    }
    let millis = value.seconds * 1_000 + i64::from(value.nanos / NANOS_PER_MILLI);
    Ok(Timestamp::from_millis(millis))
}

/// Reads a point in time that is not to come; now unless it is said.
pub(super) fn past_field(
    field: &str,
    value: Option<prost_types::Timestamp>,
    now: Timestamp,
) -> Result<Timestamp, ApiError> {
    let at = value.map_or(Ok(now), |value| timestamp_field(field, value))?;
    if at > now {
        return Err(ApiError::invalid(field, &at.to_string(), "a time that is not to come"));
    }
    Ok(at)
}

/// Reads `start_time` and `end_time`, which is now unless it is said: ten years at most.
pub(super) fn asked_period(
    (start, end): (Option<prost_types::Timestamp>, Option<prost_types::Timestamp>),
    now: Timestamp,
) -> Result<Period, ApiError> {
    let from = timestamp_field("start_time", field::required("start_time", start)?)?;
    let until = end.map_or(Ok(now), |end| timestamp_field("end_time", end))?;
    let time = until.since(from);
    if time.is_zero() || time > MAX_PERIOD {
        let expected = "a time after `start_time`, by ten years at most";
        return Err(ApiError::invalid_unseen("end_time", expected));
    }
    Ok((from, until))
}

/// Reads `from_time` and `to_time`: thirty days up to now, unless they say otherwise.
pub fn recent_period(
    (from, to): (Option<prost_types::Timestamp>, Option<prost_types::Timestamp>),
    now: Timestamp,
) -> Result<Period, ApiError> {
    let to = to.map_or(Ok(now), |time| timestamp_field("to_time", time))?;
    let from = from.map_or(Ok(to - USUAL_PERIOD), |time| timestamp_field("from_time", time))?;
    if from >= to {
        return Err(ApiError::invalid_unseen("from_time", "a time before `to_time`"));
    }
    Ok((from, to))
}

/// Puts a span on the wire.
pub fn duration(span: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(span.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(span.subsec_nanos()).unwrap_or(0),
    }
}

/// Reads a span of at most `max`; unset means zero.
pub fn duration_field(
    field: &str,
    value: Option<prost_types::Duration>,
    max: Duration,
) -> Result<Duration, ApiError> {
    let Some(value) = value else { return Ok(Duration::ZERO) };
    let span = match (u64::try_from(value.seconds), u32::try_from(value.nanos)) {
        (Ok(seconds), Ok(nanos)) if nanos < 1_000_000_000 => Some(Duration::new(seconds, nanos)),
        _ => None,
    };
    span.filter(|span| *span <= max).ok_or_else(|| {
        let text = format!("{} s {} ns", value.seconds, value.nanos);
        ApiError::invalid(field, &text, format!("0 s to {max:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_go_both_ways() {
        for millis in [0, 1, 999, 1_795_291_200_123, -1, -62_135_596_800_000] {
            let at = Timestamp::from_millis(millis);

            assert_eq!(timestamp_field("at", timestamp(at)).expect("a time"), at);
        }
    }

    #[test]
    fn points_outside_the_calendar_are_refused() {
        for (seconds, nanos) in [(i64::MAX, 0), (i64::MIN, 0), (0, -1), (0, 1_000_000_000)] {
            let value = prost_types::Timestamp { seconds, nanos };

            assert!(timestamp_field("at", value).is_err(), "{seconds} {nanos}");
        }
    }

    #[test]
    fn a_time_asked_for_begins_somewhere_and_ends_now_at_the_latest_in_ten_years() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let day = now - Duration::from_hours(24);
        let of = |start: Timestamp, end: Option<Timestamp>| {
            asked_period((Some(timestamp(start)), end.map(timestamp)), now)
        };

        assert_eq!(of(day, None).expect("a time"), (day, now));
        assert_eq!(of(now, Some(now + MAX_PERIOD)).expect("a time"), (now, now + MAX_PERIOD));
        let longer = Some(now + MAX_PERIOD + Duration::from_millis(1));
        for error in [of(now, Some(now)), of(now, Some(day)), of(now, longer)] {
            assert_eq!(error.expect_err("a refusal").metadata()["field"], "end_time");
        }
        assert!(asked_period((None, Some(timestamp(now))), now).is_err());
    }

    #[test]
    fn a_recent_time_covers_thirty_days_up_to_now_unless_it_says_otherwise() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let day = now - Duration::from_hours(24);

        assert_eq!(recent_period((None, None), now).expect("a time"), (now - USUAL_PERIOD, now));
        let until = recent_period((None, Some(timestamp(day))), now);
        assert_eq!(until.expect("a time"), (day - USUAL_PERIOD, day));
        assert!(recent_period((Some(timestamp(now)), None), now).is_err());
    }

    #[test]
    fn the_farthest_points_still_fit_the_wire() {
        for millis in [i64::MIN, i64::MAX] {
            assert!(timestamp_field("at", timestamp(Timestamp::from_millis(millis))).is_ok());
        }
    }

    #[test]
    fn spans_go_both_ways() {
        let span = Duration::from_millis(1_500);
        let max = Duration::from_mins(1);

        assert_eq!(duration_field("wait", Some(duration(span)), max).expect("a span"), span);
        assert_eq!(duration_field("wait", None, max).expect("none"), Duration::ZERO);
    }

    #[test]
    fn negative_and_endless_spans_are_refused() {
        let max = Duration::from_secs(5);

        for (seconds, nanos) in [(-1, 0), (0, -1), (6, 0), (i64::MAX, 0), (0, 1_000_000_000)] {
            let value = prost_types::Duration { seconds, nanos };

            assert!(duration_field("wait", Some(value), max).is_err(), "{seconds} {nanos}");
        }
    }
}
