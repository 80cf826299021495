//! From outbox to history: exactly once, all together, in order.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use switchboard_domain::follow_up::FollowUpState;
use switchboard_domain::ids::QueueId;
use switchboard_domain::interaction::InteractionState;
use switchboard_domain::ticket::{CallBackPlan, Outcome, TicketPriority, TicketRule};
use switchboard_embedded::testing::eventually;
use switchboard_store::dead_events::DeadEvents;
use switchboard_store::error::StoreError;
use switchboard_store::follow_ups::{FollowUpFilter, FollowUps};
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, DeadEntry, Projection, ProjectionError};
use switchboard_store::tickets::{TicketFilter, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{contact, database, second, tenant, told};

fn batch(expected: Option<u32>, entries: Vec<OutboxEntry>) -> Batch {
    Batch {
        epoch: entries[0].epoch,
        expected: expected.map(|n| OutboxId::new(u64::from(n), 0)),
        entries,
        rules: vec![missed_call()],
        now: second(60),
    }
}

fn missed_call() -> TicketRule {
    TicketRule {
        priority: TicketPriority::High,
        ..TicketRule::after(Outcome::Abandoned, "missed", "Missed call in {queue}")
    }
}

/// A caller who gives up waiting, in four events.
fn abandoned(epoch: u64) -> Vec<OutboxEntry> {
    vec![
        told(epoch, 1, "c-1", "contact_started", &[("calling_number", "+8613800000001")]),
        told(epoch, 2, "c-1", "contact_queued", &[("queue", "booking")]),
        told(epoch, 3, "c-1", "contact_levitated", &[]),
        told(epoch, 4, "c-1", "contact_ended", &[("reason", "abandoned")]),
    ]
}

async fn commit(store: &PostgresStore, batch: &Batch) -> Result<(), ProjectionError> {
    Projection::commit(store, &tenant("demo"), batch).await
}

async fn tickets(store: &PostgresStore) -> Vec<(u64, String)> {
    let page = PageRequest::default();
    let listed =
        Tickets::list(store, &tenant("demo"), &TicketFilter::default(), &page).await.unwrap();
    listed.records.into_iter().map(|ticket| (ticket.number, ticket.subject)).collect()
}

#[tokio::test]
async fn an_abandoned_call_leaves_its_story_and_one_ticket() {
    let store = database().await.store;

    commit(&store, &batch(None, abandoned(1))).await.unwrap();

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.events, abandoned(1));
    assert_eq!(kept.interaction.state, InteractionState::Ended);
    assert_eq!(kept.interaction.calling_number.as_deref(), Some("+8613800000001"));
    assert_eq!(kept.interaction.queued_at, Some(second(2)));
    assert_eq!(tickets(&store).await, [(1, "Missed call in booking".to_owned())]);
    assert_eq!(store.offset(&tenant("demo"), 1).await.unwrap(), Some(OutboxId::new(4, 0)));
}

#[tokio::test]
async fn a_batch_told_again_is_refused_and_changes_nothing() {
    let store = database().await.store;
    commit(&store, &batch(None, abandoned(1))).await.unwrap();

    for expected in [None, Some(2), Some(4)] {
        let again = commit(&store, &batch(expected, abandoned(1))).await;
        assert!(matches!(again, Err(ProjectionError::OffsetMoved)), "after {expected:?}");
    }

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.events.len(), 4);
    assert_eq!(tickets(&store).await.len(), 1);
}

#[tokio::test]
async fn of_many_recorders_at_once_one_keeps_the_batch() {
    let store = database().await.store;
    let mut recording = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        recording.spawn(async move { commit(&store, &batch(None, abandoned(1))).await });
    }

    let answers = recording.join_all().await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(tickets(&store).await.len(), 1);
}

#[tokio::test]
async fn the_same_call_told_in_pieces_comes_out_the_same() {
    let store = database().await.store;
    let mut expected = None;

    for entry in abandoned(1) {
        let next = u32::try_from(entry.id.millis).unwrap();
        commit(&store, &batch(expected, vec![entry])).await.unwrap();
        expected = Some(next);
    }

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.interaction.state, InteractionState::Ended);
    assert_eq!(tickets(&store).await.len(), 1);
}

