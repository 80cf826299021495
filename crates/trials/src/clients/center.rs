//! The center that is tried: two queues with agents, and one that nobody serves, with a limit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::history::QueueRule;

/// The tenant.
pub(super) const TENANT: &str = "trial";
/// A queue that every agent serves.
pub(super) const GENERAL: &str = "general";
/// A queue that every fourth agent serves.
pub(super) const EXPERT: &str = "expert";
/// A queue that nobody serves, and few may wait in.
pub(super) const NARROW: &str = "narrow";

/// How many may wait in the narrow queue.
const LIMIT: usize = 5;
/// The cool-down in milliseconds, one second as in the folder.
const COOL_DOWN: i64 = 1_000;

/// The number of each queue.
pub(super) const NUMBERS: [(&str, &str); 3] =
    [("+862160000001", GENERAL), ("+862160000002", EXPERT), ("+862160000003", NARROW)];

/// Names an agent.
pub(super) fn agent(number: usize) -> String {
    format!("agent-{number}")
}

/// Names a gateway.
pub(super) fn gateway(number: usize) -> String {
    format!("gateway-{number}")
}

/// Says what the judge must know of the queues.
pub(super) fn queues() -> BTreeMap<String, QueueRule> {
    let rule = |queue: &str| {
        let limit = (queue == NARROW).then_some(LIMIT);
        (queue.to_owned(), QueueRule { limit, cool_down: COOL_DOWN })
    };
    [GENERAL, EXPERT, NARROW].map(rule).into()
}

/// Writes the folder.
pub(super) fn files(agents: usize) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([
        ("center.yaml".to_owned(), CENTER.to_owned()),
        ("skills.yaml".to_owned(), SKILLS.to_owned()),
        ("queues.yaml".to_owned(), queues_file()),
        ("agents.yaml".to_owned(), (0..agents).map(agent_entry).collect()),
    ]);
    let mut numbers = String::new();
    for (number, queue) in NUMBERS {
        // Writing to a string cannot fail.
        let _ = writeln!(numbers, "\"{number}\":\n  flow: {queue}\n  language: en");
        let flow = format!(
            "title: {queue}\nstart: wait\nhuman: {{key: \"0\", node: wait}}\nnodes:\n  wait: {{type: queue, queue: {queue}}}\n"
        );
        files.insert(format!("flows/{queue}.yaml"), flow);
    }
    files.insert("numbers.yaml".to_owned(), numbers);
    files
}

const CENTER: &str = "\
display_name: Trial
default_country: CN
time_zone: Asia/Shanghai
default_language: en
languages:
  en: {}
";

const SKILLS: &str = "\
expertise:
  display_name: {en: Expertise}
secrets:
  display_name: {en: Secrets}
";

fn queues_file() -> String {
    format!(
        "\
{GENERAL}:
  display_name: {{en: General}}
  ring_timeout: 1s
  wrap_up: 0s
  misses:
    no_answer: {{cool_down: 1s, threshold: 0}}
    declined: {{cool_down: 1s, threshold: 0}}
    busy: {{cool_down: 1s, threshold: 0}}
    unreachable: {{cool_down: 1s, threshold: 0}}
{EXPERT}:
  display_name: {{en: Expert}}
  skills: {{expertise: 1}}
  ring_timeout: 1s
  wrap_up: 1s
  misses:
    no_answer: {{cool_down: 1s, threshold: 2}}
    declined: {{cool_down: 1s, threshold: 0}}
    busy: {{cool_down: 1s, threshold: 0}}
    unreachable: {{cool_down: 1s, threshold: 0}}
{NARROW}:
  display_name: {{en: Narrow}}
  skills: {{secrets: 1}}
  max_waiting: {LIMIT}
  overflow: busy
"
    )
}

fn agent_entry(number: usize) -> String {
    let name = agent(number);
    let (skills, queues) = if number.is_multiple_of(4) {
        ("{expertise: 5}", format!("{{{EXPERT}: 1, {GENERAL}: 2}}"))
    } else {
        ("{}", format!("{{{GENERAL}: 1}}"))
    };
    format!(
        "{name}:\n  display_name: Agent {number}\n  skills: {skills}\n  queues: {queues}\n  \
         endpoint: sip:{name}@desks.example\n"
    )
}
