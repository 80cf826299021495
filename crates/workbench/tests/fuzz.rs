//! Whatever the file of a flow holds, and whatever its callers do: no panic, and an end.
//!
//! The corpus is the sample flows; `cargo xtask fuzz flow` runs this with as many cases as one likes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use switchboard_center::{check, parse_cases, read_folder, today};
use switchboard_domain::center::Center;
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{
    Answer, Context, DigitsEnd, Directive, Flow, Input, KnownCustomer, Position, Staffing, Step,
    start, step,
};
use switchboard_domain::number_rule::Listed;
use switchboard_domain::time::Timestamp;
use switchboard_workbench::{mermaid, svg};

/// Keyed in wherever nobody may see the keys, and nowhere else.
const SECRET: &str = "90210";
/// 2026-11-23, ten o'clock in Shanghai.
const NOW: Timestamp = Timestamp::from_millis(1_795_399_200_000);

/// What a flow's file is made of.
const WORDS: &[&str] = &[
    "type: ",
    "next: ",
    "fallback: ",
    "prompts: ",
    "options: ",
    "cases: ",
    "when: ",
    "otherwise: ",
    "play",
    "say",
    "menu",
    "collect",
    "confirm",
    "survey",
    "set",
    "branch",
    "hours",
    "split",
    "loop",
    "staffing",
    "lookup",
    "fetch",
    "callback",
    "ticket",
    "transfer",
    "voicemail",
    "call",
    "return",
    "queue",
    "hang_up",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "\"",
    "'",
    "#",
    "*",
    "&a ",
    "*a",
    "!!map ",
    "---\n",
    "0",
    "1",
    "9",
    "-1",
    "99999999999999999999",
    "5s",
    "1h",
    "true",
    "{order}",
    "{order:digits}",
    "has(field.area)",
    " && ",
    " ? ",
    "customer.tier",
    "pin",
    "separator: none",
    "terminator: \"#\"",
    "sensitive: true",
    "times: 1",
    "percent: 50",
    "\u{feff}",
];

/// The files of every sample center, with the file of its flow.
static CORPUS: LazyLock<Vec<(BTreeMap<String, String>, String)>> = LazyLock::new(|| {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
    let folders =
        ["demo/center", "samples/bank", "samples/outage", "samples/on-call", "samples/showroom"];
    folders
        .iter()
        .map(|folder| {
            let files = read_folder(&Path::new(config).join(folder)).expect("the folder is there");
            let flow =
                files.keys().find(|file| file.starts_with("flows/")).expect("a flow").clone();
            (files, flow)
        })
        .collect()
});

/// A slip of the hand, or a whole page gone wrong.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, String),
    Remove(Index, usize),
    CopyLine(Index, Index),
    DropLine(Index),
    SwapWords(Index, Index),
}

/// What a caller, a gateway or the world does.
#[derive(Clone, Debug)]
enum Act {
    Input(Input),
    /// Another replica goes on with the call.
    MoveOn,
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..config() })]

    #[test]
    fn any_bytes_are_a_flow_or_a_list_of_problems(
        sample in any::<Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let (files, file) = sample.get(&CORPUS);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut files = files.clone();
        let _ = parse_cases("tests/main.yaml", &text);
        files.insert(file.clone(), text);

        read(&files, file)?;
    }

    #[test]
    fn a_damaged_flow_is_refused_with_a_code_or_walked_to_an_end(
        sample in any::<Index>(),
        edits in prop::collection::vec(an_edit(), 0..6),
        acts in prop::collection::vec(an_act(), 0..60),
    ) {
        let (files, file) = sample.get(&CORPUS);
        let mut files = files.clone();
        let text = files.get_mut(file).expect("the file of the flow");
        for edit in &edits {
            edit.apply(text);
        }

        if let Some(center) = read(&files, file)? {
            for flow in center.all_flows() {
                let _ = (mermaid(flow), svg(flow));
                walk(&center, flow, &acts)?;
            }
        }
    }
}

/// Reads a center; what is refused in the flow's file has a code.
fn read(files: &BTreeMap<String, String>, file: &str) -> Result<Option<Center>, TestCaseError> {
    let found = check(files);
    prop_assert_eq!(found.center.is_some(), found.problems.is_empty());
    for problem in found.problems.iter().filter(|problem| problem.file == file) {
        prop_assert!(problem.code.is_some(), "no code: {problem}");
    }
    Ok(found.center)
}

fn walk(center: &Center, flow: &Flow, acts: &[Act]) -> Result<(), TestCaseError> {
    let context = context(center);
    let mut last = start(flow, &context);
    sound(flow, &last)?;
    for act in acts {
        let input = match act {
            Act::MoveOn => Input::Start,
            Act::Input(Input::Digits { end, .. }) if is_secret(&last) => {
                Input::Digits { keys: SECRET.to_owned(), end: *end }
            }
            Act::Input(input) => input.clone(),
        };
        let text = last.position.encode();
        let position = Position::decode(&text);
        prop_assert_eq!(position.as_ref(), Ok(&last.position));
        let was_over = last.position.ended;
        last = step(flow, &last.position, &input, &context);
        prop_assert!(!was_over || last.position.ended, "a call that is over begins again");
        sound(flow, &last)?;
    }
    Ok(())
}

