//! Keeping queues that were removed, until the contacts that wait in them are served.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::ids::QueueId;

use crate::problem::{Place, Problems};
use crate::yaml::{self, Entry, Value, Yaml};

type Files = BTreeMap<String, String>;

const FILE: &str = "draining.yaml";

/// Adds queues of the version `before` to the files `after`, as queues that take no new contacts and
/// are served by the agents who served them.
///
/// References to what `after` no longer has are left out: a skill nobody can have any more must not
/// keep a contact waiting for ever.
pub fn keep_draining(before: &Files, after: &Files, queues: &BTreeSet<QueueId>) -> Files {
    let old = [tree(before, "queues.yaml"), draining(before, "queues")];
    let is_kept = |entry: &Entry| queues.iter().any(|queue| queue.as_str() == entry.name);
    let mut kept: Vec<Entry> = old.into_iter().flatten().filter(is_kept).collect();
    if kept.is_empty() {
        return after.clone();
    }
    let mut names = Names::of(after);
    names.queues.extend(kept.iter().map(|entry| entry.name.clone()));
    for entry in &mut kept {
        names.prune_queue(&mut entry.yaml);
    }
    let agents = ranks(before, queues, &names);
    let mut root = vec![named("queues", Value::Map(kept))];
    if !agents.is_empty() {
        root.push(named("agents", Value::Map(agents)));
    }
    let mut files = after.clone();
    files.insert(FILE.into(), yaml::write(&Value::Map(root)));
    files
}

/// Gives which rank each agent who is still there gave to the queues.
fn ranks(before: &Files, queues: &BTreeSet<QueueId>, names: &Names) -> Vec<Entry> {
    let mut ranks: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let own = tree(before, "agents.yaml").into_iter().filter_map(|agent| {
        let served = child(&agent.yaml, "queues").cloned();
        Some((agent.name, served?))
    });
    let earlier = draining(before, "agents").into_iter().map(|agent| (agent.name, agent.yaml));
    for (agent, served) in own.chain(earlier).filter(|(agent, _)| names.agents.contains(agent)) {
        let kept = entries(served)
            .into_iter()
            .filter(|entry| queues.iter().any(|queue| queue.as_str() == entry.name));
        ranks.entry(agent).or_default().extend(kept);
    }
    ranks.retain(|_, served| !served.is_empty());
    ranks.into_iter().map(|(agent, served)| named(&agent, Value::Map(served))).collect()
}

/// What there is to refer to.
struct Names {
    languages: BTreeSet<String>,
    skills: BTreeSet<String>,
    calendars: BTreeSet<String>,
    queues: BTreeSet<String>,
    agents: BTreeSet<String>,
    flows: BTreeSet<String>,
}

impl Names {
    fn of(files: &Files) -> Self {
        let names = |file: &str| tree(files, file).into_iter().map(|entry| entry.name).collect();
        let settings = tree(files, "center.yaml").into_iter();
        let languages = settings.filter(|entry| entry.name == "languages");
        let languages = languages.flat_map(|entry| entries(entry.yaml)).map(|entry| entry.name);
        let flow =
            |file: &String| Some(file.strip_prefix("flows/")?.strip_suffix(".yaml")?.to_owned());
        Self {
            languages: languages.collect(),
            skills: names("skills.yaml"),
            calendars: names("calendars.yaml"),
            queues: names("queues.yaml"),
            agents: names("agents.yaml"),
            flows: files.keys().filter_map(flow).collect(),
        }
    }

    /// Takes out of a queue what refers to nothing, and what only matters to new contacts.
    fn prune_queue(&self, queue: &mut Yaml) {
        let Value::Map(entries) = &mut queue.value else { return };
        entries.retain(|entry| match entry.name.as_str() {
            "hours" | "when_closed" | "draining" | "redial_window" => false,
            "overflow" => self.fits_action(&entry.yaml),
            _ => true,
        });
        for entry in entries.iter_mut() {
            match entry.name.as_str() {
                "display_name" => self.translate(&mut entry.yaml),
                "skills" | "preferred_skills" => self.keep_skills(&mut entry.yaml),
                "rings" => self.keep_rings(&mut entry.yaml),
                "callback" => self.keep_hours(&mut entry.yaml),
                _ => {}
            }
        }
    }

    fn fits_action(&self, action: &Yaml) -> bool {
        let refers = |key, known: &BTreeSet<String>| {
            child(action, key).is_none_or(|name| known.contains(text(name)))
        };
        refers("queue", &self.queues) && refers("flow", &self.flows)
    }

    // A text must be there in every language that is served, or be one text for all.
    fn translate(&self, name: &mut Yaml) {
        let Value::Map(texts) = &mut name.value else { return };
        texts.retain(|entry| self.languages.contains(&entry.name));
        if texts.len() < self.languages.len() {
            let any = texts.first().map(|entry| text(&entry.yaml).to_owned());
            name.value = Value::Scalar(any.unwrap_or_else(|| "?".into()));
        }
    }

    fn keep_skills(&self, skills: &mut Yaml) {
        if let Value::Map(entries) = &mut skills.value {
            entries.retain(|entry| self.skills.contains(&entry.name));
        }
    }

    // A ring that would change nothing any more is refused, so rings go as soon as one has to.
    fn keep_rings(&self, rings: &mut Yaml) {
        let Value::List(items) = &mut rings.value else { return };
        let fits = |ring: &Yaml| {
            let lower = child(ring, "lower").into_iter().cloned().flat_map(entries);
            let drop = child(ring, "drop").map(|skill| text(skill).to_owned());
            let mut skills = lower.map(|entry| entry.name).chain(drop);
            let queue = child(ring, "add_queue").is_none_or(|it| self.queues.contains(text(it)));
            queue && skills.all(|skill| self.skills.contains(&skill))
        };
        if !items.iter().all(fits) {
            items.clear();
        }
    }

    fn keep_hours(&self, callback: &mut Yaml) {
        if let Value::Map(entries) = &mut callback.value {
            entries.retain(|entry| {
                entry.name != "hours" || self.calendars.contains(text(&entry.yaml))
            });
        }
    }
}

fn tree(files: &Files, file: &str) -> Vec<Entry> {
    let parsed = files.get(file).and_then(|text| yaml::parse(file, text, &Problems::default()));
    parsed.map(entries).unwrap_or_default()
}

fn draining(files: &Files, part: &str) -> Vec<Entry> {
    let parts = tree(files, FILE).into_iter().filter(|entry| entry.name == part);
    parts.flat_map(|entry| entries(entry.yaml)).collect()
}

fn entries(yaml: Yaml) -> Vec<Entry> {
    match yaml.value {
        Value::Map(entries) => entries,
        Value::Scalar(_) | Value::List(_) => Vec::new(),
    }
}

fn child<'a>(yaml: &'a Yaml, name: &str) -> Option<&'a Yaml> {
    let Value::Map(entries) = &yaml.value else { return None };
    entries.iter().find(|entry| entry.name == name).map(|entry| &entry.yaml)
}

fn text(yaml: &Yaml) -> &str {
    match &yaml.value {
        Value::Scalar(text) => text,
        Value::List(_) | Value::Map(_) => "",
    }
}

fn named(name: &str, value: Value) -> Entry {
    let place = Place::default();
    Entry { name: name.into(), place, yaml: Yaml { place, value } }
}
