//! Every role in one process answers, and lets nobody in without a credential.

use switchboard_api::agent::v1::ListAgentsRequest;
use switchboard_api::call::v1::ListInteractionsRequest;
use switchboard_api::callerid::v1::LookupCallerRequest;
use switchboard_api::ivr::v1::ListFlowsRequest;
use switchboard_api::queue::v1::ListQueuesRequest;
use switchboard_api::ticket::v1::ListTicketsRequest;
use switchboard_client::Connection;
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::eventually;
use tonic::Code;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::support::Center;

#[tokio::test(flavor = "multi_thread")]
async fn the_process_and_each_service_say_that_they_serve() {
    let center = Center::start().await;
    let server = Endpoint::from_shared(center.address.clone()).unwrap();
    let mut probes = HealthClient::new(server.connect_lazy());

    for service in ["", "switchboard.queue.v1.QueueService", "switchboard.call.v1.HistoryService"] {
        let request = HealthCheckRequest { service: service.to_owned() };
        eventually(async || {
            let status = probes.check(request.clone()).await.unwrap().into_inner().status();
            (status == ServingStatus::Serving).then_some(())
        })
        .await;
    }

    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_a_credential_or_with_the_wrong_role() {
    let center = Center::start().await;

    let stranger = Connection::anonymous(&center.address).unwrap();
    let refused = stranger.queues().list_queues(ListQueuesRequest::default()).await.unwrap_err();
    let gateway = center.connect(Role::Gateway, "gateway-1");
    let denied = gateway.queues().list_queues(ListQueuesRequest::default()).await.unwrap_err();

    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(denied.code(), Code::PermissionDenied);
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_answers_a_supervisor() {
    let center = Center::start().await;
    let wu = center.connect(Role::Supervisor, "wu");

    let queues = wu.queues().list_queues(ListQueuesRequest::default()).await.unwrap();
    let agents = wu.agents().list_agents(ListAgentsRequest::default()).await.unwrap();
    let flows = wu.flows().list_flows(ListFlowsRequest::default()).await.unwrap();
    let lookup = LookupCallerRequest {
        calling_number: "+8613800000001".to_owned(),
        ..LookupCallerRequest::default()
    };
    let known = wu.callers().lookup_caller(lookup).await.unwrap();
    let calls = wu.history().list_interactions(ListInteractionsRequest::default()).await.unwrap();
    let tickets = wu.tickets().list_tickets(ListTicketsRequest::default()).await.unwrap();

    let names: Vec<String> =
        queues.into_inner().queues.into_iter().map(|queue| queue.queue_id).collect();
    assert_eq!(names, ["booking", "rebooking", "refund", "timetable"]);
    assert_eq!(agents.into_inner().agents.len(), 6);
    assert_eq!(flows.into_inner().flows[0].flow_id, "hotline");
    assert_eq!(known.into_inner().candidates[0].customer_id, "customer-01");
    assert!(calls.into_inner().interactions.is_empty());
    assert!(tickets.into_inner().tickets.is_empty());
    center.stop().await;
}
