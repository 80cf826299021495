//! What the center owes by itself: `surveys.yaml`, `follow_ups.yaml` and `touchpoints.yaml`.

use std::collections::BTreeMap;

use super::{demo, demo_center};
use crate::parse;

const QUESTION: &str = "solved: {text: Is it solved?, type: satisfaction}";

fn complaint(file: &str, text: &str) -> String {
    let mut files: BTreeMap<String, String> = demo();
    for other in ["surveys.yaml", "follow_ups.yaml", "touchpoints.yaml"] {
        files.remove(other);
    }
    files.insert(file.into(), text.into());
    let problems = parse(&files).expect_err("a refusal");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn questions_stay_in_the_order_in_which_they_are_asked() {
    let center = demo_center();

    let survey = center.surveys.values().next().expect("a survey");
    let names: Vec<&str> = survey.questions.iter().map(|question| question.name.as_str()).collect();
    assert_eq!(names, ["solved", "speed", "overall", "again", "recommend", "words"]);
    let optional = survey.questions.iter().filter(|question| question.is_optional).count();
    assert_eq!(optional, 1, "whoever has nothing to say says nothing");
}

#[test]
fn a_survey_that_cannot_be_judged_is_refused() {
    for (text, said) in [
        ("care: {questions: {}}", "1 to 50 questions"),
        ("care: {questions: {again: {text: Again?, type: loyalty}}}", "ask all three or none"),
        ("care: {questions: {how: {text: How?, type: choice}}}", "needs \"options\""),
        ("care: {questions: {how: {text: How?, type: choice, options: [web, web]}}}", "different"),
        ("care: {questions: {how: {text: How?, type: stars}}}", "stars"),
        ("care: {questions: {how: {text: How?, type: text, kano: musty}}}", "musty"),
        (
            "care: {questions: {how: {text: How?, type: text}}, recovery: {subject: Sorry}}",
            "nothing of the type satisfaction",
        ),
        (
            &format!("care: {{questions: {{{QUESTION}}}, recovery: {{at_most: 5, subject: S}}}}"),
            "5",
        ),
    ] {
        let told = complaint("surveys.yaml", text);
        assert!(told.contains(said), "{text}: {told}");
    }
}

#[test]
fn what_questions_measure_together_is_complete_or_refused() {
    let asked = |questions: &str| format!("care: {{questions: {{{questions}}}}}");
    let expects = "hoped: {text: Hoped?, type: rating, item: speed, asks: expectation}";
    for (text, said) in [
        (asked(expects), "asks of item \"speed\" not once what was expected and once what was got"),
        (asked("q: {text: Q?, type: rating, item: speed}"), "needs both \"item\" and \"asks\""),
        (
            asked("q: {text: Q?, type: satisfaction, item: speed, asks: expectation}"),
            "asks what was expected, which is of the type rating",
        ),
        (
            asked("q: {text: Q?, type: text, loyalty_part: culture}"),
            "measures something and is not answered by points",
        ),
        (
            asked("q: {text: Q?, type: rating, loyalty_part: culture}"),
            "and not for product: ask for all five",
        ),
        (
            "care: {drivers: {price: 3}, questions: {q: {text: Q?, type: rating, driver: pricce}}}"
                .to_owned(),
            "the survey has no driver \"pricce\"; did you mean \"price\"?",
        ),
        (
            format!("care: {{drivers: {{price: 3}}, questions: {{{QUESTION}}}}}"),
            "has driver \"price\" and no question about it",
        ),
        (format!("care: {{drivers: [a, b], questions: {{{QUESTION}}}}}"), "must name 9 drivers"),
        (format!("care: {{drivers: {{a: 0}}, questions: {{{QUESTION}}}}}"), "from 1 to 1000"),
    ] {
        let told = complaint("surveys.yaml", &text);
        assert!(told.contains(said), "{text}: {told}");
    }
}

#[test]
fn nine_drivers_in_a_list_take_the_weights_of_the_template() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let questions =
        names.map(|name| format!("q-{name}: {{text: How?, type: rating, driver: {name}}}"));
    let text = format!(
        "trial: {{drivers: [{}], questions: {{{}}}}}",
        names.join(", "),
        questions.join(", ")
    );
    let mut files = demo();
    let surveys = files.get_mut("surveys.yaml").expect("a file");
    surveys.push_str(&text);

    let center = parse(&files).expect("a center");

    let trial = center.surveys.values().find(|survey| survey.id.as_str() == "trial").expect("it");
    let weights: Vec<u32> = trial.drivers.iter().map(|driver| driver.weight).collect();
    assert_eq!(weights, [23, 18, 16, 14, 10, 7, 4, 4, 3]);
}

#[test]
fn a_flow_asks_a_survey_as_it_is_judged_or_under_another_name() {
    let with = |asked: &str, name: &str| {
        let mut files = demo();
        let flow = format!(
            "title: Trial\nstart: ask\nhuman: {{node: person}}\nnodes:\n  ask: {{type: survey, survey: \
             {name}, questions: [{asked}], next: bye}}\n  bye: {{type: hang_up}}\n  person: {{type: \
             queue, queue: booking}}\n"
        );
        files.insert("flows/trial.yaml".into(), flow);
        parse(&files).map_err(|problems| problems[0].to_string())
    };

    with("{name: solved}, {name: recommend}", "care").expect("a survey that is judged");
    with("{name: stars, least: 1, most: 9}", "stars").expect("a survey of its own");
    for asked in ["{name: solved, most: 9}", "{name: solved, least: 2}", "{name: words}"] {
        let told = with(asked, "care").expect_err("a refusal");
        assert!(told.contains("takes 1 to 5 for solved, speed, overall"), "{asked}: {told}");
        assert!(told.contains("flows/trial.yaml"), "{told}");
    }
}

#[test]
fn calls_are_owed_only_by_queues_that_call() {
    for (file, text, said) in [
        ("follow_ups.yaml", "all: {queue: booking}", "has no \"callback\" rules"),
        ("follow_ups.yaml", "all: {queue: rebooking, percent: 101}", "101"),
        ("follow_ups.yaml", "all: {queue: rebooking, survey: care}", "care"),
        ("touchpoints.yaml", "t: {anchor: a, call: {queue: rebooking}}", "needs one of \"months\""),
        (
            "touchpoints.yaml",
            "t: {anchor: a, yearly: true, months: [3], call: {queue: rebooking}}",
            "needs one of \"months\"",
        ),
        ("touchpoints.yaml", "t: {anchor: a, every: 0, call: {queue: rebooking}}", "1 to 60"),
        ("touchpoints.yaml", "t: {anchor: a, months: [], call: {queue: rebooking}}", "one month"),
        (
            "touchpoints.yaml",
            "t: {anchor: a, every: 1, window: 14, call: {queue: rebooking}}",
            "windows of 14 days before and after overlap each other",
        ),
        (
            "touchpoints.yaml",
            "t: {anchor: a, each_year: 02-30, call: {queue: rebooking}}",
            "\"02-30\" is no month and day such as 03-15",
        ),
        (
            "touchpoints.yaml",
            "t: {anchor: a, yearly: true, segments: [gould], call: {queue: rebooking}}",
            "gould",
        ),
        ("touchpoints.yaml", "t: {anchor: a, yearly: true}", "either \"call\""),
        ("touchpoints.yaml", "t: {anchor: a, months: [61], call: {queue: rebooking}}", "61"),
        ("touchpoints.yaml", "t: {anchor: a, months: [3], call: {queue: booking}}", "callback"),
    ] {
        let told = complaint(file, text);
        assert!(told.contains(said), "{text}: {told}");
    }
}
