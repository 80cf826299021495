//! The RPCs over the demo center, with stores in memory.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ivr::v1::{
    CallerHangup, SimulatedInput, SimulationEnd, Timeout, simulated_input::Input as Wire,
};
use switchboard_center::{CenterCache, demo, demo_customers};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::customer::{Customer, Evidence, LastTalk, NumberMatch};
use switchboard_domain::flow::{Answer, FlowVersion, Question};
use switchboard_domain::ids::{CustomerId, FlowId};
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{IvrHost, Scene, World};
use switchboard_lookup::CallerLookup;
use switchboard_runtime::clock::ManualClock;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::centers::{CenterVersion, Centers, NewCenterVersion};
use switchboard_store::customers::Customers;
use switchboard_store::flows::{FlowRelease, FlowText};
use switchboard_store::page::{Page, PageRequest};
use switchboard_store_memory::MemoryIvrSessions;
use tonic::Code;

use super::*;
use crate::IvrParts;

const LOOKUP: Duration = Duration::from_secs(5);
/// 2026-11-21, noon in Greenwich.
const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

#[tokio::test]
async fn flows_are_listed_with_their_numbers_and_languages() {
    let listed = ivr().list_flows(from_admin(ListFlowsRequest::default())).await;

    let flows = listed.expect("a list").into_inner().flows;
    assert_eq!(flows.len(), 1);
    assert_eq!(flows[0].flow_id, "hotline");
    assert_eq!(flows[0].called_numbers, ["+862160000000", "+862160000001"]);
    assert_eq!(flows[0].languages, ["zh-CN", "en"]);
    assert!(flows[0].nodes.is_empty());
}

#[tokio::test]
async fn a_flow_is_shown_with_its_nodes() {
    let shown = ivr().get_flow(from_admin(GetFlowRequest { flow_id: "hotline".into() })).await;

    let flow = shown.expect("a flow").into_inner().flow.expect("a flow");
    assert_eq!(flow.nodes.len(), 13);
    let menu = flow.nodes.iter().find(|node| node.node_id == "main-menu").expect("the menu");
    assert!(menu.edges.iter().any(|edge| edge.outcome == "2"));
}

#[tokio::test]
async fn an_unknown_flow_is_not_found() {
    let refused = ivr().get_flow(from_admin(GetFlowRequest { flow_id: "nowhere".into() })).await;

    assert_eq!(refused.expect_err("no such flow").code(), Code::NotFound);
}

#[tokio::test]
async fn a_request_without_a_caller_is_refused() {
    let refused = ivr().list_flows(Request::new(ListFlowsRequest::default())).await;

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
    ivr().simulate_flow(from_admin(request)).await.map(Response::into_inner)
}

fn from_admin<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    let tenant = TenantId::parse("demo").expect("an id");
    request.extensions_mut().insert(Caller { tenant, role: Role::Admin, subject: "wu".into() });
    request
}

fn ivr() -> Ivr {
    let clock: Arc<ManualClock> = Arc::new(ManualClock::at(NOON));
    let customers: Arc<dyn Customers> = Arc::new(DemoCustomers);
    let parts = IvrParts {
        centers: CenterCache::new(Arc::new(DemoCenter)),
        lookup: CallerLookup::new(LOOKUP, Arc::clone(&customers), Arc::clone(&clock) as _),
        customers,
        host: IvrHost::new(Arc::new(Nowhere)),
        sessions: Arc::new(MemoryIvrSessions::default()),
        audit: Arc::new(NoAudit),
        clock,
        session_idle: Duration::from_mins(10),
        max_sessions: 100,
    };
    Ivr { parts }
}

struct DemoCenter;

#[async_trait]
impl Centers for DemoCenter {
    async fn save(&self, _: &TenantId, _: &NewCenterVersion) -> Result<u64, StoreError> {
        Err(StoreError::conflict("the demo center"))
    }

    async fn current(&self, _: &TenantId) -> Result<u64, StoreError> {
        Ok(1)
    }

    async fn load(&self, _: &TenantId, version: u64) -> Result<CenterVersion, StoreError> {
        Ok(CenterVersion { version, files: demo(), actor: "test".into(), at: NOON })
    }

    async fn flow_text(
        &self,
        _: &TenantId,
        flow: &FlowId,
        version: FlowVersion,
    ) -> Result<FlowText, StoreError> {
        Err(StoreError::not_found(format!("flow version {flow}@{version}")))
    }

    async fn flow_releases(
        &self,
        _: &TenantId,
        _: &FlowId,
        _: Option<u64>,
        _: u32,
    ) -> Result<Vec<FlowRelease>, StoreError> {
        Ok(Vec::new())
    }

    async fn watch(&self, _: &TenantId, known: u64, _: Duration) -> Result<u64, StoreError> {
        std::future::pending::<()>().await;
        Ok(known)
    }
}

/// A world that knows nothing.
struct Nowhere;

#[async_trait]
impl World for Nowhere {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: u32) -> Answer {
        Answer::Failed
    }
}

struct NoAudit;

#[async_trait]
impl Audit for NoAudit {
    async fn append(&self, _: &TenantId, _: &AuditRecord) -> Result<(), StoreError> {
        Ok(())
    }

    async fn latest(&self, _: &TenantId, _: u32) -> Result<Vec<AuditRecord>, StoreError> {
        Ok(Vec::new())
    }
}

struct DemoCustomers;

#[async_trait]
impl Customers for DemoCustomers {
    async fn create(&self, _: &TenantId, _: &Customer) -> Result<(), StoreError> {
        Err(StoreError::conflict("the demo customers"))
    }

    async fn get(&self, _: &TenantId, id: &CustomerId) -> Result<Customer, StoreError> {
        Err(StoreError::not_found(format!("customer {id}")))
    }

    async fn list(&self, _: &TenantId, _: &PageRequest) -> Result<Page<Customer>, StoreError> {
        Err(StoreError::conflict("the demo customers"))
    }

    async fn lookup(&self, _: &TenantId, number: &E164) -> Result<Vec<Evidence>, StoreError> {
        let customers = demo_customers().into_iter();
        let holders =
            customers.filter(|customer| customer.numbers.iter().any(|known| known.e164 == *number));
        let evidence = |customer: Customer| Evidence {
            customer,
            number: NumberMatch::Exact,
            last_agent: None,
            open_tickets: 0,
        };
        Ok(holders.map(|holder| evidence(holder.into_customer(NOON))).collect())
    }

    async fn last_talk(
        &self,
        _: &TenantId,
        _: &E164,
        _: Option<&CustomerId>,
    ) -> Result<Option<LastTalk>, StoreError> {
        Ok(None)
    }
}
