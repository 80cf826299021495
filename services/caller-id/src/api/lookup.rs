//! Says who may be calling, within the budget and whatever the stores do.

mod home;

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::callerid::v1::{LookupCallerRequest, LookupCallerResponse, NormalizedNumber};
use switchboard_api::convert::lookup::{
    Answer, MAX_CANDIDATES, Reasons, Shown, verification_field,
};
use switchboard_api::convert::phone;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::center::{Blocked, CallerRules, Center};
use switchboard_domain::customer::profile::Profile;
use switchboard_domain::customer::{Candidate, Verification};
use switchboard_domain::ids::CustomerId;
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::phone::PhoneAddress;
use switchboard_lookup::{Partial, Recognised};
use switchboard_runtime::clock::Stopwatch;
use switchboard_runtime::read_log::AUDIT_UNAVAILABLE;
use switchboard_store::audit::AuditRecord;

use crate::CallerIdParts;

/// Who asks, about what, and since when.
struct Asked<'a> {
    caller: &'a Caller,
    center: Option<Arc<Center>>,
    verification: Verification,
    started: Stopwatch,
}

/// Looks a caller up.
pub(super) async fn run(
    parts: &CallerIdParts,
    caller: &Caller,
    request: LookupCallerRequest,
) -> Result<LookupCallerResponse, ApiError> {
    let started = Stopwatch::start();
    let verification = verification_field("verification", request.verification)?;
    let center = home::center_in_time(parts, &caller.tenant).await;
    let asked = Asked { caller, center, verification, started };
    let raw = &request.calling_number;
    let Some(home) = home::of(asked.center.as_deref(), &request) else {
        return Ok(unread(raw, verification, Partial::CenterUnavailable));
    };
    let address = match PhoneAddress::parse(raw, home) {
        Ok(address) => address,
        Err(error) => {
            let Some(number) = phone::impossible(raw, error) else {
                return Ok(unread(raw, verification, Partial::NumberUnreadable));
            };
            return Ok(Answer::nobody(number, verification).told(&[], Reasons::Hidden));
        }
    };
    let number = phone::normalized(raw, &address);
    let tenant = &caller.tenant;
    let who = parts.lookup.recognise(tenant, address, verification, asked.spent()).await;
    Ok(tell(parts, &asked, number, &who).await)
}

impl Asked<'_> {
    fn spent(&self) -> std::time::Duration {
        self.started.elapsed()
    }

    fn rules(&self) -> CallerRules {
        self.center.as_ref().map(|center| center.callers).unwrap_or_default()
    }

    fn is_gateway(&self) -> bool {
        self.caller.role == Role::Gateway
    }

    /// Gives the lists that the asker may know: who serves a call is not told that it is a trial.
    fn lists(&self, who: &Recognised) -> Vec<NumberRule> {
        let is_office = matches!(self.caller.role, Role::Supervisor | Role::Admin);
        let told = who.rules.iter().filter(|rule| is_office || !rule.kind.is_secret());
        told.cloned().collect()
    }

    /// Says whether the asker may know more of the candidates than their ids: people, whose reading
    /// is their work, unless the number is forged; gateways as far as the number is trusted.
    fn sees_all(&self) -> bool {
        if self.is_gateway() {
            self.rules().trust.admits(self.verification)
        } else {
            self.verification != Verification::Failed
        }
    }

    fn segments(&self, candidate: &Candidate) -> Vec<String> {
        let of = |center: &Arc<Center>| center.segments_of(&candidate.evidence);
        self.center.as_ref().map(of).unwrap_or_default()
    }

    fn at_ring(&self, candidate: &Candidate) -> Profile {
        let center = self.center.iter();
        let customer = &candidate.evidence.customer;
        let told = center.flat_map(|center| center.profile.at_ring(customer, self.caller.role));
        told.map(|(field, value)| (field.path.clone(), value.clone())).collect()
    }
}

/// Puts the answer together: as much as the asker may see, and can be had in what is left of the
/// budget.
async fn tell(
    parts: &CallerIdParts,
    asked: &Asked<'_>,
    number: NormalizedNumber,
    who: &Recognised,
) -> LookupCallerResponse {
    let candidates: Vec<&Candidate> = who.lookup.candidates.iter().take(MAX_CANDIDATES).collect();
    let may_see = asked.sees_all();
    let is_on_trail = note(parts, asked, who, candidates.len(), may_see);
    let rules = asked.lists(who);
    let mut answer = Answer::of(number, asked.verification, &who.lookup, &rules);
    answer.partial = who.reason();
    answer.is_refused = who.is_listed(RuleKind::Block) && asked.rules().blocked == Blocked::Refuse;
    if who.partial.is_some() && candidates.is_empty() {
        answer.missing.push("candidates");
    }
    let reasons = if asked.is_gateway() { Reasons::Hidden } else { Reasons::Shown };
    if !may_see || !is_on_trail || candidates.is_empty() {
        if may_see && !is_on_trail {
            answer.partial = AUDIT_UNAVAILABLE;
        }
        let ids: Vec<_> = candidates.into_iter().map(Shown::Id).collect();
        return answer.told(&ids, reasons);
    }
    let customers: Vec<CustomerId> =
        candidates.iter().map(|one| one.evidence.customer.id.clone()).collect();
    let before = parts.lookup.backgrounds(&asked.caller.tenant, &customers, asked.spent()).await;
    if before.is_none() {
        answer.missing.push("background");
        answer.partial = if answer.partial.is_empty() { LATE } else { answer.partial };
    }
    let whole = candidates.into_iter().map(|candidate| Shown::Whole {
        segments: asked.segments(candidate),
        at_ring: asked.at_ring(candidate),
        background: before.as_ref().and_then(|all| all.get(&candidate.evidence.customer.id)),
        candidate,
    });
    answer.told(&whole.collect::<Vec<_>>(), reasons)
}

const LATE: &str = Partial::TimedOut.as_str();

/// Has the trail tell who asked; false when it cannot take it.
fn note(
    parts: &CallerIdParts,
    asked: &Asked<'_>,
    who: &Recognised,
    candidates: usize,
    sees_all: bool,
) -> bool {
    let key = who.address.as_ref().map(PhoneAddress::key).unwrap_or_default();
    let object = format!("number/{}", phone::masked(&key));
    let seen = if sees_all { "" } else { ", ids only" };
    let line = AuditRecord {
        detail: Some(format!("{candidates} candidates{seen}")),
        ..AuditRecord::of(asked.caller, "caller.lookup", object, parts.clock.now())
    };
    parts.reads.note(&asked.caller.tenant, line)
}

fn unread(raw: &str, verification: Verification, why: Partial) -> LookupCallerResponse {
    let answer = Answer {
        partial: why.as_str(),
        missing: vec!["candidates"],
        ..Answer::nobody(phone::unread(raw), verification)
    };
    answer.told(&[], Reasons::Hidden)
}
