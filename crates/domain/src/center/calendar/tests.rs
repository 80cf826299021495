//! Opening hours on ordinary days, holidays, nights, and the days when clocks change.

use proptest::prelude::*;

use super::*;

#[test]
fn an_ordinary_day_opens_and_closes() {
    let calendar = office("Asia/Shanghai");

    assert_eq!(calendar.state_at(at("2026-11-23T08:59:59+08:00")), opens("2026-11-23T09:00+08:00"));
    assert_eq!(
        calendar.state_at(at("2026-11-23T09:00:00+08:00")),
        closes("2026-11-23T17:30+08:00")
    );
    assert_eq!(calendar.state_at(at("2026-11-23T17:30:00+08:00")), opens("2026-11-24T09:00+08:00"));
    assert_eq!(calendar.state_at(at("2026-11-27T18:00:00+08:00")), opens("2026-11-30T09:00+08:00"));
}

#[test]
fn a_holiday_is_closed_and_another_has_hours_of_its_own() {
    let mut calendar = office("Asia/Shanghai");
    calendar.holidays.insert(day(2026, 11, 24), Holiday::default());
    let sunday = Holiday { name: None, hours: vec![hours("10:00-12:00")] };
    calendar.holidays.insert(day(2026, 11, 29), sunday);

    assert_eq!(calendar.state_at(at("2026-11-24T10:00+08:00")), opens("2026-11-25T09:00+08:00"));
    assert_eq!(calendar.state_at(at("2026-11-29T10:00+08:00")), closes("2026-11-29T12:00+08:00"));
}

#[test]
fn a_night_shift_belongs_to_the_day_it_begins_on() {
    let mut calendar = only("Asia/Shanghai", &[Weekday::Fri], "22:00-06:00");
    calendar.holidays.insert(day(2026, 11, 28), Holiday::default());

    assert_eq!(calendar.state_at(at("2026-11-28T05:59+08:00")), closes("2026-11-28T06:00+08:00"));
    assert_eq!(calendar.state_at(at("2026-11-28T06:00+08:00")), opens("2026-12-04T22:00+08:00"));
}

#[test]
fn hours_that_meet_at_midnight_are_one_opening() {
    let mut calendar = only("Europe/Berlin", &[Weekday::Mon], "08:00-24:00");
    calendar.week.insert(Weekday::Tue, vec![hours("00:00-02:00"), hours("01:00-03:00")]);

    assert_eq!(calendar.state_at(at("2026-11-23T23:59+01:00")), closes("2026-11-24T03:00+01:00"));
}

#[test]
fn a_calendar_without_a_break_never_closes_and_one_without_hours_never_opens() {
    let always = only("Europe/Berlin", &Weekday::ALL, "00:00-24:00");
    let never = only("Europe/Berlin", &[], "00:00-24:00");

    assert_eq!(
        always.state_at(at("2026-11-23T23:59+01:00")),
        CalendarState::Open { closes_at: None }
    );
    assert_eq!(
        never.state_at(at("2026-11-23T23:59+01:00")),
        CalendarState::Closed { opens_at: None }
    );
    assert!(always.ever_opens());
    assert!(!never.ever_opens());
}

#[test]
fn a_shift_over_the_start_of_summer_time_is_an_hour_shorter() {
    let calendar = only("Europe/Berlin", &Weekday::ALL, "01:00-05:00");

    let before = calendar.state_at(at("2026-03-29T01:30+01:00"));

    assert_eq!(before, closes("2026-03-29T05:00+02:00"));
    assert_eq!(
        at("2026-03-29T05:00+02:00").since(at("2026-03-29T01:00+01:00")).as_secs(),
        3 * 3_600
    );
}

#[test]
fn a_shift_over_the_end_of_summer_time_is_an_hour_longer() {
    let calendar = only("America/New_York", &Weekday::ALL, "00:30-03:00");

    assert_eq!(calendar.state_at(at("2026-11-01T01:30-04:00")), closes("2026-11-01T03:00-05:00"));
    assert_eq!(calendar.state_at(at("2026-11-01T01:30-05:00")), closes("2026-11-01T03:00-05:00"));
}

