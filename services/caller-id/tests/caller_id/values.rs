//! What customers are worth: said by people, computed and explained, computed anew each night.

use switchboard_api::callerid::v1::customer_value_service_client::CustomerValueServiceClient;
use switchboard_api::callerid::v1::customer_value_service_server::{
    CustomerValueService, CustomerValueServiceServer,
};
use switchboard_api::callerid::v1::value_input::Measure;
use switchboard_api::callerid::v1::{
    CustomerValue, ExplainValueRequest, GetCustomerValueRequest, GetCustomerValueResponse,
    GetValueReportRequest, GetValueRunRequest, ListAccountsAtRiskRequest, RecomputeValuesRequest,
    SetCustomerValueRequest, SetCustomerValueResponse, UpdateCustomerRequest, ValueInput, ValueRun,
};
use switchboard_caller_id::{ValueParts, advance_values, value_service};
use switchboard_domain::caller::Role;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::ManualClock;
use switchboard_store::audit::Audit;
use switchboard_store::customers::Customers;
use tonic::{Code, Status};

use crate::support::{Office, calling_from, of, tenant, told, zhao};

#[tokio::test]
async fn what_was_said_leads_to_a_score_that_is_explained_and_to_a_tier() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();

    let kept = set(&values, said("zhao", "")).await.unwrap();
    let read = get(&values, "zhao").await.unwrap();

    let value = read.value.unwrap();
    let explained = read.explanation.unwrap();
    assert_eq!(kept.value, Some(value.clone()));
    assert_eq!((value.tier.as_str(), value.tier_source.as_str()), ("A1", "computed"));
    assert_eq!((value.etag.as_str(), value.churn.as_str()), ("1", "none"));
    assert_eq!(explained.known_percent, 70);
    let sum: u32 = explained.lines.iter().map(|line| line.contribution).sum();
    assert_eq!((Some(sum), value.score), (explained.score, explained.score));
    let missing = explained.lines.iter().filter(|line| line.reading == "missing").count();
    assert_eq!((explained.lines.len(), missing), (10, 5));
    let actions: Vec<String> = office
        .store
        .latest(&tenant("demo"), 3)
        .await
        .unwrap()
        .into_iter()
        .map(|line| line.action)
        .collect();
    assert!(actions.contains(&"customer.value.set".to_owned()), "{actions:?}");
    assert!(actions.contains(&"customer.value.read".to_owned()), "{actions:?}");
}

#[tokio::test]
async fn the_next_call_is_known_by_the_new_tier() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    assert_eq!(tier(&office, "+8613700000001").await, "B2");

    set(&values, said("zhao", "")).await.unwrap();

    assert_eq!(tier(&office, "+8613700000001").await, "A1");
}

#[tokio::test]
async fn a_tier_set_by_hand_stays_until_somebody_gives_it_back() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    set(&values, said("zhao", "")).await.unwrap();
    let by_hand = UpdateCustomerRequest {
        customer: Some(switchboard_api::callerid::v1::Customer {
            customer_id: "zhao".to_owned(),
            tier: "C2".to_owned(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["tier".to_owned()] }),
    };
    office.client().update_customer(of("demo", Role::Admin, by_hand)).await.unwrap();

    let run = recompute(&values).await;
    let value = get(&values, "zhao").await.unwrap().value.unwrap();
    assert_eq!((value.tier.as_str(), value.tier_source.as_str()), ("C2", "manual"));
    assert_eq!((value.computed_tier.as_str(), run.tiers_changed), ("A1", 0));
    let back = set(&values, said("zhao", &value.etag)).await.unwrap().value.unwrap();

    assert_eq!((back.tier.as_str(), back.tier_source.as_str()), ("A1", "computed"));
}

