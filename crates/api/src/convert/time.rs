//! Points in time and spans of time.

use std::ops::RangeInclusive;
use std::time::Duration;

use switchboard_domain::time::Timestamp;

use crate::error::ApiError;

const NANOS_PER_MILLI: i32 = 1_000_000;

/// Year 1 to year 9999, in seconds since 1970: what the wire type allows.
const WIRE_SECONDS: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

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
