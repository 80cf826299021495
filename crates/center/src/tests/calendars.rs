//! Calendars as files tell them.

use std::collections::BTreeMap;

use switchboard_domain::center::{Calendar, Hours, Weekday};
use switchboard_domain::flow::CivilDate;
use switchboard_domain::ids::CalendarId;

use super::demo;
use crate::parse;

#[test]
fn a_calendar_is_read_with_spans_of_days_and_holidays() {
    let calendar = read(
        "office:\n  time_zone: Europe/Berlin\n  week:\n    mon-thu: [13:00-17:30, 09:00-12:00]\n    \
         fri: 22:00-06:00\n    sat: closed\n  holidays:\n    \"2026-12-25\": closed\n    \
         \"2026-12-24\": {name: Eve, hours: 09:00-12:00}\n",
    );

    let hours = |text| Hours::parse(text).expect("hours");
    let morning_and_afternoon = vec![hours("09:00-12:00"), hours("13:00-17:30")];
    assert_eq!(calendar.zone.as_str(), "Europe/Berlin");
    assert_eq!(calendar.week[&Weekday::Mon], morning_and_afternoon);
    assert_eq!(calendar.week[&Weekday::Thu], morning_and_afternoon);
    assert_eq!(calendar.week[&Weekday::Fri], [hours("22:00-06:00")]);
    assert_eq!(calendar.week[&Weekday::Sat], []);
    assert!(!calendar.week.contains_key(&Weekday::Sun));
    let day = |day| CivilDate::new(2026, 12, day).expect("a day");
    assert_eq!(calendar.holidays[&day(25)].hours, []);
    assert_eq!(calendar.holidays[&day(24)].hours, [hours("09:00-12:00")]);
    assert_eq!(calendar.holidays[&day(24)].name.as_deref(), Some("Eve"));
}

#[test]
fn the_zone_is_the_center_s_unless_the_calendar_has_one() {
    let calendar = read("office:\n  week: {mon: 09:00-17:00}\n");

    assert_eq!(calendar.zone.as_str(), "Asia/Shanghai");
}

#[test]
fn every_slip_in_a_calendar_is_named() {
    let cases = [
        (
            "week: {mom: 09:00-17:00}",
            "\"mom\" is no day such as mon, or mon-fri; did you mean \"mon\"?",
        ),
        ("week: {fri-mon: 09:00-17:00}", "\"fri-mon\" is no day such as mon, or mon-fri"),
        ("week: {mon-fri: 09:00-17:00, tue: 09:00-12:00}", "\"tue\" is there already"),
        ("week: {mon: 9-17}", "week of calendar \"office\": \"9-17\" are no hours such as"),
        ("week: {mon: closed}", "calendar \"office\": never opens"),
        ("week: {mon: 09:00-17:00}\n  time_zone: Berlin", "\"Berlin\" is no time zone such as"),
        ("week: {mon: 09:00-17:00}\n  holidays: {25.12.: closed}", "\"25.12.\" is no day such as"),
        ("week: {mon: 09:00-17:00}\n  holidays: {2026-02-30: closed}", "\"2026-02-30\" is no day"),
    ];
    for (text, complaint) in cases {
        let said = complaints(&format!("office:\n  {text}\n"));

        assert!(said.iter().any(|line| line.contains(complaint)), "{complaint}\n{said:#?}");
    }
}

fn read(text: &str) -> Calendar {
    let center = parse(&with(text)).expect("a center");
    center.calendars[&CalendarId::parse("office").expect("an id")].clone()
}

fn complaints(text: &str) -> Vec<String> {
    let problems = parse(&with(text)).expect_err("a slip");
    problems.iter().map(ToString::to_string).collect()
}

fn with(text: &str) -> BTreeMap<String, String> {
    let mut files = demo();
    let calendars = files.get_mut("calendars.yaml").expect("a file of the demo");
    calendars.push_str(text);
    files
}