#[tokio::test]
async fn a_run_that_was_asked_for_ranks_everybody() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    set(&values, said("zhao", "")).await.unwrap();
    let none = client(&values).get_value_run(of("demo", Role::Admin, GetValueRunRequest {})).await;
    assert_eq!(told(&none.unwrap_err()).1, "VALUE_RUN_NOT_FOUND");

    let run = recompute(&values).await;

    assert_eq!((run.phase.as_str(), run.customers, run.graded), ("done", 1, 1));
    let value = get(&values, "zhao").await.unwrap().value.unwrap();
    assert_eq!(value.pyramid, "important");
    let request = of("demo", Role::Supervisor, GetValueReportRequest {});
    let report = client(&values).get_value_report(request).await.unwrap().into_inner();
    assert_eq!((report.customers, report.scored, report.purchases), (13, 1, 13_000_000_000));
    let seen = office.store.evidence(&tenant("demo"), &"zhao".parse().unwrap()).await.unwrap();
    assert!(seen.standing.unwrap().pyramid.is_some());
}

#[tokio::test]
async fn key_accounts_at_risk_are_listed_with_their_risks() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let list = async |limit| {
        let request = of("demo", Role::Supervisor, ListAccountsAtRiskRequest { limit });
        client(&values).list_accounts_at_risk(request).await
    };
    let said = CustomerValue { churn: "partial".to_owned(), ..said("zhao", "") };
    set(&values, said).await.unwrap();

    let accounts = list(0).await.unwrap().into_inner().accounts;

    let told_of = accounts.iter().find(|account| account.customer_id == "zhao").unwrap();
    assert_eq!((told_of.tier.as_str(), told_of.risks[0].as_str()), ("A1", "leaving"));
    assert_eq!(told(&list(201).await.unwrap_err()).1, "INVALID_FIELD");
}

#[tokio::test]
async fn a_night_has_one_run_though_two_processes_look() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    set(&values, said("zhao", "")).await.unwrap();
    // The demo recomputes at three in the morning of Shanghai.
    let due = Timestamp::from_millis(1_800_039_600_000);
    let (early, late) = (at(&values, due.as_millis() - 1), at(&values, due.as_millis()));
    // The run of the day that was already due when the office opened.
    while advance_values(&values, &tenant("demo")).await.unwrap() {}
    let before = latest(&values).await;

    while advance_values(&early, &tenant("demo")).await.unwrap() {}
    assert_eq!(latest(&values).await, before, "it is not yet due");
    tokio::join!(night(&late), night(&late));

    let run = latest(&values).await;
    assert_eq!(
        (before.run_id.as_str(), run.run_id.as_str()),
        ("night-2027-01-15", "night-2027-01-16")
    );
    assert_eq!((run.phase.as_str(), run.scored, run.graded), ("done", 1, 1));
    night(&late).await;
    assert_eq!(latest(&values).await, run);
}

