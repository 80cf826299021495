//! Postgres away, with and without a Redis that holds what was ordered.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, GetTicketRequest};
use switchboard_domain::caller::Role;
use switchboard_embedded::postgres::Server;
use switchboard_embedded::testing::{eventually, fresh_postgres, fresh_redis};
use switchboard_store::audit::Audit;
use switchboard_store_postgres::{PostgresSettings, migrate};
use switchboard_store_redis::{RedisTicketInbox, Settings};
use switchboard_ticket::record_held_orders;
use tokio::task::JoinSet;
use tonic::Code;
use tonic_types::StatusExt;

use crate::support::{Office, from, order, tenant, told};

#[tokio::test]
async fn with_both_stores_away_the_sender_is_told_when_to_try_again() {
    let (server, office) = office_on_its_own_postgres().await;
    let ticket = office.create("r-1").await;
    server.kill();

    let making = office.answer(order("r-1")).await.unwrap_err();
    let request = GetTicketRequest { ticket_id: ticket.ticket_id };
    let reading = office.client().get_ticket(from(Role::Admin, request)).await.unwrap_err();

    for refused in [making, reading] {
        let (code, reason, _) = told(&refused);
        assert_eq!((code, reason.as_str()), (Code::Unavailable, "STORE_UNAVAILABLE"));
        assert!(refused.get_error_details().retry_info().is_some());
    }
}

#[tokio::test]
async fn what_is_accepted_while_postgres_is_away_is_recorded_when_it_is_back() {
    let redis = fresh_redis().await.unwrap();
    let (mut server, office) = office_on_its_own_postgres().await;
    let office = office.with_inbox(inbox(redis.url()));
    let recorded = office.create("r-1").await;
    let mut at_work = JoinSet::new();
    at_work.spawn(record_held_orders(office.parts(), Arc::new(office.store.clone())));
    server.kill();

    let first = office.answer(order("r-2")).await.unwrap();
    let again = office.answer(order("r-2")).await.unwrap();
    let known = office.answer(order("r-1")).await.unwrap();
    let other = CreateTicketRequest { subject: "lost bag".to_owned(), ..order("r-2") };
    let reused = office.answer(other).await.unwrap_err();

    assert_eq!(first.acceptance(), Acceptance::Accepted);
    assert_eq!(again, first);
    assert_eq!(told(&reused).1, "REQUEST_ID_REUSED");
    let accepted = first.ticket.unwrap();
    assert_eq!((accepted.ticket_id.as_str(), accepted.number), ("r-2", 0));
    assert_eq!(known.ticket.unwrap().ticket_id, recorded.ticket_id);

    server.restart().await.unwrap();
    let number = eventually_numbered(&office, "r-2").await;
    let kept = office.answer(order("r-2")).await.unwrap();

    assert_eq!((number, kept.acceptance()), (2, Acceptance::Recorded));
    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();
    assert!(trail.iter().any(|line| line.detail.as_deref() == Some("accepted before")));
}

async fn office_on_its_own_postgres() -> (Server, Office) {
    let server = fresh_postgres().await.unwrap();
    let url = server.url("postgres");
    migrate(&PostgresSettings::parse(&url).unwrap()).await.unwrap();
    let office = Office::on(&url).await;
    (server, office)
}

fn inbox(url: String) -> RedisTicketInbox {
    RedisTicketInbox::new(&Settings { url, timeout: Duration::from_millis(500) }).unwrap()
}

/// Waits until a ticket is recorded, and gives its number.
async fn eventually_numbered(office: &Office, id: &str) -> u64 {
    eventually(async || {
        let request = GetTicketRequest { ticket_id: id.to_owned() };
        let read = office.client().get_ticket(from(Role::Admin, request)).await.ok()?;
        Some(read.into_inner().ticket.unwrap().number)
    })
    .await
}
