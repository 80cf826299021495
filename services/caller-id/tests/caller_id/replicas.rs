//! What one replica changes, the lookups of another notice, though they answer from memory.

use prost_types::FieldMask;
use switchboard_api::callerid::v1::{Customer, UpdateCustomerRequest};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::{comes_true, eventually};
use switchboard_store::callers::Callers;
use switchboard_store_postgres::testing::migrated_database;

use crate::support::{Office, calling_from, of, tenant, zhao};

const OLD: &str = "+8613700000001";
const NEW: &str = "+8613700000002";

/// The clock stands still, so that nothing in memory grows old: only news make a lookup look again.
#[tokio::test]
async fn a_change_through_one_replica_is_seen_by_lookups_of_the_other_where_nothing_was_found_too()
{
    let url = migrated_database().await.unwrap();
    let here = Office::on(&url).await;
    let there = here.replica(&url);
    let listener = there.store.clone();
    tokio::select! {
        () = listener.listen() => unreachable!("listening never ends"),
        () = changes_are_seen(&here, &there) => {}
    }
}

async fn changes_are_seen(here: &Office, there: &Office) {
    // Whoever begins to listen may have missed something, and counts that.
    comes_true(async || there.store.changes(&tenant("demo")) > 0).await;
    assert_eq!(caller(there, OLD).await, None);
    assert_eq!(caller(there, NEW).await, None);

    here.create(zhao("zhao", OLD)).await.unwrap();
    let made = eventually(async || caller(there, OLD).await).await;
    let renamed = Customer { display_name: "Zhao Lan".to_owned(), ..zhao("zhao", OLD) };
    change(here, renamed, "display_name").await;
    comes_true(async || caller(there, OLD).await.as_deref() == Some("Zhao Lan")).await;
    assert_eq!(caller(there, NEW).await, None);
    change(here, zhao("zhao", NEW), "numbers").await;
    let moved = eventually(async || caller(there, NEW).await).await;
    comes_true(async || caller(there, OLD).await.is_none()).await;

    assert_eq!((&*made, &*moved), ("Zhao Min", "Zhao Lan"));
}

/// Gives the name of who calls from a number; nothing for a stranger.
async fn caller(office: &Office, number: &str) -> Option<String> {
    let asked = office.asked(of("demo", Role::Agent, calling_from(number))).await;
    let candidates = asked.unwrap().candidates;
    candidates.into_iter().next().map(|candidate| candidate.display_name)
}

async fn change(office: &Office, customer: Customer, path: &str) {
    let update_mask = Some(FieldMask { paths: vec![path.to_owned()] });
    let request = UpdateCustomerRequest { customer: Some(customer), update_mask };
    office.client().update_customer(of("demo", Role::Admin, request)).await.unwrap();
}
