//! What a company, its departments and their people are to reach: `targets.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::targets::{Aim, Aims, DepartmentTargets, Measure, Targets};

use crate::item::Item;
use crate::keys::targets::{AIMS, DEPARTMENT, TARGETS};
use crate::known::Known;

const MOST_FEWEST: u64 = 100_000;
const MOST_DEPARTMENTS: usize = 100;
const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_hours(365 * 24);

/// Reads every target.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Targets {
    let Some(fields) = root.and_then(|root| root.fields(&TARGETS)) else {
        return Targets::default();
    };
    let targets = Targets {
        fewest: fields.or("fewest", 1, |fewest| fewest.whole(1..=MOST_FEWEST)),
        company: fields.or("company", Aims::new(), aims),
        departments: fields.or("departments", BTreeMap::new(), |all| Some(departments(all, known))),
    };
    fields.finish();
    targets
}

fn departments(item: &Item<'_>, known: &Known) -> BTreeMap<String, DepartmentTargets> {
    let named = item.identified("department").into_iter();
    let read = named.filter_map(|(name, of)| {
        known.has_department(&of, name).then_some(())?;
        Some((name.to_owned(), of_department(&of, known)?))
    });
    let departments: BTreeMap<_, _> = read.collect();
    if departments.len() > MOST_DEPARTMENTS {
        item.report(format!("names more than {MOST_DEPARTMENTS} departments"));
    }
    departments
}

fn of_department(item: &Item<'_>, known: &Known) -> Option<DepartmentTargets> {
    let before = item.complaints();
    let fields = item.fields(&DEPARTMENT)?;
    let department = DepartmentTargets {
        own: fields.or("own", Aims::new(), aims),
        every_agent: fields.or("every_agent", Aims::new(), aims),
        agents: fields.or("agents", BTreeMap::new(), |agents| Some(known.agent_map(agents, aims))),
    };
    fields.finish();
    let is_empty = department.own.is_empty() && !department.asks_agents();
    if is_empty && item.complaints() == before {
        item.report("has no target: give own, every_agent or agents");
    }
    Some(department)
}

fn aims(item: &Item<'_>) -> Option<Aims> {
    let fields = item.fields(&AIMS)?;
    let mut aims = Aims::new();
    for measure in Measure::ALL {
        let given = fields.optional(measure.as_str());
        aims.extend(given.and_then(|it| aim(*measure, &it)).map(|aim| (*measure, aim)));
    }
    fields.finish();
    Some(aims)
}

fn aim(measure: Measure, item: &Item<'_>) -> Option<Aim> {
    match measure {
        Measure::Kept
        | Measure::FirstContactRate
        | Measure::ResponseRate
        | Measure::SatisfiedShare
        | Measure::LoyalShare => item.parse().map(Aim::AtLeast),
        Measure::ReopenRate => item.parse().map(Aim::AtMost),
        Measure::MeanResolving | Measure::MeanAnswering => item.span(LEAST, MOST).map(Aim::Within),
    }
}