#[tokio::test]
async fn a_call_retold_in_a_new_epoch_keeps_its_beginning_and_its_one_ticket() {
    let store = database().await.store;
    commit(&store, &batch(None, abandoned(1))).await.unwrap();

    let retold = vec![
        told(2, 1, "c-1", "contact_started", &[]),
        told(2, 2, "c-1", "contact_ended", &[("reason", "abandoned")]),
    ];
    commit(&store, &batch(None, retold)).await.unwrap();

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.interaction.calling_number.as_deref(), Some("+8613800000001"));
    assert_eq!(kept.events.len(), 6);
    assert_eq!(tickets(&store).await.len(), 1);
    assert_eq!(store.offset(&tenant("demo"), 2).await.unwrap(), Some(OutboxId::new(2, 0)));
}

#[tokio::test]
async fn an_old_version_that_comes_late_is_kept_but_not_folded() {
    let store = database().await.store;
    commit(&store, &batch(None, abandoned(2))).await.unwrap();

    let late = vec![told(1, 9, "c-1", "contact_queued", &[("queue", "refund")])];
    commit(&store, &batch(None, late)).await.unwrap();

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.interaction.state, InteractionState::Ended);
    assert_eq!(kept.events.len(), 5);
}

#[tokio::test]
async fn an_agents_event_adds_to_the_call_it_names_and_makes_none() {
    let store = database().await.store;
    let wrap_up = |n, contact: &str| OutboxEntry {
        entity: EntityKind::Agent,
        entity_id: "wang".to_owned(),
        fields: [
            ("contact".to_owned(), contact.to_owned()),
            ("disposition".to_owned(), "booked".to_owned()),
        ]
        .into(),
        ..told(1, n, "", "wrap_up_finished", &[])
    };
    let mut entries = abandoned(1);
    entries.extend([wrap_up(5, "c-1"), wrap_up(6, "c-unknown")]);

    commit(&store, &batch(None, entries)).await.unwrap();

    let kept = store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap();
    assert_eq!(kept.interaction.disposition.as_deref(), Some("booked"));
    let filter = InteractionFilter::default();
    let all = store.interactions(&tenant("demo"), &filter, &PageRequest::default()).await.unwrap();
    assert_eq!(all.records.len(), 1);
}

#[tokio::test]
async fn poison_keeps_the_whole_batch_out_and_alone_it_can_be_buried() {
    let store = database().await.store;
    let poisons = [
        told(1, 5, "c-1", "contact_queued", &[("queue", "two words")]),
        told(1, 5, "c-1", "contact_noted", &[("text", "nul \0 inside")]),
        told(1, 5, "no id at all", "contact_queued", &[]),
    ];
    for poison in poisons.clone() {
        let mut entries = abandoned(1);
        entries.push(poison);
        let refused = commit(&store, &batch(None, entries)).await;
        assert!(matches!(refused, Err(ProjectionError::Poison(_))), "{refused:?}");
        assert_eq!(store.offset(&tenant("demo"), 1).await.unwrap(), None);
    }
    commit(&store, &batch(None, abandoned(1))).await.unwrap();

    let dead = DeadEntry {
        expected: Some(OutboxId::new(4, 0)),
        entry: poisons[1].clone(),
        reason: "field text".to_owned(),
        attempts: 5,
        at: second(70),
    };
    store.bury(&tenant("demo"), &dead).await.unwrap();

    let graves = store.dead(&tenant("demo"), &PageRequest::default()).await.unwrap().records;
    assert_eq!(graves.len(), 1);
    assert_eq!((graves[0].entry.id, graves[0].attempts), (poisons[1].id, 5));
    assert_eq!(store.offset(&tenant("demo"), 1).await.unwrap(), Some(OutboxId::new(5, 0)));
}

#[tokio::test]
async fn whoever_waits_hears_when_more_is_recorded() {
    let store = database().await.store;
    let demo = tenant("demo");

    let wait = store.recorded(&demo, 1, None, Duration::from_secs(30));
    let batch = batch(None, abandoned(1));
    let (heard, kept) = tokio::join!(wait, commit(&store, &batch));

    kept.unwrap();
    assert_eq!(heard.unwrap(), Some(OutboxId::new(4, 0)));
    let in_vain = store.recorded(&demo, 1, Some(OutboxId::new(4, 0)), Duration::from_millis(20));
    assert_eq!(in_vain.await.unwrap(), Some(OutboxId::new(4, 0)));
}

