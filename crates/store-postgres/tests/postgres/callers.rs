//! What the records say of a number, and who hears that it has changed.

use sqlx::{AssertSqlSafe, Connection as _};
use switchboard_domain::customer::{Change, Customer, CustomerNumber, Tier};
use switchboard_domain::ids::{CustomerId, NumberRuleId, TicketKindId};
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_domain::ticket::NewTicket;
use switchboard_embedded::testing::eventually;
use switchboard_store::callers::{Background, Callers};
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::number_rules::NumberRules;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::store_at;

use crate::support::{Database, database, second, tenant, told};

const NUMBER: &str = "+8613800000001";

#[tokio::test]
async fn a_number_stands_on_a_list_until_it_is_taken_off() {
    let store = database().await.store;
    let rule = rule("r-1", NUMBER, RuleKind::Block);

    let kept = store.set(&tenant("demo"), &rule).await.unwrap();

    assert_eq!((&kept, rules(&store, "demo", NUMBER).await), (&rule, vec![rule.clone()]));
    assert_eq!(rules(&store, "demo", "+8613800000002").await, []);
    assert_eq!(rules(&store, "other", NUMBER).await, []);

    assert_eq!(store.delete(&tenant("demo"), &rule.id).await.unwrap(), rule);
    assert_eq!(rules(&store, "demo", NUMBER).await, []);
    let again = store.delete(&tenant("demo"), &rule.id).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_number_stands_on_each_list_once_under_its_first_id() {
    let store = database().await.store;
    let first = rule("r-1", NUMBER, RuleKind::Block);
    store.set(&tenant("demo"), &first).await.unwrap();
    store.set(&tenant("demo"), &rule("r-2", NUMBER, RuleKind::Allow)).await.unwrap();
    let stricter = NumberRule {
        reason: "threats".to_owned(),
        expires_at: Some(second(9)),
        ..rule("r-3", NUMBER, RuleKind::Block)
    };

    let kept = store.set(&tenant("demo"), &stricter).await.unwrap();

    assert_eq!(kept, NumberRule { id: first.id, ..stricter });
    let mut all = rules(&store, "demo", NUMBER).await;
    all.sort_by_key(|rule| rule.kind);
    assert_eq!(all, [rule("r-2", NUMBER, RuleKind::Allow), kept]);
}

#[tokio::test]
async fn short_codes_and_sip_addresses_stand_on_lists_too() {
    let store = database().await.store;
    for (id, number) in [("r-1", "10086"), ("r-2", "sip:wei@desk.example")] {
        store.set(&tenant("demo"), &rule(id, number, RuleKind::Test)).await.unwrap();

        let found = rules(&store, "demo", number).await;

        assert_eq!(found, [rule(id, number, RuleKind::Test)]);
    }
    assert_eq!(rules(&store, "demo", "anonymous").await, []);
}

#[tokio::test]
async fn a_number_stands_on_every_list_there_is() {
    let store = database().await.store;
    for kind in RuleKind::ALL {
        store.set(&tenant("demo"), &rule(kind.as_str(), NUMBER, *kind)).await.unwrap();
    }

    let kinds: Vec<_> = rules(&store, "demo", NUMBER).await.iter().map(|it| it.kind).collect();

    assert_eq!(kinds.len(), RuleKind::ALL.len());
}

#[tokio::test]
async fn pages_of_a_list_give_each_number_once_newest_first() {
    let store = database().await.store;
    for age in 1..=5 {
        let kind = if age == 3 { RuleKind::Test } else { RuleKind::Block };
        let made = rule(&format!("r-{age}"), &format!("+861380000000{age}"), kind);
        let made = NumberRule { made_at: second(age), ..made };
        store.set(&tenant("demo"), &made).await.unwrap();
    }
    let (mut ids, mut token) = (Vec::new(), String::new());

    loop {
        let request = PageRequest::parse(2, &token).unwrap();
        let page = store.rules(&tenant("demo"), Some(RuleKind::Block), &request).await.unwrap();
        ids.extend(page.records.iter().map(|rule| rule.id.to_string()));
        token = page.next;
        if token.is_empty() {
            break;
        }
    }

    assert_eq!(ids, ["r-5", "r-4", "r-2", "r-1"]);
    let all = store.rules(&tenant("demo"), None, &PageRequest::default()).await.unwrap();
    assert_eq!(all.records.len(), 5);
}

#[tokio::test]
async fn another_process_hears_at_once_of_every_change_of_callers() {
    let Database { url, store } = database().await;
    let other = store_at(&url).unwrap();
    let listener = other.clone();
    tokio::select! {
        () = listener.listen() => unreachable!("listening never ends"),
        () = changes_are_heard(&store, &other) => {}
    }
}

async fn changes_are_heard(store: &PostgresStore, other: &PostgresStore) {
    let demo = tenant("demo");
    // Whoever begins to listen may have missed something, and counts that.
    eventually(async || (other.changes(&demo) > 0).then_some(())).await;
    let strangers = other.changes(&tenant("other"));
    let li = customer("li");
    let mut heard = other.changes(&demo);
    let mut hear = async |what: &str| {
        eventually(async || (other.changes(&demo) > heard).then_some(())).await;
        heard = other.changes(&demo);
        assert!(store.changes(&demo) > 0, "{what}");
    };

    Customers::create(store, &demo, &li, "admin").await.unwrap();
    hear("a new customer").await;
    let changed = li.change(vec![Change::Tier(Tier::A1)]).unwrap();
    Customers::save(store, &demo, &changed, "admin", second(2)).await.unwrap();
    hear("a change").await;
    store.set(&demo, &rule("r-1", NUMBER, RuleKind::Block)).await.unwrap();
    hear("a rule").await;
    store.delete(&demo, &NumberRuleId::parse("r-1").unwrap()).await.unwrap();
    hear("a rule that is gone").await;

    assert_eq!(other.changes(&tenant("other")), strangers);
}

#[tokio::test]
async fn of_several_holders_it_is_known_who_called_from_the_number_and_when() {
    let store = database().await.store;
    for name in ["li", "wu"] {
        Customers::create(&store, &tenant("demo"), &customer(name), "admin").await.unwrap();
    }
    let from = |customer| [("customer", customer), ("calling_number", NUMBER)];
    let entries = vec![
        told(1, 1, "c-1", "contact_started", &from("li")),
        told(1, 2, "c-2", "contact_started", &from("li")),
        told(1, 3, "c-3", "contact_started", &[("customer", "wu"), ("calling_number", "+8621")]),
    ];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(4) };
    store.commit(&tenant("demo"), &batch).await.unwrap();

    let found = store.lookup(&tenant("demo"), &read(NUMBER)).await.unwrap().evidence;

    let called: Vec<_> =
        found.iter().map(|one| (one.customer.id.as_str(), one.called_at)).collect();
    assert_eq!(called, [("li", Some(second(2))), ("wu", None)]);
}

