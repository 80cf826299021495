//! The answer to who is calling.

use switchboard_domain::customer::profile::Profile;
use switchboard_domain::customer::{Candidate, Lookup, LookupResult, Verification};
use switchboard_domain::number_rule::NumberRule;
use switchboard_store::callers::{Background, OpenPromise, OpenTicket, PastCall};

use super::customer::profile::profile;
use super::number_rule;
use super::time::timestamp;
use crate::error::ApiError;
use crate::field;
use crate::generated::{call::v1 as call, callerid::v1 as wire};

/// The most candidates that an answer names.
pub const MAX_CANDIDATES: usize = 10;

/// What is answered, apart from the candidates.
pub struct Answer<'a> {
    /// The number as understood.
    pub number: wire::NormalizedNumber,
    /// The word of the network on it.
    pub verification: Verification,
    /// What was found, in a word.
    pub result: LookupResult,
    /// The lists it stands on.
    pub rules: &'a [NumberRule],
    /// Whether the center takes no calls from it.
    pub is_refused: bool,
    /// Why the answer is incomplete; empty when it is not.
    pub partial: &'a str,
    /// What could not be had.
    pub missing: Vec<&'static str>,
}

/// A candidate as far as the asker may see it.
pub enum Shown<'a> {
    /// That there is one, and how likely it is.
    Id(&'a Candidate),
    /// Everything that helps to serve the caller.
    Whole {
        /// The candidate.
        candidate: &'a Candidate,
        /// The groups the customer is in.
        segments: Vec<String>,
        /// What the profile tells whoever a call rings.
        at_ring: Profile,
        /// What happened before; nothing where it could not be had in time.
        background: Option<&'a Background>,
    },
}

impl<'a> Answer<'a> {
    /// Begins the answer about a number behind which there is nobody.
    pub const fn nobody(number: wire::NormalizedNumber, verification: Verification) -> Self {
        Self {
            number,
            verification,
            result: LookupResult::Unknown,
            rules: &[],
            is_refused: false,
            partial: "",
            missing: Vec::new(),
        }
    }

    /// Begins an answer with what was found.
    pub fn of(
        number: wire::NormalizedNumber,
        verification: Verification,
        lookup: &Lookup,
        rules: &'a [NumberRule],
    ) -> Self {
        Self { result: lookup.result, rules, ..Self::nobody(number, verification) }
    }

