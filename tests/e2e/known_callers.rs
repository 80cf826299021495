//! Callers come back to whoever knows them, the agent they talked to last; and agents see who may be
//! calling, and how far to believe it.

use prost_types::Value;
use prost_types::value::Kind;
use switchboard_api::agent::v1::ContactCard;
use switchboard_api::call::v1::CallerVerification;
use switchboard_api::callerid::v1::{
    CreateCustomerRequest, Customer, CustomerNumber, NumberRule, NumberRuleKind,
    SetNumberRuleRequest,
};
use switchboard_client::desk::{Desk, Diligent};
use switchboard_client::gateway::{CallScript, Gateway};
use switchboard_domain::caller::Role;
use switchboard_tests::stories::{bridged, rung};
use switchboard_tests::{Center, MANDARIN};

/// A number of no customer.
const STRANGER: &str = "+8613999990001";

fn booking(id: &str, from: &str) -> CallScript {
    CallScript::new(id, from, MANDARIN).press("2").press("10*25#")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returning_caller_gets_the_agent_of_the_last_talk_though_another_is_idle_longer() {
    let hold = "  preferred_agent_hold: 5s\n";
    let center = Center::builder()
        .with("queues.yaml", hold, &format!("{hold}  prefer: [owner, last_agent]\n"))
        .open()
        .await;
    let gateway = center.gateway().await;
    let _first = center.desk("li-wei", Diligent).await;
    let _second = center.desk("zhang-min", Diligent).await;
    let mut call = gateway.call(booking("call-1", STRANGER));
    assert_eq!(bridged(&mut call).await, "li-wei");
    call.hang_up();
    // The history is where the next call looks.
    assert_eq!(center.concluded("call-1").await.agent_id, "li-wei");

    // By now the other one is idle longer.
    let mut again = gateway.call(booking("call-2", STRANGER));

    assert_eq!(bridged(&mut again).await, "li-wei");
    again.hang_up();
    center.concluded("call-2").await;
    let mut other = gateway.call(booking("call-3", "+8613999990002"));
    assert_eq!(bridged(&mut other).await, "zhang-min");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_sees_all_who_may_be_calling_and_what_the_number_is_worth() {
    let center = Center::open().await;
    share_a_number(&center).await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Diligent).await;
    let signed = CallScript { caller_name: "Qian\0 ".repeat(60), ..booking("call-1", STRANGER) };
    let forged =
        CallScript { verification: CallerVerification::Failed, ..booking("call-2", STRANGER) };
    let unreadable = booking("call-3", "call me, Li");

    let seen = card_of(&center, (&gateway, &mut desk), signed).await;
    let doubted = card_of(&center, (&gateway, &mut desk), forged).await;
    let strange = card_of(&center, (&gateway, &mut desk), unreadable).await;

    assert_eq!((seen.lookup.as_str(), seen.verification.as_str()), ("ambiguous", "full"));
    assert_eq!(
        (seen.caller_name.chars().count(), seen.lists.as_slice()),
        (128, &["test".to_owned()][..])
    );
    assert_eq!(candidates(&seen), [("qian", "Qian"), ("zhao", "Zhao")]);
    assert!(seen.customers.iter().all(|one| one.reason == "shared_number" && one.confidence > 0));
    assert_eq!((doubted.lookup.as_str(), doubted.verification.as_str()), ("ambiguous", "failed"));
    assert_eq!(candidates(&doubted), [("qian", ""), ("zhao", "")]);
    let told = (strange.lookup.as_str(), strange.partial_reason.as_str());
    assert_eq!(told, ("unknown", "NUMBER_UNREADABLE"));
    let record = center.concluded("call-1").await;
    assert!(
        record.events.iter().all(|event| !format!("{:?}", event.fields).contains("Zhao")),
        "who did not call is in the history"
    );
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_is_rung_with_what_the_record_says_at_the_ring_and_the_history_does_not_keep_it() {
    const POINTS: &str = "consumption.points";
    let center = Center::open().await;
    let points = Value { kind: Some(Kind::NumberValue(987_654_321.0)) };
    let customer = Customer {
        customer_id: "qian".to_owned(),
        display_name: "Qian".to_owned(),
        tier: "B1".to_owned(),
        numbers: vec![CustomerNumber { number: STRANGER.to_owned(), ..Default::default() }],
        profile: [(POINTS.to_owned(), points)].into(),
        ..Customer::default()
    };
    let request = CreateCustomerRequest { customer: Some(customer) };
    let admin = center.connect(Role::Admin, "root");
    admin.callers().create_customer(request).await.expect("a customer");
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Diligent).await;

    let card = card_of(&center, (&gateway, &mut desk), booking("call-1", STRANGER)).await;

    let notes = card.customers[0].notes.iter();
    let notes: Vec<_> = notes.map(|note| (note.field.as_str(), note.value.as_str())).collect();
    assert_eq!(notes, [(POINTS, "987654321")]);
    let record = center.concluded("call-1").await;
    assert!(!format!("{record:?}").contains("987654321"), "{record:?}");
    center.close().await;
}

/// Gives the number two customers, and puts it on a list.
async fn share_a_number(center: &Center) {
    let admin = center.connect(Role::Admin, "root");
    for (id, name) in [("qian", "Qian"), ("zhao", "Zhao")] {
        let number = CustomerNumber { number: STRANGER.to_owned(), ..CustomerNumber::default() };
        let customer = Customer {
            customer_id: id.to_owned(),
            display_name: name.to_owned(),
            tier: "B1".to_owned(),
            numbers: vec![number],
            ..Customer::default()
        };
        let request = CreateCustomerRequest { customer: Some(customer) };
        admin.callers().create_customer(request).await.expect("a customer");
    }
    let rule = NumberRule {
        number: STRANGER.to_owned(),
        kind: NumberRuleKind::Test.into(),
        reason: "a test".to_owned(),
        ..NumberRule::default()
    };
    let request = SetNumberRuleRequest { rule: Some(rule) };
    admin.callers().set_number_rule(request).await.expect("a rule");
}

async fn card_of(
    center: &Center,
    (gateway, desk): (&Gateway, &mut Desk),
    script: CallScript,
) -> ContactCard {
    let call = gateway.call(script);
    let card = rung(desk).await.contact.expect("an offer tells of its contact");
    call.hang_up();
    center.concluded(call.id()).await;
    card
}

fn candidates(card: &ContactCard) -> Vec<(&str, &str)> {
    card.customers.iter().map(|one| (one.customer_id.as_str(), one.display_name.as_str())).collect()
}
