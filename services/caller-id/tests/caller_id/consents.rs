//! What customers agreed to, over the API.

use switchboard_api::callerid::v1::{
    Consent, ConsentState, GetCustomerRequest, ListConsentsRequest, ListConsentsResponse,
    SetConsentRequest,
};
use switchboard_api::ticket::v1::Medium;
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Response, Status};

use crate::support::{Office, of, tenant, told};

const CUSTOMER: &str = "customer-01";

#[tokio::test]
async fn what_a_customer_says_is_kept_line_by_line_and_the_last_word_holds() {
    let office = Office::set_up().await;
    let given = set(&office, said("r-1", "marketing", ConsentState::Given)).await.unwrap();
    let again = set(&office, said("r-1", "marketing", ConsentState::Given)).await.unwrap();
    let taken_back = SetConsentRequest {
        medium: Medium::Phone.into(),
        time: Some(prost_types::Timestamp { seconds: 1_800_000_000, nanos: 0 }),
        ..said("r-2", "marketing", ConsentState::Withdrawn)
    };
    set(&office, taken_back).await.unwrap();

    let listed = list(&office, CUSTOMER).await.unwrap();
    let request = GetCustomerRequest { customer_id: CUSTOMER.to_owned() };
    let shown = office.client().get_customer(of("demo", Role::Agent, request)).await.unwrap();

    assert_eq!((&given, given.actor.as_str()), (&again, "agent:wu"));
    let brief = |lines: &[Consent]| -> Vec<_> {
        lines.iter().map(|line| (line.request_id.clone(), line.medium(), line.state())).collect()
    };
    let both = [
        ("r-1".to_owned(), Medium::Unspecified, ConsentState::Given),
        ("r-2".to_owned(), Medium::Phone, ConsentState::Withdrawn),
    ];
    assert_eq!(brief(&listed.in_force), both);
    assert_eq!(brief(&listed.history), both);
    assert_eq!(shown.into_inner().consents, listed.in_force);
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    let actions: Vec<&str> = trail.iter().map(|line| line.action.as_str()).collect();
    assert!(actions.contains(&"customer.consent") && actions.contains(&"customer.consents"));
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_what_can() {
    let office = Office::set_up().await;
    set(&office, said("r-1", "care", ConsentState::Given)).await.unwrap();

    let unknown = set(&office, said("r-2", "spam", ConsentState::Given)).await.unwrap_err();
    let other = set(&office, said("r-1", "care", ConsentState::Withdrawn)).await.unwrap_err();
    let nobody = SetConsentRequest {
        customer_id: "nobody".to_owned(),
        ..said("r-3", "care", ConsentState::Given)
    };
    let nobody = set(&office, nobody).await.unwrap_err();
    let unlisted = list(&office, "nobody").await.unwrap_err();

    assert_eq!((told(&unknown).2.as_str(), unknown.code()), ("purpose", Code::InvalidArgument));
    assert!(unknown.message().contains("care, marketing, survey"), "{}", unknown.message());
    assert_eq!(other.code(), Code::Aborted);
    assert_eq!((told(&nobody).1, told(&unlisted).1), (not_found(), not_found()));
}

fn not_found() -> String {
    "CUSTOMER_NOT_FOUND".to_owned()
}

fn said(request_id: &str, purpose: &str, state: ConsentState) -> SetConsentRequest {
    SetConsentRequest {
        customer_id: CUSTOMER.to_owned(),
        request_id: request_id.to_owned(),
        purpose: purpose.to_owned(),
        state: state.into(),
        source: "call-17".to_owned(),
        ..SetConsentRequest::default()
    }
}

async fn set(office: &Office, request: SetConsentRequest) -> Result<Consent, Status> {
    let kept = office.client().set_consent(of("demo", Role::Agent, request)).await;
    kept.map(|kept| kept.into_inner().consent.unwrap())
}

async fn list(office: &Office, customer: &str) -> Result<ListConsentsResponse, Status> {
    let request = ListConsentsRequest { customer_id: customer.to_owned() };
    let listed = office.client().list_consents(of("demo", Role::Agent, request)).await;
    listed.map(Response::into_inner)
}
