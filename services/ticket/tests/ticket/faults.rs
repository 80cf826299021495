//! Postgres away.

use switchboard_api::ticket::v1::GetTicketRequest;
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::fresh_postgres;
use switchboard_store_postgres::{PostgresSettings, migrate};
use tonic::Code;
use tonic_types::StatusExt;

use crate::support::{Office, from, order, told};

#[tokio::test]
async fn while_postgres_is_away_the_sender_is_told_when_to_try_again() {
    let server = fresh_postgres().await.unwrap();
    let url = server.url("postgres");
    migrate(&PostgresSettings::parse(&url).unwrap()).await.unwrap();
    let office = Office::on(&url).await;
    let ticket = office.create("r-1").await;
    server.kill();

    let making = office.answer(order("r-1")).await.unwrap_err();
    let request = GetTicketRequest { ticket_id: ticket.ticket_id };
    let reading = office.client().get_ticket(from(Role::Admin, request)).await.unwrap_err();

    for refused in [making, reading] {
        assert_eq!(
            (refused.code(), told(&refused).1.as_str()),
            (Code::Unavailable, "STORE_UNAVAILABLE")
        );
        assert!(refused.get_error_details().retry_info().is_some());
    }
}
