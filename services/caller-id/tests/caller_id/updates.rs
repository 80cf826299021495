//! Changing customers: what is named changes, once, and everybody can see who did it.

use prost_types::FieldMask;
use switchboard_api::callerid::v1::{
    CallerKind, Customer, CustomerEvent, CustomerNumber, ExternalId, GetCustomerRequest,
    ListCustomerEventsRequest, ListCustomersRequest, NumberState, PartyKind, PartyType,
    UpdateCustomerRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Response, Status};

use crate::support::{Office, of, tenant, told, zhao};

const BEFORE: &str = "+8613700000001";
const AFTER: &str = "+8613700000002";

#[tokio::test]
async fn only_the_named_fields_change() {
    let office = Office::set_up().await;
    let made = office.create(zhao("zhao", BEFORE)).await.unwrap();
    let values = Customer {
        tier: "A1".to_owned(),
        alert: "deaf in one ear".to_owned(),
        kind: PartyKind::Company.into(),
        party_type: PartyType::Partner.into(),
        ..nobody()
    };

    let changed = update(&office, values, &["tier", "alert", "kind", "party_type"]).await.unwrap();

    let expected = Customer {
        tier: "A1".to_owned(),
        alert: "deaf in one ear".to_owned(),
        kind: PartyKind::Company.into(),
        party_type: PartyType::Partner.into(),
        etag: "2".to_owned(),
        ..made
    };
    assert_eq!(changed, expected);
    assert_eq!(get(&office).await, expected);
}

#[tokio::test]
async fn a_caller_is_known_by_the_new_number_and_no_more_by_the_old() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    assert_eq!(office.lookup(BEFORE).await.unwrap().kind(), CallerKind::Known);
    assert_eq!(office.lookup(AFTER).await.unwrap().kind(), CallerKind::Unknown);
    let number = CustomerNumber {
        number: AFTER.to_owned(),
        label: "office".to_owned(),
        state: NumberState::Active.into(),
        retire_time: None,
    };
    let values = Customer { numbers: vec![number.clone()], ..nobody() };

    let changed = update(&office, values, &["numbers"]).await.unwrap();

    assert_eq!(changed.numbers, [number]);
    assert_eq!(office.lookup(AFTER).await.unwrap().kind(), CallerKind::Known);
    assert_eq!(office.lookup(BEFORE).await.unwrap().kind(), CallerKind::Unknown);
}

#[tokio::test]
async fn a_retired_number_stays_on_the_record_and_leads_to_nobody() {
    let office = Office::set_up().await;
    let mut zhao = office.create(zhao("zhao", BEFORE)).await.unwrap();
    zhao.numbers[0].set_state(NumberState::Retired);
    zhao.etag.clear();

    let retired = update(&office, zhao.clone(), &["numbers"]).await.unwrap();
    let unknown = office.lookup(BEFORE).await.unwrap();
    let again = update(&office, zhao.clone(), &["numbers"]).await.unwrap();
    zhao.numbers[0].set_state(NumberState::Active);
    update(&office, zhao, &["numbers"]).await.unwrap();

    assert_eq!(retired.numbers[0].state(), NumberState::Retired);
    assert!(retired.numbers[0].retire_time.is_some());
    assert_eq!(unknown.kind(), CallerKind::Unknown);
    assert_eq!(again, retired);
    assert_eq!(office.lookup(BEFORE).await.unwrap().kind(), CallerKind::Known);
}

#[tokio::test]
async fn an_external_id_of_another_customer_is_refused_by_name_and_leaves_no_trace() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    let wu = Customer { external_ids: vec![crm("4711")], ..zhao("wu", AFTER) };
    office.create(wu.clone()).await.unwrap();
    let both = Customer { external_ids: vec![crm("1"), crm("4711")], ..nobody() };
    let own = Customer { external_ids: vec![crm("1"), crm("2")], ..nobody() };

    let created = office.create(Customer { customer_id: "li".to_owned(), ..wu }).await.unwrap_err();
    let updated = update(&office, both, &["external_ids"]).await.unwrap_err();
    let kept = update(&office, own.clone(), &["external_ids"]).await.unwrap();

    for (refused, index) in [(created, 0), (updated, 1)] {
        let field = format!("customer.external_ids[{index}]");
        let reason = "EXTERNAL_ID_ALREADY_EXISTS".to_owned();
        assert_eq!(told(&refused), (Code::AlreadyExists, reason, field));
    }
    assert_eq!(kept.external_ids, own.external_ids);
    assert_eq!(get(&office).await, kept);
    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();
    assert_eq!(trail.iter().filter(|line| line.object == "customer/li").count(), 0);
}

#[tokio::test]
async fn a_record_that_changed_since_it_was_read_stays_as_it_is() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    let read = get(&office).await;
    update(&office, Customer { tier: "A1".to_owned(), ..read.clone() }, &["tier"]).await.unwrap();

    let late = Customer { tier: "C2".to_owned(), ..read };
    let refused = update(&office, late, &["tier"]).await.unwrap_err();

    assert_eq!((refused.code(), told(&refused).1.as_str()), (Code::Aborted, "ETAG_STALE"));
    assert_eq!(get(&office).await.tier, "A1");
}

#[tokio::test]
async fn of_two_who_change_at_once_one_is_told_to_read_again() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    let values = |tier: &str| Customer { tier: tier.to_owned(), ..nobody() };
    let of_version_1 = |tier| Customer { etag: "1".to_owned(), ..values(tier) };

    let (one, other) = tokio::join!(
        update(&office, of_version_1("A1"), &["tier"]),
        update(&office, of_version_1("A2"), &["tier"]),
    );

    let refusals: Vec<String> = [&one, &other]
        .into_iter()
        .filter_map(|it| it.as_ref().err())
        .map(|it| told(it).1)
        .collect();
    assert_eq!(refusals, ["ETAG_STALE"]);
    assert_eq!(events(&office).await.len(), 2);
}

