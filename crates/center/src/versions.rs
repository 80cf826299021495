//! Versions of flows: which are in force and on trial in a center's files, and how they differ.

mod compare;

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::flow::{Flow, FlowVersion};
use switchboard_domain::ids::FlowId;
use switchboard_store::centers::{CenterFiles, FlowChanges};
use switchboard_store::flows::{FlowRelease, FlowStanding, ReleaseCause};

use crate::item::Item;
use crate::known::Known;
use crate::problem::{Place, Problem, Problems};
use crate::read::flows;
use crate::yaml::{self, Entry, Value, Yaml};

pub use compare::{FlowComparison, NodeChange, compare_flows};

const SHARES: &str = "canaries.yaml";

/// Gives the version of a flow's text: the same for texts that differ in comments only; none for a
/// text that is no YAML.
pub fn flow_version(text: &str) -> Option<FlowVersion> {
    let tree = yaml::parse("flow", text, &Problems::default())?;
    Some(flows::version(&tree))
}

/// Reads the text of a version that was in force once.
///
/// What it refers to was there when it was published; that it may be gone does not matter, for the
/// calls that began with it go on with it.
pub fn read_version(id: &FlowId, text: &str) -> Result<Flow, Vec<Problem>> {
    let problems = Problems::default();
    let file = format!("flows/{id}.yaml");
    let known = Known { open: true, ..Known::default() };
    let tree = yaml::parse(&file, text, &problems);
    let flow = tree.and_then(|tree| flows::flow(id, &Item::root(&file, &problems, &tree), &known));
    flow.ok_or_else(|| problems.into_sorted().0)
}

/// Puts a version in force for every call; whatever was on trial ends.
pub fn publish_flow(files: &CenterFiles, flow: &FlowId, text: &str) -> CenterFiles {
    let mut files = end_trial(files, flow);
    files.insert(path(flow), text.to_owned());
    files
}

/// Puts a version on trial for a share of the calls.
pub fn try_flow(files: &CenterFiles, flow: &FlowId, text: &str, percent: u8) -> CenterFiles {
    let mut shares = shares(files);
    shares.insert(flow.to_string(), percent.to_string());
    let mut files = files.clone();
    files.insert(trial_path(flow), text.to_owned());
    write_shares(&mut files, &shares);
    files
}

/// Takes the version on trial away, if there is one.
pub fn end_trial(files: &CenterFiles, flow: &FlowId) -> CenterFiles {
    let mut shares = shares(files);
    let mut files = files.clone();
    shares.remove(flow.as_str());
    files.remove(&trial_path(flow));
    write_shares(&mut files, &shares);
    files
}

/// Adds the versions on trial of the files `before` to the files `after`, unless `after` says itself
/// what is on trial, or changes the flow.
pub fn keep_trials(before: &CenterFiles, after: &CenterFiles) -> CenterFiles {
    let mut kept = after.clone();
    if after.contains_key(SHARES) {
        return kept;
    }
    for (name, percent) in shares(before) {
        let (Ok(flow), Ok(percent)) = (FlowId::parse(name), percent.parse()) else { continue };
        let same =
            |files: &CenterFiles| files.get(&path(&flow)).and_then(|text| flow_version(text));
        let text = before.get(&trial_path(&flow));
        if let (Some(text), Some(old), Some(new)) = (text, same(before), same(after))
            && old == new
        {
            kept = try_flow(&kept, &flow, text, percent);
        }
    }
    kept
}