#[tokio::test]
async fn filters_and_pages_of_the_history_agree_with_what_happened() {
    let store = database().await.store;
    let mut entries = abandoned(1);
    entries.push(told(1, 5, "c-2", "contact_started", &[]));
    entries.push(told(1, 6, "c-3", "contact_started", &[]));
    commit(&store, &batch(None, entries)).await.unwrap();
    let demo = tenant("demo");

    let first =
        store.interactions(&demo, &InteractionFilter::default(), &page(2, "")).await.unwrap();
    let rest = store
        .interactions(&demo, &InteractionFilter::default(), &page(2, &first.next))
        .await
        .unwrap();
    let ended =
        InteractionFilter { state: Some(InteractionState::Ended), ..InteractionFilter::default() };
    let ended = store.interactions(&demo, &ended, &page(2, "")).await.unwrap();

    let ids = |calls: &[switchboard_domain::interaction::Interaction]| -> Vec<String> {
        calls.iter().map(|call| call.id.to_string()).collect()
    };
    assert_eq!(ids(&first.records), ["c-3", "c-2"]);
    assert_eq!((ids(&rest.records), rest.next.as_str()), (vec!["c-1".to_owned()], ""));
    assert_eq!(ids(&ended.records), ["c-1"]);
}

fn page(size: u32, token: &str) -> PageRequest {
    PageRequest::parse(size, token).unwrap()
}

/// A customer who gives up waiting, in three events.
fn given_up(contact: &str, start: u32) -> Vec<OutboxEntry> {
    vec![
        told(1, start, contact, "contact_started", &[("customer", "li")]),
        told(1, start + 1, contact, "contact_queued", &[("queue", "booking")]),
        told(1, start + 2, contact, "contact_ended", &[("reason", "abandoned")]),
    ]
}

#[tokio::test]
async fn an_open_ticket_takes_up_the_next_call_of_its_customer_once() {
    let store = database().await.store;
    let rule = TicketRule { joins_within: Some(Duration::from_mins(1)), ..missed_call() };
    let first = Batch { rules: vec![rule.clone()], ..batch(None, given_up("c-1", 1)) };
    let next = Batch { rules: vec![rule], ..batch(Some(3), given_up("c-2", 4)) };

    commit(&store, &first).await.unwrap();
    commit(&store, &next).await.unwrap();

    assert_eq!(tickets(&store).await, [(1, "Missed call in booking".to_owned())]);
    let interaction = Some(contact("c-2"));
    let filter = TicketFilter { interaction, ..TicketFilter::default() };
    let page = PageRequest::default();
    let of_next = Tickets::list(&store, &tenant("demo"), &filter, &page).await.unwrap();
    assert_eq!((of_next.records.len(), of_next.records[0].version), (1, 2));
}

#[tokio::test]
async fn a_rule_has_its_caller_called_back_once_for_each_open_ticket() {
    let store = database().await.store;
    let queue = QueueId::parse("booking").unwrap();
    let call_back = Some(CallBackPlan { queue, after: Duration::from_mins(5) });
    let joins_within = Some(Duration::from_mins(1));
    let rule = TicketRule { call_back, joins_within, ..missed_call() };
    let first = Batch { rules: vec![rule.clone()], ..batch(None, given_up("c-1", 1)) };
    let next = Batch { rules: vec![rule], ..batch(Some(3), given_up("c-2", 4)) };

    commit(&store, &first).await.unwrap();
    commit(&store, &next).await.unwrap();

    let (filter, page) = (FollowUpFilter::default(), PageRequest::default());
    let owed = FollowUps::list(&store, &tenant("demo"), &filter, &page).await.unwrap().records;
    assert_eq!(owed.len(), 1, "{owed:?}");
    assert_eq!((owed[0].policy.as_str(), owed[0].state), ("call-back", FollowUpState::Due));
    assert_eq!(owed[0].due_at, first.now + Duration::from_mins(5));
}

