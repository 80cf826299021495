//! Small values as people read them: times, durations, enums, numbers of callers.

use std::time::Duration;

use jiff::fmt::friendly::{Designator, Spacing, SpanParser, SpanPrinter};
use jiff::{SpanRelativeTo, Timestamp};

/// Writes a time as `2026-11-21 09:30:05Z`; empty when there is none.
pub(crate) fn time(at: Option<&prost_types::Timestamp>) -> String {
    let at = at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
    at.map(|at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default()
}

/// Says that figures are not whole, where they begin before records that may be gone.
pub(crate) fn gap(
    start: Option<&prost_types::Timestamp>,
    complete_from: Option<&prost_types::Timestamp>,
) -> Option<String> {
    let (begin, whole) = (start?, complete_from?);
    let is_whole = (begin.seconds, begin.nanos) >= (whole.seconds, whole.nanos);
    let whole = time(Some(whole));
    (!is_whole)
        .then(|| format!("complete from {whole} on: what was before may be gone by retention.yaml"))
}

/// Writes a duration as `1m32s`, without fractions from ten seconds on; empty when there is none.
pub(crate) fn span(span: Option<&prost_types::Duration>) -> String {
    let span = span.and_then(|span| Duration::try_from(*span).ok());
    span.map(duration).unwrap_or_default()
}

/// Writes a duration as [`span`] does.
pub(crate) fn duration(span: Duration) -> String {
    let whole = if span < Duration::from_secs(10) {
        Duration::from_millis(u64::try_from(span.as_millis() / 100 * 100).unwrap_or(u64::MAX))
    } else {
        Duration::from_secs(span.as_secs())
    };
    let printer =
        SpanPrinter::new().designator(Designator::Compact).spacing(Spacing::None).fractional(
            (whole < Duration::from_secs(10))
                .then_some(jiff::fmt::friendly::FractionalUnit::Second),
        );
    printer.unsigned_duration_to_string(&whole)
}

/// Reads a duration such as `90s`, `1h30m` or `2d`; a day has 24 hours.
pub(crate) fn parse_span(text: &str) -> Result<prost_types::Duration, String> {
    let refused = |error: jiff::Error| format!("must be a time such as 90s, 1h30m or 2d: {error}");
    let span = SpanParser::new().parse_span(text).map_err(refused)?;
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(refused)?;
    Ok(prost_types::Duration { seconds: time.as_secs(), nanos: time.subsec_nanos() })
}

/// Writes the name of an enum's value, without the enum's own name: `ready`.
pub(crate) fn word(name: &str, prefix: &str) -> String {
    let word = name.strip_prefix(prefix).unwrap_or(name).to_lowercase();
    if word == "unspecified" { String::new() } else { word }
}

/// Turns a word back into the name of an enum's value: `in-menu` into `…_IN_MENU`.
pub(crate) fn name(word: &str, prefix: &str) -> String {
    format!("{prefix}{}", word.to_uppercase().replace('-', "_"))
}

/// Hides a number but for its country and its last four digits, unless it is hidden already.
pub(crate) fn masked(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if digits < 7 {
        return number.to_owned();
    }
    let mut seen = 0;
    let hide = |letter: char| {
        if !letter.is_ascii_digit() {
            return letter;
        }
        seen += 1;
        if seen > 2 && seen + 4 <= digits { '*' } else { letter }
    };
    number.chars().map(hide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_from_before_what_is_kept_are_said_to_have_a_gap() {
        let at = |seconds| prost_types::Timestamp { seconds, nanos: 0 };

        assert_eq!(gap(Some(&at(5)), None), None);
        assert_eq!(gap(Some(&at(5)), Some(&at(5))), None);
        let told = gap(Some(&at(4)), Some(&at(5))).expect("a gap");
        assert!(told.starts_with("complete from 1970-01-01 00:00:05Z on"), "{told}");
    }

    #[test]
    fn times_and_durations_are_short() {
        let at = prost_types::Timestamp { seconds: 1_795_253_405, nanos: 250_000_000 };

        assert_eq!(time(Some(&at)), "2026-11-21 09:30:05Z");
        assert_eq!(time(None), "");
        assert_eq!(duration(Duration::from_millis(1_532)), "1.5s");
        assert_eq!(duration(Duration::from_millis(92_700)), "1m32s");
        assert_eq!(duration(Duration::ZERO), "0s");
    }

    #[test]
    fn a_span_is_read_as_people_write_it() {
        let seconds = |text| parse_span(text).map(|span| span.seconds);

        assert_eq!(
            (seconds("90s"), seconds("1h30m"), seconds("2d")),
            (Ok(90), Ok(5_400), Ok(172_800))
        );
        assert!(parse_span("soon").expect_err("a refusal").contains("such as 90s"));
    }

    #[test]
    fn an_enum_is_one_word() {
        assert_eq!(word("WORK_STATE_WRAP_UP", "WORK_STATE_"), "wrap_up");
        assert_eq!(word("WORK_STATE_UNSPECIFIED", "WORK_STATE_"), "");
        assert_eq!(name("wrap-up", "WORK_STATE_"), "WORK_STATE_WRAP_UP");
    }

    #[test]
    fn a_number_shows_its_country_and_its_end() {
        assert_eq!(masked("+8613800000001"), "+86*******0001");
        assert_eq!(masked("*********0001"), "*********0001");
        assert_eq!(masked("110"), "110");
    }
}