/// What holds after every step.
fn sound(flow: &Flow, last: &Step) -> Result<(), TestCaseError> {
    prop_assert!(last.outcome.is_some() || !last.directives.is_empty(), "nothing to do");
    prop_assert_eq!(last.is_end(), last.position.ended);
    prop_assert!(last.position.steps <= flow.max_steps() + 1, "more steps than it has");
    prop_assert!(last.path.len() <= flow.max_steps() as usize * 2 + 2, "an endless way");
    let told = format!("{last:?} {}", last.position.encode());
    prop_assert!(!told.contains(SECRET), "a secret is kept or told: {told}");
    Ok(())
}

fn is_secret(last: &Step) -> bool {
    last.directives.iter().any(|directive| match directive {
        Directive::Collect(collect) => collect.sensitive,
        Directive::Play(_)
        | Directive::Record(_)
        | Directive::Answered(_)
        | Directive::Route(_)
        | Directive::HangUp => false,
    })
}

fn context(center: &Center) -> Context<'_> {
    Context {
        prompts: &center.prompts,
        language: &center.default_language,
        today: today(center, NOW),
        now: NOW,
        calendars: &center.calendars,
        call: "a-call",
        channel: Channel::Voice,
        called_number: None,
        calling_number: Some("+8613800000001"),
        listed: Listed::default(),
        verification: Verification::default(),
        customer: None,
    }
}

/// A short run is a test like any other; `PROPTEST_CASES` makes it a long one.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 96 };
    ProptestConfig { cases, failure_persistence: None, ..usual }
}

impl Edit {
    fn apply(&self, text: &mut String) {
        match self {
            Self::Insert(at, what) => text.insert_str(place(text, *at), what),
            Self::Remove(at, length) => {
                let from = place(text, *at);
                let end = text[from..]
                    .char_indices()
                    .nth(*length)
                    .map_or(text.len(), |(to, _)| from + to);
                text.replace_range(from..end, "");
            }
            Self::CopyLine(from, to) => lines(text, |lines| {
                let line = lines[from.index(lines.len())].clone();
                lines.insert(to.index(lines.len()), line);
            }),
            Self::DropLine(at) => lines(text, |lines| {
                lines.remove(at.index(lines.len()));
            }),
            Self::SwapWords(one, two) => lines(text, |lines| {
                let (one, two) = (one.index(lines.len()), two.index(lines.len()));
                let word = |line: &str| line.rsplit(' ').next().unwrap_or_default().to_owned();
                let (first, second) = (word(&lines[one]), word(&lines[two]));
                if !first.is_empty() && !second.is_empty() {
                    lines[one] = lines[one].replacen(&first, &second, 1);
                    lines[two] = lines[two].replacen(&second, &first, 1);
                }
            }),
        }
    }
}

fn place(text: &str, at: Index) -> usize {
    let at = at.index(text.len() + 1);
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn lines(text: &mut String, edit: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if !lines.is_empty() {
        edit(&mut lines);
    }
    *text = lines.join("\n");
}

fn an_edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let word = prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    prop_oneof![
        3 => (at(), word).prop_map(|(at, word)| Edit::Insert(at, word)),
        2 => (at(), 1..12_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        2 => (at(), at()).prop_map(|(from, to)| Edit::CopyLine(from, to)),
        2 => at().prop_map(Edit::DropLine),
        3 => (at(), at()).prop_map(|(one, two)| Edit::SwapWords(one, two)),
    ]
}

fn an_act() -> impl Strategy<Value = Act> {
    let end =
        prop_oneof![Just(DigitsEnd::Terminator), Just(DigitsEnd::Full), Just(DigitsEnd::Timeout)];
    let keys = "[12]|[0-9*#]{0,12}|[0-9]{8}|021\\*010(\\*1225)?|\\PC{0,4}";
    prop_oneof![
        8 => (keys, end).prop_map(|(keys, end)| Act::Input(Input::Digits { keys, end })),
        1 => "[0-9 *]{0,6}|\\PC{0,6}".prop_map(|text| Act::Input(Input::Text(text))),
        2 => Just(Act::Input(Input::Silence)),
        6 => an_answer().prop_map(|answer| Act::Input(Input::Answer(answer))),
        1 => Just(Act::Input(Input::MediaDone)),
        1 => Just(Act::MoveOn),
        1 => Just(Act::Input(Input::HangUp)),
    ]
}

fn an_answer() -> impl Strategy<Value = Answer> {
    let names = "balance|area|until|[a-z]{1,3}";
    let fetched = prop::collection::btree_map(names, "[0-9]{1,6}|\\PC{0,6}", 0..3);
    let staffing = (0..20_u32, 0..3_600_u64).prop_map(|(waiting, wait)| Staffing {
        waiting,
        wait: Some(std::time::Duration::from_secs(wait)),
        ..Staffing::default()
    });
    prop_oneof![
        staffing.prop_map(Answer::Staffing),
        Just(Answer::Customer(KnownCustomer {
            id: None,
            tier: None,
            language: None,
            segments: Vec::new(),
            open_tickets: 1,
        })),
        Just(Answer::NotFound),
        fetched.prop_map(Answer::Fetched),
        Just(Answer::Refused),
        Just(Answer::Ticket(7)),
        Just(Answer::Done),
        Just(Answer::Failed),
        Just(Answer::Late),
    ]
}
