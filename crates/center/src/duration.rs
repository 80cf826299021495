//! Durations as people write them: `500ms`, `20s`, `1m30s`, `2h`, `0s`.

use std::time::Duration;

const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("ms", 1), ("m", 60_000), ("s", 1_000)];

/// Reads a duration; nothing when it is none.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut millis = 0_u64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let (unit, factor) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
        let part = number.parse::<u64>().ok()?.checked_mul(*factor)?;
        millis = millis.checked_add(part)?;
        rest = after.get(unit.len()..)?.trim_start();
    }
    Some(Duration::from_millis(millis))
}

/// Writes a duration as [`parse`] reads it.
pub(crate) fn format(span: Duration) -> String {
    let millis = span.as_millis();
    let whole = |unit: u128| millis.is_multiple_of(unit) && millis >= unit;
    match () {
        // A day is as well known by its hours.
        () if whole(86_400_000) && millis > 86_400_000 => format!("{}d", millis / 86_400_000),
        () if whole(3_600_000) => format!("{}h", millis / 3_600_000),
        () if whole(60_000) => format!("{}m", millis / 60_000),
        () if whole(1_000) => format!("{}s", millis / 1_000),
        () => format!("{millis}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let cases =
            [("0s", 0), ("500ms", 500), ("20s", 20_000), ("1m30s", 90_000), ("1h 5m", 3_900_000)];
        for (text, millis) in cases {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_duration() {
        for text in ["", "20", "s", "-1s", "1.5s", "20 parsecs", "99999999999999999999s", "ü"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_written_in_the_largest_whole_unit() {
        assert_eq!(format(Duration::from_hours(61 * 24)), "61d");
        assert_eq!(format(Duration::from_hours(24)), "24h");
        assert_eq!(format(Duration::from_hours(2)), "2h");
        assert_eq!(format(Duration::from_millis(1_500)), "1500ms");
    }
}
