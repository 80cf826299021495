//! Menus that ran outside a call: kept once, before whatever the floor tells.

use switchboard_domain::interaction::InteractionState;
use switchboard_domain::ticket::{Outcome, TicketRule};
use switchboard_store::follow_ups::FollowUps;
use switchboard_store::history::{History, InteractionStory, MenuHistory, MenuStep, MenuStory};
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::tickets::{TicketFilter, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{contact, database, second, tenant, told};

fn step(at: i64, kind: &str, name: &str, text: &str) -> MenuStep {
    let fields = [(name.to_owned(), text.to_owned())].into();
    MenuStep { kind: kind.to_owned(), fields, at: second(at) }
}

fn story(steps: Vec<MenuStep>) -> MenuStory {
    let rule = TicketRule::after(Outcome::LeftMenu, "left", "Left the menu");
    MenuStory { interaction: contact("c-1"), steps, rules: vec![rule], now: second(60) }
}

/// A caller who pressed one key.
fn steps() -> Vec<MenuStep> {
    vec![
        step(3, "menu_started", "calling_number", "+8613800000001"),
        step(4, "menu_stepped", "node", "main-menu"),
    ]
}

fn left() -> Vec<MenuStep> {
    let mut end = step(5, "contact_ended", "reason", "left_menu");
    end.fields.insert("state".to_owned(), "ended".to_owned());
    steps().into_iter().chain([end]).collect()
}

async fn keep(store: &PostgresStore, steps: Vec<MenuStep>) {
    store.keep_menu(&tenant("demo"), &story(steps)).await.unwrap();
}

async fn read(store: &PostgresStore) -> InteractionStory {
    store.interaction(&tenant("demo"), &contact("c-1")).await.unwrap()
}

/// Keeps what the floor tells of a call that waits from second 7 on.
async fn keep_call(store: &PostgresStore) {
    let told = |n, kind, fields: &[_]| told(1, n, "c-1", kind, fields);
    let entries =
        vec![told(6, "contact_started", &[]), told(7, "contact_queued", &[("queue", "booking")])];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(60) };
    Projection::commit(store, &tenant("demo"), &batch).await.unwrap();
}

#[tokio::test]
async fn a_menu_without_a_call_is_an_interaction_and_leaves_its_tickets_once() {
    let store = database().await.store;

    for _ in 0..2 {
        keep(&store, left()).await;
    }

    let kept = read(&store).await;
    let kinds: Vec<&str> = kept.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["menu_started", "menu_stepped", "contact_ended"]);
    assert_eq!(kept.interaction.state, InteractionState::Ended);
    assert_eq!(kept.interaction.calling_number.as_deref(), Some("+8613800000001"));
    assert_eq!(kept.interaction.ended_at, Some(second(5)));
    let (every, page) = (TicketFilter::default(), PageRequest::default());
    let tickets = Tickets::list(&store, &tenant("demo"), &every, &page).await.unwrap();
    assert_eq!(tickets.records.len(), 1);
}

#[tokio::test]
async fn what_a_caller_keyed_outside_a_call_waits_once_to_be_heard() {
    let store = database().await.store;
    let mut asked = step(4, "menu_stepped", "survey", "care");
    asked.fields.insert("score.solved".to_owned(), "2".to_owned());
    let mut told = left();
    told.insert(2, asked);

    for _ in 0..2 {
        keep(&store, told.clone()).await;
    }

    let keyed = store.call_surveys(&tenant("demo"), second(0), 9).await.unwrap();
    assert_eq!(keyed.len(), 1, "{keyed:?}");
    assert_eq!((&keyed[0].call, keyed[0].at), (&contact("c-1"), second(4)));
    assert_eq!(keyed[0].scores, [("solved".to_owned(), 2)].into());
    assert!(keyed[0].ticket.is_some(), "the rule for those who left made one");
}

#[tokio::test]
async fn a_menu_comes_before_its_call_whichever_is_told_first() {
    for is_late in [false, true] {
        let store = database().await.store;
        if is_late {
            keep_call(&store).await;
            keep(&store, steps()).await;
        } else {
            keep(&store, steps()).await;
            keep_call(&store).await;
        }

        let kept = read(&store).await;

        let kinds: Vec<&str> = kept.events.iter().map(|event| event.kind.as_str()).collect();
        let expected = ["menu_started", "menu_stepped", "contact_started", "contact_queued"];
        assert_eq!(kinds, expected, "late: {is_late}");
        assert_eq!(kept.interaction.state, InteractionState::Waiting);
        assert_eq!(kept.interaction.started_at, second(3));
    }
}

#[tokio::test]
async fn of_many_who_tell_the_same_menu_at_once_one_is_heard() {
    let store = database().await.store;
    let mut telling = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        telling.spawn(async move { keep(&store, left()).await });
    }

    telling.join_all().await;

    assert_eq!(read(&store).await.events.len(), 3);
}
