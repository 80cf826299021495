//! What a center keeps about its customers: checked when written, shown to those who may see it.

use std::collections::{BTreeMap, HashMap};

use prost_types::value::Kind;
use prost_types::{FieldMask, ListValue, Value};
use switchboard_api::callerid::v1::{
    Customer, GetCustomerRequest, GetProfileSchemaRequest, LookupCallerRequest, NumberVerification,
    UpdateCustomerRequest,
};
use switchboard_domain::caller::Role;
use switchboard_embedded::testing::eventually;
use switchboard_store::audit::Audit;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

use crate::support::{Office, calling_from, of, tenant, told, zhao};

const BIRTHDAY: &str = "basics.birthday";
const POINTS: &str = "consumption.points";
const VISITS: &str = "consumption.visits_a_year";

#[tokio::test]
async fn each_role_sees_its_fields_and_reading_sensitive_ones_is_on_the_trail() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let values = [(BIRTHDAY, text("1980-02-29")), (VISITS, number(12.0))];

    let kept = update(&office, Role::Supervisor, &values).await.unwrap();
    let for_agent = get(&office, Role::Agent).await;
    let for_admin = get(&office, Role::Admin).await;

    assert_eq!(kept.profile.len(), 2);
    assert_eq!(for_agent.profile, BTreeMap::from([(VISITS.to_owned(), number(12.0))]));
    assert_eq!(for_admin.profile, kept.profile);
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    let reads = trail.iter().filter(|line| line.action == "customer.read");
    let reads: BTreeMap<_, _> =
        reads.map(|line| (line.role.as_str(), line.detail.as_deref())).collect();
    assert_eq!(reads, BTreeMap::from([("admin", Some(BIRTHDAY)), ("agent", None)]));
}

#[tokio::test]
async fn a_lookup_tells_what_is_meant_for_the_ring_to_whom_it_is_for() {
    const NUMBER: &str = "+8613700000001";
    let office = Office::set_up().await;
    office.create(zhao("zhao", NUMBER)).await.unwrap();
    let points = async |role| {
        let verification = NumberVerification::Full.into();
        let request = LookupCallerRequest { verification, ..calling_from(NUMBER) };
        let answer = office.asked(of("demo", role, request)).await.unwrap();
        assert_eq!(answer.candidates[0].display_name, "Zhao Min", "{role}");
        answer.candidates[0].profile.clone()
    };
    assert_eq!(points(Role::Agent).await, BTreeMap::new());

    update(&office, Role::Admin, &[(POINTS, number(1200.0)), (VISITS, number(12.0))])
        .await
        .unwrap();

    let told = eventually(async || Some(points(Role::Agent).await).filter(|told| !told.is_empty()));
    assert_eq!(told.await, BTreeMap::from([(POINTS.to_owned(), number(1200.0))]));
    assert_eq!(points(Role::Gateway).await, BTreeMap::new());
}

#[tokio::test]
async fn a_new_record_comes_with_its_profile_and_a_field_without_a_value_is_emptied() {
    let office = Office::set_up().await;
    let profile: BTreeMap<_, _> =
        [(VISITS, number(3.0)), ("life.hobbies", texts(&["围棋", "tea"]))]
            .map(|(path, value)| (path.to_owned(), value))
            .into();
    let wanted = Customer { profile, ..zhao("zhao", "+8613700000001") };

    let made = office.create(wanted.clone()).await.unwrap();
    let emptied = update(&office, Role::Admin, &[(VISITS, Value::default())]).await.unwrap();

    assert_eq!(made.profile, wanted.profile);
    assert_eq!(emptied.profile.keys().collect::<Vec<_>>(), ["life.hobbies"]);
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_refused_with_what_would() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let cases = [
        (VISITS, number(1.5), "a whole number from 0 to 366", Some("1.5")),
        (VISITS, text("often"), "a whole number from 0 to 366", Some("often")),
        (BIRTHDAY, text("29.2.1980"), "a day such as `1980-02-29`", None),
        ("basics.title", text("sir"), "one of `mr`, `ms`, `dr`, `prof`", Some("sir")),
        ("life.hobbies", texts(&[]), "1 to 10 texts of 1 to 200 characters", Some("")),
        ("family.children", number(2.0), "one of basics.title, ", Some("family.children")),
        ("basics", text("x"), "a section and a field, such as `family.children`", Some("basics")),
    ];

    for (path, value, expected, said) in cases {
        let refused = update(&office, Role::Supervisor, &[(path, value)]).await.unwrap_err();

        let (code, _, field) = told(&refused);
        assert_eq!((code, field), (Code::InvalidArgument, format!("customer.profile.{path}")));
        let metadata = metadata(&refused);
        assert!(metadata["expected"].starts_with(expected), "{metadata:?}");
        assert_eq!(metadata.get("value").map(String::as_str), said);
    }
    let document = [("basics.id_document", text("E12345678"))];
    let refused = update(&office, Role::Supervisor, &document).await.unwrap_err();
    let expected = (Code::PermissionDenied, "FIELD_NOT_ALLOWED".to_owned());
    let (code, reason, field) = told(&refused);
    assert_eq!(((code, reason), field.as_str()), (expected, "customer.profile.basics.id_document"));
    let whole = update(&office, Role::Supervisor, &[("", Value::default())]).await.unwrap_err();
    assert_eq!(told(&whole).0, Code::InvalidArgument);
}

