use switchboard_domain::customer::{Evidence, NumberMatch, Tier};
use switchboard_domain::ids::AgentId;
use switchboard_domain::phone::Country;

use super::*;

#[test]
fn a_customer_goes_both_ways() {
    let kept = a_customer();

    let read = new_customer(customer(kept.clone()), an_id("spare"), kept.created_at);

    assert_eq!(read.expect("a customer"), kept);
}

#[test]
fn a_customer_without_an_id_gets_the_spare_one() {
    let mut value = customer(a_customer());
    value.customer_id.clear();

    let read = new_customer(value, an_id("spare"), Timestamp::ZERO).expect("a customer");

    assert_eq!(read.id, an_id("spare"));
}

#[test]
fn a_bad_number_is_named_by_its_place_and_not_echoed() {
    let mut value = customer(a_customer());
    value.numbers.push(wire::CustomerNumber { number: "13800".to_owned(), label: String::new() });

    let error = new_customer(value, an_id("spare"), Timestamp::ZERO).expect_err("a refusal");

    assert_eq!(error.metadata()["field"], "numbers[1].number");
    assert!(!format!("{:?}", error.metadata()).contains("13800"));
}

#[test]
fn a_tier_is_one_of_seven() {
    let mut value = customer(a_customer());
    value.tier = "Z9".to_owned();

    let error = new_customer(value, an_id("spare"), Timestamp::ZERO).expect_err("a refusal");

    assert_eq!(
        (error.metadata()["field"].as_str(), error.metadata()["value"].as_str()),
        ("tier", "Z9")
    );
}

#[test]
fn a_known_caller_is_shown_with_confidence_and_reason() {
    let home = Country::parse("CN").expect("a country");
    let address = PhoneAddress::parse("13800000001", home).expect("a number");
    let evidence = Evidence {
        customer: a_customer(),
        number: NumberMatch::Exact,
        last_agent: Some(AgentId::parse("chen").expect("an id")),
        open_tickets: 2,
    };
    let answer = Lookup::judge(&address, vec![evidence]);

    let shown = lookup(phone::normalized("13800000001", &address), Verification::Full, &answer, "");
    let card = card_candidate(&answer.candidates[0]);

    assert_eq!(shown.kind(), wire::CallerKind::Known);
    assert_eq!(shown.number.as_ref().expect("a number").e164, "+8613800000001");
    let first = &shown.candidates[0];
    assert_eq!((first.reason.as_str(), first.last_agent_id.as_str()), ("only_holder", "chen"));
    assert_eq!((first.confidence, first.open_tickets, card.open_tickets), (95, 2, 2));
    assert_eq!((card.tier.as_str(), card.alert.as_str()), ("A1", "VIP"));
}

#[test]
fn a_withheld_caller_is_no_error() {
    let home = Country::parse("CN").expect("a country");
    let address = PhoneAddress::parse("anonymous", home).expect("withheld");

    let shown = {
        let nobody = Lookup::judge(&address, vec![]);
        let number = phone::normalized("anonymous", &address);
        lookup(number, Verification::NotVerified, &nobody, "LOOKUP_TIMED_OUT")
    };

    assert_eq!(shown.kind(), wire::CallerKind::Withheld);
    assert_eq!(shown.partial_reason, "LOOKUP_TIMED_OUT");
}

fn an_id(text: &str) -> CustomerId {
    CustomerId::parse(text).expect("an id")
}

fn a_customer() -> Customer {
    Customer {
        id: an_id("c-1"),
        name: "Li Wei".to_owned(),
        kind: PartyKind::Company,
        party_type: PartyType::Partner,
        tier: Tier::A1,
        language: Some("zh-CN".to_owned()),
        owner: None,
        alert: Some("VIP".to_owned()),
        numbers: vec![CustomerNumber {
            e164: E164::parse("+8613800000001").expect("a number"),
            label: "mobile".to_owned(),
        }],
        created_at: Timestamp::from_millis(1_000),
        version: 1,
    }
}
