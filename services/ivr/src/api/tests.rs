//! The RPCs over the demo center.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ivr::v1::{
    CallerHangup, SimulatedInput, SimulationEnd, Timeout, simulated_input::Input as Wire,
};
use switchboard_center::{CenterCache, demo, demo_customers};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::flow::{Answer, Position, Question};
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{IvrHost, Scene, World};
use switchboard_lookup::CallerLookup;
use switchboard_runtime::clock::ManualClock;
use switchboard_store::callers::Callers;
use switchboard_store::customers::Customers;
use switchboard_store_memory::MemoryIvrSessions;
use switchboard_store_postgres::testing::store_with_center;
use tonic::Code;

use super::*;
use crate::IvrParts;

const LOOKUP: Duration = Duration::from_secs(5);
/// 2026-11-21, noon in Greenwich.
const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

#[tokio::test]
async fn flows_are_listed_with_their_numbers_and_languages() {
    let listed = ivr().await.list_flows(from_admin(ListFlowsRequest::default())).await;

    let flows = listed.expect("a list").into_inner().flows;
    assert_eq!(flows.len(), 1);
    assert_eq!(flows[0].flow_id, "hotline");
    assert_eq!(flows[0].called_numbers, ["+862160000000", "+862160000001"]);
    assert_eq!(flows[0].languages, ["zh-CN", "en"]);
    assert!(flows[0].nodes.is_empty());
}

#[tokio::test]
async fn a_flow_is_shown_with_its_nodes() {
    let shown =
        ivr().await.get_flow(from_admin(GetFlowRequest { flow_id: "hotline".into() })).await;

    let flow = shown.expect("a flow").into_inner().flow.expect("a flow");
    assert_eq!(flow.nodes.len(), 13);
    let menu = flow.nodes.iter().find(|node| node.node_id == "main-menu").expect("the menu");
    assert!(menu.edges.iter().any(|edge| edge.outcome == "2"));
}

#[tokio::test]
async fn an_unknown_flow_is_not_found() {
    let refused =
        ivr().await.get_flow(from_admin(GetFlowRequest { flow_id: "nowhere".into() })).await;

    assert_eq!(refused.expect_err("no such flow").code(), Code::NotFound);
}

#[tokio::test]
async fn a_request_without_a_caller_is_refused() {
    let refused = ivr().await.list_flows(Request::new(ListFlowsRequest::default())).await;

    assert_eq!(refused.expect_err("nobody asks").code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_simulated_caller_reaches_the_booking_queue() {
    let walk = simulate("en", "", &["2", "021*010*1225#"]).await.expect("a walk");

    assert_eq!(walk.end(), SimulationEnd::Queued);
    assert_eq!((walk.queue_id.as_str(), walk.route_reason.as_str()), ("booking", "chosen"));
    assert_eq!(walk.collected["date"], "2026-12-25");
    let path: Vec<&str> = walk.steps.iter().map(|step| step.to_node_id.as_str()).collect();
    assert_eq!(path, ["main-menu", "booking-trip", "to-booking"]);
    assert_eq!(walk.steps[2].outcome, "routed");
    assert!(walk.steps[2].prompts[0].text.contains("from 021 to 010"));
}

#[tokio::test]
async fn a_simulated_customer_is_greeted_by_tier() {
    let greeted = |walk: SimulateFlowResponse| walk.steps[0].prompts[0].prompt_id.clone();

    let best = simulate("zh-CN", "13800000001", &[]).await.expect("a walk");
    let other = simulate("zh-CN", "13800000011", &[]).await.expect("a walk");

    assert_eq!(greeted(best), "welcome-best");
    assert_eq!(greeted(other), "welcome");
}

#[tokio::test]
async fn silence_and_hanging_up_are_simulated_too() {
    let inputs = vec![Wire::Timeout(Timeout {}), Wire::Hangup(CallerHangup {})];

    let walk = simulate_inputs("", "", inputs).await.expect("a walk");

    assert_eq!(walk.end(), SimulationEnd::CallerHungUp);
    let words: Vec<&str> = walk.steps.iter().map(|step| step.input.as_str()).collect();
    assert_eq!(words, ["start", "timeout", "hangup"]);
    assert_eq!(walk.steps[1].outcome, "waiting");
}

#[tokio::test]
async fn bad_fields_are_named() {
    let cases = [
        simulate("fr", "", &[]).await,
        simulate("en", "not a number", &[]).await,
        simulate("en", "", &["2", "abc"]).await,
        simulate("en", "", &[""]).await,
        simulate("en", "", &["1"; 101]).await,
    ];
    for case in cases {
        assert_eq!(case.expect_err("a refusal").code(), Code::InvalidArgument);
    }
}

#[tokio::test]
async fn inputs_after_the_end_are_not_looked_at() {
    let walk = simulate("en", "", &["0", "1", "2"]).await.expect("a walk");

    assert_eq!(walk.steps.len(), 2);
    assert_eq!(walk.route_reason, "human_key");
}

async fn simulate(
    language: &str,
    calling_number: &str,
    keys: &[&str],
) -> Result<SimulateFlowResponse, Status> {
    let inputs = keys.iter().map(|keys| Wire::Digits((*keys).into())).collect();
    simulate_inputs(language, calling_number, inputs).await
}

async fn simulate_inputs(
    language: &str,
    calling_number: &str,
    inputs: Vec<Wire>,
) -> Result<SimulateFlowResponse, Status> {
    let request = SimulateFlowRequest {
        flow_id: "hotline".into(),
        language: language.into(),
        calling_number: calling_number.into(),
        inputs: inputs.into_iter().map(|input| SimulatedInput { input: Some(input) }).collect(),
        at: None,
    };
    ivr().await.simulate_flow(from_admin(request)).await.map(Response::into_inner)
}

fn from_admin<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    let tenant = TenantId::parse("demo").expect("an id");
    request.extensions_mut().insert(Caller { tenant, role: Role::Admin, subject: "wu".into() });
    request
}

async fn ivr() -> Ivr {
    let tenant = TenantId::parse("demo").expect("an id");
    let store = store_with_center(&tenant, demo()).await.expect("a store");
    for customer in demo_customers() {
        let customer = customer.into_customer(NOON);
        Customers::create(&store, &tenant, &customer, "test").await.expect("a new customer");
    }
    let store = Arc::new(store);
    let clock: Arc<ManualClock> = Arc::new(ManualClock::at(NOON));
    let callers: Arc<dyn Callers> = Arc::clone(&store) as _;
    let parts = IvrParts {
        centers: CenterCache::new(Arc::clone(&store) as _),
        lookup: CallerLookup::new(LOOKUP, Arc::clone(&callers), Arc::clone(&clock) as _),
        callers,
        host: IvrHost::new(Arc::new(Nowhere)),
        sessions: Arc::new(MemoryIvrSessions::default()),
        audit: store,
        clock,
        session_idle: Duration::from_mins(10),
        max_sessions: 100,
    };
    Ivr { parts }
}

/// A world that knows nothing.
struct Nowhere;

#[async_trait]
impl World for Nowhere {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: &Position) -> Answer {
        Answer::Failed
    }
}
