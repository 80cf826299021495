//! A caller arrives: what the called number means, and who the caller may be.

use switchboard_center::today;
use switchboard_domain::caller::Role;
use switchboard_domain::center::{Acquaintance, Blocked, CalledNumber, Center, Language};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::{Candidate, Evidence, Lookup, LookupResult, Verification};
use switchboard_domain::floor::details::{Details, of_candidate};
use switchboard_domain::flow::{Context, Flow, KnownCustomer, Node};
use switchboard_domain::ids::{ContactId, CustomerId, QueueId, TenantId};
use switchboard_domain::interaction::BLOCKED;
use switchboard_domain::number_rule::{self, Listed, RuleKind};
use switchboard_domain::phone::{PhoneAddress, PhoneNumber, number_as_received};
use switchboard_domain::time::Timestamp;
use switchboard_lookup::{CallerLookup, Calling};
use switchboard_runtime::clock::Stopwatch;

/// Names the lists that a calling number stands on, among the details of its call.
const LISTS: &str = "caller_lists";
/// The most candidates of an ambiguous lookup that travel with the call.
const MAX_CANDIDATES: usize = 3;
/// Names why the center takes no call of a caller.
const REFUSED: &str = "refused";

/// A number that was called, and what the center does with it.
#[derive(Clone, Debug)]
pub struct Called<'a> {
    /// The number in E.164 if it is one of the public network, else as the gateway gave it.
    pub number: String,
    /// What it means.
    pub entry: &'a CalledNumber,
}

/// Finds what the center does with a called number; nothing for one it does not answer.
pub fn called_number<'a>(center: &'a Center, called: &str) -> Option<Called<'a>> {
    let address = PhoneAddress::parse(called, center.default_country).ok();
    let number = address.as_ref().and_then(PhoneAddress::number).map(PhoneNumber::e164);
    let entry = center.called_entry(number);
    let number = number.map_or_else(|| called.to_owned(), |number| number.as_str().to_owned());
    entry.map(|entry| Called { number, entry })
}

/// Finds out who is calling, and writes down what services and desks may know.
///
/// Never takes longer than the lookup's budget; what is not known by then is left out.
pub async fn identify(
    lookup: &CallerLookup,
    tenant: &TenantId,
    center: &Center,
    called: &Called<'_>,
    calling: &Calling<'_>,
) -> Details {
    let spent = Stopwatch::start();
    let found = lookup.lookup(tenant, calling).await;
    let mut details = Details::new()
        .with("calling_raw", &number_as_received(calling.raw))
        .with("called_number", &called.number)
        .with("attestation", calling.verification.as_str())
        .with("language", &called.entry.language.to_string())
        .with("flow", called.entry.flow.as_str());
    if let Some(brand) = &called.entry.brand {
        details.set("brand", brand);
    }
    if let Some(number) = found.e164() {
        details.set("calling_number", number);
    }
    if found.partial.is_some() {
        details.set("lookup_reason", found.reason());
    }
    let lists: Vec<RuleKind> = found.rules.iter().map(|rule| rule.kind).collect();
    mark_listed(&mut details, center, &lists);
    // Who shows a forged number is nobody's customer yet, and gets no agent by it.
    let is_trusted = calling.verification != Verification::Failed;
    describe(&mut details, center, &found.lookup, is_trusted);
    if is_trusted
        && prefers_last_agents(center)
        && let Some(talk) = lookup.last_talk(tenant, &found, spent.elapsed()).await
    {
        details.set("last_agent", talk.agent.as_str());
        details.set("last_talk_at", &talk.at.as_millis().to_string());
    }
    details
}

/// Says whether the center takes no call of the caller.
pub fn is_refused(details: &Details) -> bool {
    details.get(REFUSED).is_some()
}

/// Has a call go on that is under way already, whatever the lists say.
pub fn admit(details: &mut Details) {
    details.remove(REFUSED);
}

/// Gives what the flow may know of the caller.
pub fn context<'a>(
    center: &'a Center,
    details: &'a Details,
    language: &'a Language,
    (call, channel): (&'a ContactId, Channel),
    now: Timestamp,
) -> Context<'a> {
    Context {
        prompts: &center.prompts,
        language,
        today: today(center, now),
        now,
        calendars: &center.calendars,
        call: call.as_str(),
        channel,
        called_number: details.get("called_number"),
        calling_number: details.get("calling_number"),
        listed: Listed {
            lists: details.get(LISTS).map(number_rule::known_lists_of).unwrap_or_default(),
            is_refused: is_refused(details),
        },
        verification: details.get("attestation").and_then(Verification::parse).unwrap_or_default(),
        customer: known_customer(details),
    }
}

fn known_customer(details: &Details) -> Option<KnownCustomer> {
    let id = details.get("customer").and_then(|id| CustomerId::parse(id).ok())?;
    Some(KnownCustomer {
        id: Some(id),
        tier: details.get("tier").and_then(|tier| tier.parse().ok()),
        language: details.get("customer_language").and_then(|tag| Language::parse(tag).ok()),
        segments: details.segments(),
        open_tickets: details.get("open_tickets").and_then(|n| n.parse().ok()).unwrap_or(0),
    })
}

