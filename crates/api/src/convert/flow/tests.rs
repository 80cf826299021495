use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::{Language, PromptKey};
use switchboard_domain::flow::{
    Asking, Attempts, DEFAULT_MAX_TIME, FlowParts, FlowVersion, Menu, QueueNode, Timers,
};
use switchboard_domain::ids::{FlowId, QueueId};

use super::*;

#[test]
fn a_flow_shows_where_each_node_leads() {
    let shown = flow(&a_flow(), vec!["en".to_owned()], vec!["+862160000001".to_owned()]);

    assert_eq!((shown.flow_id.as_str(), shown.entry_node_id.as_str()), ("hotline", "main"));
    assert_eq!(shown.version, "0000000000000007");
    assert_eq!((shown.human_node_id.as_str(), shown.human_key.as_str()), ("desk", "0"));
    let [desk, main] = shown.nodes.as_slice() else { panic!("two nodes") };
    assert_eq!((desk.kind.as_str(), desk.edges.len()), ("queue", 0));
    let ways: Vec<(&str, &str)> = main
        .edges
        .iter()
        .map(|edge| (edge.outcome.as_str(), edge.target_node_id.as_str()))
        .collect();
    assert_eq!(ways, [("1", "desk"), ("no_input", "desk")]);
}

#[test]
fn a_summary_has_no_nodes() {
    assert!(summary(&a_flow(), Vec::new(), Vec::new()).nodes.is_empty());
}

#[test]
fn a_sound_is_a_text_or_a_recording() {
    let sounds = vec![
        an_utterance(Sound::Text("hello".to_owned())),
        an_utterance(Sound::Asset("hello.wav".to_owned())),
    ];

    let [text, recording] = prompts(sounds).try_into().expect("two prompts");

    assert_eq!((text.text.as_str(), text.audio.as_str()), ("hello", ""));
    assert_eq!((recording.text.as_str(), recording.audio.as_str()), ("", "hello.wav"));
    assert_eq!((text.prompt_id.as_str(), text.language.as_str()), ("welcome", "en"));
}

#[test]
fn listening_keeps_its_timers_and_terminator() {
    let command = collect(CollectDirective {
        prompts: Vec::new(),
        barge_in: true,
        min_digits: 1,
        max_digits: 20,
        terminator: Some(Key::POUND),
        timers: timers(),
        sensitive: false,
    });

    assert_eq!((command.min_digits, command.max_digits, command.barge_in), (1, 20, true));
    assert_eq!(command.terminators, "#");
    assert_eq!(command.first_digit_timeout, Some(duration(Duration::from_secs(5))));
    assert_eq!(command.overall_timeout, Some(duration(Duration::from_secs(30))));
}

fn a_flow() -> Flow {
    let node = |name: &str| NodeId::parse(name).expect("an id");
    let asking = Asking {
        prompts: Vec::new(),
        attempts: Attempts {
            max_no_input: 1,
            max_no_match: 1,
            again_prompts: Vec::new(),
            no_input_prompts: Vec::new(),
            no_match_prompts: Vec::new(),
            on_no_input: Some(node("desk")),
            on_no_match: None,
        },
        timers: timers(),
        barge_in: true,
    };
    let options = BTreeMap::from([(Key::new('1').expect("a key"), node("desk"))]);
    let menu = Node::Menu(Menu { asking, options });
    let queue = Node::Queue(QueueNode {
        prompts: Vec::new(),
        queue: QueueId::parse("booking").expect("an id"),
        skills: Vec::new(),
        priority_boost: 0,
    });
    Flow::build(FlowParts {
        id: FlowId::parse("hotline").expect("an id"),
        version: FlowVersion(7),
        title: "Hotline".to_owned(),
        start: node("main"),
        human: node("desk"),
        human_key: Key::ZERO,
        max_steps: 10,
        max_time: DEFAULT_MAX_TIME,
        inputs: BTreeMap::new(),
        modules: BTreeMap::new(),
        nodes: BTreeMap::from([(node("main"), menu), (node("desk"), queue)]),
    })
    .expect("a sound flow")
}

fn an_utterance(sound: Sound) -> Utterance {
    Utterance {
        key: PromptKey::parse("welcome").expect("an id"),
        language: Language::parse("en").expect("a language"),
        sound,
    }
}

fn timers() -> Timers {
    Timers {
        first_digit: Duration::from_secs(5),
        inter_digit: Duration::from_secs(3),
        overall: Duration::from_secs(30),
    }
}
