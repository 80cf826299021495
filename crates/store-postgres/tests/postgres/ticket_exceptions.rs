//! Tickets with which something is wrong, counted as the lists of the same names show them.

use std::time::Duration;

use switchboard_domain::time::Timestamp;
use switchboard_store::page::PageRequest;
use switchboard_store::ticket_reports::{
    ExceptionQuery, ExceptionReport, TicketExceptions, TicketReports,
};
use switchboard_store::ticket_views::{STUCK, StandardView};
use switchboard_store::tickets::{TicketFilter, Tickets};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::explain_count;

use crate::support::{Database, database, tenant};

/// Tickets of three departments and of none, some of them over, with anything wrong or nothing; some are
/// due at [`now`] to the millisecond, and some were touched exactly [`STUCK`] before.
const TICKETS: &str = "
    INSERT INTO tickets (
        tenant_id, id, number, state, subject, priority, department, assignee_id, created_at, changed_at,
        due_at, reopened, bounced, version
    )
    SELECT
        'demo', 't-' || n, n,
        (ARRAY['new', 'in_progress', 'on_hold', 'reopened', 'resolved', 'closed', 'cancelled'])[n % 7 + 1],
        '', 'normal', (ARRAY['care', 'refunds', 'trains', NULL])[n % 4 + 1],
        CASE WHEN n % 3 = 0 THEN 'wang' END,
        timestamptz '2027-01-01',
        timestamptz '2027-02-01' - interval '72 hours' + n % 5 * interval '1 millisecond'
            - interval '2 milliseconds',
        CASE WHEN n % 2 = 0 THEN timestamptz '2027-02-01' + (n % 6 - 2) * interval '1 millisecond' END,
        n % 11 / 9, n % 13 / 4, 1
    FROM generate_series(1, 250) AS n";

const fn now() -> Timestamp {
    Timestamp::from_millis(1_801_440_000_000)
}

async fn filled(statements: &[&'static str]) -> Database {
    let database = database().await;
    let mut owner = database.owner().await;
    for statement in statements {
        sqlx::query(*statement).execute(&mut owner).await.unwrap();
    }
    database
}

async fn counted(store: &PostgresStore, department: Option<&str>) -> ExceptionReport {
    let (department, now) = (department.map(str::to_owned), now());
    let query = ExceptionQuery { department, now, untouched_since: now - STUCK };
    store.ticket_exceptions(&tenant("demo"), &query).await.unwrap()
}

/// Gives the list that shows what is counted.
fn list(view: Option<StandardView>, department: Option<&str>) -> TicketFilter {
    let mut filter = view.map_or_else(TicketFilter::default, |view| {
        view.filter(None).at(now(), now() + Duration::from_hours(1))
    });
    filter.is_open = true;
    filter.department = department.map(str::to_owned);
    filter
}

async fn listed(store: &PostgresStore, view: Option<StandardView>, of: Option<&str>) -> u64 {
    let page = PageRequest::parse(200, "").unwrap();
    let list = store.list(&tenant("demo"), &list(view, of), &page).await.unwrap();
    assert_eq!(list.next, "", "all are on one page");
    u64::try_from(list.records.len()).unwrap()
}

async fn as_listed(store: &PostgresStore, department: Option<&str>) -> TicketExceptions {
    let count = |view| listed(store, Some(view), department);
    TicketExceptions {
        department: department.map(str::to_owned),
        open: listed(store, None, department).await,
        overdue: count(StandardView::Overdue).await,
        stuck: count(StandardView::Stuck).await,
        bounced: count(StandardView::Bounced).await,
        reopened: count(StandardView::Reopened).await,
        unassigned: count(StandardView::Unassigned).await,
    }
}

#[tokio::test]
async fn counts_are_those_of_the_lists_of_the_same_names() {
    let store = filled(&[TICKETS]).await.store;

    let report = counted(&store, None).await;

    assert_eq!(report.all, as_listed(&store, None).await);
    let wrong = [report.all.overdue, report.all.stuck, report.all.bounced, report.all.reopened];
    assert!(wrong.into_iter().all(|count| (1..report.all.open).contains(&count)), "{report:?}");
    let [nobodys, departments @ ..] = &report.departments[..] else { panic!("{report:?}") };
    assert_eq!(nobodys.department, None);
    for department in departments {
        let name = department.department.as_deref();
        assert_eq!(*department, as_listed(&store, name).await);
        let alone = counted(&store, name).await;
        assert_eq!(alone.departments, std::slice::from_ref(department));
        assert_eq!(alone.all, TicketExceptions { department: None, ..department.clone() });
    }
    let sum = |of: fn(&TicketExceptions) -> u64| report.departments.iter().map(of).sum::<u64>();
    assert_eq!(
        (report.all.open, report.all.overdue, report.all.unassigned),
        (sum(|it| it.open), sum(|it| it.overdue), sum(|it| it.unassigned))
    );
    let elsewhere = ExceptionQuery { department: None, now: now(), untouched_since: now() };
    let elsewhere = store.ticket_exceptions(&tenant("other"), &elsewhere).await.unwrap();
    assert_eq!(elsewhere, ExceptionReport::default());
}

#[tokio::test]
async fn all_counts_the_departments_that_are_left_out() {
    let many = "
        INSERT INTO tickets (
            tenant_id, id, number, state, subject, priority, department, created_at, changed_at, version
        )
        SELECT 'demo', 't-' || n, n, 'new', '', 'normal', 'd-' || n, now(), now(), 1
        FROM generate_series(1, 1002) AS n";
    let store = filled(&[many]).await.store;

    let report = counted(&store, None).await;

    assert_eq!((report.all.open, report.departments.len()), (1_002, 1_000));
}

#[tokio::test]
async fn a_count_up_to_a_number_reads_no_more_of_an_index() {
    let database = filled(&[
        "SET session_replication_role = replica",
        // Those that are open were made last: whoever reads the table from its beginning reads all of it.
        "INSERT INTO tickets (
             tenant_id, id, number, state, subject, priority, department, assignee_id, created_at,
             changed_at, due_at, reopened, bounced, version
         )
         SELECT
             'demo', 't-' || n, n, CASE WHEN n <= 20000 THEN 'closed' ELSE 'new' END, '', 'normal', 'care',
             NULL, timestamptz '2027-01-01', timestamptz '2027-01-01' + n * interval '1 second',
             timestamptz '2027-01-01' + n * interval '1 second', 1, 2, 1
         FROM generate_series(1, 24000) AS n",
        "ANALYZE tickets",
    ])
    .await;
    let (store, demo) = (&database.store, tenant("demo"));
    let views = [
        None,
        Some(StandardView::Overdue),
        Some(StandardView::Stuck),
        Some(StandardView::Bounced),
        Some(StandardView::Reopened),
        Some(StandardView::Unassigned),
    ];
    for view in views {
        let filter = list(view, None);

        let few = store.count_tickets_up_to(&demo, &filter, 30).await.unwrap();
        let all = store.count_tickets_up_to(&demo, &filter, 1_000_000).await.unwrap();
        let plan = explain_count(store, &demo, &filter, 30).await.unwrap();

        assert_eq!((few, all), (30, 4_000), "{view:?}");
        assert!(plan.contains("Index") && plan.contains("rows=30"), "{view:?}: {plan}");
        for broad in ["Seq Scan", "Bitmap", "Sort"] {
            assert!(!plan.contains(broad), "{view:?}: {plan}");
        }
    }
}