#[tokio::test]
async fn of_more_holders_than_are_told_whoever_called_last_is_among_them() {
    let store = database().await.store;
    for number in 10..40 {
        let holder = customer(&format!("holder-{number}"));
        Customers::create(&store, &tenant("demo"), &holder, "admin").await.unwrap();
    }
    let from = [("customer", "holder-39"), ("calling_number", NUMBER)];
    let entries = vec![told(1, 1, "c-1", "contact_started", &from)];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(4) };
    store.commit(&tenant("demo"), &batch).await.unwrap();

    let found = store.lookup(&tenant("demo"), &read(NUMBER)).await.unwrap().evidence;

    assert_eq!(found.len(), 20);
    let last = found.iter().find(|one| one.customer.id.as_str() == "holder-39");
    assert_eq!(last.and_then(|one| one.called_at), Some(second(1)));
}

#[tokio::test]
async fn a_background_holds_the_newest_of_everything() {
    let store = database().await.store;
    let demo = tenant("demo");
    for name in ["li", "wu"] {
        Customers::create(&store, &demo, &customer(name), "admin").await.unwrap();
    }
    let mut entries = Vec::new();
    for call in 0..6 {
        let name = format!("c-{call}");
        let agent = if call == 4 { "zhang" } else { "wang" };
        let place = |n: u32| call * 3 + n;
        entries.push(told(1, place(1), &name, "contact_started", &[("customer", "li")]));
        // The last call was never answered.
        if call < 5 {
            entries.push(told(1, place(2), &name, "contact_connected", &[("agent", agent)]));
            entries.push(told(1, place(3), &name, "contact_ended", &[("reason", "completed")]));
        }
    }
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(99) };
    store.commit(&demo, &batch).await.unwrap();
    for number in 1..=4 {
        Tickets::create(&store, &demo, &order(number)).await.unwrap();
    }
    let ids: Vec<CustomerId> = ["li", "wu"].map(|id| id.parse().unwrap()).into();

    let all = store.backgrounds(&demo, &ids).await.unwrap();

    let li = &all[&ids[0]];
    let subjects: Vec<_> = li.tickets.iter().map(|ticket| ticket.subject.as_str()).collect();
    assert_eq!(subjects, ["matter 4", "matter 3", "matter 2"]);
    let calls: Vec<_> = li.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(calls, ["c-5", "c-4", "c-3", "c-2", "c-1"]);
    let talk = li.last_talk.as_ref().unwrap();
    assert_eq!((talk.agent.as_str(), talk.at), ("zhang", second(15)));
    assert_eq!(all[&ids[1]], Background::default());
    assert_eq!(
        store.backgrounds(&tenant("other"), &ids).await.unwrap()[&ids[0]],
        Background::default()
    );
}