    /// Puts the answer on the wire. Why a number stands on a list is shown as far as candidates are.
    pub fn told(self, candidates: &[Shown<'_>], reasons: Reasons) -> wire::LookupCallerResponse {
        let listing = |rule: &NumberRule| number_rule::listing(rule, reasons == Reasons::Shown);
        wire::LookupCallerResponse {
            number: Some(self.number),
            kind: kind(self.result).into(),
            candidates: candidates.iter().map(candidate).collect(),
            partial_reason: self.partial.to_owned(),
            verification: number_verification(self.verification).into(),
            lists: self.rules.iter().map(listing).collect(),
            refused: self.is_refused,
            missing: self.missing.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Whether the asker reads what people wrote about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasons {
    /// They do.
    Shown,
    /// They do not.
    Hidden,
}

fn candidate(shown: &Shown<'_>) -> wire::CallerCandidate {
    match shown {
        Shown::Id(candidate) => wire::CallerCandidate {
            customer_id: candidate.evidence.customer.id.to_string(),
            confidence: candidate.confidence.into(),
            reason: candidate.reason.as_str().to_owned(),
            ..wire::CallerCandidate::default()
        },
        Shown::Whole { candidate, segments, at_ring, background } => wire::CallerCandidate {
            segments: segments.clone(),
            profile: profile(at_ring.clone()),
            ..whole(candidate, *background)
        },
    }
}

fn whole(candidate: &Candidate, background: Option<&Background>) -> wire::CallerCandidate {
    let evidence = &candidate.evidence;
    let customer = &evidence.customer;
    let talk = background.and_then(|it| it.last_talk.as_ref());
    let last_agent = talk.map(|talk| &talk.agent).or(evidence.last_agent.as_ref());
    wire::CallerCandidate {
        customer_id: customer.id.to_string(),
        display_name: customer.name.clone(),
        tier: customer.tier.to_string(),
        language: customer.language.clone().unwrap_or_default(),
        confidence: candidate.confidence.into(),
        reason: candidate.reason.as_str().to_owned(),
        alert: customer.alert.clone().unwrap_or_default(),
        last_agent_id: last_agent.map(ToString::to_string).unwrap_or_default(),
        open_tickets: evidence.open_tickets,
        open_promises: evidence.open_promises,
        owner_agent_id: customer.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        last_talk_at: talk.map(|talk| timestamp(talk.at)),
        tickets: background.into_iter().flat_map(|it| &it.tickets).map(ticket).collect(),
        promises: background.into_iter().flat_map(|it| &it.promises).map(promise).collect(),
        calls: background.into_iter().flat_map(|it| &it.calls).map(past_call).collect(),
        ..wire::CallerCandidate::default()
    }
}

fn ticket(ticket: &OpenTicket) -> wire::CallerTicket {
    wire::CallerTicket {
        ticket_id: ticket.id.to_string(),
        number: ticket.number,
        subject: ticket.subject.clone(),
        state: ticket.state.to_string(),
    }
}

fn promise(promise: &OpenPromise) -> wire::CallerPromise {
    wire::CallerPromise {
        promise_id: promise.id.to_string(),
        what: promise.what.clone(),
        due_time: Some(timestamp(promise.due_at)),
        owner_agent_id: promise.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        ticket_id: promise.ticket.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

fn past_call(past: &PastCall) -> wire::CallerCall {
    wire::CallerCall {
        interaction_id: past.id.to_string(),
        started_at: Some(timestamp(past.started_at)),
        queue_id: past.queue.as_ref().map(ToString::to_string).unwrap_or_default(),
        agent_id: past.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
        disposition: past.disposition.clone().unwrap_or_default(),
    }
}

/// Reads how far the network vouches for the number of a lookup; unset means not verified.
pub fn verification_field(field: &str, value: i32) -> Result<Verification, ApiError> {
    Ok(match field::known::<wire::NumberVerification>(field, value)? {
        wire::NumberVerification::Unspecified | wire::NumberVerification::NotVerified => {
            Verification::NotVerified
        }
        wire::NumberVerification::Full => Verification::Full,
        wire::NumberVerification::Partial => Verification::Partial,
        wire::NumberVerification::Gateway => Verification::Gateway,
        wire::NumberVerification::Failed => Verification::Failed,
    })
}

const fn number_verification(verification: Verification) -> wire::NumberVerification {
    match verification {
        Verification::NotVerified => wire::NumberVerification::NotVerified,
        Verification::Full => wire::NumberVerification::Full,
        Verification::Partial => wire::NumberVerification::Partial,
        Verification::Gateway => wire::NumberVerification::Gateway,
        Verification::Failed => wire::NumberVerification::Failed,
    }
}

/// Reads how far the network vouches for the number of a call; unset means not verified.
pub fn call_verification_field(field: &str, value: i32) -> Result<Verification, ApiError> {
    Ok(match field::known::<call::CallerVerification>(field, value)? {
        call::CallerVerification::Unspecified | call::CallerVerification::NotVerified => {
            Verification::NotVerified
        }
        call::CallerVerification::Full => Verification::Full,
        call::CallerVerification::Partial => Verification::Partial,
        call::CallerVerification::Gateway => Verification::Gateway,
        call::CallerVerification::Failed => Verification::Failed,
    })
}

const fn kind(result: LookupResult) -> wire::CallerKind {
    match result {
        LookupResult::Known => wire::CallerKind::Known,
        LookupResult::Ambiguous => wire::CallerKind::Ambiguous,
        LookupResult::Unknown => wire::CallerKind::Unknown,
        LookupResult::Withheld => wire::CallerKind::Withheld,
    }
}

#[cfg(test)]
mod tests;
