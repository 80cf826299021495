//! Many customers at once: kept row by row, refused row by row, given back whole.

use std::sync::Arc;

use prost_types::value::Kind;
use prost_types::{FieldMask, Value};
use switchboard_api::callerid::v1::customer_transfer_service_client::CustomerTransferServiceClient;
use switchboard_api::callerid::v1::customer_transfer_service_server::{
    CustomerTransferService, CustomerTransferServiceServer,
};
use switchboard_api::callerid::v1::import_customers_request::Part;
use switchboard_api::callerid::v1::{
    CallerKind, Customer, ExportCustomersRequest, ExternalId, ImportBatch, ImportCustomersRequest,
    ImportCustomersResponse, ImportHeader, ImportRow, PartyKind,
};
use switchboard_caller_id::{TransferParts, transfer_service};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};

use crate::support::{Office, of, tenant, told, zhao};

const VISITS: &str = "profile.consumption.visits_a_year";
const FIELDS: [&str; 4] = ["display_name", "tier", "numbers", "alert"];

#[tokio::test]
async fn rows_are_kept_and_the_others_refused_with_field_and_remedy() {
    let office = Office::set_up().await;
    let good = zhao("zhao", "137 0000 0001");
    let rows = vec![
        (1, good.clone()),
        (2, Customer { customer_id: String::new(), ..good.clone() }),
        (3, Customer { customer_id: "x1".to_owned(), tier: "Z9".to_owned(), ..good.clone() }),
        (5, zhao("x2", "12")),
        (8, Customer { customer_id: "x3".to_owned(), display_name: " ".to_owned(), ..good }),
        (9, zhao("last", "+8613700000002")),
    ];

    let answers = import(&office, vec![header(&FIELDS, false), batch(rows)]).await.unwrap();

    let answer = &answers[0];
    assert_eq!((answers.len(), answer.answered_to_row), (1, 9));
    assert_eq!((answer.made, answer.changed, answer.unchanged), (2, 0, 0));
    let refusals: Vec<_> =
        answer.refusals.iter().map(|it| (it.row, &*it.field, &*it.reason)).collect();
    let expected = [
        (2, "customer_id", "MISSING_FIELD"),
        (3, "tier", "INVALID_FIELD"),
        (5, "numbers[0].number", "INVALID_FIELD"),
        (8, "display_name", "MISSING_FIELD"),
    ];
    assert_eq!(refusals, expected);
    assert_eq!(answer.refusals[1].expected, "A1, A2, A3, B1, B2, C1 or C2");
    let known = office.lookup("+8613700000001").await.unwrap();
    assert_eq!(known.kind(), CallerKind::Known, "a national number is one of the center's country");
    let trail = office.store.latest(&tenant("demo"), 5).await.unwrap();
    let line = trail.iter().find(|line| line.action == "customer.import").unwrap();
    assert_eq!(line.detail.as_deref(), Some("display_name, tier, numbers, alert"));
}

#[tokio::test]
async fn the_same_import_again_changes_nothing() {
    let office = Office::set_up().await;
    let rows = || {
        let row = |n: u64| (n, zhao(&format!("c-{n}"), &format!("+86137000001{n:02}")));
        vec![
            header(&FIELDS, false),
            batch((1..=40).map(row).collect()),
            batch((41..=60).map(row).collect()),
        ]
    };

    let first = import(&office, rows()).await.unwrap();
    let again = import(&office, rows()).await.unwrap();

    assert_eq!(first.iter().map(|answer| answer.made).sum::<u32>(), 60);
    assert_eq!(again.iter().map(|answer| answer.unchanged).collect::<Vec<_>>(), [40, 20]);
}

#[tokio::test]
async fn fields_that_are_not_named_stay_as_they_are() {
    let office = Office::set_up().await;
    office.create(zhao("zhao", "+8613700000001")).await.unwrap();
    let alert =
        Customer { customer_id: "zhao".to_owned(), alert: "VIP".to_owned(), ..Customer::default() };
    let stranger = Customer { customer_id: "nobody".to_owned(), ..alert.clone() };

    let parts = vec![header(&["alert"], false), batch(vec![(1, alert), (2, stranger)])];
    let answers = import(&office, parts).await.unwrap();

    assert_eq!((answers[0].changed, answers[0].refusals.len()), (1, 1));
    assert_eq!(answers[0].refusals[0].field, "display_name", "a new customer needs one");
    let exported = export(&office, Role::Admin).await.unwrap();
    let zhao = exported.iter().find(|it| it.customer_id == "zhao").unwrap();
    assert_eq!((zhao.alert.as_str(), zhao.display_name.as_str()), ("VIP", "Zhao Min"));
}

