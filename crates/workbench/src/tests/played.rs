//! What a simulated call shows.

use switchboard_center::Given;
use switchboard_domain::ids::FlowId;
use switchboard_domain::number_rule::RuleKind;

use super::{NOW, answers, center, input, pressed};
use crate::{Ending, Simulation, SimulationError};

#[tokio::test]
async fn a_call_is_told_node_by_node() {
    let center = center("demo/center");
    let given = Given { called: Some("+862160000001".into()), ..Given::default() };

    let told = pressed(&center, "hotline", given, &["2", "021*010*1225#"]).await.to_string();

    let version = center.all_flows().next().expect("a flow").version();
    let expected = format!(
        "flow hotline {version}, 2026-11-23 Asia/Shanghai, en, a withheld number calls \
         +862160000001\n\
         10:00:00  the call begins\n          \
         greet (branch)\n          \
         otherwise → welcome (play)\n              \
         “Welcome to the ticketing hotline.”\n          \
         done → main-menu (menu)\n              \
         “For the timetable press 1, to book press 2, to change a booking press 3, for a refund \
         press 4, to talk to someone press 0.”\n          \
         listens for a key\n\
         10:00:01  2\n          \
         2 → booking-trip (collect)\n              \
         “Please enter the codes of origin and destination with the star key between them. For a \
         date press star once more and enter month and day, such as 0120. End with the pound \
         key.”\n          \
         listens for 5 to 22 keys up to #\n\
         10:00:08  021*010*1225#\n          \
         done → to-booking (queue)\n              \
         “You would like to travel from 021 to 010. We are putting you through.”\n            \
         date = 2026-12-25\n            \
         destination = 010\n            \
         origin = 021\n          \
         waits in queue booking (chosen), en\n"
    );
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_pin_is_in_nothing_that_is_told() {
    let center = center("samples/bank");
    let given = answers([("check-pin", "{fetched: {balance: 125050}}")]);

    let transcript = pressed(&center, "bank", given, &["1", "10002003#", "4711#", "silence"]).await;

    let told = format!("{transcript}\n{transcript:?}");
    assert!(told.contains("10002003") && told.contains("pin=•••"), "{told}");
    assert!(!told.contains("4711"), "{told}");
}

#[tokio::test]
async fn a_late_answer_costs_the_caller_its_deadline() {
    let center = center("samples/bank");
    let given = answers([("check-pin", "late")]);

    let told = pressed(&center, "bank", given, &["1", "10002003#", "4711#"]).await.to_string();

    assert!(told.contains("late after 3 s"), "{told}");
}

#[tokio::test]
async fn a_call_goes_on_turn_by_turn_as_inputs_come() {
    let center = center("demo/center");
    let flow = FlowId::parse("hotline").expect("an id");
    let mut call = Simulation::new(&center, &flow, &Given::default(), NOW).expect("a call");

    assert_eq!(call.next().await.map(|turn| turn.input.clone()), Some(None));
    assert!(call.next().await.is_none(), "nobody does anything");
    call.add([input("0")]);
    let turn = call.next().await.expect("the key leads on");
    assert!(matches!(turn.ending, Some(Ending::Queue(_))));
    assert!(call.has_ended());
    call.add([input("0")]);
    assert!(call.next().await.is_none(), "it is over");
    assert!(call.finish().unused_inputs);
}

#[tokio::test]
async fn a_blocked_caller_is_refused_and_a_listed_one_is_known_to_the_flow() {
    let listed = |lists: &[RuleKind]| Given { lists: Some(lists.to_vec()), ..Given::default() };
    let center = center("demo/center");
    let refused = pressed(&center, "hotline", listed(&[RuleKind::Block]), &["2"]).await;
    let served = pressed(&center, "hotline", listed(&[RuleKind::Test]), &["0"]).await;

    assert!(refused.to_string().ends_with("greet (branch)\n          the flow hangs up\n"));
    assert!(refused.unused_inputs, "whoever is refused is asked nothing");
    assert!(!served.unused_inputs);
}

#[tokio::test]
async fn keys_in_advance_are_taken_one_question_after_the_other() {
    let center = center("demo/center");

    let transcript = pressed(&center, "hotline", Given::default(), &["2021*010#"]).await;

    let nodes: Vec<&str> = transcript.path().map(|seen| seen.stop.node.as_str()).collect();
    assert_eq!(nodes, ["greet", "welcome", "main-menu", "booking-trip", "to-booking"]);
}

#[test]
fn what_cannot_be_simulated_is_named() {
    let center = center("demo/center");
    let refused = |flow: &str, given: Given| {
        let flow = FlowId::parse(flow).expect("an id");
        Simulation::new(&center, &flow, &given, NOW).err().expect("a refusal")
    };
    let nowhere = Given { called: Some("+862199999999".into()), ..Given::default() };
    let nobody = Given { caller: Some("1".into()), ..Given::default() };

    assert!(matches!(refused("hotlin", Given::default()), SimulationError::UnknownFlow { .. }));
    assert!(matches!(refused("hotline", nowhere), SimulationError::NotAnswered(_)));
    assert!(matches!(refused("hotline", nobody), SimulationError::BadNumber { .. }));
}
