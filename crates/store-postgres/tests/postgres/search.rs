//! Finding customers, in order, page by page, from an index.

use std::time::Duration;

use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::search::{NameQuery, NumberEnding};
use switchboard_domain::customer::{Change, Customer, CustomerNumber, ExternalId, Finding, Tier};
use switchboard_domain::ids::{AgentId, CustomerId};
use switchboard_domain::phone::E164;
use switchboard_store::customer_search::{CustomerFinder, CustomerSearch, SearchBy, Wanted};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

#[tokio::test]
async fn names_are_found_by_words_pinyin_and_initials_the_nearest_first() {
    let store = database().await.store;
    for (id, name) in
        [("1", "周海涛"), ("2", "周海"), ("3", "Grace Zhou"), ("4", "Zhou, Hai"), ("5", "李四")]
    {
        keep(&store, &customer(id, name)).await;
    }

    assert_eq!(found(&store, by_name("周海")).await, ["2", "1"]);
    assert_eq!(found(&store, by_name("海涛")).await, ["1"]);
    assert_eq!(found(&store, by_name("zht")).await, ["1"]);
    assert_eq!(found(&store, by_name("hai zhou")).await, ["2", "4", "1"]);
    assert_eq!(found(&store, by_name("ZHOU")).await, ["3", "2", "4", "1"]);
    assert_eq!(found(&store, by_name("grace hai")).await, [""; 0]);
    let elsewhere = store.search(&tenant("other"), &by_name("zhou"), 9, None).await.unwrap();
    assert_eq!(elsewhere.records, []);
}

#[tokio::test]
async fn a_new_name_is_found_and_the_old_one_is_not() {
    let store = database().await.store;
    let li = customer("li", "Li Wei");
    keep(&store, &li).await;
    let changed = li.change(vec![Change::Name("Wang Wei".to_owned())]).unwrap();

    Customers::save(&store, &tenant("demo"), &changed, "admin", second(2)).await.unwrap();

    assert_eq!(found(&store, by_name("li wei")).await, [""; 0]);
    assert_eq!(found(&store, by_name("wang")).await, ["li"]);
}

#[tokio::test]
async fn every_match_comes_once_however_the_pages_are_cut() {
    let store = database().await.store;
    for number in 0..7 {
        // Each has two words that fit, and half of them are of the tier.
        let tier = if number % 2 == 0 { Tier::A1 } else { Tier::B1 };
        let name = format!("Ann Anna{number}");
        keep(&store, &Customer { tier, ..customer(&format!("c-{number}"), &name) }).await;
    }
    let of_tier = CustomerSearch { tier: Some(Tier::A1), ..by_name("an") };
    let listed = CustomerSearch { tier: Some(Tier::A1), ..nothing() };
    let digits = CustomerSearch { by: SearchBy::Number(ending("0001")), ..nothing() };

    for (search, expected) in [(by_name("an"), 7), (of_tier, 4), (listed, 4), (digits, 7)] {
        for size in [1, 2, 3, 200] {
            let mut ids = Vec::new();
            let mut after = None;
            loop {
                let demo = tenant("demo");
                let page = store.search(&demo, &search, size, after.as_deref()).await.unwrap();
                ids.extend(page.records.into_iter().map(|customer| customer.id.to_string()));
                if page.next.is_empty() {
                    break;
                }
                after = Some(page.next);
            }
            let count = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!((ids.len(), count), (expected, expected), "{search:?} by {size}");
        }
    }
}

#[tokio::test]
async fn a_number_is_found_by_as_many_last_digits_as_are_known() {
    let store = database().await.store;
    for (id, number) in [("li", "+8613800120001"), ("wu", "+8613800990001"), ("he", "+44790002")] {
        keep(&store, &Customer { numbers: vec![mobile(number)], ..customer(id, id) }).await;
    }
    let by = |digits| CustomerSearch { by: SearchBy::Number(ending(digits)), ..nothing() };

    assert_eq!(found(&store, by("0001")).await, ["li", "wu"]);
    assert_eq!(found(&store, by("12 0001")).await, ["li"]);
    assert_eq!(found(&store, by("+86 138 0099 0001")).await, ["wu"]);
    assert_eq!(found(&store, by("0003")).await, [""; 0]);
}

#[tokio::test]
async fn external_id_owner_tier_and_findings_find_too() {
    let store = database().await.store;
    let crm = ExternalId::new("crm", "4711").unwrap();
    let li = Customer {
        owner: AgentId::parse("wang").ok(),
        external_ids: vec![crm.clone()],
        language: Some("en".to_owned()),
        ..customer("li", "Li")
    };
    keep(&store, &li).await;
    keep(&store, &Customer { tier: Tier::C1, numbers: vec![], ..customer("wu", "Wu") }).await;
    let of = |owner: Option<&str>, tier, finding| {
        let owner = owner.map(|id| AgentId::parse(id).unwrap());
        let rules = CustomerRules {
            owner_required: [Tier::C1].into(),
            review_after: Some(Duration::from_hours(1)),
        };
        let wanted = |it| Wanted { finding: it, rules, now: second(3_601) };
        CustomerSearch { owner, tier, finding: Option::map(finding, wanted), ..nothing() }
    };

    let by_external_id = CustomerSearch { by: SearchBy::ExternalId(crm), ..nothing() };
    assert_eq!(found(&store, by_external_id).await, ["li"]);
    assert_eq!(found(&store, of(Some("wang"), None, None)).await, ["li"]);
    assert_eq!(found(&store, of(Some("wang"), Some(Tier::C1), None)).await, [""; 0]);
    assert_eq!(found(&store, of(None, Some(Tier::C1), None)).await, ["wu"]);
    for finding in [Finding::LanguageMissing, Finding::OwnerMissing, Finding::NumberMissing] {
        assert_eq!(found(&store, of(None, None, Some(finding))).await, ["wu"], "{finding}");
    }
    assert_eq!(found(&store, of(None, None, Some(Finding::ReviewDue))).await, ["wu", "li"]);
    assert_eq!(found(&store, of(None, None, Some(Finding::NumberImpossible))).await, [""; 0]);
}

