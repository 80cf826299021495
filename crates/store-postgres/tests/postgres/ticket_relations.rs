//! Links, tasks and members, also when several people are at them at once.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::{
    ClusterRule, IncidentPlan, LinkError, LinkKind, MAX_LINKS, MoveDetails, NewTicket, Terms,
    Ticket, TicketKind, TicketMove, TicketPriority, TicketState,
};
use switchboard_store::clusters::{ClusterOrder, Clusters, Gathered};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::subjects::Subjects;
use switchboard_store::ticket_relations::{LinkOrder, Linking, TicketRelations};
use switchboard_store::tickets::{TicketFilter, TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::explain_tickets;
use tokio::task::JoinSet;

use crate::support::{database, second, tenant};

fn id(text: &str) -> TicketId {
    TicketId::parse(text).unwrap()
}

fn kind() -> TicketKind {
    TicketKind::undemanding(TicketKindId::REQUEST)
}

async fn try_make(store: &PostgresStore, name: &str, new: NewTicket) -> Result<Ticket, StoreError> {
    let order = TicketOrder {
        id: id(name),
        request_id: name.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: new,
    };
    Tickets::create(store, &tenant("demo"), &order).await
}

fn issue() -> NewTicket {
    NewTicket::about(TicketKindId::REQUEST, "late")
}

async fn make(store: &PostgresStore, name: &str) -> Ticket {
    try_make(store, name, issue()).await.unwrap()
}

fn below(parent: &str) -> NewTicket {
    NewTicket { parent: Some(id(parent)), ..issue() }
}

async fn of_customer(store: &PostgresStore, name: &str) -> Ticket {
    let customer = CustomerId::parse(name).unwrap();
    let record = Customer::new(customer.clone(), name, Tier::B1, second(0));
    Customers::create(store, &tenant("demo"), &record, "samples").await.unwrap();
    try_make(store, name, NewTicket { customer: Some(customer), ..issue() }).await.unwrap()
}

fn step(ticket: &Ticket, attempted: TicketMove) -> switchboard_domain::ticket::TicketChange {
    let details = MoveDetails {
        actor: "agent:wang".to_owned(),
        note: Some("n".to_owned()),
        resolution: Some("done".to_owned()),
        ..MoveDetails::default()
    };
    ticket.apply(attempted, details, Terms::from(&kind()), second(2)).unwrap()
}

async fn save(store: &PostgresStore, ticket: &Ticket, attempted: TicketMove) -> Ticket {
    let change = step(ticket, attempted);
    Tickets::save(store, &tenant("demo"), &change).await.unwrap();
    change.ticket
}

async fn notes(store: &PostgresStore, name: &str) -> Vec<String> {
    let events = Tickets::events(store, &tenant("demo"), &id(name)).await.unwrap();
    events.into_iter().filter_map(|event| event.note).collect()
}

fn a_link(ticket: &str, kind: LinkKind, other: &str) -> LinkOrder {
    let actor = "agent:wang".to_owned();
    LinkOrder { ticket: id(ticket), kind, other: id(other), actor, at: second(3) }
}

#[tokio::test]
async fn many_who_link_the_same_two_at_once_make_one_link() {
    let store = database().await.store;
    for name in ["a", "b"] {
        make(&store, name).await;
    }
    let mut asking = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        asking.spawn(async move {
            let order = match number % 2 {
                0 => a_link("a", LinkKind::CausedBy, "b"),
                _ => a_link("b", LinkKind::Causes, "a"),
            };
            store.link(&tenant("demo"), &order).await.unwrap()
        });
    }

    let answers = asking.join_all().await;

    assert_eq!(answers.iter().filter(|answer| **answer == Linking::Made).count(), 1);
    assert_eq!(notes(&store, "a").await, ["caused by #2"]);
    assert_eq!(notes(&store, "b").await, ["causes #1"]);
    let elsewhere = store.link(&tenant("other"), &a_link("a", LinkKind::Related, "b")).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })), "{elsewhere:?}");
}

