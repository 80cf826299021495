//! Who talks to whom: what gateways saw, which is the truth, beside what agents accepted.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::{BTreeMap, BTreeSet};

use super::{Findings, Rule};
use crate::clients::history::{Entry, History, What};

/// How long after an acceptance the bridge must have been ordered, in microseconds.
const PATIENCE: u64 = 6_000_000;

/// An offer as the history names it: who, and for which call.
type Accepted<'h> = BTreeMap<&'h str, (&'h str, &'h str)>;

pub(super) fn judge(history: &History, findings: &mut Findings) {
    talks(&history.entries, findings);
    let accepted = accepted(history);
    orders(history, &accepted, findings);
    missing(history, &accepted, findings);
}

/// Follows who hears whom. An agent who hands a caller over lets go of them at once; the gateway
/// takes the caller back a moment later.
fn talks(entries: &[Entry], findings: &mut Findings) {
    let mut with: BTreeMap<&str, &str> = BTreeMap::new();
    let mut bound: BTreeSet<(&str, &str)> = BTreeSet::new();
    for entry in entries {
        match &entry.what {
            What::Bridged { call, agent, .. } => {
                let other = with.insert(call, agent).filter(|other| other != agent);
                findings.add_if(other.is_some(), Rule::OneAgent, || {
                    format!("call {call} was with {other:?} when {agent} was bridged to it")
                });
                let elsewhere = bound.iter().find(|(who, what)| who == agent && what != call);
                findings.add_if(elsewhere.is_some(), Rule::OneCaller, || {
                    format!("{agent} was in {elsewhere:?} when call {call} was bridged")
                });
                bound.insert((agent, call));
            }
            What::Waits { call, .. }
            | What::Dials { call, .. }
            | What::Parted { call }
            | What::Diverted { call }
            | What::Left { call, .. } => {
                if let Some(agent) = with.remove(call.as_str()) {
                    bound.remove(&(agent, call));
                }
            }
            What::HandsOver { agent, call } => {
                bound.remove(&(agent.as_str(), call.as_str()));
            }
            What::Keeps { agent, call } if with.get(call.as_str()) == Some(&agent.as_str()) => {
                bound.insert((agent, call));
            }
            _ => {}
        }
    }
}

fn accepted(history: &History) -> Accepted<'_> {
    let mut accepted = BTreeMap::new();
    for record in &history.records {
        for step in record.steps.iter().filter(|step| step.is("contact_connecting")) {
            accepted.insert(step.field("offer"), (step.field("agent"), record.call.as_str()));
        }
    }
    accepted
}

/// Every order, and every bridge, goes back to an agent who said yes.
fn orders(history: &History, accepted: &Accepted<'_>, findings: &mut Findings) {
    let mut said: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut ordered: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &history.entries {
        match &entry.what {
            What::Accepts { agent, offer } => {
                said.insert((agent, offer));
            }
            What::Ordered { call, agent, offer, command } => {
                let known = accepted.get(offer.as_str());
                let fits = known == Some(&(agent.as_str(), call.as_str()));
                let agreed = said.contains(&(agent.as_str(), offer.as_str()));
                findings.add_if(!fits || !agreed, Rule::BridgeFollowsAcceptance, || {
                    format!("{agent} was ordered for call {call} by {offer}; recorded: {known:?}")
                });
                let first = ordered.entry(offer).or_insert(command);
                findings.add_if(*first != command, Rule::BridgeFollowsAcceptance, || {
                    format!("offer {offer} was ordered as {first} and as {command}")
                });
            }
            What::Bridged { call, offer, .. } => {
                let known = ordered.contains_key(offer.as_str());
                findings.add_if(!known, Rule::BridgeFollowsAcceptance, || {
                    format!("call {call} was bridged by {offer}, which nobody ordered")
                });
            }
            _ => {}
        }
    }
}

/// Every acceptance leads to an order, unless the caller or the gateway's stream went meanwhile.
fn missing(history: &History, accepted: &Accepted<'_>, findings: &mut Findings) {
    let mut ordered: BTreeSet<&str> = BTreeSet::new();
    let mut said: BTreeMap<&str, u64> = BTreeMap::new();
    let mut gateways: BTreeMap<&str, &str> = BTreeMap::new();
    let mut gone: Vec<(u64, &str)> = Vec::new();
    for Entry { at, what } in &history.entries {
        match what {
            What::Ordered { offer, .. } => {
                ordered.insert(offer);
            }
            What::Accepts { offer, .. } => {
                said.entry(offer).or_insert(*at);
            }
            What::Arrives { gateway, call, .. } => {
                gateways.insert(call, gateway);
            }
            What::Cut { client: who } | What::Left { call: who, .. } => gone.push((*at, who)),
            _ => {}
        }
    }
    for (offer, (agent, call)) in accepted.iter().filter(|(offer, _)| !ordered.contains(*offer)) {
        let at = said.get(offer).copied().unwrap_or_default();
        let near = at.saturating_sub(PATIENCE)..at + PATIENCE;
        let gateway = gateways.get(call).copied().unwrap_or_default();
        let excused = gone
            .iter()
            .any(|(when, who)| near.contains(when) && (*who == *call || *who == gateway));
        findings.add_if(!excused, Rule::BridgeFollowsAcceptance, || {
            format!("{agent} accepted {offer} for call {call}, and nobody was told to bridge it")
        });
    }
}
