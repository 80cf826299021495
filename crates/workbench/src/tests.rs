//! Simulated calls through the samples: what is shown, what is compared, what is drawn.

mod drawn;
mod judged;
mod played;
mod samples;
mod shown;

use std::collections::BTreeMap;
use std::path::Path;

use switchboard_center::{CallerInput, FlowCase, Given, parse_cases, parse_input, read_folder};
use switchboard_domain::center::Center;
use switchboard_domain::channel::Channel;
use switchboard_domain::ids::FlowId;
use switchboard_domain::time::Timestamp;

use crate::{Simulation, Transcript};

/// 2026-11-23, ten o'clock in Shanghai.
const NOW: Timestamp = Timestamp::from_millis(1_795_399_200_000);

/// Reads a center of `config`.
fn center(name: &str) -> Center {
    let files = read_folder(&folder(name)).expect("the folder is there");
    switchboard_center::parse(&files).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"))
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config")).join(name)
}

/// Reads one case of a flow from the text of its mapping.
fn case(flow: &str, text: &str) -> FlowCase {
    let body = text.replace('\n', "\n    ");
    let file = format!("flow: {flow}\ncases:\n  a case:\n    {body}\n");
    let mut cases = parse_cases("tests/a.yaml", &file).unwrap_or_else(|problems| {
        panic!("{file}\n{problems:#?}");
    });
    cases.remove(0)
}

async fn played(center: &Center, case: &FlowCase) -> Transcript {
    let mut call = Simulation::new(center, &case.flow, &case.given, NOW).expect("a call");
    call.add(case.inputs.iter().cloned());
    call.play().await
}

async fn pressed(center: &Center, flow: &str, given: Given, keys: &[&str]) -> Transcript {
    let flow = FlowId::parse(flow).expect("an id");
    let mut call = Simulation::new(center, &flow, &given, NOW).expect("a call");
    call.add(keys.iter().map(|keys| input(keys)));
    call.play().await
}

fn input(word: &str) -> CallerInput {
    parse_input(word, Channel::Voice).expect("an input")
}

fn answers<const N: usize>(all: [(&str, &str); N]) -> Given {
    let answers = all.map(|(node, answer)| {
        let node = switchboard_domain::flow::NodeId::parse(node).expect("a node");
        (node, vec![switchboard_center::parse_answer(answer).expect("an answer")])
    });
    Given { answers: BTreeMap::from(answers), ..Given::default() }
}
