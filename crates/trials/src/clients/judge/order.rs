//! Who is next: of callers who need the same, the one ahead; a requeue gives the old place back.

use std::collections::BTreeMap;

use super::{Findings, Rule};
use crate::clients::history::{Entry, History, Record, What};

/// How long before and after a gateway lost its stream its callers may be passed over, in
/// milliseconds of the center's clock.
const SHAKEN: i64 = 6_000;

/// One spell of waiting.
#[derive(Debug)]
struct Spell<'h> {
    call: &'h str,
    class: &'h str,
    /// Lower is ahead.
    rank: i64,
    from: i64,
    until: i64,
    /// The agent it then rang; none when the spell ended otherwise.
    rung_by: Option<&'h str>,
    /// The agents who may not be offered this caller, and until when.
    tried: Vec<(&'h str, i64)>,
}

pub(super) fn judge(history: &History, findings: &mut Findings) {
    let shaken = shaken(history);
    let mut classes: BTreeMap<&str, Vec<Spell<'_>>> = BTreeMap::new();
    for record in &history.records {
        for spell in spells(record, history) {
            classes.entry(spell.class).or_default().push(spell);
        }
    }
    for spells in classes.values() {
        for spell in spells {
            let Some(agent) = spell.rung_by else { continue };
            let overtaken = spells.iter().find(|other| {
                is_overtaken(other, spell, agent)
                    && !shaken.get(other.call).is_some_and(|times| is_near(times, spell.until))
            });
            findings.add_if(overtaken.is_some(), Rule::FirstComeFirstServed, || {
                format!("{agent} was offered {spell:?} before {overtaken:?}")
            });
        }
    }
}

/// Within a millisecond the order of steps is not known, so nobody is blamed for it.
fn is_overtaken(other: &Spell<'_>, spell: &Spell<'_>, agent: &str) -> bool {
    let at = spell.until;
    let waits = other.from < at && at < other.until && other.call != spell.call;
    waits
        && other.rank < spell.rank
        && !other.tried.iter().any(|(who, until)| *who == agent && *until >= at)
}

fn spells<'h>(record: &'h Record, history: &'h History) -> Vec<Spell<'h>> {
    let mut spells = Vec::new();
    let (mut class, mut rank, mut cool_down) = ("", 0, 0);
    let mut tried: Vec<(&str, i64)> = Vec::new();
    let (mut since, mut last_rung): (Option<i64>, Option<&str>) = (None, None);
    for step in &record.steps {
        let waits = step.field("state") == "queued";
        if waits && since.is_some() && !step.is("contact_queued") {
            // Its gateway was lost or came back meanwhile, and the place stays the same.
            continue;
        }
        let call = record.call.as_str();
        let rung_by = step.is("contact_offered").then(|| step.field("agent"));
        if let Some(from) = since.take() {
            let (until, tried) = (step.at, tried.clone());
            spells.push(Spell { call, class, rank, from, until, rung_by, tried });
        }
        if step.is("contact_queued") {
            class = step.field("class");
            rank = step.field("rank").parse().unwrap_or(rank);
            let queue = history.queues.get(step.field("queue"));
            cool_down = queue.map_or(0, |queue| queue.cool_down);
        }
        if waits {
            since = Some(step.at);
            tried.extend(last_rung.map(|agent| (agent, step.at + cool_down)));
        }
        last_rung = rung_by.or(last_rung);
    }
    spells
}

/// When each call's gateway lost its stream, by the center's clock.
fn shaken(history: &History) -> BTreeMap<&str, Vec<i64>> {
    let mut cuts: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let millis = |at: u64| history.began + i64::try_from(at / 1_000).unwrap_or(i64::MAX);
    for Entry { at, what } in &history.entries {
        if let What::Cut { client } = what {
            cuts.entry(client).or_default().push(millis(*at));
        }
    }
    let mut shaken = BTreeMap::new();
    for entry in &history.entries {
        if let What::Arrives { gateway, call, .. } = &entry.what {
            let times = cuts.get(gateway.as_str()).cloned().unwrap_or_default();
            shaken.insert(call.as_str(), times);
        }
    }
    shaken
}

fn is_near(times: &[i64], at: i64) -> bool {
    times.iter().any(|time| (time - at).abs() <= SHAKEN)
}