#[tokio::test]
async fn a_page_token_that_was_never_given_out_is_refused() {
    let store = database().await.store;
    let search = CustomerSearch { tier: Some(Tier::A1), ..nothing() };

    let refused = store.search(&tenant("demo"), &search, 9, Some("?")).await;

    assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn no_search_reads_the_whole_table() {
    let database = database().await;
    fill(&mut database.owner().await).await;
    let mut serving = database.serving().await;
    let set = "SELECT set_config('app.tenant', 'demo', false)";
    sqlx::query(set).execute(&mut serving).await.unwrap();

    let by_word = concat!("EXPLAIN ", include_str!("../../queries/customers_by_word.sql"));
    let by_word = sqlx::query(by_word)
        .bind("demo")
        .bind("name1234")
        .bind("name1234\u{10ffff}")
        .bind("")
        .bind("")
        .bind(vec!["other"])
        .bind(vec!["other\u{10ffff}"])
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(51_i64);
    let by_word = plan(&by_word.fetch_all(&mut serving).await.unwrap());
    let by_ending = concat!("EXPLAIN ", include_str!("../../queries/customers_by_ending.sql"));
    let by_ending = sqlx::query(by_ending).bind("demo").bind(&[7_u8][..]).bind("").bind(500_i64);
    let by_ending = plan(&by_ending.fetch_all(&mut serving).await.unwrap());
    let by_filter = concat!("EXPLAIN ", include_str!("../../queries/customers_by_filter.sql"));
    let by_owner = sqlx::query(by_filter)
        .bind("demo")
        .bind("wang")
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(None::<Vec<&str>>)
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(None::<&str>)
        .bind(51_i64);
    let by_owner = plan(&by_owner.fetch_all(&mut serving).await.unwrap());

    for plan in [&by_word, &by_ending, &by_owner] {
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
    // Beginnings of words are a range of the key, which row security leaves to the index.
    assert!(by_word.contains("word >= 'name1234'::text"), "{by_word}");
    assert!(by_ending.contains("customer_numbers_by_ending"), "{by_ending}");
}

fn plan(rows: &[PgRow]) -> String {
    rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
}

/// Makes 20 000 customers with two words each.
async fn fill(owner: &mut PgConnection) {
    for statement in [
        "INSERT INTO customers (tenant_id, id, name, tier, owner_agent_id, created_at)
         SELECT 'demo', 'c-' || n, 'name' || n, 'B1', 'agent-' || n % 500, now()
         FROM generate_series(1, 20000) AS n",
        "INSERT INTO customer_words (tenant_id, word, customer_id)
         SELECT 'demo', word || n, 'c-' || n
         FROM generate_series(1, 20000) AS n, unnest(ARRAY['name', 'other']) AS word",
        "INSERT INTO customer_numbers (
             tenant_id, customer_id, position, sealed, number_index, suffix_index, ending_index, label
         )
         SELECT 'demo', 'c-' || n, 1, '\\x00', int4send(n), int4send(n), int4send(n % 2000), ''
         FROM generate_series(1, 20000) AS n",
        "ANALYZE customers, customer_words, customer_numbers",
    ] {
        sqlx::query(statement).execute(&mut *owner).await.unwrap();
    }
}

fn nothing() -> CustomerSearch {
    CustomerSearch { by: SearchBy::Nothing, owner: None, tier: None, finding: None, segment: None }
}

fn by_name(text: &str) -> CustomerSearch {
    CustomerSearch { by: SearchBy::Name(NameQuery::parse(text).unwrap()), ..nothing() }
}

fn ending(digits: &str) -> NumberEnding {
    NumberEnding::parse(digits).unwrap()
}

async fn found(store: &PostgresStore, search: CustomerSearch) -> Vec<String> {
    let page = store.search(&tenant("demo"), &search, 50, None).await.unwrap();
    page.records.into_iter().map(|customer| customer.id.to_string()).collect()
}

fn customer(id: &str, name: &str) -> Customer {
    let id = CustomerId::parse(id).unwrap();
    Customer {
        numbers: vec![mobile("+8613800000001")],
        ..Customer::new(id, name, Tier::B1, second(1))
    }
}

fn mobile(text: &str) -> CustomerNumber {
    CustomerNumber::new(E164::parse(text).unwrap(), "mobile")
}

async fn keep(store: &PostgresStore, customer: &Customer) {
    Customers::create(store, &tenant("demo"), customer, "admin").await.unwrap();
}
