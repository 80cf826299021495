//! From files to a center: first every name, then every value, then what only the whole can show.

mod agents;
pub(crate) mod calendars;
mod care;
mod clusters;
mod departments;
mod dispatch;
mod dispositions;
mod draining;
mod endpoints;
pub(crate) mod flows;
mod forms;
mod macros;
mod nodes;
mod numbers;
mod profile;
mod queues;
mod retention;
mod scorecards;
mod segments;
mod settings;
mod sla;
mod sounds;
mod surveys;
mod targets;
mod tickets;
mod tiers;
mod treatments;
mod value;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{Center, fields_in_conditions};
use switchboard_domain::ticket::TicketKinds;

use crate::item::Item;
use crate::known::Known;
use crate::nearest::did_you_mean;
use crate::problem::{Findings, Problem, Problems};
use crate::yaml::{self, Value, Yaml};

const FILES: [&str; 29] = [
    "center.yaml",
    "skills.yaml",
    "calendars.yaml",
    "dispositions.yaml",
    "queues.yaml",
    "draining.yaml",
    "agents.yaml",
    "numbers.yaml",
    "tiers.yaml",
    "value.yaml",
    "segments.yaml",
    "profile.yaml",
    "departments.yaml",
    "kinds.yaml",
    "categories.yaml",
    "sla.yaml",
    "tickets.yaml",
    "dispatch.yaml",
    "macros.yaml",
    "clusters.yaml",
    "surveys.yaml",
    "scorecards.yaml",
    "consents.yaml",
    "follow_ups.yaml",
    "touchpoints.yaml",
    "targets.yaml",
    "retention.yaml",
    "prompts.yaml",
    "canaries.yaml",
];
const REQUIRED: [&str; 2] = ["center.yaml", "queues.yaml"];

/// Reads a center and finds everything that is wrong, or probably not meant.
pub(crate) fn read(files: &BTreeMap<String, String>) -> Findings {
    let problems = Problems::default();
    let center = read_all(files, &problems);
    let (problems, warnings) = problems.into_sorted();
    if problems.is_empty() {
        return Findings { center, problems, warnings };
    }
    // With something unread, what seems to be missing may only be misspelt.
    Findings { center: None, problems, warnings: Vec::new() }
}

fn read_all(files: &BTreeMap<String, String>, problems: &Problems) -> Option<Center> {
    check_names(files, problems);
    let trees = parse_all(files, problems)?;
    let folder = Folder { trees: &trees, problems };
    let center = read_center(&folder)?;
    whole::check(&folder, &center);
    Some(center)
}

/// Reads the values of every file.
fn read_center(folder: &Folder<'_>) -> Option<Center> {
    let root = folder.file("center.yaml")?;
    let mut known = known_names(folder, &root);
    let settings = settings::read(&root, &known);
    let zone = settings.as_ref().map(|settings| &settings.zone);
    let calendars = calendars::read(folder.file("calendars.yaml").as_ref(), zone);
    let mut queues = queues::read(folder.file("queues.yaml").as_ref(), &known);
    let mut agents = agents::read(folder.file("agents.yaml").as_ref(), &known, &queues);
    draining::read(folder.file("draining.yaml").as_ref(), &known, &mut queues, &mut agents);
    let (profile, customer_rules) = profile::read(folder.file("profile.yaml").as_ref(), &known);
    known.record_fields = fields_in_conditions(&profile);
    let care = care::read(folder, &known, &queues);
    let flows = flows::read(folder, &known, settings.as_ref());
    let canaries = flows::read_canaries(folder, &known, settings.as_ref(), &flows);
    let prompts = sounds::read(folder.file("prompts.yaml").as_ref(), &known, &flows, &canaries);
    let numbers = numbers::read(folder.file("numbers.yaml").as_ref(), &known, settings.as_ref());
    let settings = settings?;
    Some(Center {
        version: 0,
        display_name: settings.display_name,
        default_country: settings.default_country,
        time_zone: settings.zone.as_str().into(),
        default_language: settings.default_language,
        languages: settings.languages,
        callers: settings.callers,
        priority_credit: settings.priority_credit,
        gateways: settings.gateways,
        skills: settings::skills(folder.file("skills.yaml").as_ref(), &known),
        calendars,
        endpoints: settings.endpoints,
        exclusions: settings.exclusions,
        departments: departments::read(folder.file("departments.yaml").as_ref(), &known),
        dispositions: dispositions::read(folder.file("dispositions.yaml").as_ref(), &known),
        queues,
        agents,
        numbers,
        flows,
        canaries,
        prompts,
        tiers: tiers::read(folder.file("tiers.yaml").as_ref(), &known),
        value: folder.file("value.yaml").and_then(|model| value::read(&model)),
        segments: segments::read(folder.file("segments.yaml").as_ref(), &known),
        profile,
        customer_rules,
        dispatch_rules: dispatch::read(folder.file("dispatch.yaml").as_ref(), &known),
        macros: macros::read(folder.file("macros.yaml").as_ref(), &known),
        cluster_rules: clusters::read(folder.file("clusters.yaml").as_ref(), &known),
        scorecards: scorecards::read(folder.file("scorecards.yaml").as_ref(), &known),
        sla: sla::read(folder.file("sla.yaml").as_ref(), &known),
        targets: targets::read(folder.file("targets.yaml").as_ref(), &known),
        ticket_rules: care.ticket_rules,
        ticket_kinds: known.kinds,
        surveys: care.surveys,
        follow_ups: care.follow_ups,
        touchpoints: care.touchpoints,
        purposes: known.purposes,
        retention: folder.file("retention.yaml").and_then(|policy| retention::read(&policy)),
        categories: known.categories,
    })
}