/// Finds of which flows calls begin with other versions after a change of the files.
pub fn flow_changes(
    before: &CenterFiles,
    after: &CenterFiles,
    cause: ReleaseCause,
    note: &str,
) -> FlowChanges {
    let mut changes = FlowChanges { cause, note: note.to_owned(), ..FlowChanges::default() };
    let (old_shares, new_shares) = (shares(before), shares(after));
    for flow in ids(after) {
        let paths = [path(&flow), trial_path(&flow)];
        let same_text = paths.iter().all(|path| before.get(path) == after.get(path));
        let (old, new) = (old_shares.get(flow.as_str()), new_shares.get(flow.as_str()));
        if same_text && old == new {
            continue;
        }
        let texts = [before, after].into_iter().flat_map(|files| {
            paths
                .iter()
                .filter_map(|path| files.get(path))
                .filter_map(|text| Some((flow.clone(), flow_version(text)?, text.clone())))
        });
        changes.texts.extend(texts);
        let standing = standing(after, &flow, new);
        if let Some(standing) =
            standing.filter(|it| Some(*it) != self::standing(before, &flow, old))
        {
            changes.standings.push((flow, standing));
        }
    }
    changes
}

/// Gives the versions of a flow that calls begin with.
pub fn flow_standing(files: &CenterFiles, flow: &FlowId) -> Option<FlowStanding> {
    standing(files, flow, shares(files).get(flow.as_str()))
}

/// Finds the version that a rollback brings back, from the log of a flow with the newest line first:
/// the one in force before the present one was published.
///
/// Versions that a rollback has left are passed over, so that two rollbacks go two versions back.
pub fn version_before(log: &[FlowRelease]) -> Option<FlowVersion> {
    let mut path: Vec<FlowVersion> = Vec::new();
    for line in log.iter().rev() {
        let version = line.standing.version;
        let returned_to = path.iter().rposition(|known| *known == version);
        match returned_to.filter(|_| line.cause == ReleaseCause::Rollback) {
            Some(place) => path.truncate(place + 1),
            None if path.last() == Some(&version) => {}
            None => path.push(version),
        }
    }
    path.pop();
    path.pop()
}

fn standing(files: &CenterFiles, flow: &FlowId, share: Option<&String>) -> Option<FlowStanding> {
    let version = |path: String| flow_version(files.get(&path)?);
    let canary = || Some((version(trial_path(flow))?, share?.parse().ok()?));
    Some(FlowStanding { version: version(path(flow))?, canary: canary() })
}

fn path(flow: &FlowId) -> String {
    format!("flows/{flow}.yaml")
}

fn trial_path(flow: &FlowId) -> String {
    format!("canaries/{flow}.yaml")
}

fn ids(files: &CenterFiles) -> BTreeSet<FlowId> {
    let name = |file: &String| file.strip_prefix("flows/")?.strip_suffix(".yaml").map(String::from);
    files.keys().filter_map(name).filter_map(|name| FlowId::parse(name).ok()).collect()
}

fn shares(files: &CenterFiles) -> BTreeMap<String, String> {
    let tree = files.get(SHARES).and_then(|text| yaml::parse(SHARES, text, &Problems::default()));
    let Some(Yaml { value: Value::Map(entries), .. }) = tree else { return BTreeMap::new() };
    let share = |entry: Entry| match entry.yaml.value {
        Value::Scalar(percent) => Some((entry.name, percent)),
        Value::List(_) | Value::Map(_) => None,
    };
    entries.into_iter().filter_map(share).collect()
}

fn write_shares(files: &mut CenterFiles, shares: &BTreeMap<String, String>) {
    if shares.is_empty() {
        files.remove(SHARES);
        return;
    }
    let place = Place::default();
    let entry = |(name, percent): (&String, &String)| Entry {
        name: name.clone(),
        place,
        yaml: Yaml { place, value: Value::Scalar(percent.clone()) },
    };
    let entries = shares.iter().map(entry).collect();
    files.insert(SHARES.to_owned(), yaml::write(&Value::Map(entries)));
}

/// Gives the names of a mapping at the top of a text.
fn top_names(text: &str, key: &str) -> BTreeSet<String> {
    let entries = |yaml: Yaml| match yaml.value {
        Value::Map(entries) => entries,
        Value::Scalar(_) | Value::List(_) => Vec::new(),
    };
    let tree = yaml::parse("flow", text, &Problems::default());
    let found = tree.into_iter().flat_map(entries).filter(|entry| entry.name == key);
    found.flat_map(|entry| entries(entry.yaml)).map(|entry| entry.name).collect()
}
