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

const CALLS: u32 = 200;
const REASONS: [&str; 9] = [
    "completed",
    "abandoned",
    "overflow",
    "gateway_lost",
    "callback_booked",
    "unreached",
    "window_closed",
    "cancelled",
    "merged",
];
const CAUSES: [&str; 5] = ["routed", "routed", "callback", "owed", "consult"];
const LISTS: [&str; 4] = ["", "company_switchboard", "company_switchboard, test", "mystery"];
const CODES: [&str; 3] = ["sold", "refused", "busy"];
const GATEWAYS: [&str; 4] = ["gateway-1", "gateway-1", "gateway-2", "tickets"];

/// Calls of every sort, told one after the other: `n` counts the seconds and the events.
pub(crate) fn calls() -> Vec<OutboxEntry> {
    let mut entries = Vec::new();
    let mut n = 0;
    for call in 0..CALLS {
        let id = format!("c-{call}");
        let queue = if call % 3 == 0 { "refund" } else { "booking" };
        let reason = one_of(&REASONS, call);
        let mut tell = |pause: u32, kind: &str, fields: &[(&str, &str)]| {
            n += pause;
            entries.push(told(1, n, &id, kind, fields));
        };
        let (gateway, lists) = (one_of(&GATEWAYS, call / 2), one_of(&LISTS, call / 3));
        let came = [("state", "in_menu"), ("gateway", gateway), ("caller_lists", lists)];
        tell(1, "contact_started", &came);
        let cause = one_of(&CAUSES, call / 5);
        tell(1, "contact_queued", &[("state", "queued"), ("queue", queue), ("cause", cause)]);
        if call % 2 == 0 {
            let connected = [("state", "connected"), ("agent", "wang")];
            tell(call * 7 % 41 + 1, "contact_connected", &connected);
        }
        if call % 11 != 0 {
            let ended = [("state", "ended"), ("reason", reason)];
            tell(call * 5 % 13 + 1, "contact_ended", &ended);
            let code = one_of(&CODES, call / 2);
            tell(1, "wrap_up_finished", &[("agent", "wang"), ("disposition", code)]);
        }
    }
    entries
}

fn one_of(words: &[&'static str], number: u32) -> &'static str {
    words[number as usize % words.len()]
}

#[tokio::test]
async fn the_database_counts_as_the_domain_does() {
    let store = database().await.store;
    let batch = Batch { epoch: 1, expected: None, entries: calls(), rules: vec![], now: second(0) };
    Projection::commit(&store, &tenant("demo"), &batch).await.unwrap();
    let booking = QueueId::parse("booking").unwrap();
    let targets: BTreeMap<_, _> = [(booking.clone(), Duration::from_secs(12))].into();
    let (from, until, step) = (second(100), second(3_000), Duration::from_mins(5));
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
    // Where all that waited was taken back, there is nothing to tell.
    expected.retain(|_, figures| *figures != QueueFigures::default());
    let counted: BTreeMap<_, _> =
        counted.into_iter().map(|one| ((one.queue, one.from), one.figures)).collect();
    assert_eq!(counted, expected);
    let sum = |of: fn(&QueueFigures) -> u64| counted.values().map(of).sum::<u64>();
    let (answered, abandoned) = (sum(|one| one.answered), sum(|one| one.abandoned));
    let (lost, overflowed) = (sum(|one| one.lost), sum(|one| one.overflowed));
    let (booked, unreached) = (sum(|one| one.callbacks_booked), sum(|one| one.unreached));
    let ended = [answered, abandoned, lost, overflowed, booked, unreached];
    assert!(ended.into_iter().all(|count| count > 0), "{ended:?}");
    assert_eq!(sum(|one| one.offered), ended.into_iter().sum::<u64>());
}