#[tokio::test]
async fn a_ticket_has_so_many_links_and_none_once_its_customer_is_erased() {
    let store = database().await.store;
    let hub = of_customer(&store, "hub").await;
    for number in 0..=MAX_LINKS {
        make(&store, &format!("t-{number}")).await;
    }
    let related = |number: usize| a_link("hub", LinkKind::Related, &format!("t-{number}"));
    for number in 0..MAX_LINKS {
        let linking = store.link(&tenant("demo"), &related(number)).await.unwrap();
        assert_eq!(linking, Linking::Made);
    }

    let full = store.link(&tenant("demo"), &related(MAX_LINKS)).await.unwrap();
    store.unlink(&tenant("demo"), &related(0)).await.unwrap();
    let customer = hub.customer.unwrap();
    store.erase(&tenant("demo"), &customer, "admin:wang", second(9)).await.unwrap();
    let erased = store.link(&tenant("demo"), &related(0)).await.unwrap();

    assert_eq!(full, Linking::Refused(LinkError::TooMany { ticket: id("hub") }));
    assert_eq!(erased, Linking::Refused(LinkError::Erased { ticket: id("hub") }));
}

#[tokio::test]
async fn a_move_that_was_judged_before_a_task_was_made_is_a_conflict() {
    let store = database().await.store;
    let parent = make(&store, "parent").await;
    let parent = save(&store, &parent, TicketMove::Accept).await;
    let parent = save(&store, &parent, TicketMove::Start).await;
    let judged = step(&parent, TicketMove::Resolve);

    let task = try_make(&store, "task", below("parent")).await.unwrap();
    let late = Tickets::save(&store, &tenant("demo"), &judged).await;

    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    assert_eq!(store.open_children(&tenant("demo"), &parent.id).await.unwrap(), [task.number]);
    save(&store, &task, TicketMove::Cancel).await;
    assert!(store.open_children(&tenant("demo"), &parent.id).await.unwrap().is_empty());
    let parent = Tickets::get(&store, &tenant("demo"), &parent.id).await.unwrap();
    save(&store, &parent, TicketMove::Resolve).await;
    let below_over = try_make(&store, "task-2", below("parent")).await;
    assert!(matches!(below_over, Err(StoreError::Conflict { .. })), "{below_over:?}");
}

#[tokio::test]
async fn of_tasks_that_end_at_once_the_last_one_is_told_once() {
    let store = database().await.store;
    make(&store, "parent").await;
    let mut tasks = Vec::new();
    for number in 0..6 {
        tasks.push(try_make(&store, &format!("t-{number}"), below("parent")).await.unwrap());
    }
    let mut ending = JoinSet::new();
    for task in tasks {
        let store = store.clone();
        ending.spawn(async move { save(&store, &task, TicketMove::Cancel).await });
    }

    ending.join_all().await;

    let told = notes(&store, "parent").await;
    let last = told.iter().filter(|note| note.starts_with("no task is open any more"));
    assert_eq!((told.len(), last.count()), (7, 1), "{told:?}");
}

fn a_rule(tickets: u32) -> ClusterRule {
    ClusterRule {
        id: "late".to_owned(),
        kinds: vec![],
        category: None,
        department: None,
        tickets,
        customers: 2,
        within: std::time::Duration::from_mins(30),
        incident: IncidentPlan {
            subject: "many".to_owned(),
            kind: TicketKindId::REQUEST,
            category: None,
            priority: TicketPriority::Urgent,
            department: None,
            queue: None,
        },
    }
}

fn gathering(incident: &str, tickets: u32) -> ClusterOrder {
    ClusterOrder { rule: a_rule(tickets), kind: kind(), id: id(incident), at: second(4) }
}

async fn incidents(store: &PostgresStore) -> Vec<Ticket> {
    let wanted = TicketFilter { is_incident: true, ..TicketFilter::default() };
    Tickets::list(store, &tenant("demo"), &wanted, &PageRequest::default()).await.unwrap().records
}

#[tokio::test]
async fn many_who_look_at_once_open_one_incident() {
    let store = database().await.store;
    for name in ["a", "b", "c", "d"] {
        of_customer(&store, name).await;
    }
    let mut looking = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        let order = gathering(&format!("incident-{number}"), 4);
        looking.spawn(async move { store.gather(&tenant("demo"), &order).await.unwrap() });
    }

    let answers = looking.join_all().await;

    let opened = |answer: &&Gathered| {
        matches!(answer, Gathered::Incident { is_opened: true, joined: 4, .. })
    };
    assert_eq!(answers.iter().filter(opened).count(), 1, "{answers:?}");
    let open = incidents(&store).await;
    assert_eq!(open.len(), 1);
    let relations = store.relations(&tenant("demo"), &open[0]).await.unwrap();
    assert_eq!((relations.members, relations.open_members), (4, 4));
    let events = Tickets::events(&store, &tenant("demo"), &open[0].id).await.unwrap();
    let versions: Vec<u64> = events.iter().map(|event| event.version).collect();
    assert_eq!((versions, open[0].version), (vec![1, 2], 2));
}

