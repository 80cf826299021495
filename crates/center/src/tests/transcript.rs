//! The hotline of the demo, as callers live it.

use switchboard_domain::center::{Center, Language};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::{Tier, Verification};
use switchboard_domain::flow::{
    CivilDate, Context, DigitsEnd, Directive, Flow, Input, KnownCustomer, Outcome, Sound, Step,
    start, step,
};
use switchboard_domain::number_rule::Listed;
use switchboard_domain::time::Timestamp;

use super::demo_center;

#[test]
fn a_chinese_caller_books_a_trip_with_a_date() {
    let story = told("zh-CN", None, &["2", "021*010*1225#"]);

    let expected = [
        "hears 欢迎致电订票热线。",
        "hears 班次查询请按1,订票业务请按2,改签业务请按3,退票业务请按4,人工服务请按0。",
        "presses 2",
        "hears 请输入出发地和目的地代码,中间用星号隔开。如需指定日期,请再按星号并输入日期,例如1月20日请输入0120。按井号键结束。",
        "presses 021*010*1225#",
        "hears 您要订购从021到010的车票,正在为您转接。",
        "waits in booking: date=2026-12-25 destination=010 origin=021",
    ];
    assert_eq!(story, expected);
}

#[test]
fn an_english_caller_books_a_trip_without_a_date() {
    let story = told("en", Some(Tier::A2), &["2", "021*010#"]);

    let expected = [
        "hears Welcome to the ticketing hotline. As a valued customer you will be served first.",
        "hears For the timetable press 1, to book press 2, to change a booking press 3, for a \
         refund press 4, to talk to someone press 0.",
        "presses 2",
        "hears Please enter the codes of origin and destination with the star key between them. \
         For a date press star once more and enter month and day, such as 0120. End with the pound \
         key.",
        "presses 021*010#",
        "hears You would like to travel from 021 to 010. We are putting you through.",
        "waits in booking: destination=010 origin=021",
    ];
    assert_eq!(story, expected);
}

#[test]
fn who_writes_separates_with_spaces() {
    let story = told("zh-CN", None, &["2", "021 010 1225"]);

    let end = "waits in booking: date=2026-12-25 destination=010 origin=021";
    assert_eq!(story.last().map(String::as_str), Some(end));
}

#[test]
fn every_option_of_the_menu_leads_to_its_queue() {
    let cases = [
        (&["1", "021*010#"][..], "waits in timetable: destination=010 origin=021"),
        (&["3", "123456#"], "waits in rebooking: order=123456"),
        (&["4", "123456#"], "waits in refund: order=123456"),
        (&["0"], "waits in timetable: "),
        (&["2", "0"], "waits in timetable: "),
    ];
    for (keys, end) in cases {
        assert_eq!(told("zh-CN", None, keys).last().map(String::as_str), Some(end), "{keys:?}");
    }
}

#[test]
fn a_day_that_is_no_day_is_asked_for_again() {
    let story = told("en", None, &["2", "021*010*0230#"]);

    assert_eq!(
        story.get(5).map(String::as_str),
        Some("hears That is not a day within the next sixty days.")
    );
    assert_eq!(
        story.last().map(String::as_str),
        Some("hears Origin, star, destination, star, date, then pound.")
    );
}

#[test]
fn a_caller_who_presses_nothing_reaches_a_person() {
    let story = told("en", None, &["", "", ""]);

    assert_eq!(story.last().map(String::as_str), Some("waits in timetable: "));
}

fn told(language: &str, tier: Option<Tier>, keys: &[&str]) -> Vec<String> {
    let center = demo_center();
    let flow = center.flows.values().next().expect("the demo has a flow");
    let language = Language::parse(language).expect("a tag");
    let mut story = Vec::new();
    let mut last = walk(flow, &center, &language, tier, None);
    tell(&last, &mut story);
    for pressed in keys {
        story.push(format!("presses {pressed}"));
        last = walk(flow, &center, &language, tier, Some((&last, pressed)));
        tell(&last, &mut story);
    }
    assert!(matches!(last.outcome, None | Some(Outcome::Routed)), "{:?}", last.outcome);
    story
}

fn walk(
    flow: &Flow,
    center: &Center,
    language: &Language,
    tier: Option<Tier>,
    pressed: Option<(&Step, &str)>,
) -> Step {
    let context = Context {
        prompts: &center.prompts,
        language,
        today: CivilDate::new(2026, 11, 21).expect("a day"),
        now: Timestamp::from_millis(1_795_219_200_000),
        calendars: &center.calendars,
        call: "call-1",
        channel: Channel::Voice,
        called_number: None,
        calling_number: None,
        listed: Listed::default(),
        verification: Verification::default(),
        customer: tier.map(a_customer),
    };
    match pressed {
        None => start(flow, &context),
        Some((last, "")) => step(flow, &last.position, &Input::Silence, &context),
        Some((last, text)) if text.contains(' ') => {
            step(flow, &last.position, &Input::Text(text.into()), &context)
        }
        Some((last, keys)) => {
            let input = Input::Digits { keys: keys.into(), end: DigitsEnd::Terminator };
            step(flow, &last.position, &input, &context)
        }
    }
}

const fn a_customer(tier: Tier) -> KnownCustomer {
    KnownCustomer {
        id: None,
        tier: Some(tier),
        language: None,
        segments: Vec::new(),
        open_tickets: 0,
    }
}

fn tell(step: &Step, story: &mut Vec<String>) {
    for directive in &step.directives {
        match directive {
            Directive::Play(sounds) => hear(sounds.iter().map(|sound| &sound.sound), story),
            Directive::Collect(listen) => {
                hear(listen.prompts.iter().map(|sound| &sound.sound), story);
            }
            Directive::Route(route) => {
                let fields: Vec<String> = route
                    .attributes
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                story.push(format!("waits in {}: {}", route.queue, fields.join(" ")));
            }
            Directive::Record(on) => story.push(format!("is recorded: {on}")),
            Directive::Answered(topic) => story.push(format!("learns about {topic}")),
            Directive::HangUp => story.push("is hung up on".into()),
        }
    }
}

fn hear<'a>(sounds: impl Iterator<Item = &'a Sound>, story: &mut Vec<String>) {
    for sound in sounds {
        match sound {
            Sound::Text(text) => story.push(format!("hears {text}")),
            Sound::Asset(name) => story.push(format!("hears recording {name}")),
        }
    }
}
