//! Finding customers, bringing records of one together, and what happened with them.

use std::time::Duration;

use prost_types::FieldMask;
use switchboard_api::callerid::v1::search_customers_request::By;
use switchboard_api::callerid::v1::timeline_entry::What;
use switchboard_api::callerid::v1::{
    CallerKind, Customer, GetCustomerRequest, ListDuplicatesRequest, ListTimelineRequest,
    MergeCustomersRequest, MergeCustomersResponse, ReviewCustomerRequest, SearchCustomersRequest,
    UndoMergeRequest, UpdateCustomerRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Response, Status};

use crate::support::{Office, of, tenant, told, zhao};

const ONE: &str = "+8613700000001";
const OTHER: &str = "+8613700000002";

#[tokio::test]
async fn customers_are_found_with_masked_numbers_and_the_search_is_on_the_trail() {
    let office = Office::set_up().await;
    let by_name = search(&office, By::Name("zhouhai".to_owned())).await.unwrap();
    let by_number = search(&office, By::NumberEnding("0003".to_owned())).await.unwrap();
    let nobody = search(&office, By::Name("nobody".to_owned())).await.unwrap();
    let refused = search(&office, By::NumberEnding("003".to_owned())).await.unwrap_err();

    assert_eq!(ids(&by_name), ["customer-01"]);
    assert_eq!(by_name[0].numbers[0].number, "+*********0001");
    assert_eq!(ids(&by_number), ["customer-03"]);
    assert_eq!(nobody.len(), 0);
    assert_eq!(told(&refused).2, "number_ending");
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    let mut trail: Vec<_> = trail
        .iter()
        .map(|line| (line.action.as_str(), line.detail.as_deref().unwrap_or_default()))
        .collect();
    trail.sort_unstable();
    let expected = [
        ("customer.search", "0 customers by name"),
        ("customer.search", "1 customers by name"),
        ("customer.search", "1 customers by number ending"),
    ];
    assert_eq!(trail, expected);
}

#[tokio::test]
async fn a_page_token_leads_on_in_its_own_search_only() {
    let office = Office::set_up().await;
    for id in ["one", "two"] {
        office.create(zhao(id, ONE)).await.unwrap();
    }
    let request = |name: &str, page_token: &str| SearchCustomersRequest {
        by: Some(By::Name(name.to_owned())),
        page_size: 1,
        page_token: page_token.to_owned(),
        ..SearchCustomersRequest::default()
    };
    let ask = async |wanted| {
        let found = office.client().search_customers(of("demo", Role::Agent, wanted)).await;
        found.map(Response::into_inner)
    };

    let first = ask(request("zhao min", "")).await.unwrap();
    let second = ask(request("zhao min", &first.next_page_token)).await.unwrap();
    let other = ask(request("zhao", &first.next_page_token)).await.unwrap_err();

    assert_eq!((ids(&first.customers), ids(&second.customers)), (vec!["one"], vec!["two"]));
    assert_eq!(second.next_page_token, "");
    assert_eq!(told(&other).2, "page_token");
}

#[tokio::test]
async fn those_of_a_segment_are_found_however_many_have_to_be_looked_at() {
    let office = Office::set_up().await;
    office.happened("customer-07", "call-1", "li-wei").await;
    for number in 0..20 {
        office.create(zhao(&format!("later-{number}"), ONE)).await.unwrap();
    }
    let request = |segment: &str, page_token: &str| SearchCustomersRequest {
        segment: segment.to_owned(),
        page_size: 1,
        page_token: page_token.to_owned(),
        ..SearchCustomersRequest::default()
    };
    let ask = async |wanted| {
        let found = office.client().search_customers(of("demo", Role::Agent, wanted)).await;
        found.map(Response::into_inner)
    };

    let (mut found, mut pages, mut token) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = ask(request("waits", &token)).await.unwrap();
        pages.push(page.customers.len());
        found.extend(page.customers.into_iter().map(|customer| customer.customer_id));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let by_name = SearchCustomersRequest {
        by: Some(By::Name("zhao".to_owned())),
        page_size: 0,
        ..request("waits", "")
    };
    let others = ask(by_name).await.unwrap().customers;
    let refused = ask(request("vip", "")).await.unwrap_err();

    assert_eq!(found, ["customer-07"]);
    assert_eq!(pages, [1], "one request looks at many customers, however small its pages are");
    assert_eq!(ids(&others), [""; 0], "a name and a segment are both asked for");
    assert_eq!((told(&refused).2.as_str(), refused.code()), ("segment", Code::InvalidArgument));
    assert!(refused.message().contains("waits"), "{}", refused.message());
}