#[tokio::test]
async fn what_cannot_be_said_is_named() {
    let (office, values) = set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let base = || said("zhao", "");
    let input =
        |input: &str, measure: Option<Measure>| ValueInput { input: input.to_owned(), measure };
    let word = |word: &str| Some(Measure::Word(word.to_owned()));
    let with = |inputs: Vec<ValueInput>| CustomerValue { inputs, ..base() };
    let cases = [
        (CustomerValue { customer_id: String::new(), ..base() }, "value.customer_id"),
        (CustomerValue { etag: "x".to_owned(), ..base() }, "value.etag"),
        (CustomerValue { churn: "gone".to_owned(), ..base() }, "value.churn"),
        (CustomerValue { churn_reason: "price".to_owned(), ..base() }, "value.churn_reason"),
        (CustomerValue { life_cycle: "x".to_owned(), ..base() }, "value.life_cycle"),
        (CustomerValue { tier_source: "x".to_owned(), ..base() }, "value.tier_source"),
        (with(vec![input("luck", word("x"))]), "value.inputs[0].input"),
        (with(vec![input("budget", None)]), "value.inputs[0].measure"),
        (with(vec![input("background", word(""))]), "value.inputs[0].word"),
        (with(vec![input("background", word("none")); 2]), "value.inputs[1].input"),
        (with(vec![input("background", word("noble"))]), "value.inputs[0]"),
        (with(vec![input("purchases", word("much"))]), "value.inputs[0]"),
    ];

    for (value, field) in cases {
        let refused = set(&values, value).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let stale = set(&values, said("zhao", "7")).await.unwrap_err();
    assert_eq!((stale.code(), told(&stale).1.as_str()), (Code::Aborted, "ETAG_STALE"));
    let nobody = set(&values, said("nobody", "")).await.unwrap_err();
    assert_eq!(told(&nobody).1, "CUSTOMER_NOT_FOUND");
}

#[tokio::test]
async fn inputs_can_be_tried_without_being_kept() {
    let (_office, values) = set_up().await;
    let request = ExplainValueRequest { inputs: said("zhao", "").inputs };

    let tried = client(&values).explain_value(of("demo", Role::Supervisor, request)).await;

    let tried = tried.unwrap().into_inner();
    assert_eq!(tried.tier, "A1");
    assert!(tried.explanation.unwrap().score.is_some());
    let elsewhere = client(&values)
        .explain_value(of("other", Role::Supervisor, ExplainValueRequest::default()))
        .await
        .unwrap_err();
    assert_eq!(elsewhere.code(), Code::NotFound, "{elsewhere}");
}

async fn set_up() -> (Office, ValueParts) {
    let office = Office::set_up().await;
    let values = std::sync::Arc::new(office.store.clone());
    let parts = ValueParts { callers: office.parts.clone(), values };
    (office, parts)
}

fn client(
    parts: &ValueParts,
) -> CustomerValueServiceClient<CustomerValueServiceServer<impl CustomerValueService + use<>>> {
    CustomerValueServiceClient::new(value_service(parts.clone()))
}

/// The same office at another time.
fn at(parts: &ValueParts, millis: i64) -> ValueParts {
    let mut parts = parts.clone();
    parts.callers.clock = std::sync::Arc::new(ManualClock::at(Timestamp::from_millis(millis)));
    parts
}

/// Looks several times, as a process does all night.
async fn night(parts: &ValueParts) {
    for _ in 0..20 {
        advance_values(parts, &tenant("demo")).await.unwrap();
    }
}

/// A large buyer, of whom half is known.
fn said(id: &str, etag: &str) -> CustomerValue {
    let number = |input: &str, number| ValueInput {
        input: input.to_owned(),
        measure: Some(Measure::Number(number)),
    };
    let word = |input: &str, word: &str| ValueInput {
        input: input.to_owned(),
        measure: Some(Measure::Word(word.to_owned())),
    };
    CustomerValue {
        customer_id: id.to_owned(),
        inputs: vec![
            number("purchases", 13_000_000_000),
            number("net_profit", 2_000_000_000),
            number("history", 5_700_000_000),
            word("potential", "A1"),
            word("influence", "A"),
        ],
        etag: etag.to_owned(),
        ..CustomerValue::default()
    }
}

async fn set(parts: &ValueParts, value: CustomerValue) -> Result<SetCustomerValueResponse, Status> {
    let request = SetCustomerValueRequest { value: Some(value) };
    let kept = client(parts).set_customer_value(of("demo", Role::Supervisor, request)).await;
    kept.map(tonic::Response::into_inner)
}

async fn get(parts: &ValueParts, id: &str) -> Result<GetCustomerValueResponse, Status> {
    let request = GetCustomerValueRequest { customer_id: id.to_owned() };
    let found = client(parts).get_customer_value(of("demo", Role::Supervisor, request)).await;
    found.map(tonic::Response::into_inner)
}

/// Asks for a run and works until it is over.
async fn recompute(parts: &ValueParts) -> ValueRun {
    let request = of("demo", Role::Supervisor, RecomputeValuesRequest {});
    let begun = client(parts).recompute_values(request).await.unwrap().into_inner().run.unwrap();
    assert_eq!(begun.phase, "scoring");
    while advance_values(parts, &tenant("demo")).await.unwrap() {}
    latest(parts).await
}

async fn latest(parts: &ValueParts) -> ValueRun {
    let request = of("demo", Role::Supervisor, GetValueRunRequest {});
    client(parts).get_value_run(request).await.unwrap().into_inner().run.unwrap()
}

/// Gives the tier of whoever has a number, as agents are told it.
async fn tier(office: &Office, number: &str) -> String {
    let answer = office.asked(of("demo", Role::Agent, calling_from(number))).await.unwrap();
    answer.candidates[0].tier.clone()
}