#[tokio::test]
async fn a_ticket_is_part_of_one_incident_and_later_ones_join_while_it_is_open() {
    let store = database().await.store;
    for name in ["a", "b"] {
        of_customer(&store, name).await;
    }
    try_make(&store, "task", below("a")).await.unwrap();
    let early = store.gather(&tenant("demo"), &gathering("i-0", 3)).await.unwrap();
    let opened = store.gather(&tenant("demo"), &gathering("i-1", 2)).await.unwrap();
    let nothing_new = store.gather(&tenant("demo"), &gathering("i-2", 2)).await.unwrap();
    of_customer(&store, "c").await;

    let joined = store.gather(&tenant("demo"), &gathering("i-3", 2)).await.unwrap();

    let part = |is_opened, count| Gathered::Incident { id: id("i-1"), is_opened, joined: count };
    assert_eq!((early, opened), (Gathered::Nothing, part(true, 2)));
    assert_eq!((nothing_new, joined), (Gathered::Nothing, part(false, 1)));
    let members = TicketFilter { incident: Some(id("i-1")), ..TicketFilter::default() };
    let page = PageRequest::default();
    let members = Tickets::list(&store, &tenant("demo"), &members, &page).await.unwrap().records;
    let names: BTreeSet<&str> = members.iter().map(|ticket| ticket.id.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"].into(), "no task");
    let foreign = store.gather(&tenant("other"), &gathering("i-1", 2)).await.unwrap();
    assert_eq!(foreign, Gathered::Nothing);

    let incident = incidents(&store).await.remove(0);
    save(&store, &incident, TicketMove::Cancel).await;
    of_customer(&store, "d").await;
    let alone = store.gather(&tenant("demo"), &gathering("i-4", 2)).await.unwrap();
    assert_eq!(alone, Gathered::Nothing, "what was counted counts no more");
    assert_eq!(incidents(&store).await[0].state, TicketState::Cancelled);
}

#[tokio::test]
async fn signs_are_counted_and_members_and_tasks_listed_by_an_index() {
    let database = database().await;
    let mut owner = database.owner().await;
    for statement in [
        // Nobody follows them, and as one transaction they would be slow to number.
        "SET session_replication_role = replica",
        "INSERT INTO tickets (
             tenant_id, id, number, state, subject, priority, kind, category, created_at, changed_at,
             parent_id, incident_id, is_incident, version
         )
         SELECT
             'demo', 't-' || n, n, 'new', '', 'normal', 'k-' || n % 5, 'c/' || n % 9,
             timestamptz '2027-01-01' + n * interval '10 seconds', now(),
             CASE WHEN n % 20 = 0 THEN 't-' || n % 997 + 1 END,
             CASE WHEN n % 20 = 1 THEN 't-' || n % 997 + 1 END, n % 1000 = 2, 1
         FROM generate_series(1, 30000) AS n",
        "VACUUM ANALYZE tickets",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    let mut serving = database.serving().await;
    let set = "SELECT set_config('app.tenant', 'demo', false)";
    sqlx::query(set).execute(&mut serving).await.unwrap();

    let count = concat!("EXPLAIN ", include_str!("../../queries/count_signs.sql"));
    let count = count.replace("$2", "$2::text::timestamptz");
    let count = sqlx::query_scalar(AssertSqlSafe(count))
        .bind("demo")
        .bind("2027-01-04 11:00:00Z")
        .bind(vec!["k-1"])
        .bind("c")
        .bind(None::<&str>)
        .bind(500_i64);
    let count: Vec<String> = count.fetch_all(&mut serving).await.unwrap();
    let count = count.join("\n");

    assert!(count.contains("tickets_to_cluster") && !count.contains("Seq Scan on t"), "{count}");
    let none = TicketFilter::default();
    for (index, filter) in [
        ("tickets_by_parent", TicketFilter { parent: Some(id("t-7")), ..none.clone() }),
        ("tickets_by_incident", TicketFilter { incident: Some(id("t-7")), ..none.clone() }),
        ("incidents_by_age", TicketFilter { is_incident: true, ..none }),
    ] {
        let plan = explain_tickets(&database.store, &tenant("demo"), &filter).await.unwrap();
        assert!(plan.contains(index), "{plan}");
    }
}
