//! New tickets at a rate, each sent at its time.

use std::time::Duration;

use anyhow::Context as _;
use switchboard_api::ticket::v1::CreateTicketRequest;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::latency::{Latency, millis};
use crate::replica::Replica;

pub(super) const COLUMNS: [&str; 5] = ["asked for", "made", "per second", "p50 / p99", "longest"];

/// Makes tickets for some seconds; how long one took is counted from when it was to be sent.
pub(super) async fn measure(
    replica: &Replica,
    rate: u32,
    seconds: u32,
) -> anyhow::Result<Vec<String>> {
    let tickets = replica.connect("supervisor")?.tickets();
    let description = "words of a description that is as long as people write them ".repeat(4);
    let mut ticks = interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut making, started) = (JoinSet::new(), Instant::now());
    for number in 0..u64::from(rate) * u64::from(seconds) {
        let due = ticks.tick().await;
        let mut tickets = tickets.clone();
        let request = CreateTicketRequest {
            request_id: format!("made-{number}"),
            subject: format!("refund of a late train {number}"),
            description: description.clone(),
            ..CreateTicketRequest::default()
        };
        making.spawn(async move {
            tickets.create_ticket(request).await?;
            Ok::<_, tonic::Status>(due.elapsed())
        });
    }
    let mut latency = Latency::default();
    while let Some(made) = making.join_next().await {
        latency.add(made.context("a task of the benchmark ended")??);
    }
    let per_second = f64_of(latency.count()) / started.elapsed().as_secs_f64();
    Ok(vec![
        format!("{rate}/s"),
        latency.count().to_string(),
        format!("{per_second:.0}"),
        latency.summary(),
        format!("{:.1} ms", millis(latency.longest())),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "nobody makes 2^52 tickets")]
fn f64_of(count: u64) -> f64 {
    count as f64
}
