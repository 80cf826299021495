//! What is kept together with new tickets: what is to come of their deadlines, and the line of the trail.

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::customer::{Change, Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::sla::Outlook;
use switchboard_domain::ticket::{MoveDetails, NewTicket, TicketKind, TicketMove};
use switchboard_domain::time::Timestamp;
use switchboard_embedded::testing::eventually;
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_feed::TicketFeed;
use switchboard_store::tickets::{Beginning, Created, TicketOrder, Tickets, ToldAlarms};
use switchboard_store_postgres::PostgresStore;
use tokio::task::JoinSet;

use crate::support::{Database, database, second, tenant};

const FORESEEN: Outlook = Outlook { next: Some(second(50)), deadline: Some(second(60)) };

fn order(id: &str) -> TicketOrder {
    TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: id.to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket::about(TicketKindId::REQUEST, "refund"),
    }
}

async fn create(
    store: &PostgresStore,
    order: &TicketOrder,
    outlook: Option<Outlook>,
) -> Result<Created, StoreError> {
    let line = AuditRecord {
        actor: "wang".to_owned(),
        role: "agent".to_owned(),
        action: "ticket.create".to_owned(),
        object: format!("ticket/{}", order.id),
        detail: None,
        at: order.at,
    };
    let beginning = Beginning { outlook, line: Some(line) };
    store.create_with(&tenant("demo"), order, &beginning).await
}

async fn to_alarm(store: &PostgresStore, now: Timestamp) -> Vec<(String, Timestamp)> {
    let waiting = store.to_alarm(&tenant("demo"), now, 9).await.unwrap();
    waiting.into_iter().map(|it| (it.ticket.id.to_string(), it.told_until)).collect()
}

async fn trail(store: &PostgresStore) -> Vec<String> {
    let lines = store.latest(&tenant("demo"), 9).await.unwrap();
    lines.into_iter().map(|line| line.object).collect()
}

/// Gives what the table tells of a ticket's deadlines.
async fn deadlines(database: &Database, id: &str) -> String {
    sqlx::query_scalar(
        "SELECT concat_ws(', ', alarm_at, alarms_told_until, due_at) FROM tickets WHERE id = $1",
    )
    .bind(id)
    .fetch_one(&mut database.owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_ticket_is_looked_at_from_when_on_was_foreseen() {
    let store = database().await.store;
    create(&store, &order("foreseen"), Some(FORESEEN)).await.unwrap();
    create(&store, &order("owed-nothing"), Some(Outlook::default())).await.unwrap();
    create(&store, &order("unknown"), None).await.unwrap();

    let at_once = to_alarm(&store, second(49)).await;
    let in_time = to_alarm(&store, second(50)).await;

    // They were told up to when the ticket was made.
    let from_the_making = |id: &str| (id.to_owned(), second(1));
    assert_eq!(at_once, [from_the_making("unknown")]);
    assert_eq!(in_time, [from_the_making("unknown"), from_the_making("foreseen")]);
}

#[tokio::test]
async fn what_was_foreseen_is_kept_as_a_look_keeps_it() {
    let database = database().await;
    let store = &database.store;
    for (index, outlook) in [FORESEEN, Outlook::default()].into_iter().enumerate() {
        let (foreseen, looked_at) = (format!("foreseen-{index}"), format!("looked-at-{index}"));
        create(store, &order(&foreseen), Some(outlook)).await.unwrap();

        create(store, &order(&looked_at), None).await.unwrap();
        let told = ToldAlarms {
            changes: vec![],
            followers: vec![],
            ticket: TicketId::parse(looked_at.as_str()).unwrap(),
            version: 1,
            events: vec![],
            until: second(1),
            outlook,
        };
        store.tell_alarms(&tenant("demo"), &told).await.unwrap();

        assert_eq!(deadlines(&database, &foreseen).await, deadlines(&database, &looked_at).await);
    }
}

#[tokio::test]
async fn whatever_happens_to_a_ticket_it_is_looked_at_again() {
    let store = database().await.store;
    let demo = tenant("demo");
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &demo, &li, "samples").await.unwrap();
    let mut of_li = order("of-li");
    of_li.ticket.customer = Some(li.id.clone());
    create(&store, &of_li, Some(FORESEEN)).await.unwrap();
    let moved = create(&store, &order("moved"), Some(FORESEEN)).await.unwrap().ticket;
    assert_eq!(to_alarm(&store, second(9)).await, []);

    let details = MoveDetails { actor: "agent:wang".to_owned(), ..MoveDetails::default() };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let change = moved.apply(TicketMove::Accept, details, &kind, second(2)).unwrap();
    Tickets::save(&store, &demo, &change).await.unwrap();
    let better = li.change(vec![Change::Tier(Tier::A1)]).unwrap();
    Customers::save(&store, &demo, &better, "admin", second(3)).await.unwrap();

    let again = to_alarm(&store, second(9)).await;
    let ids: Vec<&str> = again.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["of-li", "moved"]);
}

