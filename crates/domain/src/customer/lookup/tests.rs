//! Claims about who is thought to be calling.

use crate::customer::{Tier, Verification};
use crate::ids::CustomerId;
use crate::phone::{Country, PhoneAddress};
use crate::time::Timestamp;

use super::*;

fn calling(raw: &str) -> PhoneAddress {
    let home = Country::parse("CN").expect("China has a plan");
    PhoneAddress::parse(raw, home).expect("an address")
}

fn holder(id: &str, tier: Tier, number: NumberMatch) -> Evidence {
    let customer = Customer::new(CustomerId::parse(id).expect("an id"), id, tier, Timestamp::ZERO);
    Evidence { customer, number, last_agent: None, open_tickets: 0, standing: None }
}

fn names(lookup: &Lookup) -> Vec<&str> {
    lookup.candidates.iter().map(|candidate| candidate.evidence.customer.id.as_str()).collect()
}

#[test]
fn the_only_holder_of_a_number_is_known() {
    let found = vec![holder("li", Tier::B1, NumberMatch::Exact)];

    let lookup = Lookup::judge(&calling("13800000001"), found);

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

    let lookup = Lookup::judge(&calling("13800000001"), found);

    assert_eq!(lookup.result, LookupResult::Ambiguous);
    assert_eq!(names(&lookup), ["child", "best", "ordinary"]);
    assert!(lookup.known().is_none());
}

#[test]
fn a_similar_ending_alone_never_makes_anyone_known() {
    let found = vec![holder("abroad", Tier::A1, NumberMatch::Suffix)];

    let lookup = Lookup::judge(&calling("13800000001"), found);

    assert_eq!(lookup.result, LookupResult::Ambiguous);
    assert_eq!(lookup.candidates[0].reason, Reason::SameEnding);
}

#[test]
fn the_whole_number_outweighs_a_similar_ending() {
    let found = vec![
        holder("abroad", Tier::A1, NumberMatch::Suffix),
        holder("here", Tier::C2, NumberMatch::Exact),
    ];

    let lookup = Lookup::judge(&calling("13800000001"), found);

    assert_eq!(lookup.result, LookupResult::Known);
    assert_eq!(names(&lookup), ["here", "abroad"]);
}

#[test]
fn nobody_found_is_unknown() {
    assert_eq!(Lookup::judge(&calling("13800000001"), vec![]).result, LookupResult::Unknown);
}

#[test]
fn a_withheld_number_finds_nobody_whatever_the_records_say() {
    let found = vec![holder("li", Tier::A1, NumberMatch::Exact)];

    let lookup = Lookup::judge(&calling("anonymous"), found);

    assert_eq!(lookup.result, LookupResult::Withheld);
    assert!(lookup.candidates.is_empty());
}

#[test]
fn nobody_is_known_behind_a_number_that_may_be_forged() {
    let found = || vec![holder("li", Tier::A1, NumberMatch::Exact)];
    let caller = calling("13800000001");

    let forged = Lookup::judge(&caller, found()).trusting(Verification::Failed);
    let unsigned = Lookup::judge(&caller, found()).trusting(Verification::NotVerified);

    assert_eq!(forged.result, LookupResult::Ambiguous);
    assert_eq!(forged.candidates[0].confidence, 40);
    assert_eq!(unsigned.result, LookupResult::Known);
}
