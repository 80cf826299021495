//! What happened to customers elsewhere, over the API.

use switchboard_api::callerid::v1::record_occurrence_request::Who;
use switchboard_api::callerid::v1::timeline_entry::What;
use switchboard_api::callerid::v1::{
    Customer, ExternalId, ListTimelineRequest, RecordOccurrenceRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::Code;

use crate::support::{Office, of, tenant, told, zhao};

#[tokio::test]
async fn what_happened_elsewhere_is_told_of_a_customer_by_either_name_and_once() {
    let office = Office::set_up().await;
    let external_id = ExternalId { system: "shop".to_owned(), id: "17".to_owned() };
    let zhao =
        Customer { external_ids: vec![external_id.clone()], ..zhao("zhao", "+8613700000001") };
    office.create(zhao).await.unwrap();
    let order = |who: Who, summary: &str| RecordOccurrenceRequest {
        who: Some(who),
        request_id: "order-1".to_owned(),
        kind: "order".to_owned(),
        summary: summary.to_owned(),
        source: "shop".to_owned(),
        time: Some(prost_types::Timestamp { seconds: 1_799_000_000, nanos: 0 }),
    };
    let tell = async |request| {
        let told = office.client().record_occurrence(of("demo", Role::Agent, request)).await;
        told.map(|response| response.into_inner().occurrence.unwrap())
    };
    let here = || Who::CustomerId("zhao".to_owned());

    let first = tell(order(Who::ExternalId(external_id), "two chairs")).await.unwrap();
    let again = tell(order(here(), "two chairs")).await.unwrap();
    let otherwise = tell(order(here(), "three chairs")).await.unwrap_err();
    let nobody = tell(order(Who::CustomerId("nobody".to_owned()), "two chairs")).await.unwrap_err();
    let elsewhere = ExternalId { system: "shop".to_owned(), id: "18".to_owned() };
    let unknown = tell(order(Who::ExternalId(elsewhere), "two chairs")).await.unwrap_err();

    assert_eq!((&first, first.actor.as_str()), (&again, "agent:wu"));
    assert_eq!(otherwise.code(), Code::Aborted);
    assert_eq!(told(&nobody).1, "CUSTOMER_NOT_FOUND");
    assert_eq!(told(&unknown).1, "CUSTOMER_NOT_FOUND");
    let request =
        ListTimelineRequest { customer_id: "zhao".to_owned(), ..ListTimelineRequest::default() };
    let entries = office.client().list_timeline(of("demo", Role::Agent, request)).await.unwrap();
    let entries = entries.into_inner().entries;
    let told: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match &entry.what {
            Some(What::Occurrence(occurrence)) => Some(occurrence.summary.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["two chairs"]);
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    assert!(trail.iter().any(|line| line.action == "customer.occurrence"));
}
