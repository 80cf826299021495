//! Lists of tickets under a name: saved ones, and that every standard one has its index.

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::ids::{AgentId, TicketKindId, TicketViewId};
use switchboard_domain::ticket::TicketState;
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_views::{SavedView, StandardView, TicketViews, ViewFilter};
use switchboard_store::tickets::TicketFilter;
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::explain_tickets;

use crate::support::{database, second, tenant};

fn a_view(id: &str, owner: &str, department: Option<&str>) -> SavedView {
    let lasting = TicketFilter {
        state: Some(TicketState::OnHold),
        kind: Some(TicketKindId::REQUEST),
        category: "trains/late".parse().ok(),
        department: Some("refunds".to_owned()),
        assignee: AgentId::parse("wang").ok(),
        is_unassigned: true,
        is_open: true,
        is_reopened: true,
        is_bounced: true,
        is_important: true,
        ..TicketFilter::default()
    };
    SavedView {
        id: TicketViewId::parse(id).unwrap(),
        title: id.to_owned(),
        owner: owner.to_owned(),
        department: department.map(str::to_owned),
        filter: ViewFilter {
            lasting,
            is_overdue: true,
            is_due_today: true,
            is_followed: true,
            untouched_for: Some(Duration::from_mins(5)),
        },
        saved_at: second(1),
        version: 1,
    }
}

async fn shown(store: &PostgresStore, owner: &str, department: Option<&str>) -> Vec<String> {
    let views = store.views(&tenant("demo"), owner, department).await.unwrap();
    views.into_iter().map(|view| view.id.to_string()).collect()
}

#[tokio::test]
async fn a_view_reads_back_whole_and_is_shown_to_its_owner_and_department() {
    let store = database().await.store;
    let demo = tenant("demo");
    let own = a_view("own", "agent:wang", None);
    let shared = a_view("shared", "supervisor:wu", Some("refunds"));
    for view in [&own, &shared, &a_view("others", "agent:li", None)] {
        store.save_view(&demo, view).await.unwrap();
    }

    assert_eq!(store.view(&demo, &own.id).await.unwrap(), own);
    assert_eq!(shown(&store, "agent:wang", None).await, ["own", "shared"]);
    assert_eq!(shown(&store, "agent:wang", Some("trains")).await, ["own"]);
    let elsewhere = store.view(&tenant("other"), &own.id).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn of_two_who_save_or_delete_one_version_the_later_is_told() {
    let store = database().await.store;
    let demo = tenant("demo");
    let first = a_view("own", "agent:wang", None);
    let second_one = SavedView { version: 2, title: "mine".to_owned(), ..first.clone() };
    store.save_view(&demo, &first).await.unwrap();
    store.save_view(&demo, &second_one).await.unwrap();

    for late in [&first, &second_one, &SavedView { version: 9, ..first.clone() }] {
        let refused = store.save_view(&demo, late).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    }
    let refused = store.delete_view(&demo, &first.id, 1).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    store.delete_view(&demo, &first.id, 2).await.unwrap();
    assert_eq!(shown(&store, "agent:wang", None).await, [""; 0]);
}

#[tokio::test]
async fn every_standard_view_is_read_from_an_index_in_its_order() {
    let database = database().await;
    let mut owner = database.owner().await;
    for statement in [
        // Nobody follows them, and as one transaction they would be slow to number.
        "SET session_replication_role = replica",
        // One in fifty is open, as after years; the open ones are spread over everything.
        "INSERT INTO tickets (
             tenant_id, id, number, state, subject, priority, department, assignee_id, created_at,
             changed_at, due_at, reopened, bounced, tier, version
         )
         SELECT
             'demo', 't-' || n, n,
             CASE
                 WHEN n % 50 > 0 THEN 'closed'
                 ELSE (ARRAY['new', 'in_progress', 'waiting_on_customer', 'on_hold'])[n / 50 % 4 + 1]
             END,
             '', 'normal', 'd-' || n % 7,
             CASE WHEN n % 3 = 0 THEN NULL ELSE 'a-' || n % 40 END,
             timestamptz '2027-01-01' + n * interval '1 second',
             timestamptz '2027-01-01' + n * interval '2 seconds',
             timestamptz '2027-01-02' + n * interval '3 seconds',
             (n % 11 = 0)::int, n % 13, (ARRAY['A1', 'B1', 'C1', 'C2'])[n % 4 + 1], 1
         FROM generate_series(1, 30000) AS n",
        "ANALYZE tickets",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    let now = Timestamp::from_millis(1_798_850_000_000);
    let mut indexes = BTreeSet::new();

    for view in StandardView::ALL {
        let mut wanted = view.filter(AgentId::parse("a-7").ok());
        if view == StandardView::Team {
            wanted.lasting.department = Some("d-3".to_owned());
        }
        let wanted = wanted.asked_by("agent:a-7".to_owned());
        let filter = wanted.at(now, now + Duration::from_hours(9));
        let plan = explain_tickets(&database.store, &tenant("demo"), &filter).await.unwrap();

        assert!(!plan.contains("Seq Scan"), "{view:?}: {plan}");
        // What one person follows is little, and sorted.
        let is_sorted = view == StandardView::Followed;
        assert!(is_sorted || !plan.contains("Sort"), "{view:?}: {plan}");
        let index = plan.split("using ").nth(1).and_then(|rest| rest.split(' ').next());
        indexes.insert(index.unwrap_or_default().to_owned());
    }

    assert_eq!(indexes.len(), 11, "{indexes:?}");
}