#[tokio::test]
async fn recorders_of_two_epochs_do_not_overwrite_each_other() {
    let store = database().await.store;
    for n in 0..40_u32 {
        let name = format!("c-{n}");
        let (early, late) = (2 * u64::from(n) + 1, 2 * u64::from(n) + 2);
        commit(&store, &batch(None, vec![told(early, 1, &name, "contact_started", &[])]))
            .await
            .unwrap();
        let lost =
            batch(Some(1), vec![told(early, 2, &name, "contact_connected", &[("agent", "li")])]);
        let ended =
            batch(None, vec![told(late, 3, &name, "contact_ended", &[("reason", "completed")])]);

        let (one, other) = tokio::join!(commit(&store, &lost), commit(&store, &ended));

        one.unwrap();
        other.unwrap();
        let kept = store.interaction(&tenant("demo"), &contact(&name)).await.unwrap();
        assert_eq!(kept.interaction.state, InteractionState::Ended, "{name}");
    }
}

#[tokio::test]
async fn a_schema_that_is_not_there_yet_makes_no_event_poison() {
    let database = database().await;
    let mut owner = database.owner().await;
    for (before, after) in [
        (
            "ALTER TABLE interactions RENAME refused TO later",
            "ALTER TABLE interactions RENAME later TO refused",
        ),
        ("ALTER TABLE interactions RENAME TO later", "ALTER TABLE later RENAME TO interactions"),
        (
            "REVOKE INSERT ON interactions FROM switchboard_app",
            "GRANT INSERT ON interactions TO switchboard_app",
        ),
    ] {
        sqlx::query(before).execute(&mut owner).await.unwrap();
        let kept = commit(&database.store, &batch(None, abandoned(1))).await;
        assert!(
            matches!(kept, Err(ProjectionError::Store(StoreError::Unavailable(_)))),
            "{before}: {kept:?}"
        );
        sqlx::query(after).execute(&mut owner).await.unwrap();
    }

    commit(&database.store, &batch(None, abandoned(1))).await.unwrap();
}

#[tokio::test]
async fn what_recorders_planned_while_little_was_kept_they_plan_anew_among_much() {
    let database = database().await;
    let started =
        |epoch: u64, n: u32| told(epoch, n, &format!("c-{epoch}-{n}"), "contact_started", &[]);
    // At once, so that many connections plan.
    let mut planning = tokio::task::JoinSet::new();
    for epoch in 1..=8 {
        let (store, first) = (database.store.clone(), batch(None, vec![started(epoch, 1)]));
        planning.spawn(async move { commit(&store, &first).await });
    }
    assert!(planning.join_all().await.iter().all(Result::is_ok));
    let much = "INSERT INTO interactions (tenant_id, id, state, started_at, epoch, version)
                SELECT 'demo', 'c-' || n, 'ended', now(), 1, 1 FROM generate_series(1, 20000) AS n";
    let mut owner = database.owner().await;
    sqlx::query(much).execute(&mut owner).await.unwrap();

    for round in 0..16 {
        let entries = (1..=50).map(|n| started(9, round * 50 + n)).collect();
        let expected = (round > 0).then_some(round * 50);
        commit(&database.store, &batch(expected, entries)).await.unwrap();
    }

    // What ends tells the statistics what it did.
    database.store.close().await;
    let others = eventually(async || {
        let (by_key, others) = scans(&mut owner).await;
        (by_key >= 800).then_some(others)
    })
    .await;
    assert!(others < 50, "{others} interactions were found by reading those of the tenant");
}

/// Tells how often interactions were looked up by their key, and by other indexes.
async fn scans(owner: &mut PgConnection) -> (i64, i64) {
    let asked = "SELECT
             coalesce(sum(idx_scan) FILTER (WHERE indexrelname = 'interactions_pkey'), 0)::bigint,
             coalesce(sum(idx_scan) FILTER (WHERE indexrelname <> 'interactions_pkey'), 0)::bigint
         FROM pg_stat_user_indexes
         WHERE relname = 'interactions'";
    sqlx::query_as(asked).fetch_one(owner).await.unwrap()
}
