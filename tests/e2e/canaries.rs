//! No number, name or word of a caller reaches a log line, a span or a metric, nor lies open in a
//! store.

use std::time::Duration;

use switchboard_api::callerid::v1::{
    CreateCustomerRequest, Customer, CustomerNumber, LookupCallerRequest,
};
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_domain::caller::Role;
use switchboard_runtime::config::Config;
use switchboard_runtime::telemetry::Telemetry;
use switchboard_tests::logs::Captured;
use switchboard_tests::{Center, LiveKey, MANDARIN, answered};

/// What must appear nowhere: number, name, name on the line, what was keyed in, what was noted.
const CANARIES: [&str; 6] =
    ["13812345678", "Canary Finch", "CNAM Canary", "987654321", "canary-note", "13800000011"];

/// What the record of a customer holds unsealed: it is searched by name, and the alert is shown as
/// the call rings.
const OPEN: [&str; 2] = ["Canary Finch", "canary-note"];

/// How long the live store answers for a call that is over.
const DAY: Duration = Duration::from_hours(24);

/// As verbose as an operator would make it while looking for a fault.
const FILTER: &str = "info,switchboard=debug,switchboard_call=debug,switchboard_queue=debug,\
    switchboard_recorder=debug,switchboard_lookup=debug,switchboard_routing=debug,\
    switchboard_caller_id=debug,switchboard_store_postgres=debug,switchboard_store_redis=debug,\
    switchboard_runtime=debug,switchboard_ticket=debug,switchboard_client=debug";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_and_customers_appear_in_no_log_line_no_span_and_no_metric() {
    let log = Captured::start(FILTER);
    let telemetry = Telemetry::metrics_only(&Config::defaults().telemetry).unwrap();
    let center = Center::open().await;

    a_canary_calls(&center).await;

    let metrics = telemetry.metrics_text();
    center.close().await;
    let log = log.text();
    assert!(log.contains("call-1"), "the log must tell of the call");
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log: {}", lines_with(&log, canary));
        assert!(!metrics.contains(canary), "{canary} is in a metric");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_the_database_tells_of_no_caller() {
    let center = Center::open().await;
    a_canary_calls(&center).await;

    let dump = center.dump_database().await;

    assert!(dump.contains("call-1"), "the dump must tell of the call");
    for canary in CANARIES.into_iter().filter(|canary| !OPEN.contains(canary)) {
        for written in [canary.to_owned(), hex(canary)] {
            assert!(!dump.contains(&written), "{canary}: {}", lines_with(&dump, &written));
        }
    }
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_store_forgets_a_caller_within_a_day() {
    let center = Center::open().await;
    a_canary_calls(&center).await;

    let keys = center.dump_live().await;

    let holds_canary = |key: &&LiveKey| CANARIES.iter().any(|canary| key.held.contains(canary));
    let with_canary: Vec<&LiveKey> = keys.iter().filter(holds_canary).collect();
    assert!(!with_canary.is_empty(), "the scan must see what is packed");
    for key in with_canary {
        // The recorder takes from the outbox what it has kept, a minute later.
        let is_short = key.expires_in.is_some_and(|time| time <= DAY);
        assert!(is_short || key.name.ends_with(":outbox"), "{key:?}");
    }
    center.close().await;
}

/// A known caller presses digits, talks to an agent and goes; another call is refused.
async fn a_canary_calls(center: &Center) {
    create_canary(center).await;
    let gateway = center.gateway().await;
    let _desk = center.desk("wang-fang", Diligent).await;
    let mut script = CallScript::new("call-1", "+8613812345678", MANDARIN)
        .press("4")
        .press("987654321#")
        .talk_for(Duration::from_millis(20));
    "CNAM Canary".clone_into(&mut script.caller_name);
    let mut call = gateway.call(script);
    answered("the end", call.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    let mut malformed = gateway.call(CallScript::new("call-2", "+8613812345678", "13800000011"));
    let refused = malformed.until(|event| matches!(event, CallEvent::Refused { .. }));
    answered("a refusal", refused).await;
    let record = center.concluded("call-1").await;
    assert_eq!(record.customer_id, "canary-1", "the call must have been looked up");
}

async fn create_canary(center: &Center) {
    let admin = center.connect(Role::Admin, "root");
    let customer = Customer {
        customer_id: "canary-1".to_owned(),
        display_name: "Canary Finch".to_owned(),
        tier: "B1".to_owned(),
        numbers: vec![CustomerNumber {
            number: "+8613812345678".to_owned(),
            label: "mobile".to_owned(),
            ..CustomerNumber::default()
        }],
        alert: "canary-note".to_owned(),
        ..Customer::default()
    };
    let request = CreateCustomerRequest { customer: Some(customer) };
    admin.callers().create_customer(request).await.expect("a customer");
    let lookup = LookupCallerRequest {
        calling_number: "13812345678".to_owned(),
        ..LookupCallerRequest::default()
    };
    admin.callers().lookup_caller(lookup).await.expect("an answer");
}

fn lines_with(log: &str, canary: &str) -> String {
    log.lines().filter(|line| line.contains(canary)).collect::<Vec<_>>().join("\n")
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