#[test]
fn hours_that_begin_or_end_in_the_skipped_hour_do_so_as_the_clock_jumps() {
    let begins = only("Europe/Berlin", &Weekday::ALL, "02:30-05:00");
    let ends = only("Europe/Berlin", &Weekday::ALL, "01:00-02:30");

    assert_eq!(begins.state_at(at("2026-03-29T01:59+01:00")), opens("2026-03-29T03:00+02:00"));
    assert_eq!(ends.state_at(at("2026-03-29T01:59+01:00")), closes("2026-03-29T03:00+02:00"));
}

#[test]
fn hours_in_the_hour_that_comes_twice_last_from_its_first_to_its_second_passing() {
    let calendar = only("Europe/Berlin", &Weekday::ALL, "02:15-02:45");

    assert_eq!(calendar.state_at(at("2026-10-25T02:00+02:00")), opens("2026-10-25T02:15+02:00"));
    assert_eq!(calendar.state_at(at("2026-10-25T02:50+02:00")), closes("2026-10-25T02:45+01:00"));
}

#[test]
fn hours_are_read_and_written_alike() {
    for text in ["09:00-17:30", "22:00-06:00", "00:00-24:00"] {
        assert_eq!(Hours::parse(text).map(|hours| hours.to_string()).as_deref(), Some(text));
    }
    for text in ["", "9:00-17:00", "09:00", "09:00-25:00", "24:00-08:00", "09:60-10:00", "09-10"] {
        assert_eq!(Hours::parse(text), None, "{text}");
    }
}

#[test]
fn zones_are_known_by_name() {
    assert_eq!(Zone::parse("Asia/Shanghai").expect("a zone").as_str(), "Asia/Shanghai");
    assert!(Zone::parse("Asia/Nowhere").is_err());
}

proptest! {
    /// Sixteen months around two pairs of clock changes, with hours anywhere in the day.
    #[test]
    fn the_calendar_is_open_whenever_the_clock_on_the_wall_says_so(
        minute in 0..700_000_i64,
        from in 0..1_440_u16,
        length in 1..1_439_u16,
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    ) {
        let calendar = Calendar {
            week: Weekday::ALL.map(|day| (day, vec![Hours { from, to: (from + length) % 1_440 }])).into(),
            ..only(zone, &[], "00:00-24:00")
        };
        let now = at("2026-01-01T00:00+00:00") + std::time::Duration::from_secs(minute.unsigned_abs() * 60);
        let shown = calendar.zone.minute_at(now);
        let is_within = (shown + 1_440 - from) % 1_440 < length;

        let state = calendar.state_at(now);

        prop_assert!(state.is_open() || !is_within, "{state:?} at {shown}");
        let turn = match state {
            CalendarState::Open { closes_at } => closes_at,
            CalendarState::Closed { opens_at } => opens_at,
        };
        let turn = turn.expect("every day has an opening and an end");
        prop_assert!(turn > now);
        prop_assert_ne!(calendar.state_at(turn).is_open(), state.is_open());
        let just_before = turn - std::time::Duration::from_millis(1);
        prop_assert_eq!(calendar.state_at(just_before).is_open(), state.is_open());
    }
}

pub(super) fn office(zone: &str) -> Calendar {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    only(zone, &days, "09:00-17:30")
}

pub(super) fn only(zone: &str, days: &[Weekday], text: &str) -> Calendar {
    Calendar {
        id: CalendarId::parse("office").expect("an id"),
        zone: Zone::parse(zone).expect("a zone"),
        week: days.iter().map(|day| (*day, vec![hours(text)])).collect(),
        holidays: BTreeMap::new(),
    }
}

pub(super) fn hours(text: &str) -> Hours {
    Hours::parse(text).expect("hours")
}

fn day(year: i32, month: u8, day: u8) -> CivilDate {
    CivilDate::new(year, month, day).expect("a day")
}

pub(super) fn at(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().expect("a point in time");
    Timestamp::from_millis(instant.as_millisecond())
}

fn opens(text: &str) -> CalendarState {
    CalendarState::Closed { opens_at: Some(at(text)) }
}

fn closes(text: &str) -> CalendarState {
    CalendarState::Open { closes_at: Some(at(text)) }
}
