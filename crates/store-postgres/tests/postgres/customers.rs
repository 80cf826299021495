//! Customers and who may be calling.

use switchboard_domain::customer::profile::{FieldPath, ProfileValue};
use switchboard_domain::customer::{
    Change, Customer, CustomerNumber, Evidence, ExternalId, NumberMatch, PartyKind, PartyType, Tier,
};
use switchboard_domain::ids::{AgentId, CustomerId, TicketKindId};
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_domain::ticket::NewTicket;
use switchboard_store::callers::Callers;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant, told};

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn customer(name: &str, age: i64, numbers: &[&str]) -> Customer {
    let mobile = |text: &&str| CustomerNumber::new(number(text), "mobile");
    let id = CustomerId::parse(name).unwrap();
    Customer {
        kind: PartyKind::Company,
        party_type: PartyType::Partner,
        language: Some("zh-CN".to_owned()),
        owner: AgentId::parse("wang").ok(),
        alert: Some("hard of hearing".to_owned()),
        numbers: numbers.iter().map(mobile).collect(),
        ..Customer::new(id, name, Tier::A2, second(age))
    }
}

fn crm(id: &str) -> ExternalId {
    ExternalId::new("crm", id).unwrap()
}

async fn keep(store: &PostgresStore, customer: &Customer) {
    Customers::create(store, &tenant("demo"), customer, "admin").await.unwrap();
}

/// Gives who may be calling from a number.
async fn holders(store: &PostgresStore, name: &str, calling: &str) -> Vec<Evidence> {
    let home = Country::parse("CN").unwrap();
    let address = PhoneAddress::parse(calling, home).unwrap();
    store.lookup(&tenant(name), &address).await.unwrap().evidence
}

#[tokio::test]
async fn a_customer_reads_back_as_it_was_kept() {
    let store = database().await.store;
    let li = customer("li", 1, &["+8613800000001", "+862160000001"]);

    keep(&store, &li).await;

    assert_eq!(Customers::get(&store, &tenant("demo"), &li.id).await.unwrap(), li);
}

#[tokio::test]
async fn a_taken_id_is_a_conflict_and_leaves_the_first_alone() {
    let store = database().await.store;
    let li = customer("li", 1, &["+8613800000001"]);
    keep(&store, &li).await;

    let refused = Customers::create(
        &store,
        &tenant("demo"),
        &customer("li", 2, &["+8613800000002"]),
        "admin",
    )
    .await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert_eq!(Customers::get(&store, &tenant("demo"), &li.id).await.unwrap(), li);
    assert_eq!(holders(&store, "demo", "+8613800000002").await, []);
}

#[tokio::test]
async fn an_external_id_leads_to_its_customer_and_belongs_to_nobody_else() {
    let store = database().await.store;
    let demo = tenant("demo");
    let named = |name: &str, ids: &[&str]| Customer {
        external_ids: ids.iter().map(|id| crm(id)).collect(),
        ..customer(name, 1, &[])
    };
    let li = named("li", &["4711", "0815"]);
    keep(&store, &li).await;
    keep(&store, &named("wu", &["1"])).await;

    let same = Customers::create(&store, &demo, &named("zhao", &["2", "0815"]), "admin").await;
    let wu = named("wu", &["1"]).change(vec![Change::ExternalIds(vec![crm("4711")])]).unwrap();
    let late = Customers::save(&store, &demo, &wu, "admin", second(2)).await;
    let elsewhere = Customers::create(&store, &tenant("other"), &li, "admin").await;

    for (refused, name) in [(same, "crm/0815"), (late, "crm/4711")] {
        let Err(StoreError::Taken { kind, name: taken }) = refused else { panic!("{refused:?}") };
        assert_eq!((kind, taken.as_str()), ("external id", name));
    }
    elsewhere.unwrap();
    assert_eq!(store.find_by_external_id(&demo, &crm("4711")).await.unwrap(), Some(li));
    assert_eq!(store.find_by_external_id(&demo, &crm("2")).await.unwrap(), None);
}

