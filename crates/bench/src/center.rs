//! The center of the gRPC benchmark, as the folder of files that people would write.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// The tenant.
pub const TENANT: &str = "bench";
/// The gateways that bring callers.
pub const GATEWAYS: u32 = 4;
/// Callers of this number meet agents who wait for them.
pub const OPEN: &str = "+862160000000";
/// Callers of this number wait for few agents.
pub const BUSY: &str = "+862160000001";
/// Callers of this number are asked where they travel.
pub const MENU: &str = "+862160000002";
/// How many kinds of agents there are.
const KINDS: u32 = 16;

/// How many agents serve which queue.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// Agents of the queue with more agents than calls.
    pub open: u32,
    /// Agents of the queue with more calls than agents.
    pub busy: u32,
}

/// Writes the folder, with so many flows that ask callers something.
pub fn write(folder: &Path, staff: Staff, flows: usize) -> anyhow::Result<()> {
    let files = [
        ("center.yaml", center()),
        ("skills.yaml", skills()),
        ("queues.yaml", QUEUES.to_owned()),
        ("numbers.yaml", numbers()),
        ("agents.yaml", agents(staff)),
        ("prompts.yaml", PROMPTS.to_owned()),
        ("sla.yaml", SLA.to_owned()),
        ("flows/open.yaml", flow("open")),
        ("flows/busy.yaml", flow("busy")),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text));
    let asking = (0..flows).map(|number| (format!("flows/trip-{number}.yaml"), trip(number)));
    for (name, text) in files.into_iter().chain(asking) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Names the agents of the queue with more agents than calls.
pub fn open_agent(number: u32) -> String {
    format!("o{number}")
}

/// Names the agents of the queue with more calls than agents.
pub fn busy_agent(number: u32) -> String {
    format!("b{number}")
}

const QUEUES: &str = "\
open:
  display_name: {en: Open}
  wrap_up: 5m
busy:
  display_name: {en: Busy}
  wrap_up: 5m
night:
  display_name: {en: Night}
  skills: {night: 1}
";

const SLA: &str = "\
everything:
  acceptance: 4h
  resolution: 3d
  warn_before: 1h
";

const PROMPTS: &str = "\
welcome:
  en: Welcome.
menu:
  en: To book press 2.
ask-trip:
  en: Origin, star, destination, star, date, then pound.
bad-date:
  en: That is not a day within the next year.
no-match:
  en: That was not right, please try again.
";

/// Asks where callers travel, and when.
const TRIP: &str = "\
start: menu
human: {key: \"0\", node: wait}
nodes:
  menu: {type: menu, prompts: [welcome, menu], options: {\"2\": trip}}
  trip:
    type: collect
    prompts: ask-trip
    fields:
      - {name: origin, kind: digits, min: 2, max: 6}
      - {name: destination, kind: digits, min: 2, max: 6}
      - {name: date, kind: date, max_days_ahead: 366, optional: true, invalid: bad-date}
    no_match: {max: 2, prompts: no-match}
    next: wait
  wait: {type: queue, queue: open, prompts: welcome}
";

fn numbers() -> String {
    let leads = [(OPEN, "open"), (BUSY, "busy"), (MENU, "trip-0")];
    leads.map(|(number, flow)| format!("\"{number}\":\n  flow: {flow}\n")).concat()
}

fn trip(number: usize) -> String {
    format!("title: Trip {number}\n{TRIP}")
}

fn center() -> String {
    let mut text = "\
display_name: Benchmark
default_country: CN
time_zone: Asia/Shanghai
default_language: en
languages:
  en: {}
gateways:
"
    .to_owned();
    for number in 0..GATEWAYS {
        let _ = writeln!(text, "  gateway-{number}: {{display_name: Trunk {number}}}");
    }
    text
}

fn skills() -> String {
    let mut text = "night:\n  display_name: {en: Night}\n".to_owned();
    for kind in 0..KINDS {
        let _ = writeln!(text, "s{kind}:\n  display_name: {{en: Skill {kind}}}");
    }
    text
}

fn agents(staff: Staff) -> String {
    let open = (0..staff.open).map(|number| (open_agent(number), "open", number % KINDS));
    let busy = (0..staff.busy).map(|number| (busy_agent(number), "busy", number % KINDS));
    let mut text = String::new();
    for (id, queue, kind) in open.chain(busy) {
        let _ = writeln!(
            text,
            "{id}: {{display_name: {id}, skills: {{s{kind}: 5}}, queues: {{{queue}: 1}}, \
             endpoint: \"sip:{id}@d.example\"}}"
        );
    }
    text
}

fn flow(queue: &str) -> String {
    format!(
        "title: {queue}\nstart: wait\nhuman: {{key: \"0\", node: wait}}\nnodes:\n  \
         wait: {{type: queue, queue: {queue}, prompts: welcome}}\n"
    )
}
