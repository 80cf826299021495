//! Dead events: kept after all, once and in order, or given up.

use switchboard_domain::ticket::{Outcome, TicketRule};
use switchboard_store::dead_events::{DeadEvents, Replay, ReplayError};
use switchboard_store::error::StoreError;
use switchboard_store::history::{History, InteractionStory};
use switchboard_store::outbox::{OutboxEntry, OutboxId, OutboxPosition};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, DeadEntry, Projection};
use switchboard_store::tickets::{TicketFilter, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{contact, database, second, tenant, told};

fn missed_call() -> TicketRule {
    TicketRule::after(Outcome::Abandoned, "missed", "Missed call")
}

/// A caller who gives up waiting.
fn abandoned(from: u32, call: &str) -> Vec<OutboxEntry> {
    vec![
        told(1, from, call, "contact_started", &[("calling_number", "+8613800000001")]),
        told(1, from + 1, call, "contact_queued", &[("state", "queued"), ("queue", "booking")]),
        told(1, from + 2, call, "contact_offered", &[("state", "offered"), ("agent", "li")]),
        told(1, from + 3, call, "contact_ended", &[("state", "ended"), ("reason", "abandoned")]),
    ]
}

/// Keeps an entry after all before it.
async fn keep(store: &PostgresStore, entry: &OutboxEntry) {
    let batch = Batch {
        epoch: 1,
        expected: store.offset(&tenant("demo"), 1).await.unwrap(),
        entries: vec![entry.clone()],
        rules: vec![missed_call()],
        now: second(60),
    };
    Projection::commit(store, &tenant("demo"), &batch).await.unwrap();
}

/// Puts an entry aside after all before it.
async fn bury(store: &PostgresStore, entry: &OutboxEntry) {
    let dead = DeadEntry {
        expected: store.offset(&tenant("demo"), 1).await.unwrap(),
        entry: entry.clone(),
        reason: "an older version could not read it".to_owned(),
        attempts: 5,
        at: second(70 + i64::try_from(entry.id.millis).unwrap()),
    };
    store.bury(&tenant("demo"), &dead).await.unwrap();
}

async fn replay(store: &PostgresStore, at: OutboxPosition) -> Result<OutboxEntry, ReplayError> {
    let replay = Replay { at, rules: vec![missed_call()], now: second(90) };
    store.replay(&tenant("demo"), &replay).await
}

async fn dead(store: &PostgresStore) -> Vec<DeadEntry> {
    store.dead(&tenant("demo"), &PageRequest::default()).await.unwrap().records
}

async fn story(store: &PostgresStore, call: &str) -> InteractionStory {
    store.interaction(&tenant("demo"), &contact(call)).await.unwrap()
}

async fn tickets(store: &PostgresStore) -> usize {
    let (all, page) = (TicketFilter::default(), PageRequest::default());
    Tickets::list(store, &tenant("demo"), &all, &page).await.unwrap().records.len()
}

#[tokio::test]
async fn a_call_is_told_as_if_its_replayed_event_had_never_been_dead() {
    let whole = database().await.store;
    for entry in abandoned(1, "c-1") {
        keep(&whole, &entry).await;
    }

    for poison in 0..4 {
        let store = database().await.store;
        for (number, entry) in abandoned(1, "c-1").iter().enumerate() {
            if number == poison { bury(&store, entry).await } else { keep(&store, entry).await }
        }
        let buried = dead(&store).await.pop().unwrap().entry;

        let kept = replay(&store, buried.position()).await.unwrap();

        assert_eq!(kept, abandoned(1, "c-1")[poison]);
        assert_eq!(story(&store, "c-1").await, story(&whole, "c-1").await, "event {poison}");
        assert_eq!((tickets(&store).await, dead(&store).await.len()), (1, 0), "event {poison}");
    }
}

#[tokio::test]
async fn an_event_is_replayed_once() {
    let store = database().await.store;
    let entries = abandoned(1, "c-1");
    bury(&store, &entries[0]).await;

    let at = entries[0].position();
    let (first, second) = tokio::join!(replay(&store, at), replay(&store, at));

    let outcomes = [first, second].map(|outcome| match outcome {
        Ok(_) => "kept",
        Err(ReplayError::Store(StoreError::NotFound { .. })) => "gone",
        Err(other) => panic!("{other:?}"),
    });
    assert!(outcomes.contains(&"kept") && outcomes.contains(&"gone"), "{outcomes:?}");
    assert_eq!(story(&store, "c-1").await.events.len(), 1);
}

#[tokio::test]
async fn a_replay_and_a_recorder_at_once_lose_nothing_of_each_other() {
    let store = database().await.store;
    for round in 0..8 {
        let (from, call) = (round * 10 + 1, format!("c-{round}"));
        let entries = abandoned(from, &call);
        keep(&store, &entries[0]).await;
        bury(&store, &entries[1]).await;
        keep(&store, &entries[2]).await;

        let (replayed, ()) =
            tokio::join!(replay(&store, entries[1].position()), keep(&store, &entries[3]));

        replayed.unwrap();
        let told = story(&store, &call).await;
        assert_eq!(told.events, entries, "{call}");
        assert_eq!(told.interaction.outcome(), Some(Outcome::Abandoned), "{call}");
        assert_eq!((told.interaction.offers, told.interaction.ended_at.is_some()), (1, true));
    }
    assert_eq!(tickets(&store).await, 8);
}

#[tokio::test]
async fn what_can_still_not_be_kept_stays_dead() {
    let store = database().await.store;
    let poison = told(1, 1, "c-1", "contact_queued", &[("queue", "two words")]);
    bury(&store, &poison).await;

    let refused = replay(&store, poison.position()).await;

    assert!(matches!(refused, Err(ReplayError::StillPoison(_))), "{refused:?}");
    assert_eq!(dead(&store).await.len(), 1);
    let told = store.interaction(&tenant("demo"), &contact("c-1")).await;
    assert!(matches!(told, Err(StoreError::NotFound { .. })), "{told:?}");
}

#[tokio::test]
async fn dead_events_are_listed_in_pages_and_given_up_one_by_one() {
    let store = database().await.store;
    let entries = abandoned(1, "c-1");
    for entry in &entries {
        bury(&store, entry).await;
    }

    let first = store.dead(&tenant("demo"), &PageRequest::parse(3, "").unwrap()).await.unwrap();
    let rest = PageRequest::parse(3, &first.next).unwrap();
    let last = store.dead(&tenant("demo"), &rest).await.unwrap();
    let ids = |dead: &[DeadEntry]| dead.iter().map(|dead| dead.entry.id).collect::<Vec<_>>();
    let at = |millis| OutboxId::new(millis, 0);
    assert_eq!(ids(&first.records), [at(4), at(3), at(2)]);
    assert_eq!((ids(&last.records), last.next.as_str()), (vec![at(1)], ""));

    let gone = store.drop_dead(&tenant("demo"), entries[0].position()).await.unwrap();
    assert_eq!(gone.entry, entries[0]);
    for missing in [
        store.drop_dead(&tenant("demo"), entries[0].position()).await,
        store.dead_at(&tenant("demo"), entries[0].position()).await,
        store.dead_at(&tenant("other"), entries[1].position()).await,
    ] {
        assert!(matches!(missing, Err(StoreError::NotFound { .. })), "{missing:?}");
    }
}
