//! Whatever the graph, even one no check would pass, and whatever the input: no panic, an end
//! within the budget, and always something to do.

use proptest::prelude::*;

use super::samples::{
    a_customer, asking, attempts, center_prompts, context, field, key, node, prompts, queue,
};
use crate::customer::Tier;
use crate::flow::*;
use crate::ids::{EndpointId, FlowId, QueueId};

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
            prop_assert_eq!(last.is_end(), last.position.ended);
            prop_assert!(last.position.steps <= max_steps + 1);
        }

        prop_assert!(last.position.ended || inputs.len() < max_steps as usize);
        prop_assert!(!last.position.encode().contains("31337"), "a secret in a position");
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
    let keys = "[0-9*#]{0,12}|\\PC{0,4}|31337";
    prop_oneof![
        1 => Just(Input::Start),
        4 => (keys, end).prop_map(|(keys, end)| Input::Digits { keys, end }),
        1 => "[0-9 *]{0,6}|\\PC{0,6}".prop_map(Input::Text),
        2 => Just(Input::Silence),
        4 => an_answer().prop_map(Input::Answer),
        1 => Just(Input::MediaDone),
        1 => Just(Input::HangUp),
    ]
}

fn an_answer() -> impl Strategy<Value = Answer> {
    let values = prop::collection::btree_map("echo|day", "[0-9]{0,3}|\\PC{0,3}", 0..3);
    prop_oneof![
        Just(Answer::Staffing(Staffing::default())),
        Just(Answer::Customer(a_customer(Tier::C2))),
        Just(Answer::NotFound),
        values.prop_map(Answer::Fetched),
        Just(Answer::Refused),
        Just(Answer::Ticket(7)),
        Just(Answer::Done),
        Just(Answer::Failed),
        Just(Answer::Late),
    ]
}

fn a_node() -> impl Strategy<Value = Node> {
    prop_oneof![3 => a_plain_node(), 2 => a_menu(), 2 => a_collect(), 2 => a_world_node()]
}

fn a_plain_node() -> impl Strategy<Value = Node> {
    prop_oneof![
        a_node_id().prop_map(|next| Node::Play(Play { prompts: prompts(&["welcome"]), next })),
        a_node_id().prop_map(|next| Node::Set(Set {
            values: [("echo".into(), "{echo}{echo}x{".into())].into(),
            numbers: BTreeMap::new(),
            language: None,
            next,
        })),
        (a_node_id(), a_node_id(), 1..4_u32).prop_map(|(next, done, times)| Node::Loop(Loop {
            times,
            next,
            done
        })),
        (a_node_id(), a_node_id(), 0..=100_u8).prop_map(|(next, otherwise, percent)| {
            Node::Split(Split { ways: vec![Way { percent, next }], otherwise })
        }),
        a_node_id().prop_map(|next| Node::Record(Record { on: true, next })),
        a_node_id().prop_map(|next| Node::Call(Call {
            flow: FlowId::parse("nowhere").expect("an id"),
            next,
        })),
        Just(Node::Return),
        Just(queue("booking")),
        Just(Node::HangUp { prompts: prompts(&["bye"]) }),
    ]
}

fn a_world_node() -> impl Strategy<Value = Node> {
    let ways = (a_node_id(), a_node_id());
    (ways, 0..4_u8).prop_map(|((next, fallback), kind)| match kind {
        0 => Node::Fetch(Fetch {
            endpoint: EndpointId::parse("bank").expect("an id"),
            values: [("pin".into(), FetchValue::Secret("pin".into()))].into(),
            fields: vec![FetchField {
                name: "echo".into(),
                from: "echo".into(),
                kind: ValueKind::Text,
                optional: true,
            }],
            deadline: Duration::from_secs(1),
            retries: 0,
            prompts: Vec::new(),
            next,
            refused: None,
            fallback,
        }),
        1 => Node::Lookup(Lookup {
            by: LookupBy::Number("echo".into()),
            prompts: Vec::new(),
            not_found: fallback.clone(),
            next,
            fallback,
        }),
        2 => Node::Transfer(Transfer {
            prompts: Vec::new(),
            to: TransferTarget::Number("+8613800000002".into()),
            ring: Duration::from_secs(20),
            fallback,
        }),
        _ => Node::Callback(CallbackNode {
            queue: QueueId::parse("booking").expect("an id"),
            number: CallbackNumber::Caller,
            next,
            fallback,
        }),
    })
}

fn a_menu() -> impl Strategy<Value = Node> {
    let options = prop::collection::btree_map(
        prop::sample::select("0123456789*#".chars().collect::<Vec<_>>()).prop_map(key),
        a_node_id(),
        0..5,
    );
    (options, prop::option::of(a_node_id())).prop_map(|(options, exit)| {
        let attempts = Attempts { on_no_match: exit.clone(), on_no_input: exit, ..attempts() };
        Node::Menu(Menu { asking: Asking { attempts, ..asking(&["welcome"]) }, options })
    })
}

fn a_collect() -> impl Strategy<Value = Node> {
    (a_node_id(), any::<bool>()).prop_map(|(next, optional)| {
        let pin = field("pin", FieldKind::Digits { min: 5, max: 5 }, true);
        Node::Collect(Collect {
            asking: asking(&["ask_trip"]),
            fields: vec![
                Field { sensitive: true, ..pin },
                field("echo", FieldKind::Digits { min: 1, max: 4 }, optional),
                field("day", FieldKind::Date { max_days_ahead: None }, true),
            ],
            separator: Some(Key::STAR),
            terminator: Some(Key::POUND),
            cancel: Some(key('9')),
            next,
        })
    })
}