#[tokio::test]
async fn the_life_of_a_record_names_who_changed_what() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    let values =
        Customer { tier: "A1".to_owned(), display_name: "Zhao Min".to_owned(), ..nobody() };

    update(&office, values.clone(), &["tier", "display_name"]).await.unwrap();
    let unchanged = update(&office, values, &["tier"]).await.unwrap();

    let life = events(&office).await;
    let life: Vec<_> =
        life.iter().map(|it| (it.version, it.fields.join(","), &*it.actor)).collect();
    assert_eq!(life, [(1, String::new(), "admin:wu"), (2, "tier".to_owned(), "admin:wu")]);
    assert_eq!(unchanged.etag, "2");
    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();
    let updates: Vec<_> = trail.iter().filter(|line| line.action == "customer.update").collect();
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0].detail.as_deref(), Some("tier to version 2"));
}

#[tokio::test]
async fn whoever_reads_customers_is_on_the_trail_and_lists_show_masked_numbers() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();

    let read = get(&office).await;
    let request = ListCustomersRequest { page_size: 1, page_token: String::new() };
    let listed = office.client().list_customers(of("demo", Role::Agent, request)).await;

    assert_eq!(read.numbers[0].number, BEFORE);
    let listed = listed.map(Response::into_inner).unwrap().customers;
    assert_eq!(listed.len(), 1);
    assert!(listed[0].numbers.iter().all(|it| it.number.contains("****")), "{listed:?}");
    let trail = office.store.latest(&tenant("demo"), 10).await.unwrap();
    let has = |action: &str, object: &str, detail: Option<&str>| {
        let fits = |line: &&switchboard_store::audit::AuditRecord| {
            (&*line.action, &*line.object, line.detail.as_deref()) == (action, object, detail)
        };
        trail.iter().filter(fits).count()
    };
    assert_eq!(has("customer.read", "customer/zhao", None), 1);
    assert_eq!(has("customer.list", "customers", Some("1 customers")), 1);
}

#[tokio::test]
async fn what_cannot_be_changed_is_named() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", BEFORE)).await.unwrap();
    let number =
        |number: &str| CustomerNumber { number: number.into(), ..CustomerNumber::default() };
    let cases = [
        (nobody(), vec![], "update_mask"),
        (nobody(), vec!["etag"], "update_mask.paths"),
        (nobody(), vec!["tier"; 10], "update_mask.paths"),
        (Customer { kind: 9, ..nobody() }, vec!["kind"], "customer.kind"),
        (Customer { party_type: 9, ..nobody() }, vec!["party_type"], "customer.party_type"),
        (nobody(), vec!["display_name"], "customer.display_name"),
        (nobody(), vec!["tier"], "customer.tier"),
        (
            Customer { language: "klingon".into(), ..nobody() },
            vec!["language"],
            "customer.language",
        ),
        (
            Customer { owner_agent_id: "?".into(), ..nobody() },
            vec!["owner_agent_id"],
            "customer.owner_agent_id",
        ),
        (Customer { alert: "x".repeat(501), ..nobody() }, vec!["alert"], "customer.alert"),
        (
            Customer { numbers: vec![number(AFTER); 2], ..nobody() },
            vec!["numbers"],
            "customer.numbers[1].number",
        ),
        (
            Customer { external_ids: vec![crm("")], ..nobody() },
            vec!["external_ids"],
            "customer.external_ids[0].id",
        ),
        (Customer { etag: "W/1".into(), ..nobody() }, vec!["alert"], "customer.etag"),
        (
            Customer { customer_id: String::new(), ..nobody() },
            vec!["alert"],
            "customer.customer_id",
        ),
    ];

    for (values, paths, field) in cases {
        let refused = update(&office, values, &paths).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let unknown = Customer { customer_id: "nobody".to_owned(), ..nobody() };
    let refused = update(&office, unknown, &["alert"]).await.unwrap_err();
    assert_eq!(told(&refused).1, "CUSTOMER_NOT_FOUND");
    assert_eq!(get(&office).await.etag, "1");
}

fn crm(id: &str) -> ExternalId {
    ExternalId { system: "crm".to_owned(), id: id.to_owned() }
}

/// A customer with an id and nothing else.
fn nobody() -> Customer {
    Customer { customer_id: "zhao".to_owned(), ..Customer::default() }
}

async fn update(office: &Office, values: Customer, paths: &[&str]) -> Result<Customer, Status> {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    let update_mask = Some(FieldMask { paths });
    let request = UpdateCustomerRequest { customer: Some(values), update_mask };
    let changed = office.client().update_customer(of("demo", Role::Admin, request)).await;
    changed.map(|response| response.into_inner().customer.unwrap())
}

async fn get(office: &Office) -> Customer {
    let request = GetCustomerRequest { customer_id: "zhao".to_owned() };
    let found = office.client().get_customer(of("demo", Role::Agent, request)).await;
    found.unwrap().into_inner().customer.unwrap()
}

async fn events(office: &Office) -> Vec<CustomerEvent> {
    let request = ListCustomerEventsRequest { customer_id: "zhao".to_owned() };
    let found = office.client().list_customer_events(of("demo", Role::Supervisor, request)).await;
    found.unwrap().into_inner().events
}
