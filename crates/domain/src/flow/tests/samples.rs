//! A small hotline for tests.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::center::{Calendar, Language, PromptKey, PromptSource, Prompts};
use crate::channel::Channel;
use crate::customer::{Tier, Verification};
use crate::flow::expression::{Expression, Scope, Subject, Term};
use crate::flow::*;
use crate::ids::{CalendarId, FlowId, QueueId};
use crate::number_rule::Listed;
use crate::time::Timestamp;

/// Every prompt the sample plays.
const PROMPTS: [&str; 8] = [
    "welcome",
    "ask_trip",
    "no_input_1",
    "no_match_1",
    "no_match_2",
    "bad_date",
    "greet_best",
    "bye",
];

pub(super) fn a_hotline() -> Flow {
    Flow::build(parts()).expect("the sample is sound")
}

pub(super) fn parts() -> FlowParts {
    let nodes = [
        ("menu", a_menu()),
        ("trip", a_trip()),
        ("english", english()),
        ("best", best()),
        ("greet", Node::Play(Play { prompts: prompts(&["greet_best"]), next: node("menu") })),
        ("booking", queue("booking")),
        ("desk", queue("timetable")),
        ("bye", Node::HangUp { prompts: prompts(&["bye"]) }),
    ];
    FlowParts {
        id: FlowId::parse("hotline").expect("an id"),
        version: FlowVersion(1),
        title: "Hotline".into(),
        start: node("menu"),
        human: node("desk"),
        human_key: Key::ZERO,
        max_steps: DEFAULT_MAX_STEPS,
        max_time: DEFAULT_MAX_TIME,
        inputs: BTreeMap::new(),
        modules: BTreeMap::new(),
        nodes: nodes.into_iter().map(|(id, kind)| (node(id), kind)).collect(),
    }
}

fn a_menu() -> Node {
    let attempts = Attempts { on_no_input: Some(node("bye")), ..attempts() };
    Node::Menu(Menu {
        asking: Asking { attempts, ..asking(&["welcome"]) },
        options: BTreeMap::from([(key('2'), node("trip")), (key('3'), node("english"))]),
    })
}

fn a_trip() -> Node {
    let digits = FieldKind::Digits { min: 3, max: 4 };
    let date = FieldKind::Date { max_days_ahead: Some(60) };
    Node::Collect(Collect {
        asking: asking(&["ask_trip"]),
        fields: vec![
            field("origin", digits.clone(), false),
            field("destination", digits, false),
            Field { invalid_prompt: Some(prompt("bad_date")), ..field("date", date, true) },
        ],
        separator: Some(Key::STAR),
        terminator: Some(Key::POUND),
        cancel: None,
        next: node("booking"),
    })
}

fn english() -> Node {
    Node::Set(Set {
        values: BTreeMap::from([("asked".into(), "english".into())]),
        numbers: BTreeMap::new(),
        language: Some(Language::parse("en").expect("a tag")),
        next: node("best"),
    })
}

fn best() -> Node {
    let fields = BTreeMap::new();
    let scope = Scope { fields: &fields, subject: Subject::Call };
    let best = Term::list(vec![Term::text("A1"), Term::text("A2")]).expect("a list");
    let tier = Term::name("customer.tier", &scope).expect("a name");
    let term = tier.within(best).expect("well typed");
    let when =
        Expression::condition("customer.tier in [\"A1\", \"A2\"]", term).expect("a condition");
    let cases = vec![Case { when, next: node("greet") }];
    Node::Branch(Branch { cases, otherwise: node("menu") })
}

pub(super) fn asking(names: &[&str]) -> Asking {
    Asking { prompts: prompts(names), attempts: attempts(), timers: timers(), barge_in: true }
}

pub(super) fn queue(id: &str) -> Node {
    Node::Queue(QueueNode {
        prompts: Vec::new(),
        queue: QueueId::parse(id).expect("an id"),
        skills: Vec::new(),
        priority_boost: 0,
    })
}

pub(super) fn field(name: &str, kind: FieldKind, optional: bool) -> Field {
    Field { name: name.into(), kind, optional, sensitive: false, invalid_prompt: None }
}

pub(super) fn attempts() -> Attempts {
    Attempts {
        max_no_input: 2,
        max_no_match: 2,
        again_prompts: Vec::new(),
        no_input_prompts: prompts(&["no_input_1"]),
        no_match_prompts: prompts(&["no_match_1", "no_match_2"]),
        on_no_input: None,
        on_no_match: None,
    }
}

pub(super) fn timers() -> Timers {
    Timers {
        first_digit: Duration::from_secs(10),
        inter_digit: Duration::from_secs(5),
        overall: Duration::from_mins(1),
    }
}

pub(super) fn node(id: &str) -> NodeId {
    NodeId::parse(id).expect("a node id")
}

pub(super) fn key(character: char) -> Key {
    Key::new(character).expect("a key")
}

pub(super) fn prompt(name: &str) -> PromptKey {
    PromptKey::parse(name).expect("a prompt key")
}

pub(super) fn prompts(names: &[&str]) -> Vec<PromptKey> {
    names.iter().map(|name| prompt(name)).collect()
}

pub(super) fn center_prompts() -> Prompts {
    let language = |tag| Language::parse(tag).expect("a tag");
    let texts = |name: &str| {
        BTreeMap::from([
            (language("en"), PromptSource::Text(format!("{name} in English"))),
            (language("zh-CN"), PromptSource::Asset(format!("zh/{name}.wav"))),
        ])
    };
    let sources = PROMPTS.iter().map(|name| (prompt(name), texts(name))).collect();
    Prompts::new(sources, Some(language("en")))
}

pub(super) fn context(prompts: &Prompts) -> Context<'_> {
    static NO_CALENDARS: std::sync::OnceLock<BTreeMap<CalendarId, Calendar>> =
        std::sync::OnceLock::new();
    static CHINESE: std::sync::OnceLock<Language> = std::sync::OnceLock::new();
    Context {
        prompts,
        language: CHINESE.get_or_init(|| Language::parse("zh-CN").expect("a tag")),
        today: CivilDate::new(2026, 11, 21).expect("a day"),
        now: Timestamp::from_millis(1_795_291_200_000),
        calendars: NO_CALENDARS.get_or_init(BTreeMap::new),
        call: "call-1",
        channel: Channel::Voice,
        called_number: None,
        calling_number: Some("+8613800000001"),
        listed: Listed::default(),
        verification: Verification::default(),
        customer: Some(a_customer(Tier::A1)),
    }
}

pub(super) fn a_customer(tier: Tier) -> KnownCustomer {
    KnownCustomer {
        id: None,
        tier: Some(tier),
        language: None,
        segments: vec!["frequent".into()],
        open_tickets: 2,
    }
}

pub(super) fn keys(keys: &str) -> Input {
    Input::Digits { keys: keys.into(), end: DigitsEnd::Terminator }
}

pub(super) fn timed_out(keys: &str) -> Input {
    Input::Digits { keys: keys.into(), end: DigitsEnd::Timeout }
}
