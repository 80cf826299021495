//! Making customers and reading them back.

use switchboard_api::callerid::v1::{
    CallerKind, CreateCustomerRequest, Customer, CustomerNumber, GetCustomerRequest,
    ListCustomersRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Response};

use crate::support::{Office, of, tenant, told, zhao};

const FREE: &str = "+8613700000001";

#[tokio::test]
async fn a_customer_reads_back_as_made() {
    let office = Office::set_up().await;

    let made = office.create(zhao("zhao", FREE)).await.unwrap();
    let request = GetCustomerRequest { customer_id: "zhao".to_owned() };
    let read = office.client().get_customer(of("demo", Role::Agent, request)).await;

    assert_eq!((made.etag.as_str(), made.tier.as_str()), ("1", "B2"));
    assert_eq!(made.numbers[0].label, "mobile");
    assert_eq!(read.unwrap().into_inner().customer, Some(made));
}

#[tokio::test]
async fn a_new_customer_is_recognised_by_the_next_lookup() {
    let office = Office::set_up().await;
    assert_eq!(office.lookup(FREE).await.unwrap().kind(), CallerKind::Unknown);

    let made = office.create(zhao("", FREE)).await.unwrap();

    let answer = office.lookup(FREE).await.unwrap();
    assert_eq!(answer.kind(), CallerKind::Known);
    assert_eq!(answer.candidates[0].customer_id, made.customer_id);
}

#[tokio::test]
async fn a_taken_id_is_refused_and_leaves_no_trace() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", FREE)).await.unwrap();

    let refused = office.create(zhao("zhao", "+8613700000002")).await.unwrap_err();

    let expected = (Code::AlreadyExists, "CUSTOMER_ALREADY_EXISTS".to_owned(), String::new());
    assert_eq!(told(&refused), expected);
    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();
    assert_eq!(office.lookup("+8613700000002").await.unwrap().kind(), CallerKind::Unknown);
    assert_eq!(trail.len(), 1);
    assert_eq!((trail[0].actor.as_str(), trail[0].role.as_str()), ("wu", "admin"));
    assert_eq!(trail[0].action, "customer.create");
    assert_eq!(trail[0].object, "customer/zhao");
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let office = Office::set_up().await;
    let number =
        |number: &str| CustomerNumber { number: number.into(), ..CustomerNumber::default() };
    let base = || zhao("zhao", FREE);
    let cases = [
        ("customer.customer_id", Customer { customer_id: "a b".into(), ..base() }),
        ("customer.display_name", Customer { display_name: String::new(), ..base() }),
        ("customer.display_name", Customer { display_name: "x".repeat(201), ..base() }),
        ("customer.tier", Customer { tier: String::new(), ..base() }),
        ("customer.tier", Customer { tier: "Z9".into(), ..base() }),
        ("customer.language", Customer { language: "klingon".into(), ..base() }),
        ("customer.owner_agent_id", Customer { owner_agent_id: "?".into(), ..base() }),
        ("customer.alert", Customer { alert: "x".repeat(501), ..base() }),
        ("customer.numbers", Customer { numbers: vec![number(FREE); 21], ..base() }),
        ("customer.numbers[0].number", Customer { numbers: vec![number("138")], ..base() }),
        ("customer.numbers[1].number", Customer { numbers: vec![number(FREE); 2], ..base() }),
    ];

    for (field, customer) in cases {
        let refused = office.create(customer).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let nobody = of("demo", Role::Admin, CreateCustomerRequest { customer: None });
    let refused = office.client().create_customer(nobody).await.unwrap_err();
    assert_eq!(told(&refused).2, "customer");
}

#[tokio::test]
async fn unknown_and_foreign_customers_are_not_found_alike() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", FREE)).await.unwrap();

    for (name, id) in [("demo", "nobody"), ("other", "zhao")] {
        let request = GetCustomerRequest { customer_id: id.to_owned() };
        let refused = office.client().get_customer(of(name, Role::Admin, request)).await;

        let (code, reason, _) = told(&refused.unwrap_err());
        assert_eq!((code, reason.as_str()), (Code::NotFound, "CUSTOMER_NOT_FOUND"));
    }
}

#[tokio::test]
async fn pages_show_every_customer_once() {
    let office = Office::set_up().await;

    let mut ids = Vec::new();
    let mut request = ListCustomersRequest { page_size: 5, page_token: String::new() };
    loop {
        let listed = office.client().list_customers(of("demo", Role::Agent, request.clone())).await;
        let page = listed.map(Response::into_inner).unwrap();
        ids.extend(page.customers.into_iter().map(|customer| customer.customer_id));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }

    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), count), (12, 12));
}

#[tokio::test]
async fn a_page_that_was_never_promised_is_refused() {
    let office = Office::set_up().await;

    for (field, size, token) in [("page_token", 0, "x"), ("page_size", -1, "")] {
        let request = ListCustomersRequest { page_size: size, page_token: token.to_owned() };
        let refused = office.client().list_customers(of("demo", Role::Agent, request)).await;

        assert_eq!(told(&refused.unwrap_err()).2, field);
    }
}
