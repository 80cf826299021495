//! What rules make of a ticket.

use switchboard_domain::ticket::{Finding, Verdict};

use super::or_empty;
use crate::generated::ticket::v1 as wire;

/// Puts a verdict on the wire.
pub fn verdict(verdict: &Verdict<'_>) -> Vec<wire::DispatchFinding> {
    verdict.looked_at.iter().map(finding).collect()
}

fn finding(finding: &Finding<'_>) -> wire::DispatchFinding {
    let outcome = match finding.holds {
        Some(true) => wire::DispatchOutcome::Holds,
        Some(false) => wire::DispatchOutcome::DoesNotHold,
        None => wire::DispatchOutcome::Unknown,
    };
    let readings = finding.readings.iter().map(|(name, value)| wire::DispatchReading {
        name: (*name).to_owned(),
        value: value.clone().unwrap_or_default(),
    });
    let to = finding.rule.to.clone();
    wire::DispatchFinding {
        rule: finding.rule.id.clone(),
        when: finding.rule.when.source().to_owned(),
        outcome: outcome.into(),
        accepts: finding.rule.accepts,
        readings: readings.collect(),
        department: to.department.unwrap_or_default(),
        queue_id: or_empty(to.queue),
        agent_id: or_empty(to.agent),
    }
}
