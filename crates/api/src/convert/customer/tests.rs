use switchboard_domain::customer::{CustomerNumber, Tier};
use switchboard_domain::phone::E164;

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
    value.numbers.push(wire::CustomerNumber { number: "13800".to_owned(), ..Default::default() });

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

fn an_id(text: &str) -> CustomerId {
    CustomerId::parse(text).expect("an id")
}

fn a_customer() -> Customer {
    Customer {
        kind: PartyKind::Company,
        party_type: PartyType::Partner,
        language: Some("zh-CN".to_owned()),
        alert: Some("VIP".to_owned()),
        numbers: vec![CustomerNumber::new(
            E164::parse("+8613800000001").expect("a number"),
            "mobile",
        )],
        ..Customer::new(an_id("c-1"), "Li Wei", Tier::A1, Timestamp::from_millis(1_000))
    }
}
