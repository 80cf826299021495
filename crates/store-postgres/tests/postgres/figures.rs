//! What queues did, counted by the database as the domain counts it.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::ids::QueueId;
use switchboard_domain::interaction::{QueueFigures, USUAL_TARGET};
use switchboard_store::history::{FiguresFilter, History, InteractionFilter};
use switchboard_store::outbox::OutboxEntry;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};

use crate::support::{database, second, tenant, told};

const CALLS: u32 = 150;

/// Calls of every sort, told one after the other: `n` counts the seconds and the events.
fn calls() -> Vec<OutboxEntry> {
    let mut entries = Vec::new();
    let mut n = 0;
    for call in 0..CALLS {
        let id = format!("c-{call}");
        let queue = if call % 3 == 0 { "refund" } else { "booking" };
        let reason =
            ["completed", "abandoned", "overflow", "gateway_lost"][(call % 7 % 4) as usize];
        let mut tell = |pause: u32, kind: &str, fields: &[(&str, &str)]| {
            n += pause;
            entries.push(told(1, n, &id, kind, fields));
        };
        tell(1, "contact_started", &[("state", "in_menu")]);
        tell(1, "contact_queued", &[("state", "queued"), ("queue", queue)]);
        if call % 2 == 0 {
            let connected = [("state", "connected"), ("agent", "wang")];
            tell(call * 7 % 41 + 1, "contact_connected", &connected);
        }
        if call % 11 != 0 {
            let ended = [("state", "ended"), ("reason", reason)];
            tell(call * 5 % 13 + 1, "contact_ended", &ended);
        }
    }
    entries
}

#[tokio::test]
async fn the_database_counts_as_the_domain_does() {
    let store = database().await.store;
    let batch = Batch { epoch: 1, expected: None, entries: calls(), rules: vec![], now: second(0) };
    Projection::commit(&store, &tenant("demo"), &batch).await.unwrap();
    let booking = QueueId::parse("booking").unwrap();
    let targets: BTreeMap<_, _> = [(booking.clone(), Duration::from_secs(12))].into();
    let (from, until, step) = (second(100), second(2_000), Duration::from_mins(5));
    let filter = FiguresFilter { from, until, step, targets: targets.clone() };

    let counted = store.queue_figures(&tenant("demo"), &filter).await.unwrap();

    let mut expected: BTreeMap<_, QueueFigures> = BTreeMap::new();
    let page = PageRequest::parse(200, "").unwrap();
    let (demo, every) = (tenant("demo"), InteractionFilter::default());
    let all = History::interactions(&store, &demo, &every, &page).await.unwrap();
    for call in all.records {
        let (queue, queued_at) = (call.queue.clone().unwrap(), call.queued_at.unwrap());
        if queued_at < from || queued_at >= until {
            continue;
        }
        let steps = u32::try_from(queued_at.since(from).as_secs() / step.as_secs()).unwrap();
        let target = targets.get(&queue).copied().unwrap_or(USUAL_TARGET);
        expected.entry((queue, from + step * steps)).or_default().add(&call, target);
    }
    let counted: BTreeMap<_, _> =
        counted.into_iter().map(|one| ((one.queue, one.from), one.figures)).collect();
    assert_eq!(counted, expected);
    let sum = |of: fn(&QueueFigures) -> u64| counted.values().map(of).sum::<u64>();
    let (answered, abandoned) = (sum(|one| one.answered), sum(|one| one.abandoned));
    let (lost, overflowed) = (sum(|one| one.lost), sum(|one| one.overflowed));
    assert!([answered, abandoned, lost, overflowed].into_iter().all(|count| count > 0));
    assert_eq!(sum(|one| one.offered), answered + abandoned + lost + overflowed);
}