#[tokio::test]
async fn whoever_follows_tickets_hears_of_a_new_one_with_its_deadline_once() {
    let store = database().await.store;
    create(&store, &order("t-1"), Some(FORESEEN)).await.unwrap();

    let changes = store.changes_after(&tenant("demo"), 0, 9, Duration::ZERO).await.unwrap();

    let told: Vec<_> = changes.iter().map(|it| (it.change, it.standing.due_at)).collect();
    assert_eq!(told, [(1, Some(second(60)))]);
}

#[tokio::test]
async fn an_order_that_made_its_ticket_before_begins_nothing() {
    let store = database().await.store;
    let of_li = |id: &str| {
        let mut order = order(id);
        order.ticket.customer = CustomerId::parse("li").ok();
        TicketOrder { joins_since: Some(second(0)), ..order }
    };
    let first = create(&store, &of_li("t-1"), Some(FORESEEN)).await.unwrap();

    let again = create(&store, &of_li("t-1"), None).await.unwrap();
    let taken_up = create(&store, &of_li("t-2"), None).await.unwrap();

    assert_eq!((first.is_new, again.is_new, taken_up.is_new), (true, false, false));
    assert_eq!((&again.ticket, &taken_up.ticket.id), (&first.ticket, &first.ticket.id));
    assert_eq!(trail(&store).await, ["ticket/t-1"]);
    // Something came in, so its deadlines are looked at.
    assert_eq!(to_alarm(&store, second(1)).await.len(), 1);
}

#[tokio::test]
async fn a_ticket_that_is_not_made_is_not_on_the_trail() {
    let store = database().await.store;
    let mut below_nothing = order("t-1");
    below_nothing.ticket.parent = TicketId::parse("absent").ok();

    let refused = create(&store, &below_nothing, Some(FORESEEN)).await;

    assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
    assert_eq!(trail(&store).await, [""; 0]);
}

#[tokio::test]
async fn of_many_ordered_at_once_each_is_made_once_and_only_the_wrong_one_refused() {
    let store = database().await.store;
    create(&store, &order("known"), None).await.unwrap();
    let wrong = TicketOrder { request_id: "another".to_owned(), ..order("known") };

    let new = (0..40).map(|index| format!("new-{index}"));
    let mut making = JoinSet::new();
    for order in new.chain(["new-7", "known"].map(ToOwned::to_owned)).map(|id| order(&id)) {
        let store = store.clone();
        making.spawn(async move { create(&store, &order, None).await.unwrap() });
    }
    let refused = create(&store, &wrong, None).await;
    let made = making.join_all().await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    let numbers: BTreeSet<_> = made.iter().map(|created| created.ticket.number).collect();
    assert_eq!((numbers.len(), made.iter().filter(|created| created.is_new).count()), (41, 40));
}

#[tokio::test]
async fn those_who_wait_are_kept_together_also_when_one_before_them_gives_up() {
    let database = database().await;
    let mut holder = database.owner().await;
    let hold = "SELECT pg_advisory_lock(hashtext('ticket_changes'), hashtext('demo'))";
    sqlx::raw_sql(hold).execute(&mut holder).await.unwrap();
    let mut making = JoinSet::new();
    let mut make = |order: TicketOrder| {
        let store = database.store.clone();
        making.spawn(async move { create(&store, &order, None).await.unwrap() })
    };

    let first = make(order("first"));
    waits(&database, 1).await;
    for index in 0..20 {
        make(order(&format!("new-{index}")));
    }
    first.abort();
    waits(&database, 2).await;
    sqlx::raw_sql("SELECT pg_advisory_unlock_all()").execute(&mut holder).await.unwrap();

    let mut kept = 0;
    while let Some(outcome) = making.join_next().await {
        kept += usize::from(outcome.is_ok_and(|created| created.is_new));
    }
    assert_eq!(kept, 20);
    let counted = "SELECT count(DISTINCT xmin::text) FROM tickets WHERE id LIKE 'new-%'";
    let transactions: i64 =
        sqlx::query_scalar(counted).fetch_one(&mut database.owner().await).await.unwrap();
    assert!(transactions <= 10, "{transactions} for 20 tickets");
}

/// Waits until so many transactions wait for a ticket's turn among the changes of the tenant.
async fn waits(database: &Database, count: i64) {
    let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    let mut owner = database.owner().await;
    eventually(async || {
        let found: i64 = sqlx::query_scalar(waiting).fetch_one(&mut owner).await.unwrap();
        (found >= count).then_some(())
    })
    .await;
}