#[tokio::test]
async fn a_profile_reads_back_as_it_was_kept_and_is_changed_field_by_field() {
    let store = database().await.store;
    let field = |path: &str| path.parse::<FieldPath>().unwrap();
    let number = ProfileValue::number(2.5).unwrap();
    let hobbies = ProfileValue::Texts(vec!["围棋".to_owned(), "tea".to_owned()]);
    let li = Customer {
        profile: [
            (field("a.text"), ProfileValue::Text("x".to_owned())),
            (field("a.number"), number),
            (field("a.flag"), ProfileValue::Boolean(false)),
            (field("b.texts"), hobbies),
        ]
        .into(),
        ..customer("li", 1, &["+8613800000001"])
    };
    keep(&store, &li).await;
    assert_eq!(Customers::get(&store, &tenant("demo"), &li.id).await.unwrap(), li);
    let flag = Some(ProfileValue::Boolean(true));
    let values =
        vec![Change::Profile(field("a.flag"), flag), Change::Profile(field("a.text"), None)];
    let changed = li.change(values).unwrap();

    Customers::save(&store, &tenant("demo"), &changed, "admin", second(2)).await.unwrap();

    let found = holders(&store, "demo", "+8613800000001").await;
    assert_eq!(found[0].customer, changed.customer);
    let life = Customers::events(&store, &tenant("demo"), &li.id).await.unwrap();
    assert_eq!(life[1].fields, ["profile.a.flag", "profile.a.text"]);
}

#[tokio::test]
async fn an_external_id_that_a_customer_gives_up_is_free() {
    let store = database().await.store;
    let li = Customer { external_ids: vec![crm("1"), crm("2")], ..customer("li", 1, &[]) };
    keep(&store, &li).await;
    let changed = li.change(vec![Change::ExternalIds(vec![crm("3"), crm("2")])]).unwrap();

    Customers::save(&store, &tenant("demo"), &changed, "admin", second(2)).await.unwrap();
    keep(&store, &Customer { external_ids: vec![crm("1")], ..customer("wu", 1, &[]) }).await;

    let page = PageRequest::parse(9, "").unwrap();
    let listed = Customers::list(&store, &tenant("demo"), &page).await.unwrap().records;
    let listed: Vec<_> = listed.into_iter().map(|customer| customer.external_ids).collect();
    assert_eq!(listed, [vec![crm("1")], vec![crm("3"), crm("2")]]);
}

#[tokio::test]
async fn pages_give_every_customer_once_newest_first() {
    let store = database().await.store;
    for age in 1..=5 {
        // Two of them share a second, so that the id has to break the tie.
        keep(&store, &customer(&format!("c-{age}"), age.min(4), &[])).await;
    }
    let mut names = Vec::new();
    let mut token = String::new();

    loop {
        let request = PageRequest::parse(2, &token).unwrap();
        let page = Customers::list(&store, &tenant("demo"), &request).await.unwrap();
        names.extend(page.records.iter().map(|customer| customer.name.clone()));
        token = page.next;
        if token.is_empty() {
            break;
        }
    }

    assert_eq!(names, ["c-5", "c-4", "c-3", "c-2", "c-1"]);
}

#[tokio::test]
async fn a_number_leads_to_its_holders_and_to_those_with_the_same_ending() {
    let store = database().await.store;
    keep(&store, &customer("li", 1, &["+8613800000001"])).await;
    keep(&store, &customer("wu", 1, &["+8613800000001", "+8613800000002"])).await;
    keep(&store, &customer("abroad", 1, &["+44800000001"])).await;
    keep(&store, &customer("stranger", 1, &["+8613800000009"])).await;

    let found = holders(&store, "demo", "+8613800000001").await;

    let found: Vec<_> = found.iter().map(|one| (one.customer.name.as_str(), one.number)).collect();
    assert_eq!(
        found,
        [("abroad", NumberMatch::Suffix), ("li", NumberMatch::Exact), ("wu", NumberMatch::Exact)]
    );
    assert_eq!(holders(&store, "other", "+8613800000001").await, []);
}

#[tokio::test]
async fn a_retired_number_leads_to_nobody_neither_whole_nor_by_its_ending() {
    let store = database().await.store;
    let mut li = customer("li", 1, &["+8613800000001", "+8613800000002"]);
    li.numbers[0].retired_at = Some(second(1));
    keep(&store, &li).await;
    let found = async |text: &str| holders(&store, "demo", text).await;

    assert_eq!(found("+8613800000001").await, []);
    assert_eq!(found("+44800000001").await, []);
    assert_eq!(found("+8613800000002").await[0].customer, li);
}