/// Gives what a flow may know of a customer.
pub(crate) fn known_as(center: &Center, evidence: &Evidence) -> KnownCustomer {
    let known = KnownCustomer::of(&evidence.customer, evidence.open_tickets);
    center.with_segments(known, Some(evidence))
}

/// Gives the language a caller begins with.
pub fn language_of(center: &Center, details: &Details) -> Language {
    let named = details.get("language").and_then(|text| Language::parse(text).ok());
    named.unwrap_or_else(|| center.default_language.clone())
}

/// Gives the queue of whoever needs no menu, or was not helped by it.
pub fn human_queue(flow: &Flow) -> Option<&QueueId> {
    match flow.nodes().get(flow.human()) {
        Some(Node::Queue(queue)) => Some(&queue.queue),
        _ => None,
    }
}

/// Says whether anybody needs to know who talked to a caller last.
fn prefers_last_agents(center: &Center) -> bool {
    center.queues.values().any(|queue| queue.prefer.contains(&Acquaintance::LastAgent))
}

/// Writes down the lists that the calling number stands on, and whether the center refuses it for that.
pub fn mark_listed(details: &mut Details, center: &Center, lists: &[RuleKind]) {
    if lists.is_empty() {
        return;
    }
    details.set(LISTS, &number_rule::lists_text(lists));
    if lists.contains(&RuleKind::Block) && center.callers.blocked == Blocked::Refuse {
        details.set(REFUSED, BLOCKED);
    }
}

fn describe(details: &mut Details, center: &Center, lookup: &Lookup, is_trusted: bool) {
    let kind = match lookup.result {
        LookupResult::Known => "known",
        LookupResult::Ambiguous => "ambiguous",
        LookupResult::Unknown => "unknown",
        LookupResult::Withheld => "withheld",
    };
    details.set("lookup", kind);
    if lookup.result == LookupResult::Ambiguous {
        details.set("candidates", &lookup.candidates.len().to_string());
        for (place, candidate) in (1..=MAX_CANDIDATES).zip(&lookup.candidates) {
            suggest(details, place, candidate, is_trusted);
        }
    }
    let Some(candidate) = lookup.known() else { return };
    let evidence = &candidate.evidence;
    details.set("customer", evidence.customer.id.as_str());
    details.set("confidence", &candidate.confidence.to_string());
    details.set("match", candidate.reason.as_str());
    details.set("customer_name", &evidence.customer.name);
    details.set("tier", &evidence.customer.tier.to_string());
    details.set("open_tickets", &evidence.open_tickets.to_string());
    if evidence.open_promises > 0 {
        details.set("open_promises", &evidence.open_promises.to_string());
    }
    if let Some(language) = &evidence.customer.language {
        details.set("customer_language", language);
    }
    if let Some(owner) = &evidence.customer.owner {
        details.set("owner", owner.as_str());
    }
    if let Some(alert) = &evidence.customer.alert {
        details.set("alert", alert);
    }
    if let Some(agent) = &evidence.last_agent {
        details.set("customer_last_agent", agent.as_str());
    }
    details.set_segments(&center.segments_of(evidence));
    for (field, value) in center.profile.at_ring(&evidence.customer, Role::Agent) {
        details.set_at_ring(&field.path, &value.to_string());
    }
}

/// Writes down one of several who may be calling: what tells them apart, which the live state alone
/// keeps. Of somebody a forged number points at, agents get to know the id.
fn suggest(details: &mut Details, place: usize, candidate: &Candidate, is_trusted: bool) {
    let evidence = &candidate.evidence;
    let mut set = |name: &str, text: &str| details.set(&of_candidate(place, name), text);
    set("customer", evidence.customer.id.as_str());
    set("confidence", &candidate.confidence.to_string());
    set("match", candidate.reason.as_str());
    if !is_trusted {
        return;
    }
    set("customer_name", &evidence.customer.name);
    set("tier", &evidence.customer.tier.to_string());
    set("open_tickets", &evidence.open_tickets.to_string());
    if let Some(language) = &evidence.customer.language {
        set("customer_language", language);
    }
}

#[cfg(test)]
mod tests {
    use switchboard_center::demo;

    use super::*;

    #[test]
    fn a_flow_knows_how_far_a_number_is_vouched_for_and_not_that_it_is_a_mystery_callers() {
        let center = switchboard_center::parse(&demo()).expect("a sound center");
        let language = Language::parse("en").expect("a tag");
        let details = Details::new()
            .with(LISTS, "company_switchboard, mystery")
            .with("attestation", "partial");
        let call = ContactId::parse("call-1").expect("an id");
        let now = Timestamp::from_millis(1_800_000_000_000);

        let context = context(&center, &details, &language, (&call, Channel::Voice), now);

        assert_eq!(context.listed.lists, ["company_switchboard"]);
        assert_eq!(context.verification, Verification::Partial);
    }
}
