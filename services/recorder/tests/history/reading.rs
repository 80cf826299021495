//! Interactions read back.

use switchboard_api::call::v1::{
    GetInteractionRequest, Interaction, InteractionState, ListInteractionsRequest,
};
use switchboard_api::recorder::v1::ListAuditRecordsRequest;
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::comes_true;
use tonic::{Code, Response, Status};

use crate::support::{Archive, of, reason};

#[tokio::test]
async fn a_call_reads_back_with_its_events_and_tickets() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;

    let call = get(&archive, "demo", Role::Admin, "c-1").await.unwrap();

    assert_eq!((call.state(), call.outcome.as_str()), (InteractionState::Ended, "abandoned"));
    assert_eq!(
        (call.queue_id.as_str(), call.calling_number.as_str()),
        ("booking", "+8613800000001")
    );
    let told: Vec<_> =
        call.events.iter().map(|event| (event.sequence, event.r#type.as_str())).collect();
    assert_eq!(told, [(1, "contact_started"), (2, "contact_queued"), (3, "contact_ended")]);
    assert_eq!(call.events[0].fields["calling_number"], "+8613800000001");
    assert_eq!(call.ticket_ids.len(), 1);
    assert_eq!(call.waited.unwrap().seconds, 1);
}

#[tokio::test]
async fn supervisors_see_the_last_four_digits() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;

    let call = get(&archive, "demo", Role::Supervisor, "c-1").await.unwrap();
    let listed =
        list(&archive, Role::Supervisor, ListInteractionsRequest::default()).await.unwrap();

    assert_eq!(call.calling_number, "+*********0001");
    assert_eq!(listed.0[0].calling_number, "+*********0001");
    for shown in [format!("{call:?}"), format!("{:?}", listed.0)] {
        assert!(!shown.contains("1380000"), "{shown}");
    }
}

#[tokio::test]
async fn lists_are_masked_for_administrators_too() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;

    let listed = list(&archive, Role::Admin, ListInteractionsRequest::default()).await.unwrap();

    assert_eq!(listed.0[0].calling_number, "+*********0001");
}

#[tokio::test]
async fn whoever_reads_the_history_is_on_the_trail() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;
    let of_li = ListInteractionsRequest { customer_id: "li".into(), ..Default::default() };

    get(&archive, "demo", Role::Admin, "c-1").await.unwrap();
    get(&archive, "demo", Role::Admin, "c-9").await.unwrap_err();
    list(&archive, Role::Supervisor, ListInteractionsRequest::default()).await.unwrap();
    list(&archive, Role::Supervisor, of_li).await.unwrap();

    let told = [
        ("interaction/c-1", "interaction.read"),
        ("interactions", "interaction.list"),
        ("customer/li", "interaction.list"),
    ];
    for (object, action) in told {
        comes_true(async || archive.trail(object).await == [action]).await;
    }
    assert!(archive.trail("interaction/c-9").await.is_empty(), "nothing was told of it");
    let request = ListAuditRecordsRequest { actor: "wu".to_owned(), ..Default::default() };
    let mut client = archive.audit();
    let read = client.list_audit_records(of("demo", Role::Admin, request)).await.unwrap();
    assert_eq!(read.into_inner().records.len(), 3);
    comes_true(async || archive.trail("audit").await == ["audit.list"]).await;
}

#[tokio::test]
async fn unknown_and_foreign_calls_are_not_found_alike() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;

    for (tenant, id) in [("demo", "c-9"), ("other", "c-1")] {
        let refused = get(&archive, tenant, Role::Admin, id).await.unwrap_err();

        let (code, told, _) = reason(&refused);
        assert_eq!((code, told.as_str()), (Code::NotFound, "INTERACTION_NOT_FOUND"));
    }
    for id in ["", "c 1"] {
        let refused = get(&archive, "demo", Role::Admin, id).await.unwrap_err();

        assert_eq!(reason(&refused).2, "call_id");
    }
}

#[tokio::test]
async fn pages_show_every_call_once_the_latest_first() {
    let archive = Archive::set_up().await;
    for n in 1..=5 {
        archive.keep_missed_call(n).await;
    }

    let mut ids = Vec::new();
    let mut request = ListInteractionsRequest { page_size: 2, ..Default::default() };
    loop {
        let page = list(&archive, Role::Admin, request.clone()).await.unwrap();
        ids.extend(page.0.into_iter().map(|call| call.interaction_id));
        if page.1.is_empty() {
            break;
        }
        request.page_token = page.1;
    }

    assert_eq!(ids, ["c-5", "c-4", "c-3", "c-2", "c-1"]);
}

#[tokio::test]
async fn filters_let_through_what_they_name() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;
    let base = ListInteractionsRequest::default;
    let cases = [
        (1, base()),
        (1, ListInteractionsRequest { state: InteractionState::Ended.into(), ..base() }),
        (0, ListInteractionsRequest { state: InteractionState::Waiting.into(), ..base() }),
        (1, ListInteractionsRequest { queue_id: "booking".into(), ..base() }),
        (0, ListInteractionsRequest { queue_id: "refund".into(), ..base() }),
        (0, ListInteractionsRequest { agent_id: "li".into(), ..base() }),
        (0, ListInteractionsRequest { customer_id: "li".into(), ..base() }),
    ];

    for (count, request) in cases {
        let (found, next) = list(&archive, Role::Admin, request.clone()).await.unwrap();

        assert_eq!((found.len(), next.as_str()), (count, ""), "{request:?}");
    }
}

#[tokio::test]
async fn a_bad_filter_is_named() {
    let archive = Archive::set_up().await;
    let base = ListInteractionsRequest::default;
    let cases = [
        ("state", ListInteractionsRequest { state: 99, ..base() }),
        ("queue_id", ListInteractionsRequest { queue_id: "a b".into(), ..base() }),
        ("agent_id", ListInteractionsRequest { agent_id: "?".into(), ..base() }),
        ("customer_id", ListInteractionsRequest { customer_id: "?".into(), ..base() }),
        ("page_size", ListInteractionsRequest { page_size: -1, ..base() }),
        ("page_token", ListInteractionsRequest { page_token: "x".into(), ..base() }),
    ];

    for (field, request) in cases {
        let refused = list(&archive, Role::Admin, request).await.unwrap_err();

        assert_eq!((refused.code(), reason(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}

async fn get(archive: &Archive, tenant: &str, role: Role, id: &str) -> Result<Interaction, Status> {
    let request = GetInteractionRequest { call_id: id.to_owned() };
    let read = archive.client().get_interaction(of(tenant, role, request)).await;
    read.map(|response| response.into_inner().interaction.unwrap())
}

async fn list(
    archive: &Archive,
    role: Role,
    request: ListInteractionsRequest,
) -> Result<(Vec<Interaction>, String), Status> {
    let listed = archive.client().list_interactions(of("demo", role, request)).await;
    let listed = listed.map(Response::into_inner)?;
    Ok((listed.interactions, listed.next_page_token))
}
