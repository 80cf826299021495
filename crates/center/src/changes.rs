//! What differs between two versions of a center's files, key by key; comments and the order of keys
//! do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::problem::Problems;
use crate::yaml::{self, Value, Yaml};

/// What became of a key or of a whole object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It has another value.
    Changed,
    /// It is gone.
    Removed,
}

impl ChangeKind {
    /// Gives the kind as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// The object: `queue booking`, `agent li-wei`, `center`.
    pub object: String,
    /// The key inside the object, such as `rings[2].after`; nothing for the whole object.
    pub key: Option<String>,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// Finds what differs between two versions that passed every check, by file and object.
pub fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for file in names {
        let [old, new] = [before, after].map(|files| objects(file, files.get(file)));
        compare(&old, &new, &mut found);
        if KEEPS_ORDER.contains(&file.as_str()) {
            found.extend(reordered(file, &old, &new));
        }
    }
    found
}

/// Files in which the order of the names means something.
const KEEPS_ORDER: [&str; 6] =
    ["agents.yaml", "kinds.yaml", "sla.yaml", "tickets.yaml", "dispatch.yaml", "follow_ups.yaml"];

type Keys = BTreeMap<String, String>;
/// The objects of a file in their order, each with its keys.
type Objects = Vec<(String, Keys)>;

fn objects(file: &str, text: Option<&String>) -> Objects {
    // A file that was stored and is no YAML counts as empty, so that it can still be replaced.
    let tree = text.and_then(|text| yaml::parse(file, text, &Problems::default()));
    let Some(tree) = tree else { return Objects::new() };
    let kind = match file {
        "center.yaml" => return vec![("center".into(), keys(&tree))],
        "value.yaml" => return vec![("value model".into(), keys(&tree))],
        "profile.yaml" => return vec![("profile".into(), keys(&tree))],
        "targets.yaml" => return vec![("targets".into(), keys(&tree))],
        "retention.yaml" => return vec![("retention".into(), keys(&tree))],
        "draining.yaml" => return draining(&tree),
        "skills.yaml" => "skill",
        "calendars.yaml" => "calendar",
        "dispositions.yaml" => "disposition",
        "queues.yaml" => "queue",
        "agents.yaml" => "agent",
        "numbers.yaml" => "number",
        "tiers.yaml" => "tier",
        "segments.yaml" => "segment scheme",
        "departments.yaml" => "department",
        "kinds.yaml" => "ticket kind",
        "categories.yaml" => "category",
        "sla.yaml" => "service-level policy",
        "tickets.yaml" => "ticket rule",
        "dispatch.yaml" => "dispatch rule",
        "macros.yaml" => "macro",
        "clusters.yaml" => "cluster rule",
        "surveys.yaml" => "survey",
        "scorecards.yaml" => "scorecard",
        "consents.yaml" => "purpose",
        "follow_ups.yaml" => "follow-up policy",
        "touchpoints.yaml" => "touchpoint plan",
        "prompts.yaml" => "prompt",
        "canaries.yaml" => "canary share of flow",
        canary if canary.starts_with("canaries/") => {
            let name = canary.trim_start_matches("canaries/").trim_end_matches(".yaml");
            return vec![(format!("canary of flow {name}"), keys(&tree))];
        }
        flow => {
            let name = flow.trim_start_matches("flows/").trim_end_matches(".yaml");
            return vec![(format!("flow {name}"), keys(&tree))];
        }
    };
    match &tree.value {
        Value::Map(entries) => entries
            .iter()
            .map(|entry| (format!("{kind} {}", entry.name), keys(&entry.yaml)))
            .collect(),
        Value::Scalar(_) | Value::List(_) => Objects::new(),
    }
}

// Who serves them follows from the agents of the version before, so only the queues are told.
fn draining(tree: &Yaml) -> Objects {
    let Value::Map(parts) = &tree.value else { return Objects::new() };
    let queues = parts.iter().filter(|part| part.name == "queues").map(|part| &part.yaml.value);
    let entries = queues.filter_map(|queues| match queues {
        Value::Map(entries) => Some(entries),
        Value::Scalar(_) | Value::List(_) => None,
    });
    let named = entries.flatten();
    named.map(|entry| (format!("draining queue {}", entry.name), keys(&entry.yaml))).collect()
}

fn keys(tree: &Yaml) -> Keys {
    let mut keys = Keys::new();
    flatten(tree, String::new(), &mut keys);
    keys
}

fn flatten(tree: &Yaml, path: String, keys: &mut Keys) {
    match &tree.value {
        Value::Scalar(text) => drop(keys.insert(path, text.clone())),
        // A list of words is one value to people.
        Value::List(items) => match words(items) {
            Some(words) => drop(keys.insert(path, format!("[{}]", words.join(", ")))),
            None => {
                for (number, item) in (1..).zip(items) {
                    flatten(item, format!("{path}[{number}]"), keys);
                }
            }
        },
        Value::Map(entries) if entries.is_empty() => drop(keys.insert(path, "{}".into())),
        Value::Map(entries) => {
            for entry in entries {
                let inner = match path.as_str() {
                    "" => entry.name.clone(),
                    outer => format!("{outer}.{}", entry.name),
                };
                flatten(&entry.yaml, inner, keys);
            }
        }
    }
}

fn words(items: &[Yaml]) -> Option<Vec<&str>> {
    let word = |item: &'_ Yaml| matches!(item.value, Value::Scalar(_));
    items.iter().all(word).then(|| {
        let texts = items.iter().filter_map(|item| match &item.value {
            Value::Scalar(text) => Some(text.as_str()),
            Value::List(_) | Value::Map(_) => None,
        });
        texts.collect()
    })
}

fn compare(old: &Objects, new: &Objects, found: &mut Vec<Change>) {
    let by_name = |objects: &Objects| objects.iter().cloned().collect::<BTreeMap<_, _>>();
    let (old, new) = (by_name(old), by_name(new));
    let whole = |kind, object: &String| Change {
        kind,
        object: object.clone(),
        key: None,
        before: None,
        after: None,
    };
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare_keys(name, old, new, found),
            (Some(_), None) => found.push(whole(ChangeKind::Removed, name)),
            (None, _) => found.push(whole(ChangeKind::Added, name)),
        }
    }
}

fn compare_keys(object: &str, old: &Keys, new: &Keys, found: &mut Vec<Change>) {
    for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (before, after) = (old.get(key), new.get(key));
        let kind = match (before, after) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(_), Some(_)) => ChangeKind::Changed,
            (Some(_), None) => ChangeKind::Removed,
            (None, _) => ChangeKind::Added,
        };
        found.push(Change {
            kind,
            object: object.to_owned(),
            key: (!key.is_empty()).then(|| key.clone()),
            before: before.cloned(),
            after: after.cloned(),
        });
    }
}

fn reordered(file: &str, old: &Objects, new: &Objects) -> Option<Change> {
    let common = |objects: &Objects, others: &Objects| {
        let is_common = |name: &&String| others.iter().any(|(other, _)| other == *name);
        let names = objects.iter().map(|(name, _)| name).filter(is_common);
        names.cloned().collect::<Vec<_>>().join(", ")
    };
    let (before, after) = (common(old, new), common(new, old));
    (before != after).then(|| Change {
        kind: ChangeKind::Changed,
        object: file.to_owned(),
        key: Some("order".into()),
        before: Some(before),
        after: Some(after),
    })
}