#[tokio::test]
async fn desktops_learn_which_fields_there_are() {
    let office = Office::set_up().await;
    let fields = async |role| {
        let request = of("demo", role, GetProfileSchemaRequest {});
        let found = office.client().get_profile_schema(request).await;
        let sections = found.unwrap().into_inner().sections;
        let fields = sections.into_iter().flat_map(|section| section.fields);
        fields.map(|field| (field.path.clone(), field)).collect::<BTreeMap<_, _>>()
    };

    let (agent, supervisor) = (fields(Role::Agent).await, fields(Role::Supervisor).await);

    assert!(!agent[VISITS].writable && supervisor[VISITS].writable);
    assert_eq!((agent[VISITS].min, agent[VISITS].max), (Some(0.0), Some(366.0)));
    assert_eq!(agent[VISITS].display_names["en"], "Visits a year");
    assert!(!agent.contains_key(BIRTHDAY) && supervisor[BIRTHDAY].sensitive);
    assert!(!supervisor.contains_key("basics.id_document"));
    assert!(!supervisor.contains_key("family.children"));
}

#[tokio::test]
async fn whoever_is_in_a_top_tier_has_an_owner() {
    let office = Office::with_profile("owner_required_tiers: [A1]").await;
    let alone = Customer { tier: "A1".to_owned(), ..zhao("li", "+8613700000002") };
    let owned = Customer { owner_agent_id: "li-wei".to_owned(), ..alone.clone() };

    let created = office.create(alone).await.unwrap_err();
    office.create(owned).await.unwrap();
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let raised = change(&office, Customer { tier: "A1".into(), ..nobody("zhao") }, "tier").await;
    let bereft = change(&office, nobody("li"), "owner_agent_id").await;
    let renamed = change(&office, Customer { alert: "deaf".into(), ..nobody("li") }, "alert").await;

    renamed.unwrap();
    for refused in [created, raised.unwrap_err(), bereft.unwrap_err()] {
        let field = "customer.owner_agent_id".to_owned();
        let expected = (Code::FailedPrecondition, "OWNER_REQUIRED".to_owned(), field);
        assert_eq!(told(&refused), expected);
        assert_eq!(metadata(&refused)["tier"], "A1");
    }
}

fn nobody(id: &str) -> Customer {
    Customer { customer_id: id.to_owned(), ..Customer::default() }
}

async fn update(office: &Office, role: Role, values: &[(&str, Value)]) -> Result<Customer, Status> {
    let profile = values.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
    let paths = values.iter().map(|(path, _)| format!("profile.{path}")).collect();
    let customer = Some(Customer { profile, ..nobody("zhao") });
    let request = UpdateCustomerRequest { customer, update_mask: Some(FieldMask { paths }) };
    let changed = office.client().update_customer(of("demo", role, request)).await;
    changed.map(|response| response.into_inner().customer.unwrap())
}

async fn change(office: &Office, values: Customer, path: &str) -> Result<Customer, Status> {
    let update_mask = Some(FieldMask { paths: vec![path.to_owned()] });
    let request = UpdateCustomerRequest { customer: Some(values), update_mask };
    let changed = office.client().update_customer(of("demo", Role::Admin, request)).await;
    changed.map(|response| response.into_inner().customer.unwrap())
}

async fn get(office: &Office, role: Role) -> Customer {
    let request = GetCustomerRequest { customer_id: "zhao".to_owned() };
    let found = office.client().get_customer(of("demo", role, request)).await;
    found.map(Response::into_inner).unwrap().customer.unwrap()
}

fn metadata(status: &Status) -> HashMap<String, String> {
    status.get_error_details().error_info().unwrap().metadata.clone()
}

fn text(text: &str) -> Value {
    Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

fn number(number: f64) -> Value {
    Value { kind: Some(Kind::NumberValue(number)) }
}

fn texts(texts: &[&str]) -> Value {
    let values = texts.iter().map(|it| text(it)).collect();
    Value { kind: Some(Kind::ListValue(ListValue { values })) }
}
