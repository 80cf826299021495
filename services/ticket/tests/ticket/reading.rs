//! Reading tickets back.

use std::time::Duration;

use switchboard_api::ticket::v1::{
    GetTicketRequest, ListPromisesRequest, ListTicketsRequest, TicketMove, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::comes_true;
use switchboard_store::audit::Audit;
use tonic::Code;

use crate::support::{Office, a_move, from, of, tenant, told};

#[tokio::test]
async fn a_ticket_reads_back_with_its_story() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let moved = office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let request = GetTicketRequest { ticket_id: ticket.ticket_id };
    let read = office.client().get_ticket(from(Role::Supervisor, request)).await.unwrap();

    assert_eq!(read.into_inner().ticket, Some(moved));
}

#[tokio::test]
async fn whoever_reads_tickets_is_on_the_trail() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    let of_li = ListTicketsRequest { customer_id: "li".into(), ..ListTicketsRequest::default() };
    let promises = ListPromisesRequest::default();

    let request = GetTicketRequest { ticket_id: ticket.ticket_id };
    office.client().get_ticket(from(Role::Supervisor, request)).await.unwrap();
    list(&office, ListTicketsRequest::default()).await.unwrap();
    list(&office, of_li).await.unwrap();
    office.promises().list_promises(from(Role::Agent, promises)).await.unwrap();

    let told = [
        ("ticket/r-1", "ticket.read", None),
        ("tickets", "ticket.list", Some("1 tickets")),
        ("customer/li", "ticket.list", Some("0 tickets")),
        ("promises", "promise.list", Some("0 promises")),
    ];
    for (object, action, detail) in told {
        comes_true(async || {
            let lines = office.store.about(&tenant("demo"), object).await.unwrap();
            lines.iter().any(|line| line.action == action && line.detail.as_deref() == detail)
        })
        .await;
    }
}

#[tokio::test]
async fn unknown_and_foreign_tickets_are_not_found_alike() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;

    let by_id = |id: &str| GetTicketRequest { ticket_id: id.to_owned() };
    let of_other = of("other", Role::Admin, by_id(&ticket.ticket_id));
    let foreign = office.client().get_ticket(of_other).await;
    let unknown = office.client().get_ticket(from(Role::Admin, by_id("t-9"))).await;
    let odd = office.client().get_ticket(from(Role::Admin, by_id("t 9"))).await;

    for refused in [foreign, unknown] {
        let (code, reason, _) = told(&refused.unwrap_err());
        assert_eq!((code, reason.as_str()), (Code::NotFound, "TICKET_NOT_FOUND"));
    }
    assert_eq!(told(&odd.unwrap_err()).2, "ticket_id");
}

#[tokio::test]
async fn pages_show_every_ticket_once_the_newest_first() {
    let office = Office::set_up().await;
    for index in 0..5 {
        office.create(&format!("r-{index}")).await;
        office.clock.advance(Duration::from_secs(1));
    }

    let mut numbers = Vec::new();
    let mut request = ListTicketsRequest { page_size: 2, ..ListTicketsRequest::default() };
    loop {
        let page = list(&office, request.clone()).await.unwrap();
        assert!(page.0.len() <= 2);
        numbers.extend(page.0);
        if page.1.is_empty() {
            break;
        }
        request.page_token = page.1;
    }

    assert_eq!(numbers, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn filters_let_through_what_they_name() {
    let office = Office::set_up().await;
    let ticket = office.create("r-1").await;
    office.create("r-2").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let accepted = ListTicketsRequest { state: TicketState::Accepted.into(), ..Default::default() };
    let of_agent = ListTicketsRequest { agent_id: "li".to_owned(), ..Default::default() };

    assert_eq!(list(&office, accepted).await.unwrap().0, [1]);
    assert!(list(&office, of_agent).await.unwrap().0.is_empty());
    assert_eq!(list(&office, ListTicketsRequest::default()).await.unwrap().0.len(), 2);
}

#[tokio::test]
async fn a_page_that_was_never_promised_is_refused() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    office.create("r-2").await;
    let one = ListTicketsRequest { page_size: 1, ..ListTicketsRequest::default() };
    let token = list(&office, one).await.unwrap().1;
    let elsewhere = ListTicketsRequest {
        page_token: token,
        state: TicketState::New.into(),
        ..ListTicketsRequest::default()
    };
    let cases = [
        ("page_token", elsewhere),
        ("page_token", ListTicketsRequest { page_token: "x".into(), ..Default::default() }),
        ("page_size", ListTicketsRequest { page_size: -1, ..Default::default() }),
        ("state", ListTicketsRequest { state: 99, ..Default::default() }),
        ("customer_id", ListTicketsRequest { customer_id: "?".into(), ..Default::default() }),
    ];

    for (field, request) in cases {
        let refused = list(&office, request).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}

async fn list(
    office: &Office,
    request: ListTicketsRequest,
) -> Result<(Vec<u64>, String), tonic::Status> {
    let listed = office.client().list_tickets(from(Role::Supervisor, request)).await?.into_inner();
    Ok((listed.tickets.iter().map(|ticket| ticket.number).collect(), listed.next_page_token))
}