#[tokio::test]
async fn merged_records_are_one_customer_until_the_merge_is_undone() {
    let office = Office::set_up().await;
    let winner = office.create(zhao("winner", ONE)).await.unwrap();
    let loser = office.create(zhao("loser", OTHER)).await.unwrap();
    assert_eq!(recognised(&office, OTHER).await, "loser");

    let merged = merge(&office, "winner", "loser").await.unwrap().winner.unwrap();
    let known = recognised(&office, OTHER).await;
    let pointing = get(&office, "loser").await;
    let undone = undo(&office, "loser").await.unwrap();

    assert_eq!(merged.merged_customer_ids, ["loser"]);
    assert_eq!((known.as_str(), pointing.merged_into.as_str()), ("winner", "winner"));
    assert_eq!(pointing.findings.len(), 0);
    assert_eq!(recognised(&office, OTHER).await, "loser");
    assert_eq!(Customer { etag: loser.etag.clone(), ..undone }, loser);
    let again = get(&office, "winner").await;
    assert_eq!(Customer { etag: winner.etag.clone(), ..again }, winner);
}

#[tokio::test]
async fn what_cannot_be_merged_or_undone_is_told() {
    let office = Office::set_up().await;
    for id in ["winner", "loser", "third"] {
        office.create(zhao(id, ONE)).await.unwrap();
    }
    let itself = merge(&office, "winner", "winner").await.unwrap_err();
    let nobody = merge(&office, "winner", "nobody").await.unwrap_err();
    let never = undo(&office, "third").await.unwrap_err();
    let request = MergeCustomersRequest {
        winner_id: "winner".to_owned(),
        loser_id: "loser".to_owned(),
        loser_etag: "7".to_owned(),
        ..MergeCustomersRequest::default()
    };
    let stale = office.client().merge_customers(of("demo", Role::Admin, request)).await;
    merge(&office, "winner", "loser").await.unwrap();
    let again = merge(&office, "third", "loser").await.unwrap_err();
    let tier = Customer { tier: "C1".to_owned(), ..Customer::default() };
    let changed = update(&office, "loser", tier, "tier").await.unwrap_err();
    let numbers = Customer { numbers: vec![], ..Customer::default() };
    let stripped = update(&office, "loser", numbers, "numbers").await;
    office.clock.advance(Duration::from_hours(31 * 24));
    let expired = undo(&office, "loser").await.unwrap_err();

    assert_eq!(told(&itself).2, "loser_id");
    let reason = |status: &Status| (status.code(), told(status).1);
    assert_eq!(reason(&nobody), (Code::NotFound, "CUSTOMER_NOT_FOUND".to_owned()));
    assert_eq!(reason(&stale.unwrap_err()), (Code::Aborted, "ETAG_STALE".to_owned()));
    assert_eq!(stripped.unwrap().numbers.len(), 0);
    for (refused, expected) in [
        (never, "CUSTOMER_NOT_MERGED"),
        (again, "CUSTOMER_MERGED"),
        (changed, "CUSTOMER_MERGED"),
        (expired, "UNDO_EXPIRED"),
    ] {
        assert_eq!(reason(&refused), (Code::FailedPrecondition, expected.to_owned()));
    }
}

#[tokio::test]
async fn records_that_look_alike_are_listed_with_score_and_reasons() {
    let office = Office::set_up().await;
    office.create(zhao("older", ONE)).await.unwrap();
    office.create(zhao("younger", ONE)).await.unwrap();

    let request = ListDuplicatesRequest { page_size: 200, ..ListDuplicatesRequest::default() };
    let listed = office.client().list_duplicates(of("demo", Role::Supervisor, request)).await;

    let found = listed.unwrap().into_inner().duplicates;
    let younger = found[0].younger.as_ref().unwrap();
    assert_eq!((found[0].score, younger.customer_id.as_str()), (95, "younger"));
    assert!(found.is_sorted_by(|one, other| one.score >= other.score));
    assert_eq!(found[0].reasons, ["same_number", "same_name"]);
    assert_eq!(found[0].older.as_ref().unwrap().numbers[0].number, "+*********0001");
}

