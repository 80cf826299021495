//! Versions of flows: which are in force and on trial in a center's files, and how they differ.

mod compare;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use switchboard_domain::flow::{Flow, FlowVersion};
use switchboard_domain::ids::FlowId;
use switchboard_store::centers::{CenterFiles, FlowChanges, NewFlowText};
use switchboard_store::flows::{FlowRelease, FlowStanding, ReleaseCause};

use crate::item::Item;
use crate::known::Known;
use crate::problem::{Place, Problem, Problems};
use crate::read::flows;
use crate::yaml::{self, Entry, Value, Yaml};

pub use compare::{FlowComparison, NodeChange, compare_flows};

const SHARES: &str = "canaries.yaml";

/// Gives the version of a flow's text that calls no other: the same for texts that differ in comments
/// only; none for a text that is no YAML.
pub fn flow_version(text: &str) -> Option<FlowVersion> {
    let tree = yaml::parse("flow", text, &Problems::default())?;
    Some(flows::version(&tree, std::iter::empty()))
}

/// Reads the text of a version that was in force once, with the versions of the flows it calls.
///
/// What it refers to was there when it was published; that it may be gone does not matter, for the
/// calls that began with it go on with it.
pub fn read_version(
    id: &FlowId,
    text: &str,
    called: BTreeMap<FlowId, Arc<Flow>>,
) -> Result<Flow, Vec<Problem>> {
    let problems = Problems::default();
    let file = format!("flows/{id}.yaml");
    let known = Known { open: true, ..Known::default() };
    let tree = yaml::parse(&file, text, &problems);
    let flow = tree
        .and_then(|tree| flows::read_one(id, &Item::root(&file, &problems, &tree), &known, called));
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
    let (mut old, mut new) = (Versions::of(before), Versions::of(after));
    let mut touched = Touched { before, after, known: BTreeMap::new() };
    for flow in ids(after) {
        if !touched.is(&flow) {
            continue;
        }
        for versions in [&mut old, &mut new] {
            changes.texts.extend(versions.texts(&flow));
        }
        let (was, is) = (old.standing(&flow), new.standing(&flow));
        if let Some(standing) = is.filter(|is| Some(*is) != was) {
            changes.standings.push((flow, standing));
        }
    }
    changes
}

/// Which flows differ between two folders: by their own texts, or by what they call.
struct Touched<'a> {
    before: &'a CenterFiles,
    after: &'a CenterFiles,
    known: BTreeMap<FlowId, bool>,
}

impl Touched<'_> {
    fn is(&mut self, flow: &FlowId) -> bool {
        if let Some(known) = self.known.get(flow) {
            return *known;
        }
        // A circle of calls is refused elsewhere; here it must only end.
        self.known.insert(flow.clone(), false);
        let differs = |path: String| self.before.get(&path) != self.after.get(&path);
        let share = |files| shares(files).remove(flow.as_str());
        let own = differs(path(flow))
            || differs(trial_path(flow))
            || (differs(SHARES.to_owned()) && share(self.before) != share(self.after));
        let texts = [path(flow), trial_path(flow)].map(|path| self.after.get(&path));
        let called: BTreeSet<FlowId> =
            texts.into_iter().flatten().flat_map(|text| calls_in(text)).collect();
        let found = own || called.iter().any(|callee| self.is(callee));
        self.known.insert(flow.clone(), found);
        found
    }
}

/// The versions of the flows of a folder, as far as they have been asked for.
struct Versions<'a> {
    files: &'a CenterFiles,
    shares: BTreeMap<String, String>,
    known: BTreeMap<FlowId, Option<FlowVersion>>,
}

impl<'a> Versions<'a> {
    fn of(files: &'a CenterFiles) -> Self {
        Self { files, shares: shares(files), known: BTreeMap::new() }
    }

    fn standing(&mut self, flow: &FlowId) -> Option<FlowStanding> {
        let version = self.in_force(flow)?;
        let share = self.shares.get(flow.as_str()).and_then(|share| share.parse().ok());
        let trial = self.files.get(&trial_path(flow)).and_then(|text| self.version_of(text));
        Some(FlowStanding { version, canary: trial.zip(share) })
    }

    fn in_force(&mut self, flow: &FlowId) -> Option<FlowVersion> {
        if let Some(known) = self.known.get(flow) {
            return *known;
        }
        // A circle of calls is refused elsewhere; here it must only end.
        self.known.insert(flow.clone(), None);
        let version = self.files.get(&path(flow)).and_then(|text| self.version_of(text));
        self.known.insert(flow.clone(), version);
        version
    }

    fn version_of(&mut self, text: &str) -> Option<FlowVersion> {
        let tree = yaml::parse("flow", text, &Problems::default())?;
        let called: Vec<FlowVersion> = self.called(text).into_values().collect();
        Some(flows::version(&tree, called.into_iter()))
    }

    fn called(&mut self, text: &str) -> BTreeMap<FlowId, FlowVersion> {
        let called = calls_in(text).into_iter();
        called.filter_map(|callee| Some((callee.clone(), self.in_force(&callee)?))).collect()
    }

    /// Gives the texts in force and on trial.
    fn texts(&mut self, flow: &FlowId) -> Vec<NewFlowText> {
        let files = self.files;
        let texts = [path(flow), trial_path(flow)].into_iter().filter_map(|path| files.get(&path));
        let kept = texts.filter_map(|text| {
            Some(NewFlowText {
                flow: flow.clone(),
                version: self.version_of(text)?,
                text: text.clone(),
                calls: self.called(text),
            })
        });
        kept.collect()
    }
}

fn calls_in(text: &str) -> BTreeSet<FlowId> {
    // Most flows call none, and need not be read to know that.
    if !text.contains("call") {
        return BTreeSet::new();
    }
    let tree = yaml::parse("flow", text, &Problems::default());
    tree.map(|tree| flows::calls_in(&tree)).unwrap_or_default()
}

/// Gives the versions of a flow that calls begin with.
pub fn flow_standing(files: &CenterFiles, flow: &FlowId) -> Option<FlowStanding> {
    Versions::of(files).standing(flow)
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
