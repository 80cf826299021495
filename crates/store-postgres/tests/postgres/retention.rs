//! What is past its time goes, in bounded steps and once; what a hold is about stays.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::AssertSqlSafe;
use switchboard_domain::customer::{Customer, CustomerNumber, Tier};
use switchboard_domain::ids::{CustomerId, TicketKindId};
use switchboard_domain::phone::E164;
use switchboard_domain::quality::Judged;
use switchboard_domain::retention::{CutOffs, Kept};
use switchboard_domain::ticket::NewTicket;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::customers::Customers;
use switchboard_store::follow_ups::{AnswerSet, FollowUpChange, FollowUps, Heard};
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::outbox::OutboxEntry;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::retention::{Retention, RetentionRun, RetentionStep};
use switchboard_store::subjects::{LegalHold, Subjects};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::evaluations::judged;
use crate::follow_ups::survey;
use crate::support::{Database, database, second, tenant, told};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn contacts_go_with_their_events_and_keys_and_leave_when_they_were() {
    let database = database().await;
    let store = &database.store;
    keep_customer(store, "li", "+8613800000001").await;
    ended_call(store, 1, "c-old", Some("li")).await;

    let run = run_to_end(store, &[(Kept::Interactions, second(3) + DAY * 2)]).await;

    assert_eq!(run.gone, BTreeMap::from([(Kept::Interactions, 1)]));
    assert_eq!(count(&database, "interactions").await, 0);
    assert_eq!(count(&database, "interaction_events").await, 0);
    assert_eq!(count(&database, "data_keys WHERE subject = 'contact/c-old'").await, 0);
    let told = count(&database, "customers WHERE last_contact_at IS NOT NULL").await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn what_a_caller_keyed_and_what_was_found_go_with_the_call() {
    let database = database().await;
    let (store, demo) = (&database.store, tenant("demo"));
    let scores = [("survey", "care"), ("score.solved", "5")];
    let entries = vec![
        told(1, 1, "c-old", "contact_started", &[]),
        told(1, 2, "c-old", "contact_menu_moved", &scores),
        told(1, 3, "c-old", "contact_ended", &[]),
    ];
    commit(store, 1, entries).await;
    judged(store, "e-1", Judged::Call("c-old".parse().unwrap()), "listens").await;
    let keyed = store.call_surveys(&demo, second(0), 9).await.unwrap().remove(0);
    let survey = survey();
    let answers = survey.take_keyed(&keyed.scores);
    let follow_up = keyed.follow_up("f-1".parse().unwrap(), None, &answers);
    let change = FollowUpChange { follow_up, actor: "follow-up".to_owned(), note: None };
    let verdict = survey.judge(&answers);
    let set = AnswerSet { survey: &survey, answers: &answers, verdict, recovery: None };
    let heard = Heard { change, set, at: second(4) };
    store.hear(&demo, &keyed, Some(&heard)).await.unwrap();
    let left = async || {
        let tables = ["follow_ups", "survey_answers", "call_surveys", "evaluation_marks"];
        let [asked, answered, unheard, marks] = tables.map(|table| count(&database, table));
        (asked.await, answered.await, unheard.await, marks.await)
    };
    assert_eq!(left().await, (1, 1, 0, 2));

    run_to_end(store, &[(Kept::Interactions, second(9) + DAY * 2)]).await;

    assert_eq!(left().await, (0, 0, 0, 0));
}

#[tokio::test]
async fn contacts_within_their_time_and_those_that_go_on_stay() {
    let database = database().await;
    let store = &database.store;
    ended_call(store, 1, "c-old", None).await;
    record(store, 2, &[("contact_started", "c-live")]).await;

    let early = run_to_end(store, &[(Kept::Interactions, second(2) + DAY)]).await;
    let late = run_named(store, "late", &[(Kept::Interactions, second(9) + DAY * 2)]).await;

    assert_eq!((early.gone, late.gone[&Kept::Interactions]), (BTreeMap::new(), 1));
    let left = store
        .interactions(&tenant("demo"), &InteractionFilter::default(), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(left.records.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["c-live"]);
}

#[tokio::test]
async fn a_hold_keeps_the_customer_and_everything_that_is_about_them() {
    let database = database().await;
    let store = &database.store;
    for (epoch, name, number) in [(1, "li", "+8613800000001"), (2, "wu", "+8613800000002")] {
        keep_customer(store, name, number).await;
        ended_call(store, epoch, &format!("c-{name}"), Some(name)).await;
        store.append(&tenant("demo"), &line(&format!("customer/{name}"))).await.unwrap();
    }
    hold(store, "li").await;
    let late = second(9) + DAY * 2;
    let every: Vec<_> = Kept::ALL.iter().map(|kept| (*kept, late)).collect();

    let planned = store.plan(&tenant("demo"), &every.iter().copied().collect()).await.unwrap();
    let run = run_to_end(store, &every).await;

    let due: BTreeMap<_, _> = planned.iter().map(|it| (it.kept, (it.due, it.held))).collect();
    assert_eq!((due[&Kept::Events], due[&Kept::Interactions]), ((2, 2), (1, 1)));
    assert_eq!((due[&Kept::Lookups], due[&Kept::Audit]), ((1, 1), (1, 1)));
    assert_eq!((run.gone[&Kept::Events], run.held[&Kept::Events]), (2, 2));
    assert_eq!((run.gone[&Kept::Customers], run.held[&Kept::Customers]), (1, 1));
    assert_eq!(count(&database, "customers WHERE erased_at IS NULL AND id = 'li'").await, 1);
    assert_eq!(count(&database, "interactions WHERE id = 'c-li'").await, 1);
    assert_eq!(count(&database, "interaction_events WHERE interaction_id = 'c-li'").await, 2);
    assert_eq!(count(&database, "audit WHERE object = 'customer/li'").await, 1);
}

#[tokio::test]
async fn a_ticket_goes_with_its_form_and_the_key_of_that() {
    let database = database().await;
    let order = TicketOrder {
        id: "t-1".parse().unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    };
    Tickets::create(&database.store, &tenant("demo"), &order).await.unwrap();
    judged(&database.store, "e-1", Judged::Ticket(order.id), "").await;
    let mut owner = database.owner().await;
    for statement in [
        "UPDATE tickets SET state = 'closed'",
        "INSERT INTO data_keys (tenant_id, subject, wrapped) VALUES ('demo', 'ticket/t-1', 'wrapped')",
        "INSERT INTO ticket_forms (tenant_id, ticket_id, sealed) VALUES ('demo', 't-1', 'sealed')",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }

    let run = run_to_end(&database.store, &[(Kept::Tickets, second(2))]).await;

    assert_eq!(run.gone, BTreeMap::from([(Kept::Tickets, 1)]));
    for table in ["tickets", "ticket_forms", "data_keys", "evaluations", "evaluation_marks"] {
        assert_eq!(count(&database, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_ticket_goes_with_its_links_and_after_its_tasks() {
    let database = database().await;
    for (name, parent) in [("t-1", None), ("t-2", Some("t-1"))] {
        let order = TicketOrder {
            id: name.parse().unwrap(),
            request_id: name.to_owned(),
            actor: "agent:wang".to_owned(),
            at: second(1),
            joins_since: None,
            ticket: NewTicket {
                parent: parent.map(|parent| parent.parse().unwrap()),
                ..NewTicket::about(TicketKindId::REQUEST, "refund")
            },
        };
        Tickets::create(&database.store, &tenant("demo"), &order).await.unwrap();
    }
    let mut owner = database.owner().await;
    for statement in [
        "UPDATE tickets SET state = 'closed'",
        "INSERT INTO ticket_links (tenant_id, ticket_id, kind, other_id, made_by, made_at)
         VALUES ('demo', 't-1', 'related', 't-2', 'agent:wang', now())",
        "INSERT INTO clusters (tenant_id, rule, ticket_id) VALUES ('demo', 'late', 't-1')",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }

    let tasks = run_to_end(&database.store, &[(Kept::Tickets, second(2))]).await;
    let whole = run_named(&database.store, "later", &[(Kept::Tickets, second(2))]).await;

    let one = BTreeMap::from([(Kept::Tickets, 1)]);
    assert_eq!((tasks.gone, whole.gone), (one.clone(), one));
    for table in ["tickets", "ticket_links", "clusters"] {
        assert_eq!(count(&database, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_customer_who_called_is_not_idle_when_the_call_is_gone() {
    let database = database().await;
    let store = &database.store;
    keep_customer(store, "li", "+8613800000001").await;
    ended_call(store, 1_000_000, "c-1", Some("li")).await;
    let call = second(1_000_000);
    run_to_end(store, &[(Kept::Interactions, call + DAY * 2)]).await;

    let before_the_call = run_named(store, "b", &[(Kept::Customers, call - DAY)]).await;
    let after_the_call = run_named(store, "c", &[(Kept::Customers, call + DAY)]).await;

    assert_eq!(before_the_call.gone.get(&Kept::Customers), None);
    assert_eq!(after_the_call.gone.get(&Kept::Customers), Some(&1));
}

#[tokio::test]
async fn a_run_takes_many_steps_counts_each_record_once_and_is_told_in_the_trail() {
    let database = database().await;
    let store = &database.store;
    let lines = vec![line("number/1"); 1_201];
    store.append_all(&tenant("demo"), &lines).await.unwrap();
    let cut_offs = CutOffs::from([(Kept::Lookups, second(9))]);
    let begun = begin(store, "one", &cut_offs).await;
    let refused = begin(store, "two", &cut_offs).await;

    let mut steps = 0;
    let run = loop {
        match store.retention_step(&tenant("demo"), second(8)).await.unwrap() {
            RetentionStep::Moved(run) if run.finished_at.is_some() => break run,
            RetentionStep::Moved(_) => steps += 1,
            RetentionStep::Idle | RetentionStep::Busy => panic!("the run is over before its end"),
        }
    };

    assert_eq!((begun.unwrap().id, refused.unwrap().id), ("one".into(), "one".into()));
    assert!(steps > 2, "{steps}");
    assert_eq!(run.gone, BTreeMap::from([(Kept::Lookups, 1_201)]));
    let trail = store.latest(&tenant("demo"), 10).await.unwrap();
    let [line] = &trail[..] else { panic!("{trail:?}") };
    assert_eq!((&*line.action, &*line.actor), ("retention.run", "system:retention"));
    assert_eq!(line.detail.as_deref(), Some("lookups: 1201 gone, 0 held"));
    // The name stands for the day: nobody begins it again.
    assert_eq!(begin(store, "one", &cut_offs).await, None);
    assert_eq!(store.complete_from(&tenant("demo"), Kept::Lookups).await.unwrap(), Some(second(9)));
    assert_eq!(store.complete_from(&tenant("demo"), Kept::Tickets).await.unwrap(), None);
}

#[tokio::test]
async fn what_does_not_say_before_when_deletes_nothing_of_the_history() {
    let database = database().await;
    ended_call(&database.store, 1, "c-1", None).await;
    database.store.append(&tenant("demo"), &line("number/1")).await.unwrap();
    let mut serving = database.serving().await;
    sqlx::query("SELECT set_config('app.tenant', 'demo', false)")
        .execute(&mut serving)
        .await
        .unwrap();

    for table in ["interaction_events", "interactions", "audit"] {
        let delete = AssertSqlSafe(format!("DELETE FROM {table}"));
        let gone = sqlx::query(delete).execute(&mut serving).await.unwrap();
        assert_eq!(gone.rows_affected(), 0, "{table}");
    }
    sqlx::query("SELECT set_config('app.keeps_from', '2026-01-01', false)")
        .execute(&mut serving)
        .await
        .unwrap();
    let gone = sqlx::query("DELETE FROM audit").execute(&mut serving).await.unwrap();
    assert_eq!(gone.rows_affected(), 0);
}

#[tokio::test]
async fn every_table_that_refers_to_tickets_is_emptied_with_them() {
    let database = database().await;
    let mut owner = database.owner().await;

    let parts: Vec<String> = sqlx::query_scalar(
        "WITH RECURSIVE parts AS (
             SELECT 'tickets'::regclass::oid AS id
             UNION
             SELECT conrelid FROM pg_constraint JOIN parts ON confrelid = parts.id
         )
         SELECT id::regclass::text FROM parts ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();

    assert_eq!(
        parts,
        [
            "clusters",
            "evaluation_marks",
            "evaluations",
            "follow_ups",
            "promises",
            "side_conversations",
            "side_messages",
            "survey_answers",
            "ticket_attachments",
            "ticket_changes",
            "ticket_closings",
            "ticket_events",
            "ticket_followers",
            "ticket_forms",
            "ticket_joins",
            "ticket_links",
            "ticket_macro_runs",
            "ticket_words",
            "tickets",
            "work_items",
        ],
        "retention/tickets.rs has to take these along"
    );
}

fn line(object: &str) -> AuditRecord {
    AuditRecord {
        actor: "wang".to_owned(),
        role: "agent".to_owned(),
        action: "caller.lookup".to_owned(),
        object: object.to_owned(),
        detail: None,
        at: second(1),
    }
}

async fn keep_customer(store: &PostgresStore, name: &str, number: &str) {
    let id = CustomerId::parse(name).unwrap();
    let mut customer = Customer::new(id, name, Tier::B1, second(0));
    customer.numbers = vec![CustomerNumber::new(E164::parse(number).unwrap(), "mobile")];
    Customers::create(store, &tenant("demo"), &customer, "admin").await.unwrap();
}

async fn hold(store: &PostgresStore, name: &str) {
    let hold = LegalHold {
        reason: "a lawsuit".to_owned(),
        made_by: "admin".to_owned(),
        made_at: second(0),
    };
    let id = CustomerId::parse(name).unwrap();
    store.set_hold(&tenant("demo"), &id, Some(&hold)).await.unwrap();
}

/// Records a call that began in a second and ended in the next.
async fn ended_call(store: &PostgresStore, epoch: u64, name: &str, customer: Option<&str>) {
    let fields: Vec<_> = customer.map(|id| ("customer", id)).into_iter().collect();
    let at = u32::try_from(epoch).unwrap();
    let entries = vec![
        told(epoch, at, name, "contact_started", &fields),
        told(epoch, at + 1, name, "contact_ended", &[("reason", "caller_hung_up")]),
    ];
    commit(store, epoch, entries).await;
}

async fn record(store: &PostgresStore, epoch: u64, told_of: &[(&str, &str)]) {
    let entries = (1..).zip(told_of).map(|(n, (kind, name))| told(epoch, n, name, kind, &[]));
    commit(store, epoch, entries.collect()).await;
}

async fn commit(store: &PostgresStore, epoch: u64, entries: Vec<OutboxEntry>) {
    let batch = Batch { epoch, expected: None, entries, rules: vec![], now: second(60) };
    Projection::commit(store, &tenant("demo"), &batch).await.unwrap();
}

async fn begin(store: &PostgresStore, id: &str, cut_offs: &CutOffs) -> Option<RetentionRun> {
    store.begin_retention(&tenant("demo"), id, cut_offs, second(7)).await.unwrap()
}

async fn run_to_end(store: &PostgresStore, cut_offs: &[(Kept, Timestamp)]) -> RetentionRun {
    run_named(store, "a", cut_offs).await
}

async fn run_named(
    store: &PostgresStore,
    id: &str,
    cut_offs: &[(Kept, Timestamp)],
) -> RetentionRun {
    begin(store, id, &cut_offs.iter().copied().collect()).await.unwrap();
    loop {
        let step = store.retention_step(&tenant("demo"), second(8)).await.unwrap();
        let run = moved(step).unwrap();
        if run.finished_at.is_some() {
            return run;
        }
    }
}

fn moved(step: RetentionStep) -> Option<RetentionRun> {
    match step {
        RetentionStep::Moved(run) => Some(run),
        RetentionStep::Idle | RetentionStep::Busy => None,
    }
}

async fn count(database: &Database, of: &str) -> i64 {
    let count = AssertSqlSafe(format!("SELECT count(*) FROM {of}"));
    sqlx::query_scalar(count).fetch_one(&mut database.owner().await).await.unwrap()
}