#[tokio::test]
async fn a_record_is_due_for_a_review_until_somebody_looks_it_through() {
    let office = Office::with_profile("review_after: 30d").await;
    let made = office.create(zhao("zhao", ONE)).await.unwrap();
    office.clock.advance(Duration::from_hours(30 * 24));
    let due = async || {
        let request = SearchCustomersRequest {
            finding: "REVIEW_DUE".to_owned(),
            page_size: 200,
            ..SearchCustomersRequest::default()
        };
        let found = office.client().search_customers(of("demo", Role::Agent, request)).await;
        found.unwrap().into_inner().customers.len()
    };

    let before = (get(&office, "zhao").await.findings, due().await);
    let request = ReviewCustomerRequest { customer_id: "zhao".to_owned() };
    let reviewed = office.client().review_customer(of("demo", Role::Agent, request)).await;
    let reviewed = reviewed.unwrap().into_inner().customer.unwrap();

    assert_eq!((made.findings.len(), before), (0, (vec!["REVIEW_DUE".to_owned()], 13)));
    assert_eq!((reviewed.findings.len(), due().await), (0, 12));
    assert_ne!(reviewed.review_time, made.review_time);
}

#[tokio::test]
async fn the_timeline_tells_what_happened_and_who_looked_is_on_the_trail() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", ONE)).await.unwrap();
    let request = |id: &str| ListTimelineRequest {
        customer_id: id.to_owned(),
        ..ListTimelineRequest::default()
    };

    let told_of = office.client().list_timeline(of("demo", Role::Agent, request("zhao"))).await;
    let nobody = office.client().list_timeline(of("demo", Role::Agent, request("nobody"))).await;

    let entries = told_of.unwrap().into_inner().entries;
    assert_eq!(entries.len(), 1);
    let Some(What::Record(record)) = &entries[0].what else { panic!("{entries:?}") };
    assert_eq!(record.event.as_ref().unwrap().actor, "admin:wu");
    assert_eq!(told(&nobody.unwrap_err()).1, "CUSTOMER_NOT_FOUND");
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    assert_eq!(trail.iter().filter(|line| line.action == "customer.timeline").count(), 1);
}

async fn search(office: &Office, by: By) -> Result<Vec<Customer>, Status> {
    let request = SearchCustomersRequest { by: Some(by), ..SearchCustomersRequest::default() };
    let found = office.client().search_customers(of("demo", Role::Agent, request)).await;
    found.map(|response| response.into_inner().customers)
}

fn ids(customers: &[Customer]) -> Vec<&str> {
    customers.iter().map(|customer| customer.customer_id.as_str()).collect()
}

async fn recognised(office: &Office, number: &str) -> String {
    let answer = office.lookup(number).await.unwrap();
    assert_eq!(answer.kind(), CallerKind::Known);
    answer.candidates[0].customer_id.clone()
}

async fn merge(
    office: &Office,
    winner: &str,
    loser: &str,
) -> Result<MergeCustomersResponse, Status> {
    let request = MergeCustomersRequest {
        winner_id: winner.to_owned(),
        loser_id: loser.to_owned(),
        ..MergeCustomersRequest::default()
    };
    let merged = office.client().merge_customers(of("demo", Role::Admin, request)).await;
    merged.map(Response::into_inner)
}

async fn undo(office: &Office, loser: &str) -> Result<Customer, Status> {
    let request = UndoMergeRequest { customer_id: loser.to_owned() };
    let undone = office.client().undo_merge(of("demo", Role::Admin, request)).await;
    undone.map(|response| response.into_inner().customer.unwrap())
}

async fn get(office: &Office, id: &str) -> Customer {
    let request = GetCustomerRequest { customer_id: id.to_owned() };
    let found = office.client().get_customer(of("demo", Role::Admin, request)).await;
    found.map(Response::into_inner).unwrap().customer.unwrap()
}

async fn update(
    office: &Office,
    id: &str,
    values: Customer,
    path: &str,
) -> Result<Customer, Status> {
    let update_mask = Some(FieldMask { paths: vec![path.to_owned()] });
    let customer = Some(Customer { customer_id: id.to_owned(), ..values });
    let request = UpdateCustomerRequest { customer, update_mask };
    let changed = office.client().update_customer(of("demo", Role::Admin, request)).await;
    changed.map(|response| response.into_inner().customer.unwrap())
}
