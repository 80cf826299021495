//! What is kept of each call: one record, whole and true.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Rule};
use crate::clients::history::{History, Record, What};

/// What gateways saw of one call.
#[derive(Default)]
struct Truth<'h> {
    /// Who talked last.
    agent: Option<&'h str>,
    diverted: bool,
    /// Whether they were told that they wait.
    waited: bool,
    left_first: bool,
}

pub(super) fn judge(history: &History, findings: &mut Findings) {
    let truths = truths(history);
    let mut seen = BTreeSet::new();
    for record in &history.records {
        let again = !seen.insert(record.call.as_str());
        findings.add_if(again, Rule::OneRecord, || format!("call {} is kept twice", record.call));
        whole(record, findings);
        match truths.get(record.call.as_str()) {
            Some(truth) => compare(record, truth, findings),
            None => findings
                .add(Rule::OneRecord, format!("call {} is kept and never came", record.call)),
        }
    }
    for call in truths.keys().filter(|call| !seen.contains(*call)) {
        findings.add(Rule::OneRecord, format!("call {call} came and is not kept"));
    }
}

fn truths(history: &History) -> BTreeMap<&str, Truth<'_>> {
    let mut truths: BTreeMap<&str, Truth<'_>> = BTreeMap::new();
    for entry in &history.entries {
        match &entry.what {
            What::Arrives { call, .. } => {
                truths.entry(call).or_default();
            }
            What::Bridged { call, agent, .. } => {
                truths.entry(call).or_default().agent = Some(agent);
            }
            What::Waits { call, .. } => truths.entry(call).or_default().waited = true,
            What::Diverted { call } => truths.entry(call).or_default().diverted = true,
            What::Left { call, by_caller } => {
                let truth = truths.entry(call).or_default();
                truth.left_first = *by_caller && !truth.diverted;
            }
            _ => {}
        }
    }
    truths
}

fn whole(record: &Record, findings: &mut Findings) {
    let call = &record.call;
    let count = |kind| record.steps.iter().filter(|step| step.is(kind)).count();
    findings.add_if(!record.is_ended, Rule::WholeRecord, || format!("call {call} never ended"));
    let nameless = record.reason.is_empty() || record.outcome.is_empty();
    findings.add_if(nameless, Rule::WholeRecord, || format!("call {call} ended for no reason"));
    let (starts, ends, returns) =
        (count("contact_started"), count("contact_ended"), count("contact_reopened"));
    findings.add_if(starts != 1 || ends != returns + 1, Rule::WholeRecord, || {
        format!("call {call} began {starts} times, ended {ends} and came back {returns} times")
    });
    let is_counted = (1..).zip(&record.numbers).all(|(number, kept): (u64, _)| number == *kept);
    findings.add_if(!is_counted, Rule::WholeRecord, || format!("call {call} has gaps"));
    for (index, pair) in record.steps.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let follows = after.sequence > before.sequence && after.at >= before.at;
        let is_next = after.version == before.version + 1;
        findings.add_if(!follows || !is_next, Rule::WholeRecord, || {
            format!("call {call}: {after:?} does not follow {before:?} ({index})")
        });
    }
}

fn compare(record: &Record, truth: &Truth<'_>, findings: &mut Findings) {
    let Record { call, agent, outcome, reason, .. } = record;
    let expected: &[&str] = match (truth.agent, truth.diverted, truth.left_first) {
        (Some(_), _, _) => &["answered"],
        (None, true, _) => &["overflowed"],
        (None, false, true) if truth.waited => &["abandoned"],
        // Who leaves at once may not hear any more that there was no room.
        (None, false, true) => &["abandoned", "left_menu", "overflowed"],
        (None, false, false) => &["abandoned", "left_menu", "lost", "overflowed"],
    };
    findings.add_if(!expected.contains(&outcome.as_str()), Rule::TrueRecord, || {
        format!("call {call} is kept as {outcome} ({reason}), and should be one of {expected:?}")
    });
    let talked = truth.agent.unwrap_or_default();
    findings.add_if(agent != talked, Rule::TrueRecord, || {
        format!("call {call} is kept with {agent:?}, and talked to {talked:?}")
    });
}