#[tokio::test]
async fn a_background_is_that_of_all_records_of_somebody() {
    let store = database().await.store;
    let demo = tenant("demo");
    for name in ["li", "wu"] {
        Customers::create(&store, &demo, &customer(name), "admin").await.unwrap();
    }
    let mut entries = Vec::new();
    for call in 0..8 {
        let name = format!("c-{call}");
        let whose = if call % 2 == 0 { "li" } else { "wu" };
        let place = |n: u32| call * 3 + n;
        entries.push(told(1, place(1), &name, "contact_started", &[("customer", whose)]));
        entries.push(told(1, place(2), &name, "contact_connected", &[("agent", whose)]));
        entries.push(told(1, place(3), &name, "contact_ended", &[("reason", "completed")]));
    }
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(99) };
    store.commit(&demo, &batch).await.unwrap();
    for number in 1..=4 {
        Tickets::create(&store, &demo, &order(number)).await.unwrap();
    }
    let of_wu = NewTicket { customer: "wu".parse().ok(), ..order(5).ticket };
    Tickets::create(&store, &demo, &TicketOrder { ticket: of_wu, ..order(5) }).await.unwrap();
    let merge = MergeOrder {
        winner: "li".parse().unwrap(),
        winner_version: 1,
        loser: "wu".parse().unwrap(),
        loser_version: 1,
        actor: "admin".to_owned(),
        at: second(100),
    };
    store.merge(&demo, &merge).await.unwrap();

    let all = store.backgrounds(&demo, &["li".parse().unwrap()]).await.unwrap();

    let li = &all.values().next().unwrap();
    let subjects: Vec<_> = li.tickets.iter().map(|ticket| ticket.subject.as_str()).collect();
    assert_eq!(subjects, ["matter 5", "matter 4", "matter 3"]);
    let calls: Vec<_> = li.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(calls, ["c-7", "c-6", "c-5", "c-4", "c-3"]);
    assert_eq!(li.last_talk.as_ref().unwrap().agent.as_str(), "wu");
}

