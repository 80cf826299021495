//! Claims about who is thought to be calling.

use crate::customer::{CustomerNumber, Tier, Verification};
use crate::ids::{CustomerId, NumberRuleId};
use crate::phone::{Country, PhoneAddress};
use crate::time::Timestamp;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const DAY: i64 = 86_400_000;

fn calling(raw: &str) -> PhoneAddress {
    let home = Country::parse("CN").expect("China has a plan");
    PhoneAddress::parse(raw, home).expect("an address")
}

fn holder(id: &str, tier: Tier, number: NumberMatch) -> Evidence {
    let customer = Customer::new(CustomerId::parse(id).expect("an id"), id, tier, Timestamp::ZERO);
    Evidence::of(customer, number)
}

fn judged(raw: &str, evidence: Vec<Evidence>) -> Lookup {
    Lookup::judge(&calling(raw), Found { evidence, rules: vec![] }, NOW)
}

fn with_number(id: &str, number: &str) -> Evidence {
    let mut one = holder(id, Tier::C1, NumberMatch::Suffix);
    let e164 = E164::parse(number).expect("a number");
    one.customer.numbers = vec![CustomerNumber::new(e164, "")];
    one
}

fn names(lookup: &Lookup) -> Vec<&str> {
    lookup.candidates.iter().map(|candidate| candidate.evidence.customer.id.as_str()).collect()
}

#[test]
fn the_only_holder_of_a_number_is_known() {
    let found = vec![holder("li", Tier::B1, NumberMatch::Exact)];

    let lookup = judged("13800000001", found);

    assert_eq!(lookup.result, LookupResult::Known);
    let known = lookup.known().expect("a candidate");
    assert_eq!((known.confidence, known.reason), (95, Reason::OnlyHolder));
}

#[test]
fn a_shared_number_is_ambiguous_and_puts_open_tickets_then_tiers_first() {
    let mut waiting = holder("child", Tier::C2, NumberMatch::Exact);
    waiting.open_tickets = 1;
    let found = vec![
        holder("ordinary", Tier::B2, NumberMatch::Exact),
        holder("best", Tier::A1, NumberMatch::Exact),
        waiting,
    ];

    let lookup = judged("13800000001", found);

    assert_eq!(lookup.result, LookupResult::Ambiguous);
    assert_eq!(names(&lookup), ["child", "best", "ordinary"]);
    assert!(lookup.known().is_none());
}

#[test]
fn who_of_several_called_last_stands_first_and_is_still_not_known() {
    let called = |id: &str, days: i64| Evidence {
        called_at: Some(Timestamp::from_millis(NOW.as_millis() - days * DAY)),
        ..holder(id, Tier::C2, NumberMatch::Exact)
    };
    let never = || holder("never", Tier::A1, NumberMatch::Exact);

    let lately = judged("13800000001", vec![never(), called("child", 2), called("mother", 1)]);
    let long_ago = judged("13800000001", vec![never(), called("mother", 31)]);

    assert_eq!(names(&lately), ["mother", "never", "child"]);
    let first = &lately.candidates[0];
    assert_eq!((first.confidence, first.reason), (65, Reason::RecentCaller));
    assert_eq!(lately.result, LookupResult::Ambiguous);
    assert!(long_ago.candidates.iter().all(|one| one.reason == Reason::SharedNumber));
}

#[test]
fn nobody_is_known_behind_the_switchboard_of_a_company() {
    let rule = NumberRule {
        id: NumberRuleId::parse("r-1").expect("an id"),
        number: "+8613800000001".to_owned(),
        kind: RuleKind::CompanySwitchboard,
        reason: String::new(),
        made_by: "wu".to_owned(),
        made_at: Timestamp::ZERO,
        expires_at: None,
    };
    let evidence = vec![holder("li", Tier::A1, NumberMatch::Exact)];

    let found = Found { evidence, rules: vec![rule] };
    let lookup = Lookup::judge(&calling("13800000001"), found, NOW);

    assert_eq!(lookup.result, LookupResult::Ambiguous);
    assert_eq!(lookup.candidates[0].reason, Reason::CompanySwitchboard);
    assert!(lookup.known().is_none());
}

#[test]
fn the_same_number_of_another_country_outweighs_a_similar_ending() {
    let found = vec![with_number("other", "+8615800000001"), with_number("twin", "+4413800000001")];

    let lookup = judged("+8613800000001", found);

    assert_eq!(names(&lookup), ["twin", "other"]);
    let reasons: Vec<_> = lookup.candidates.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [Reason::NationalMatch, Reason::SameEnding]);
}

#[test]
fn a_similar_ending_alone_never_makes_anyone_known() {
    let found = vec![holder("abroad", Tier::A1, NumberMatch::Suffix)];

    let lookup = judged("13800000001", found);

    assert_eq!(lookup.result, LookupResult::Ambiguous);
    assert_eq!(lookup.candidates[0].reason, Reason::SameEnding);
}

#[test]
fn the_whole_number_outweighs_a_similar_ending() {
    let found = vec![
        holder("abroad", Tier::A1, NumberMatch::Suffix),
        holder("here", Tier::C2, NumberMatch::Exact),
    ];

    let lookup = judged("13800000001", found);

    assert_eq!(lookup.result, LookupResult::Known);
    assert_eq!(names(&lookup), ["here", "abroad"]);
}

#[test]
fn nobody_found_is_unknown() {
    assert_eq!(judged("13800000001", vec![]).result, LookupResult::Unknown);
}

#[test]
fn a_withheld_number_finds_nobody_whatever_the_records_say() {
    let found = vec![holder("li", Tier::A1, NumberMatch::Exact)];

    let lookup = judged("anonymous", found);

    assert_eq!(lookup.result, LookupResult::Withheld);
    assert!(lookup.candidates.is_empty());
}

#[test]
fn nobody_is_known_behind_a_number_that_may_be_forged() {
    let found = || vec![holder("li", Tier::A1, NumberMatch::Exact)];

    let forged = judged("13800000001", found()).trusting(Verification::Failed);
    let unsigned = judged("13800000001", found()).trusting(Verification::NotVerified);

    assert_eq!(forged.result, LookupResult::Ambiguous);
    assert_eq!(forged.candidates[0].confidence, 40);
    assert_eq!(unsigned.result, LookupResult::Known);
}
