//! Whatever the graph, even one no check would pass, and whatever the input: no panic, an end
//! within the budget, and always something to do.

use proptest::prelude::*;

use super::samples::{attempts, center_prompts, context, field, key, node, prompts, queue, timers};
use crate::flow::*;

proptest! {
    #[test]
    fn every_walk_ends_within_its_budget(
        nodes in prop::collection::btree_map(a_node_id(), a_node(), 1..8),
        inputs in prop::collection::vec(an_input(), 0..60),
        max_steps in 1..40_u32,
    ) {
        let flow = unchecked(nodes, max_steps);
        let center = center_prompts();
        let mut last = start(&flow, &context(&center));
        prop_assert!(last.outcome.is_some() || !last.directives.is_empty());

        for input in &inputs {
            let text = last.position.encode();
            let position = Position::decode(&text).expect("a position is read back");
            prop_assert_eq!(&position, &last.position);
            last = step(&flow, &position, input, &context(&center));

            prop_assert!(last.outcome.is_some() || !last.directives.is_empty());
            prop_assert_eq!(last.outcome.is_some(), last.position.ended);
            prop_assert!(last.position.steps <= max_steps + 1);
        }

        prop_assert!(last.position.ended || inputs.len() < max_steps as usize);
    }

    #[test]
    fn every_checked_flow_keeps_its_promises(
        nodes in prop::collection::btree_map(a_node_id(), a_node(), 1..8),
        inputs in prop::collection::vec(an_input(), 0..60),
    ) {
        let unchecked = unchecked(nodes, 40);
        let Ok(flow) = Flow::build(unchecked.parts) else { return Ok(()) };
        let center = center_prompts();
        let mut last = start(&flow, &context(&center));

        for input in &inputs {
            last = step(&flow, &last.position, input, &context(&center));
            prop_assert!(flow.nodes().contains_key(&last.position.node));
        }
    }

    #[test]
    fn any_text_is_a_position_or_an_error(text in "\\PC*") {
        let _ = Position::decode(&text);
    }

    #[test]
    fn any_keys_are_an_entry_or_an_error(keys in "[0-9*#A-Zü]{0,30}") {
        let flow = super::a_hotline();
        let Some(Node::Collect(collect)) = flow.nodes().get(&node("trip")) else {
            panic!("the sample asks for a trip")
        };
        let today = CivilDate::new(2026, 11, 21).expect("a day");

        if let Ok(values) = parse_fields(collect, &keys, today) {
            prop_assert!(values.contains_key("origin") && values.contains_key("destination"));
            prop_assert!(values.values().all(|value| !value.contains(['*', '#'])));
        }
    }
}

fn unchecked(nodes: BTreeMap<NodeId, Node>, max_steps: u32) -> Flow {
    let mut parts = super::parts();
    parts.start = node("n0");
    parts.human = node("n1");
    parts.max_steps = max_steps;
    parts.nodes = nodes;
    Flow { parts }
}

fn a_node_id() -> impl Strategy<Value = NodeId> {
    (0..8_u8).prop_map(|index| node(&format!("n{index}")))
}

fn an_input() -> impl Strategy<Value = Input> {
    let end =
        prop_oneof![Just(DigitsEnd::Terminator), Just(DigitsEnd::Full), Just(DigitsEnd::Timeout)];
    prop_oneof![
        1 => Just(Input::Start),
        4 => ("[0-9*#]{0,12}|\\PC{0,4}", end).prop_map(|(keys, end)| Input::Digits { keys, end }),
        2 => Just(Input::Silence),
        1 => Just(Input::MediaDone),
        1 => Just(Input::HangUp),
    ]
}

fn a_node() -> impl Strategy<Value = Node> {
    prop_oneof![
        a_node_id().prop_map(|next| Node::Play(Play { prompts: prompts(&["welcome"]), next })),
        a_menu(),
        a_collect(),
        a_node_id().prop_map(|next| Node::Set {
            values: [("echo".into(), "{echo}{echo}x{".into())].into(),
            language: None,
            next,
        }),
        (a_node_id(), a_node_id()).prop_map(|(next, otherwise)| {
            let when = Condition { subject: Subject::Field("echo".into()), test: Test::Present };
            Node::Branch(Branch { cases: vec![Case { when, next }], otherwise })
        }),
        Just(queue("booking")),
        Just(Node::HangUp { prompts: prompts(&["bye"]) }),
    ]
}

fn a_menu() -> impl Strategy<Value = Node> {
    let options = prop::collection::btree_map(
        prop::sample::select("0123456789*#".chars().collect::<Vec<_>>()).prop_map(key),
        a_node_id(),
        0..5,
    );
    (options, prop::option::of(a_node_id())).prop_map(|(options, exit)| {
        let attempts = Attempts { on_no_match: exit.clone(), on_no_input: exit, ..attempts() };
        let prompts = prompts(&["welcome"]);
        Node::Menu(Menu { prompts, options, attempts, timers: timers(), barge_in: true })
    })
}

fn a_collect() -> impl Strategy<Value = Node> {
    (a_node_id(), any::<bool>()).prop_map(|(next, optional)| {
        Node::Collect(Collect {
            prompts: prompts(&["ask_trip"]),
            fields: vec![
                field("echo", FieldKind::Digits { min: 1, max: 4 }, optional),
                field("day", FieldKind::Date { max_days_ahead: None }, true),
            ],
            separator: Some(Key::STAR),
            terminator: Some(Key::POUND),
            attempts: attempts(),
            timers: timers(),
            barge_in: false,
            next,
        })
    })
}
