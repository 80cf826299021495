//! What one replica changes, the lookups of another notice, though they answer from memory.

use prost_types::FieldMask;
use switchboard_api::callerid::v1::{Customer, UpdateCustomerRequest};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::comes_true;
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
    let strangers = [caller(there, OLD).await, caller(there, NEW).await];

    here.create(zhao("zhao", OLD)).await.unwrap();
    comes_to_be(there, OLD, Some("Zhao Min")).await;
    let renamed = Customer { display_name: "Zhao Lan".to_owned(), ..zhao("zhao", OLD) };
    change(here, renamed, "display_name").await;
    comes_to_be(there, OLD, Some("Zhao Lan")).await;
    let nobody_yet = caller(there, NEW).await;
    change(here, zhao("zhao", NEW), "numbers").await;
    comes_to_be(there, NEW, Some("Zhao Lan")).await;
    comes_to_be(there, OLD, None).await;

    assert_eq!((strangers, nobody_yet), ([None, None], None));
}

/// Waits until whoever calls from a number is told by this name.
async fn comes_to_be(office: &Office, number: &str, name: Option<&str>) {
    comes_true(async || caller(office, number).await.as_deref() == name).await;
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
