//! The stepper on a small hotline, and on anything at all.

mod any_flow;
mod blocks;
mod faults;
mod samples;

use samples::{a_hotline, center_prompts, context, keys, node, parts, timed_out};

use super::*;
use crate::center::{Language, Level, SkillRequirement};
use crate::customer::Tier;
use crate::ids::SkillId;
use crate::time::Timestamp;

#[test]
fn a_caller_who_presses_two_is_asked_for_the_trip() {
    let step = play(&[keys("2")]);

    assert_eq!(step.position.node.as_str(), "trip");
    assert_eq!(step.outcome, None);
    let [Directive::Collect(listen)] = &step.directives[..] else {
        panic!("{:?}", step.directives)
    };
    assert_eq!(listen.terminator, Some(Key::POUND));
    assert_eq!((listen.min_digits, listen.max_digits), (7, 18));
}

#[test]
fn an_entry_with_a_date_reaches_the_queue_with_its_fields() {
    let step = play(&[keys("2"), keys("021*010*1225")]);

    let route = route_of(&step);
    assert_eq!(step.outcome, Some(Outcome::Routed));
    assert_eq!(route.queue.as_str(), "booking");
    assert_eq!(route.reason, RouteReason::Chosen);
    let fields: Vec<(&str, &str)> =
        route.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [("date", "2026-12-25"), ("destination", "010"), ("origin", "021")];
    assert_eq!(fields, expected);
}

#[test]
fn the_date_may_be_left_out_and_time_ends_an_entry() {
    let step = play(&[keys("2"), timed_out("021*010")]);

    assert_eq!(route_of(&step).attributes.len(), 2);
}

#[test]
fn the_terminator_is_never_part_of_a_value() {
    let step = play(&[keys("2"), keys("021*010#")]);

    assert_eq!(route_of(&step).attributes.get("destination").map(String::as_str), Some("010"));
}

#[test]
fn a_wrong_field_is_named_before_the_question_is_asked_again() {
    let step = play(&[keys("2"), keys("021*010*0231")]);

    assert_eq!(heard(&step), ["bad_date", "no_match_1", "ask_trip"]);
    assert_eq!((step.position.no_input, step.position.no_match), (0, 1));
}

#[test]
fn silence_and_wrong_entries_are_counted_apart() {
    let step = play(&[Input::Silence, keys("9"), Input::Silence, keys("9")]);

    assert_eq!((step.position.no_input, step.position.no_match), (2, 2));
    assert_eq!(step.outcome, None);
    assert_eq!(heard(&step), ["no_match_2", "welcome"]);
}

#[test]
fn too_much_silence_takes_its_own_way_out() {
    let step = play(&[Input::Silence, Input::Silence, Input::Silence]);

    assert_eq!(step.outcome, Some(Outcome::HungUp));
    assert_eq!(step.directives.last(), Some(&Directive::HangUp));
}

#[test]
fn too_many_wrong_entries_reach_a_human() {
    let step = play(&[keys("9"), keys("8"), keys("**")]);

    assert_eq!(route_of(&step).reason, RouteReason::NoMatch);
}

#[test]
fn counters_start_again_at_every_node() {
    let step = play(&[keys("9"), Input::Silence, keys("2")]);

    assert_eq!((step.position.no_input, step.position.no_match), (0, 0));
}

#[test]
fn zero_reaches_a_human_from_every_question() {
    for inputs in [vec![keys("0")], vec![keys("2"), timed_out("0")]] {
        let step = play(&inputs);

        assert_eq!(route_of(&step).queue.as_str(), "timetable");
        assert_eq!(route_of(&step).reason, RouteReason::HumanKey);
    }
}

#[test]
fn a_terminator_out_of_habit_does_not_spoil_a_choice() {
    assert_eq!(play(&[keys("2#")]).position.node.as_str(), "trip");
}

#[test]
fn an_empty_entry_is_silence() {
    let step = play(&[keys("2"), keys("#")]);

    assert_eq!(step.position.no_input, 1);
}

#[test]
fn a_branch_and_a_set_change_what_follows() {
    let step = play(&[keys("3")]);

    let Some(Directive::Collect(listen)) = step.directives.last() else {
        panic!("{:?}", step.directives)
    };
    assert_eq!(step.position.language.as_ref().map(Language::as_str), Some("en"));
    assert_eq!(listen.prompts[0].language.as_str(), "en");
    assert_eq!(heard(&step), ["greet_best", "welcome"]);
}

#[test]
fn a_taken_over_call_is_asked_again() {
    let step = play(&[keys("2"), Input::Start]);

    assert_eq!(heard(&step), ["ask_trip"]);
}