#[tokio::test]
async fn a_row_without_an_id_is_the_customer_another_system_names() {
    let office = Office::set_up().await;
    let row = |system: &str, id: &str, name: &str| Customer {
        customer_id: String::new(),
        display_name: name.to_owned(),
        external_ids: vec![ExternalId { system: system.to_owned(), id: id.to_owned() }],
        ..zhao("", "+8613700000001")
    };
    let fields = ["display_name", "tier", "external_ids"];
    let import = async |rows: Vec<(u64, Customer)>| {
        import(&office, vec![header(&fields, false), batch(rows)]).await.unwrap().remove(0)
    };

    let first = import(vec![(1, row("crm", "7", "Zhao")), (2, row("crm", "7", "Zhao Min"))]).await;
    let again = import(vec![(1, row("crm", "7", "Zhao Min")), (2, row("shop", "7", "Wu"))]).await;
    let thief = Customer { customer_id: "thief".to_owned(), ..row("crm", "7", "Thief") };
    let nobody = Customer { external_ids: vec![], ..row("crm", "7", "Nobody") };
    let refused = import(vec![(1, thief), (2, nobody)]).await;

    assert_eq!((first.made, first.changed), (1, 1));
    assert_eq!((again.made, again.unchanged), (1, 1));
    let reasons: Vec<_> = refused.refusals.iter().map(|it| (&*it.field, &*it.reason)).collect();
    let expected =
        [("external_ids", "EXTERNAL_ID_ALREADY_EXISTS"), ("customer_id", "MISSING_FIELD")];
    assert_eq!(reasons, expected);
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_keeps_nothing() {
    let office = Office::set_up().await;
    let rows = || batch(vec![(1, zhao("zhao", "+8613700000001")), (2, zhao("x", "1"))]);

    let tried = import(&office, vec![header(&FIELDS, true), rows()]).await.unwrap();

    assert_eq!((tried[0].made, tried[0].refusals.len()), (1, 1));
    assert!(office.store.latest(&tenant("demo"), 5).await.unwrap().is_empty());
    assert_eq!(office.lookup("+8613700000001").await.unwrap().kind(), CallerKind::Unknown);
    let kept = import(&office, vec![header(&FIELDS, false), rows()]).await.unwrap();
    assert_eq!(kept, tried);
}

#[tokio::test]
async fn what_was_exported_is_there_already_when_it_is_imported() {
    let office = Office::set_up().await;
    let all = [
        "display_name",
        "kind",
        "party_type",
        "tier",
        "language",
        "owner_agent_id",
        "alert",
        "numbers",
    ];
    let exported = export(&office, Role::Admin).await.unwrap();
    let rows = (1..).zip(exported.clone()).collect();

    let answers = import(&office, vec![header(&all, false), batch(rows)]).await.unwrap();

    assert_eq!((exported.len(), answers[0].unchanged, answers[0].refusals.len()), (12, 12, 0));
    assert!(exported.iter().all(|it| it.numbers.iter().all(|it| !it.number.contains('*'))));
    let trail = office.store.latest(&tenant("demo"), 5).await.unwrap();
    assert!(trail.iter().any(|line| line.action == "customer.export"));
}

#[tokio::test]
async fn fields_of_profiles_are_set_checked_and_given_back() {
    let office = Office::set_up().await;
    let fields = ["display_name", "kind", "tier", "profile.basics.title", VISITS];
    let of = |id: &str, values: &[(&str, Value)]| {
        let values = values.iter().map(|(path, value)| ((*path).to_owned(), value.clone()));
        Customer { profile: values.collect(), ..zhao(id, "+8613700000001") }
    };
    let (title, visits) = ("basics.title", "consumption.visits_a_year");
    let company = Customer { kind: PartyKind::Company.into(), ..of("firm", &[]) };
    let misfit = Customer { kind: PartyKind::Company.into(), ..of("shop", &[(title, text("ms"))]) };
    let rows = vec![
        (1, of("zhao", &[(title, text("ms")), (visits, number(3.0))])),
        (2, of("qian", &[(title, text("queen"))])),
        (3, of("sun", &[(visits, number(1_000.0))])),
        // A column is for everybody; a company has no title, and its cell is empty.
        (4, company),
        (5, misfit),
    ];

    let parts = |all| vec![header(&fields, false), batch(all)];
    let answer = import(&office, parts(rows)).await.unwrap().remove(0);
    let exported = export(&office, Role::Admin).await.unwrap();
    let again = import(&office, parts((1..).zip(exported.clone()).collect())).await.unwrap();
    let emptied = import(&office, parts(vec![(1, of("zhao", &[(title, text("ms"))]))])).await;

    let refusals: Vec<_> = answer.refusals.iter().map(|it| (it.row, &*it.field)).collect();
    assert_eq!((answer.made, &*refusals), (2, &[(2, fields[3]), (3, VISITS), (5, fields[3])][..]));
    assert_eq!(answer.refusals[0].expected, "one of `mr`, `ms`, `dr`, `prof`");
    let whole = exported.iter().find(|it| it.customer_id == "zhao").unwrap();
    let kept = [(title.to_owned(), text("ms")), (visits.to_owned(), number(3.0))];
    assert_eq!(whole.profile, kept.into());
    assert_eq!((again[0].unchanged, again[0].refusals.len()), (14, 0), "{again:?}");
    assert_eq!(emptied.unwrap()[0].changed, 1);
    let after = export(&office, Role::Admin).await.unwrap();
    let left = after.iter().find(|it| it.customer_id == "zhao").unwrap();
    assert_eq!(left.profile.keys().collect::<Vec<_>>(), [title]);
    let trail = office.store.latest(&tenant("demo"), 9).await.unwrap();
    let exports = trail.iter().find(|line| line.action == "customer.export").unwrap();
    assert!(exports.detail.as_deref().unwrap().contains("basics.birthday"), "{exports:?}");
}

#[tokio::test]
async fn a_field_that_is_off_unknown_or_not_the_roles_is_refused_before_any_row() {
    let office = Office::set_up().await;
    // Sections about the family are off in the demo center, and identity documents an admin's.
    let fields =
        ["profile.family.marital_status", "profile.basics.shoe_size", "profile.basics.id_document"];

    for field in fields {
        let rows = vec![(1, zhao("zhao", "+8613700000001"))];
        let parts = vec![header(&["display_name", "tier", field], false), batch(rows)];
        let refused = import(&office, parts).await.unwrap_err();

        let (code, _, named) = told(&refused);
        assert_eq!((code, &*named), (Code::InvalidArgument, "header.update_mask.paths"), "{field}");
    }
}

#[tokio::test]
async fn an_import_out_of_turn_is_refused() {
    let office = Office::set_up().await;
    let row = || (1, zhao("zhao", "+8613700000001"));
    let none = ImportCustomersRequest { part: None };
    let cases = [
        (vec![batch(vec![row()])], "part"),
        (vec![header(&FIELDS, false), header(&FIELDS, false)], "part"),
        (vec![none], "part"),
        (vec![header(&[], false)], "header.update_mask"),
        (vec![header(&["etag"], false)], "header.update_mask.paths"),
        (vec![header(&FIELDS, false), batch(vec![])], "batch.rows"),
        (vec![header(&FIELDS, false), batch(vec![row(); 501])], "batch.rows"),
    ];

    for (parts, field) in cases {
        let refused = import(&office, parts).await.unwrap_err();

        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    assert_eq!(import(&office, vec![header(&FIELDS, false)]).await.unwrap(), []);
}

fn header(fields: &[&str], validate_only: bool) -> ImportCustomersRequest {
    let paths = fields.iter().map(|field| (*field).to_owned()).collect();
    let header = ImportHeader { update_mask: Some(FieldMask { paths }), validate_only };
    ImportCustomersRequest { part: Some(Part::Header(header)) }
}

fn batch(rows: Vec<(u64, Customer)>) -> ImportCustomersRequest {
    let rows = rows.into_iter().map(|(row, it)| ImportRow { row, customer: Some(it) }).collect();
    ImportCustomersRequest { part: Some(Part::Batch(ImportBatch { rows })) }
}

fn client(
    office: &Office,
) -> CustomerTransferServiceClient<
    CustomerTransferServiceServer<impl CustomerTransferService + use<>>,
> {
    let parts =
        TransferParts { callers: office.parts.clone(), transfers: Arc::new(office.store.clone()) };
    CustomerTransferServiceClient::new(transfer_service(parts))
}

async fn import(
    office: &Office,
    parts: Vec<ImportCustomersRequest>,
) -> Result<Vec<ImportCustomersResponse>, Status> {
    let request = of("demo", Role::Supervisor, tokio_stream::iter(parts));
    let mut answers = client(office).import_customers(request).await?.into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.push(answer);
    }
    Ok(all)
}

fn text(text: &str) -> Value {
    Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

fn number(number: f64) -> Value {
    Value { kind: Some(Kind::NumberValue(number)) }
}

async fn export(office: &Office, role: Role) -> Result<Vec<Customer>, Status> {
    let request = of("demo", role, ExportCustomersRequest {});
    let mut pages = client(office).export_customers(request).await?.into_inner();
    let mut all = Vec::new();
    while let Some(page) = pages.message().await? {
        all.extend(page.customers);
    }
    Ok(all)
}
