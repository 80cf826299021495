//! Tickets of other systems: each made once, open or over, with the times they had there.

use std::sync::Arc;
use std::time::Duration;

use prost_types::Timestamp as WireTimestamp;
use switchboard_api::report::v1::ReportTicketsRequest;
use switchboard_api::ticket::v1::import_tickets_request::Part;
use switchboard_api::ticket::v1::ticket_transfer_service_client::TicketTransferServiceClient;
use switchboard_api::ticket::v1::ticket_transfer_service_server::{
    TicketTransferService, TicketTransferServiceServer,
};
use switchboard_api::ticket::v1::{
    CreateTicketRequest, CustomerExternalId, ImportTicketsBatch, ImportTicketsHeader,
    ImportTicketsRequest, ImportTicketsResponse, ImportTicketsRow, ImportedState, ImportedTicket,
    TicketMove, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_domain::customer::{Customer, ExternalId, Tier};
use switchboard_domain::ids::CustomerId;
use switchboard_store::audit::Audit;
use switchboard_store::customers::Customers;
use switchboard_store::follow_ups::FollowUps;
use switchboard_ticket::{TransferParts, transfer_service};
use tonic::{Code, Status};

use crate::support::{MORNING, Office, from, order, tenant, told};

fn days_ago(days: u64) -> WireTimestamp {
    let at = MORNING - Duration::from_hours(days * 24);
    WireTimestamp { seconds: at.as_millis() / 1_000, nanos: 0 }
}

/// A second from now.
fn soon() -> WireTimestamp {
    let now = days_ago(0);
    WireTimestamp { seconds: now.seconds + 1, ..now }
}

fn open(reference: &str) -> ImportedTicket {
    ImportedTicket {
        reference: reference.to_owned(),
        subject: "train was late".to_owned(),
        department: "refunds".to_owned(),
        create_time: Some(days_ago(9)),
        ..ImportedTicket::default()
    }
}

fn closed(reference: &str) -> ImportedTicket {
    ImportedTicket {
        kind: "complaint".to_owned(),
        customer_id: "li".to_owned(),
        state: ImportedState::Closed.into(),
        resolution: "paid back".to_owned(),
        close_time: Some(days_ago(2)),
        ..open(reference)
    }
}

fn header(validate_only: bool) -> ImportTicketsRequest {
    ImportTicketsRequest { part: Some(Part::Header(ImportTicketsHeader { validate_only })) }
}

fn batch(rows: Vec<ImportedTicket>) -> ImportTicketsRequest {
    let rows = (1..).zip(rows).map(|(row, it)| ImportTicketsRow { row, ticket: Some(it) });
    ImportTicketsRequest { part: Some(Part::Batch(ImportTicketsBatch { rows: rows.collect() })) }
}

fn client(
    office: &Office,
) -> TicketTransferServiceClient<TicketTransferServiceServer<impl TicketTransferService + use<>>> {
    let transfers = Arc::new(office.store.clone());
    TicketTransferServiceClient::new(transfer_service(TransferParts {
        tickets: office.parts(),
        transfers,
    }))
}

async fn import(
    office: &Office,
    parts: Vec<ImportTicketsRequest>,
) -> Result<Vec<ImportTicketsResponse>, Status> {
    let request = from(Role::Supervisor, tokio_stream::iter(parts));
    let mut answers = client(office).import_tickets(request).await?.into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.push(answer);
    }
    Ok(all)
}

/// Imports one batch, and gives what was made, what was there, and the refusals in short.
async fn take(
    office: &Office,
    rows: Vec<ImportedTicket>,
) -> (u32, u32, Vec<(u64, String, String)>) {
    let answer = import(office, vec![header(false), batch(rows)]).await.unwrap().remove(0);
    let refusals = answer.refusals.into_iter().map(|it| (it.row, it.field, it.reason));
    (answer.made, answer.unchanged, refusals.collect())
}

#[tokio::test]
async fn tickets_come_with_their_times_once_and_those_that_are_over_are_not_followed_up() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    office.customer("li").await;
    let rows = || vec![open("INC-1"), closed("INC-2")];

    assert_eq!(take(&office, rows()).await, (2, 0, vec![]));
    assert_eq!(take(&office, rows()).await, (0, 2, vec![]));

    let (new, over) = (office.ticket("INC-1").await, office.ticket("INC-2").await);
    assert_eq!((new.state(), new.create_time), (TicketState::New, Some(days_ago(9))));
    assert_eq!((over.state(), over.create_time), (TicketState::Closed, Some(days_ago(9))));
    assert_eq!((over.resolution.as_str(), over.customer_id.as_str()), ("paid back", "li"));
    let life: Vec<_> = over.events.iter().map(|event| (event.action(), event.at)).collect();
    let expected = [
        (TicketMove::Unspecified, Some(days_ago(9))),
        (TicketMove::Accept, Some(days_ago(9))),
        (TicketMove::Start, Some(days_ago(9))),
        (TicketMove::Resolve, Some(days_ago(2))),
        (TicketMove::Close, Some(days_ago(2))),
    ];
    assert_eq!(life, expected);
    assert_eq!(office.store.closings(&tenant("demo"), 9).await.unwrap(), []);
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    assert_eq!(trail.iter().filter(|line| line.action == "ticket.import").count(), 2);
    let past = ReportTicketsRequest {
        start_time: Some(days_ago(3)),
        end_time: Some(days_ago(1)),
        ..ReportTicketsRequest::default()
    };
    let past = office.reports().report_tickets(from(Role::Supervisor, past)).await.unwrap();
    let past = past.into_inner().figures.remove(0);
    assert_eq!((past.made, past.closed, past.open), (0, 1, 1));
}