#[test]
fn after_the_prompts_the_gateway_listens_again_without_them() {
    let step = play(&[Input::MediaDone]);

    assert_eq!(heard(&step), Vec::<String>::new());
    assert!(matches!(step.directives[..], [Directive::Collect(_)]));
}

#[test]
fn hanging_up_ends_the_flow_and_nothing_moves_it_afterwards() {
    let step = play(&[Input::HangUp]);
    assert_eq!(step.outcome, Some(Outcome::CallerGone));

    let after = play(&[Input::HangUp, keys("2")]);

    assert_eq!(after.outcome, Some(Outcome::AlreadyEnded));
    assert_eq!(after.directives, []);
}

#[test]
fn a_changed_flow_never_strands_a_caller() {
    let flow = a_hotline();
    let prompts = center_prompts();
    let mut position = start(&flow, &context(&prompts)).position;
    position.version = FlowVersion(99);

    let moved = step(&flow, &position, &keys("2"), &context(&prompts));

    assert_eq!(route_of(&moved).reason, RouteReason::FlowChanged);
}

#[test]
fn a_call_without_steps_left_reaches_a_human() {
    let mut parts = parts();
    parts.max_steps = 5;
    let flow = Flow::build(parts).expect("the sample is sound");
    let prompts = center_prompts();
    let mut last = start(&flow, &context(&prompts));

    for _ in 0..5 {
        last = step(&flow, &last.position, &Input::MediaDone, &context(&prompts));
        if last.outcome.is_some() {
            break;
        }
    }

    assert_eq!(route_of(&last).reason, RouteReason::BudgetSpent);
}

#[test]
fn a_position_survives_as_text() {
    let step = play(&[keys("3"), Input::Silence, keys("2")]);
    let mut position = step.position;
    position.fields.insert("note;,=%".into(), "上海 → 北京;".into());
    position.stack = vec![node("first"), node("second")];
    position.rounds = [((2, node("again")), 3)].into();
    position.skills = vec![SkillRequirement {
        skill: SkillId::parse("english").expect("an id"),
        level: Level::new(3).expect("a level"),
    }];
    position.customer = Some(samples::a_customer(Tier::B1));
    position.part = 2;

    let text = position.encode();

    assert_eq!(Position::decode(&text), Ok(position));
    assert!(!text.contains(char::is_whitespace));
}

#[test]
fn a_position_of_the_former_format_is_read() {
    let step = play(&[keys("2")]);
    let mut expected = step.position;
    expected.since = Timestamp::ZERO;

    let former = format!("1;hotline;0000000000000001;trip;;0;0;{};0;", expected.steps);

    assert_eq!(Position::decode(&former), Ok(expected));
}

#[test]
fn a_call_out_of_time_reaches_a_human() {
    let flow = a_hotline();
    let prompts = center_prompts();
    let mut later = context(&prompts);
    let first = start(&flow, &later);
    later.now = later.now + DEFAULT_MAX_TIME + Duration::from_secs(1);

    let last = step(&flow, &first.position, &keys("2"), &later);

    assert_eq!(route_of(&last).reason, RouteReason::TimeSpent);
}

#[test]
fn nobody_sees_in_a_log_what_was_keyed_in() {
    let shown = format!("{:?} {:?}", keys("4711"), Input::Text("4711".into()));

    assert!(!shown.contains("4711"), "{shown}");
}

#[test]
fn a_text_that_is_no_position_is_refused() {
    for text in [
        "",
        "3;x",
        "1;x",
        "1;flow;zz;menu;;0;0;0;0;",
        "1;f;1;n;;0;0;0;0;a=%",
        "1;f;1;n;;0;0;0;0;;",
        "2;f;1;n;;0;0;0;0;",
    ] {
        assert!(Position::decode(text).is_err(), "{text}");
    }
}

fn play(inputs: &[Input]) -> Step {
    let flow = a_hotline();
    let prompts = center_prompts();
    let mut last = start(&flow, &context(&prompts));
    for input in inputs {
        last = step(&flow, &last.position, input, &context(&prompts));
    }
    last
}

fn route_of(step: &Step) -> &RouteDirective {
    match step.directives.last() {
        Some(Directive::Route(route)) => route,
        other => panic!("expected a route, got {other:?}"),
    }
}

fn heard(step: &Step) -> Vec<String> {
    let sounds = step.directives.iter().flat_map(|directive| match directive {
        Directive::Play(sounds) => sounds.as_slice(),
        Directive::Collect(listen) => listen.prompts.as_slice(),
        Directive::Route(_) | Directive::HangUp | Directive::Record(_) | Directive::Answered(_) => {
            &[]
        }
    });
    sounds.map(|sound| sound.key.to_string()).collect()
}