/// Reads every file as YAML, or gives nothing: with a file unread every name in it would be reported
/// as unknown.
fn parse_all<'a>(
    files: &'a BTreeMap<String, String>,
    problems: &Problems,
) -> Option<BTreeMap<&'a str, Yaml>> {
    let trees: BTreeMap<&str, Yaml> = files
        .iter()
        .filter_map(|(file, text)| Some((file.as_str(), yaml::parse(file, text, problems)?)))
        .collect();
    (trees.len() == files.len()).then_some(trees)
}

/// The parsed files.
pub(crate) struct Folder<'a> {
    trees: &'a BTreeMap<&'a str, Yaml>,
    problems: &'a Problems,
}

impl<'a> Folder<'a> {
    fn file(&self, name: &str) -> Option<Item<'a>> {
        let (file, yaml) = self.trees.get_key_value(name)?;
        Some(Item::root(file, self.problems, yaml))
    }

    /// Gives every flow's id as its file names it, with the file.
    fn flows(&self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        self.trees.iter().filter_map(|(file, yaml)| {
            Some((flow_name(file)?, Item::root(file, self.problems, yaml)))
        })
    }

    /// Gives every flow on trial alike.
    fn canaries(&self) -> impl Iterator<Item = (&'a str, Item<'a>)> {
        self.trees.iter().filter_map(|(file, yaml)| {
            Some((canary_name(file)?, Item::root(file, self.problems, yaml)))
        })
    }

    fn names(&self, file: &str) -> BTreeSet<String> {
        match self.trees.get(file).map(|yaml| &yaml.value) {
            Some(Value::Map(entries)) => entries.iter().map(|entry| entry.name.clone()).collect(),
            Some(Value::Scalar(_) | Value::List(_)) | None => BTreeSet::new(),
        }
    }
}

impl Folder<'_> {
    /// Gives the names under a key of a file.
    fn names_below(&self, file: &str, key: &str) -> BTreeSet<String> {
        let below = self.file(file).and_then(|root| root.child(key));
        match below.map(|item| &item.yaml().value) {
            Some(Value::Map(entries)) => entries.iter().map(|entry| entry.name.clone()).collect(),
            Some(Value::Scalar(_) | Value::List(_)) | None => BTreeSet::new(),
        }
    }

    /// Gives the names of all queues, those that drain included.
    fn queue_names(&self) -> BTreeSet<String> {
        let mut names = self.names("queues.yaml");
        let draining = self.file("draining.yaml").map(|file| file.below(&["queues"]));
        let entries = draining.iter().map(Item::yaml).filter_map(|yaml| match &yaml.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar(_) | Value::List(_) => None,
        });
        names.extend(entries.flatten().map(|entry| entry.name.clone()));
        names
    }
}

fn flow_name(file: &str) -> Option<&str> {
    file.strip_prefix("flows/")?.strip_suffix(".yaml")
}

fn canary_name(file: &str) -> Option<&str> {
    file.strip_prefix("canaries/")?.strip_suffix(".yaml")
}

fn check_names(files: &BTreeMap<String, String>, problems: &Problems) {
    let report = |file: &str, message: String| {
        problems.add(Problem { file: file.into(), place: None, message, code: None });
    };
    for name in REQUIRED.iter().filter(|name| !files.contains_key(**name)) {
        report(name, "the file is missing".into());
    }
    for name in files.keys().filter(|name| !FILES.contains(&name.as_str())) {
        if flow_name(name).or(canary_name(name)).is_none() {
            let hint = did_you_mean(name, FILES);
            report(name, format!("a center has no file of this name{hint}"));
        }
    }
}

fn known_names(folder: &Folder<'_>, root: &Item<'_>) -> Known {
    let languages = folder.trees.get("center.yaml").map(settings::language_tags);
    let mut known = Known {
        open: false,
        default_language: settings::default_language(root),
        languages: languages.unwrap_or_default(),
        skills: folder.names("skills.yaml"),
        calendars: folder.names("calendars.yaml"),
        agents: folder.names("agents.yaml"),
        endpoints: folder.names_below("center.yaml", "endpoints"),
        dispositions: folder.names("dispositions.yaml"),
        queues: folder.queue_names(),
        flows: folder.flows().map(|(name, _)| name.into()).collect(),
        prompts: folder.names("prompts.yaml"),
        surveys: folder.names("surveys.yaml"),
        segments: folder.trees.get("segments.yaml").map(segments::names).unwrap_or_default(),
        record_fields: BTreeMap::new(),
        departments: folder.names("departments.yaml"),
        purposes: care::purposes(folder.file("consents.yaml").as_ref()),
        kinds: TicketKinds::default(),
        categories: tickets::categories(folder.file("categories.yaml").as_ref()),
    };
    known.kinds = tickets::kinds(folder.file("kinds.yaml").as_ref(), &known);
    known
}