#[tokio::test]
async fn a_faulty_row_is_refused_with_field_and_reason_and_stops_no_other() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    office.customer("li").await;
    office.answer(CreateTicketRequest { ..order("by-hand") }).await.unwrap();
    let with = |change: fn(&mut ImportedTicket)| {
        let mut ticket = closed("INC-x");
        change(&mut ticket);
        ticket
    };
    let rows = vec![
        open("INC-1"),
        with(|it| it.reference = "no spaces".to_owned()),
        with(|it| it.subject.clear()),
        with(|it| it.kind = "song".to_owned()),
        with(|it| it.create_time = None),
        with(|it| it.create_time = Some(soon())),
        with(|it| it.resolution.clear()),
        with(|it| it.close_time = Some(days_ago(10))),
        with(|it| it.state = ImportedState::Open.into()),
        with(|it| it.customer_id = "nobody".to_owned()),
        open("by-hand"),
        ImportedTicket { subject: "another".to_owned(), ..open("INC-1") },
        closed("INC-2"),
    ];

    let (made, unchanged, refusals) = take(&office, rows).await;

    assert_eq!((made, unchanged), (2, 0));
    let refusals: Vec<_> =
        refusals.iter().map(|(row, field, reason)| (*row, &**field, &**reason)).collect();
    let expected = [
        (2, "reference", "INVALID_FIELD"),
        (3, "subject", "MISSING_FIELD"),
        (4, "kind", "INVALID_FIELD"),
        (5, "create_time", "MISSING_FIELD"),
        (6, "create_time", "INVALID_FIELD"),
        (7, "resolution", "MISSING_FIELD"),
        (8, "close_time", "INVALID_FIELD"),
        (9, "close_time", "INVALID_FIELD"),
        (10, "customer_id", "CUSTOMER_NOT_FOUND"),
        (11, "reference", "REQUEST_ID_REUSED"),
        (12, "reference", "REQUEST_ID_REUSED"),
    ];
    assert_eq!(refusals, expected);
    assert_eq!(office.ticket("INC-2").await.state(), TicketState::Closed);
}

#[tokio::test]
async fn a_customer_is_found_by_what_another_system_calls_them() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let mut li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, MORNING);
    let crm = |id: &str| CustomerExternalId { system: "crm".to_owned(), id: id.to_owned() };
    li.external_ids = vec![ExternalId::new("crm", "17").unwrap()];
    Customers::create(&office.store, &tenant("demo"), &li, "admin").await.unwrap();
    let of = |reference: &str, id: &str| ImportedTicket {
        customer_external_id: Some(crm(id)),
        ..open(reference)
    };

    let (made, _, refusals) = take(&office, vec![of("INC-1", "17"), of("INC-2", "18")]).await;

    let nobody = (2, "customer_id".to_owned(), "CUSTOMER_NOT_FOUND".to_owned());
    assert_eq!((made, refusals), (1, vec![nobody]));
    assert_eq!(office.ticket("INC-1").await.customer_id, "li");
}

#[tokio::test]
async fn a_dry_run_says_what_would_become_of_each_row_and_keeps_nothing() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let rows = vec![open("INC-1"), open("INC-1"), open("no spaces")];

    let answer = import(&office, vec![header(true), batch(rows)]).await.unwrap().remove(0);

    assert_eq!((answer.made, answer.unchanged, answer.refusals.len()), (1, 1, 1));
    assert_eq!(take(&office, vec![open("INC-1")]).await.0, 1);
    assert_eq!(office.ticket("INC-1").await.number, 1, "no number was used up");
}

#[tokio::test]
async fn an_import_out_of_turn_or_by_too_many_rows_is_refused() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let many = (0..101).map(|number| open(&format!("INC-{number}"))).collect();

    for (field, parts) in [
        ("part", vec![batch(vec![open("INC-1")])]),
        ("part", vec![header(false), header(false)]),
        ("part", vec![ImportTicketsRequest::default()]),
        ("batch.rows", vec![header(false), batch(vec![])]),
        ("batch.rows", vec![header(false), batch(many)]),
    ] {
        let refused = import(&office, parts).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}