fn order(number: i64) -> TicketOrder {
    TicketOrder {
        id: format!("t-{number}").parse().unwrap(),
        request_id: format!("r-{number}"),
        joins_since: None,
        actor: "zhang".to_owned(),
        at: second(number),
        ticket: NewTicket {
            customer: "li".parse().ok(),
            ..NewTicket::about(TicketKindId::REQUEST, format!("matter {number}"))
        },
    }
}

fn rule(id: &str, number: &str, kind: RuleKind) -> NumberRule {
    NumberRule {
        id: NumberRuleId::parse(id).unwrap(),
        number: number.to_owned(),
        kind,
        reason: "calls at night".to_owned(),
        made_by: "wu".to_owned(),
        made_at: second(1),
        expires_at: None,
    }
}

async fn rules(store: &PostgresStore, name: &str, number: &str) -> Vec<NumberRule> {
    store.lookup(&tenant(name), &read(number)).await.unwrap().rules
}

fn read(raw: &str) -> PhoneAddress {
    PhoneAddress::parse(raw, Country::parse("CN").unwrap()).unwrap()
}

fn customer(name: &str) -> Customer {
    let e164 = E164::parse(NUMBER).unwrap();
    Customer {
        numbers: vec![CustomerNumber::new(e164, "home")],
        ..Customer::new(name.parse().unwrap(), name, Tier::B1, second(1))
    }
}

#[tokio::test]
async fn a_lookup_has_an_index_for_everything_it_reads() {
    let database = database().await;
    let mut serving = database.serving().await;
    let mut asking = serving.begin().await.unwrap();

    for function in [
        "callers_of_number('demo', '\\x07', '\\x07', '+8613800000005', '800000005', 20)",
        "customers_with_evidence('demo', '{li}')",
        "backgrounds_of_customers('demo', '{li}', 3, 3, 5)",
    ] {
        let asked = format!("SELECT * FROM {function}");
        sqlx::query(AssertSqlSafe(asked)).fetch_all(&mut *asking).await.unwrap();
    }

    let read_whole: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_stat_xact_user_tables WHERE seq_scan > 0 ORDER BY relname",
    )
    .fetch_all(&mut *asking)
    .await
    .unwrap();
    assert_eq!(read_whole, Vec::<String>::new());
}

#[tokio::test]
async fn a_lookup_reads_through_one_connection_and_leaves_no_tenant_on_it() {
    let database = database().await;
    let mut serving = database.serving().await;

    sqlx::query("SELECT * FROM customers_with_evidence('demo', '{li}')")
        .fetch_all(&mut serving)
        .await
        .unwrap();

    let left: Option<String> = sqlx::query_scalar("SELECT current_setting('app.tenant', true)")
        .fetch_one(&mut serving)
        .await
        .unwrap();
    assert_eq!(left.unwrap_or_default(), "");
}

#[tokio::test]
async fn a_lookup_planned_while_there_was_nobody_reads_one_row_among_many() {
    let database = database().await;
    let mut serving = database.serving().await;
    let mut asking = serving.begin().await.unwrap();
    let ask = "SELECT id FROM customers_with_evidence('demo', '{c-5}')";
    sqlx::query(ask).fetch_all(&mut *asking).await.unwrap();
    // Nobody else sees them, so that nobody counts them for the planner meanwhile.
    sqlx::query(
        "INSERT INTO customers (tenant_id, id, name, tier, created_at)
         SELECT 'demo', 'c-' || n, 'Customer', 'B1', now() FROM generate_series(1, 2000) AS n",
    )
    .execute(&mut *asking)
    .await
    .unwrap();
    let read = "SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint
                FROM pg_stat_xact_user_tables WHERE relname = 'customers'";
    let before: i64 = sqlx::query_scalar(read).fetch_one(&mut *asking).await.unwrap();

    let found = sqlx::query(ask).fetch_all(&mut *asking).await.unwrap();

    let after: i64 = sqlx::query_scalar(read).fetch_one(&mut *asking).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(after - before < 10, "{} rows were read", after - before);
}
