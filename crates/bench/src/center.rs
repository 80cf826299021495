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

/// Writes the folder.
pub fn write(folder: &Path, staff: Staff) -> anyhow::Result<()> {
    let files = [
        ("center.yaml", center()),
        ("skills.yaml", skills()),
        ("queues.yaml", QUEUES.to_owned()),
        ("numbers.yaml", format!("\"{OPEN}\":\n  flow: open\n\"{BUSY}\":\n  flow: busy\n")),
        ("agents.yaml", agents(staff)),
        ("prompts.yaml", PROMPTS.to_owned()),
        ("flows/open.yaml", flow("open")),
        ("flows/busy.yaml", flow("busy")),
    ];
    for (name, text) in files {
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

const PROMPTS: &str = "\
welcome:
  en: Welcome.
";

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
