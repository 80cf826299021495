//! How many may wait: exactly as many as the queue says, whoever comes at the same moment.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Rule};
use crate::clients::history::{Entry, History, What};

/// How long after a caller left the center may not know it yet, in microseconds.
const SLACK: u64 = 5_000_000;

/// One caller of a queue, as gateways saw them.
#[derive(Default)]
struct Stay<'h> {
    queue: &'h str,
    arrived: u64,
    waits: Option<u64>,
    diverted: Option<u64>,
    gone: Option<u64>,
}

pub(super) fn judge(history: &History, findings: &mut Findings) {
    let stays = stays(&history.entries);
    for (queue, rule) in &history.queues {
        let Some(limit) = rule.limit else { continue };
        let here: Vec<(&str, &Stay<'_>)> = stays
            .iter()
            .filter(|(_, stay)| stay.queue == queue)
            .map(|(call, stay)| (*call, stay))
            .collect();
        too_many(queue, limit, &here, findings);
        too_few(queue, limit, &here, findings);
        recorded(history, queue, limit, findings);
    }
}

fn stays(entries: &[Entry]) -> BTreeMap<&str, Stay<'_>> {
    let mut stays: BTreeMap<&str, Stay<'_>> = BTreeMap::new();
    for Entry { at, what } in entries {
        match what {
            What::Arrives { call, queue, .. } => {
                stays.insert(call, Stay { queue, arrived: *at, ..Stay::default() });
            }
            What::Waits { call, .. } => {
                if let Some(stay) = stays.get_mut(call.as_str()) {
                    stay.waits.get_or_insert(*at);
                }
            }
            What::Diverted { call } => {
                if let Some(stay) = stays.get_mut(call.as_str()) {
                    stay.diverted.get_or_insert(*at);
                }
            }
            What::Dials { call, .. } | What::Left { call, .. } => {
                if let Some(stay) = stays.get_mut(call.as_str()) {
                    stay.gone.get_or_insert(*at);
                }
            }
            _ => {}
        }
    }
    stays
}

/// Nobody may have been told that they wait while as many as may were told so, and had not left.
fn too_many(queue: &str, limit: usize, here: &[(&str, &Stay<'_>)], findings: &mut Findings) {
    for (call, stay) in here {
        let Some(at) = stay.waits else { continue };
        let others = here.iter().filter(|(other, beside)| {
            let before = beside.waits.is_some_and(|since| since <= at);
            other != call && before && beside.gone.is_none_or(|gone| gone > at)
        });
        let waiting = others.count() + 1;
        findings.add_if(waiting > limit, Rule::NotTooMany, || {
            format!("{waiting} callers waited in {queue}, which takes {limit}, when {call} came")
        });
    }
}

/// Nobody may have been sent away unless as many as may could have been waiting meanwhile.
fn too_few(queue: &str, limit: usize, here: &[(&str, &Stay<'_>)], findings: &mut Findings) {
    for (call, stay) in here {
        let Some(sent) = stay.diverted.filter(|_| stay.waits.is_none()) else { continue };
        let others = here.iter().filter(|(other, beside)| {
            let gone = beside.gone.map_or(u64::MAX, |gone| gone + SLACK);
            let may_wait = beside.waits.is_some() || beside.diverted.is_none();
            other != call && may_wait && beside.arrived < sent && gone > stay.arrived
        });
        let waiting = others.count();
        findings.add_if(waiting < limit, Rule::NotTooFew, || {
            format!("{call} was sent away from {queue}, which takes {limit}, with {waiting} there")
        });
    }
}

/// By the center's own clock too, no more wait than may. Within a millisecond those who go, go
/// first.
fn recorded(history: &History, queue: &str, limit: usize, findings: &mut Findings) {
    let mut moves: Vec<(i64, bool, &str)> = Vec::new();
    for record in &history.records {
        let (mut is_here, mut place) = (false, "");
        for step in &record.steps {
            if step.is("contact_queued") {
                place = step.field("queue");
            }
            let waits = step.field("state") == "queued" && place == queue;
            if waits != is_here {
                moves.push((step.at, waits, &record.call));
                is_here = waits;
            }
        }
    }
    moves.sort_unstable();
    let mut waiting = BTreeSet::new();
    for (_, enters, call) in moves {
        if !enters {
            waiting.remove(call);
            continue;
        }
        waiting.insert(call);
        findings.add_if(waiting.len() > limit, Rule::NotTooMany, || {
            format!("{} callers are recorded in {queue}, which takes {limit}", waiting.len())
        });
    }
}
