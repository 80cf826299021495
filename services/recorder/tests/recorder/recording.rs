//! From stream to history, whole and once.

use std::time::Duration;

use switchboard_domain::interaction::InteractionState;
use switchboard_embedded::testing::comes_true;
use switchboard_store::dead_events::DeadEvents;
use switchboard_store::outbox::OutboxId;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::Projection;

use crate::support::{Desk, at, missed, tenant, told};

#[tokio::test]
async fn a_missed_call_becomes_a_story_and_one_ticket() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));

    let recorder = desk.record();
    desk.recorded(1, at(102)).await;
    desk.shutdown.trigger();
    recorder.await.unwrap();

    let kept = desk.story("c-1").await;
    assert_eq!(kept.interaction.state, InteractionState::Ended);
    assert_eq!(kept.events.len(), 3);
    assert_eq!(desk.tickets().await, 1);
}

#[tokio::test]
async fn a_recorder_that_starts_again_tells_nothing_twice() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));
    let first = desk.record();
    desk.recorded(1, at(102)).await;
    first.abort();

    desk.stream.write(missed(1, 200, "c-2"));
    let _second = desk.record();
    desk.recorded(1, at(202)).await;

    assert_eq!(desk.story("c-1").await.events.len(), 3);
    assert_eq!(desk.tickets().await, 2);
}

#[tokio::test]
async fn several_recorders_at_once_keep_everything_once() {
    let desk = Desk::set_up().await;
    let _recorders = [desk.record(), desk.record(), desk.record()];

    for call in 0..30 {
        desk.stream.write(missed(1, 100 + call * 10, &format!("c-{call}")));
        tokio::task::yield_now().await;
    }
    desk.recorded(1, at(392)).await;

    for call in 0..30 {
        assert_eq!(desk.story(&format!("c-{call}")).await.events.len(), 3, "c-{call}");
    }
    assert_eq!(desk.tickets().await, 30);
}

#[tokio::test]
async fn what_follows_a_batch_is_gathered_and_the_end_does_not_wait_for_it() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));
    let recorder = desk.record_with(Duration::from_hours(1));
    desk.recorded(1, at(102)).await;

    desk.stream.write(missed(1, 200, "c-2"));
    desk.shutdown.trigger();
    recorder.await.unwrap();

    let offset = desk.store.offset(&tenant(), 1).await.unwrap();
    assert_eq!(offset, Some(at(102)));
}

#[tokio::test]
async fn an_event_that_cannot_be_kept_is_put_aside_and_the_others_go_on() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));
    desk.stream.write([told(1, 110, "c-2", "contact_queued", ("queue", "two words"))]);
    desk.stream.write(missed(1, 120, "c-3"));

    let _recorder = desk.record();
    desk.recorded(1, at(122)).await;

    let dead = desk.store.dead(&tenant(), &PageRequest::default()).await.unwrap().records;
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].entry.id, dead[0].attempts), (at(110), 5));
    assert!(dead[0].reason.contains("field `queue` of `contact_queued` is no id"));
    assert_eq!(desk.tickets().await, 2);
}

#[tokio::test]
async fn a_stream_that_lost_its_end_is_read_again_in_the_new_epoch() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));
    desk.stream.write(missed(1, 200, "c-lost"));
    let _recorder = desk.record();
    desk.recorded(1, at(202)).await;

    // The new epoch grows past the old end before anyone looks: half of it lies behind the cursor.
    desk.stream.lose_after(at(102));
    desk.stream.write([
        told(2, 150, "c-2", "contact_started", ("state", "in_menu")),
        told(2, 151, "c-2", "contact_queued", ("state", "queued")),
        told(2, 250, "c-2", "contact_ended", ("state", "ended")),
    ]);
    desk.recorded(2, at(250)).await;

    assert_eq!(desk.story("c-2").await.events.len(), 3);
    assert_eq!(desk.story("c-1").await.events.len(), 3);
    assert_eq!(desk.story("c-lost").await.events.len(), 3);
    assert_eq!(desk.tickets().await, 3);
}

#[tokio::test]
async fn a_stream_that_ends_before_the_cursor_is_noticed_while_nothing_comes() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 200, "c-1"));
    let _recorder = desk.record();
    desk.recorded(1, at(202)).await;

    desk.stream.lose_after(OutboxId::START);
    desk.stream.write(missed(2, 100, "c-2"));

    desk.recorded(2, at(102)).await;
    assert_eq!(desk.tickets().await, 2);
}

#[tokio::test]
async fn only_what_is_kept_and_old_is_trimmed() {
    let desk = Desk::set_up().await;
    desk.stream.write(missed(1, 100, "c-1"));
    desk.stream.write(missed(1, 90_000, "c-2"));

    let _recorder = desk.record();
    desk.recorded(1, at(90_002)).await;

    comes_true(async || desk.stream.ids() == [at(90_000), at(90_001), at(90_002)]).await;
    assert_eq!(desk.story("c-1").await.events.len(), 3);
}