#[tokio::test]
async fn evidence_tells_the_last_agent_and_the_open_tickets() {
    let store = database().await.store;
    let li = customer("li", 1, &["+8613800000001"]);
    keep(&store, &li).await;
    let entries = vec![
        told(1, 1, "c-1", "contact_started", &[("customer", "li")]),
        told(1, 2, "c-1", "contact_connected", &[("agent", "zhang")]),
    ];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(3) };
    store.commit(&tenant("demo"), &batch).await.unwrap();
    let order = TicketOrder {
        id: "t-1".parse().unwrap(),
        request_id: "r-1".to_owned(),
        actor: "zhang".to_owned(),
        at: second(4),
        joins_since: None,
        ticket: NewTicket {
            customer: Some(li.id.clone()),
            ..NewTicket::about(TicketKindId::REQUEST, "refund")
        },
    };
    Tickets::create(&store, &tenant("demo"), &order).await.unwrap();

    let found = holders(&store, "demo", "+8613800000001").await;

    assert_eq!(found[0].last_agent, AgentId::parse("zhang").ok());
    assert_eq!(found[0].open_tickets, 1);
}

#[tokio::test]
async fn the_last_talk_is_that_of_the_number_or_of_the_customer_whichever_came_later() {
    let store = database().await.store;
    let caller = [("customer", "li"), ("calling_number", "+8613800000001")];
    let talking = ("state", "connected");
    let elsewhere = [("customer", "li"), ("calling_number", "+8613800000009")];
    let entries = vec![
        told(1, 1, "c-1", "contact_started", &caller),
        told(1, 2, "c-1", "contact_connected", &[("agent", "zhang"), talking]),
        told(1, 3, "c-1", "contact_ended", &[("agent", "zhang"), ("state", "ended")]),
        told(1, 4, "c-2", "contact_started", &elsewhere),
        told(1, 5, "c-2", "contact_connected", &[("agent", "wang"), talking]),
        told(1, 6, "c-3", "contact_started", &caller),
    ];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(9) };
    store.commit(&tenant("demo"), &batch).await.unwrap();
    let li: CustomerId = "li".parse().unwrap();
    let last = async |of: &str, from: &str, customer| {
        let talk = store.last_talk(&tenant(of), &number(from), customer).await.unwrap();
        talk.map(|talk| talk.agent.to_string())
    };

    let by_number = last("demo", "+8613800000001", None).await;
    let by_customer = last("demo", "+8613800000001", Some(&li)).await;
    let of_nobody = last("demo", "+8613800000007", None).await;
    let of_others = last("other", "+8613800000001", Some(&li)).await;

    assert_eq!(by_number.as_deref(), Some("zhang"));
    assert_eq!(by_customer.as_deref(), Some("wang"));
    assert_eq!((of_nobody, of_others), (None, None));
}

#[tokio::test]
async fn a_change_is_kept_with_its_line_only_from_the_version_it_was_made_of() {
    let store = database().await.store;
    let demo = tenant("demo");
    let li = customer("li", 1, &["+8613800000001"]);
    keep(&store, &li).await;
    let numbers = customer("li", 1, &["+8613800000002", "+8613800000001"]).numbers;
    let values = vec![
        Change::Kind(PartyKind::Person),
        Change::Tier(Tier::A1),
        Change::Alert(None),
        Change::Numbers(numbers),
    ];
    let changed = li.change(values).unwrap();

    Customers::save(&store, &demo, &changed, "admin:wu", second(5)).await.unwrap();
    let again = Customers::save(&store, &demo, &changed, "admin:wu", second(6)).await;

    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(Customers::get(&store, &demo, &li.id).await.unwrap(), changed.customer);
    let found = holders(&store, "demo", "+8613800000002").await;
    assert_eq!(found[0].customer, changed.customer);
    let life = Customers::events(&store, &demo, &li.id).await.unwrap();
    let life: Vec<_> = life.iter().map(|it| (it.version, it.fields.join(" "), it.at)).collect();
    assert_eq!(
        life,
        [(1, String::new(), second(1)), (2, "kind tier alert numbers".to_owned(), second(5))]
    );
    assert_eq!(Customers::events(&store, &tenant("other"), &li.id).await.unwrap(), []);
}
