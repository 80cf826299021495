//! How offers end: once each, and everybody is told the same.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::BTreeMap;

use super::{Findings, Rule};
use crate::clients::history::{History, Record, What};

/// An offer as the history tells it.
struct Offer<'h> {
    agent: &'h str,
    call: &'h str,
    /// The kinds of the steps that ended it.
    ends: Vec<&'h str>,
}

pub(super) fn judge(history: &History, findings: &mut Findings) {
    let mut offers = BTreeMap::new();
    for record in &history.records {
        recorded(record, &mut offers, findings);
    }
    for (name, offer) in &offers {
        findings.add_if(offer.ends.len() != 1, Rule::OneOutcome, || {
            format!("offer {name} of call {} ended as {:?}", offer.call, offer.ends)
        });
    }
    told(history, &offers, findings);
}

/// Reads the offers of one call. Whatever moves the call on ends the offer that rings.
fn recorded<'h>(
    record: &'h Record,
    offers: &mut BTreeMap<&'h str, Offer<'h>>,
    findings: &mut Findings,
) {
    let mut ringing: Option<&str> = None;
    let mut made = 0;
    for step in &record.steps {
        let named = step.field("offer");
        match step.kind.as_str() {
            "contact_offered" => {
                made += 1;
                let offer =
                    Offer { agent: step.field("agent"), call: &record.call, ends: Vec::new() };
                let again = offers.insert(named, offer).is_some();
                findings.add_if(again || ringing.is_some(), Rule::OneOutcome, || {
                    format!("call {}: offer {named} came while {ringing:?} rang", record.call)
                });
                ringing = Some(named);
            }
            "contact_connecting" => {
                let rang = ringing.take();
                findings.add_if(rang.is_some_and(|rang| rang != named), Rule::OneOutcome, || {
                    format!("call {}: {named} was accepted while {rang:?} rang", record.call)
                });
                if let Some(offer) = offers.get_mut(named) {
                    offer.ends.push("contact_connecting");
                }
            }
            "contact_queued" | "contact_requeued" | "contact_ended" | "contact_orphaned" => {
                if let Some(offer) = ringing.take().and_then(|rang| offers.get_mut(rang)) {
                    offer.ends.push(&step.kind);
                }
            }
            _ => {}
        }
    }
    let counts = [record.offers, record.made, record.closed.len()];
    findings.add_if(counts.iter().any(|count| *count != made), Rule::OneOutcome, || {
        let call = &record.call;
        format!("call {call} was offered {made} times; counted, made and closed: {counts:?}")
    });
}

/// Compares with what desks showed.
fn told(history: &History, offers: &BTreeMap<&str, Offer<'_>>, findings: &mut Findings) {
    let mut closed: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &history.entries {
        match &entry.what {
            What::Rings { agent, call, offer } => {
                let known = offers.get(offer.as_str());
                let fits = known.is_some_and(|known| known.agent == agent && known.call == call);
                findings.add_if(!fits, Rule::OneOutcome, || {
                    format!("offer {offer} of call {call} rang {agent}, and is not recorded so")
                });
            }
            What::Closed { agent, offer, outcome } => {
                let before = closed.entry(offer).or_insert(outcome);
                findings.add_if(*before != outcome, Rule::OneOutcome, || {
                    format!("{agent} was told that {offer} was {before}, then {outcome}")
                });
                let ends = offers.get(offer.as_str()).map(|offer| offer.ends.as_slice());
                let recorded = ends.unwrap_or_default().contains(&"contact_connecting");
                findings.add_if(recorded != (outcome == "accepted"), Rule::OneOutcome, || {
                    format!("{agent} was told that {offer} was {outcome}; recorded: {ends:?}")
                });
            }
            _ => {}
        }
    }
}
