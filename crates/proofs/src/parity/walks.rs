//! Many walks at once: each on a tenant of its own, on one connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::JoinSet;

use switchboard_domain::floor::walk::Walk;
use switchboard_domain::ids::TenantId;
use switchboard_store_redis::trial::Trial;

use crate::suite::say;

use super::pair::{Failure, Pair, Sent};
use super::shrink::shrink;

/// How many commands a walk has.
pub(super) const LENGTH: u64 = 500;
/// How many walks are under way at once: enough that neither side waits for the other.
const AT_ONCE: usize = 8;
/// How many failing walks are shortened; the others are only counted.
const TOLD: u64 = 3;
/// How many commands pass between lines of progress.
const PROGRESS: u64 = 20_000;

/// Begins the walk of a seed: odd ones are wild, even ones calm.
pub(super) fn walk_of(seed: u64) -> Walk {
    if seed.is_multiple_of(2) { Walk::calm(seed) } else { Walk::new(seed) }
}

/// What many walks came to.
#[derive(Debug, Default)]
pub(super) struct Counts {
    walked: AtomicU64,
    failed: AtomicU64,
}

impl Counts {
    /// Gives how many commands were compared.
    pub(super) fn commands(&self) -> u64 {
        self.walked.load(Ordering::Relaxed)
    }

    /// Gives how many walks failed.
    pub(super) fn failures(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Plays the walks of all seeds from 1.
pub(super) async fn play_all(trial: &Trial, seeds: u64) -> Counts {
    let (next, counts) = (Arc::new(AtomicU64::new(1)), Arc::new(Counts::default()));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (trial, next, counts) = (trial.clone(), Arc::clone(&next), Arc::clone(&counts));
        workers.spawn(async move {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed > seeds {
                    return;
                }
                let outcome = play(&trial, "walk", seed, LENGTH).await;
                note(&trial, &counts, seed, outcome, seeds * LENGTH).await;
            }
        });
    }
    while workers.join_next().await.is_some() {}
    Arc::into_inner(counts).unwrap_or_default()
}

/// Plays the walk of a seed, on a tenant named after it.
pub(super) async fn play(
    trial: &Trial,
    name: &str,
    seed: u64,
    length: u64,
) -> Result<u64, Failure> {
    let mut walk = walk_of(seed);
    let mut left = length;
    let next = |floor: &_| {
        left = left.checked_sub(1)?;
        Some(walk.next(floor))
    };
    Pair::new(trial, &tenant(&format!("{name}-{seed}"))).play(next, |_, _| ()).await
}

async fn note(trial: &Trial, counts: &Counts, seed: u64, outcome: Result<u64, Failure>, all: u64) {
    match outcome {
        Ok(steps) => {
            let before = counts.walked.fetch_add(steps, Ordering::Relaxed);
            if before / PROGRESS != (before + steps) / PROGRESS {
                let failed = counts.failures();
                say(&format!("parity: {} of {all} commands, {failed} violations", before + steps));
            }
        }
        Err(failure) => {
            counts.walked.fetch_add(failure.sent.len() as u64, Ordering::Relaxed);
            if counts.failed.fetch_add(1, Ordering::Relaxed) < TOLD {
                tell(trial, seed, failure).await;
            }
        }
    }
}

/// Says where a walk failed, and the fewest commands found that fail.
pub(super) async fn tell(trial: &Trial, seed: u64, failure: Failure) {
    let long = failure.sent.len();
    failure
        .wrong
        .iter()
        .for_each(|line| say(&format!("parity: seed {seed} command {long}: {line}")));
    let short = shrink(trial, &tenant(&format!("shrink-{seed}")), failure).await;
    say(&format!("parity: seed {seed} fails with {} commands too:", short.sent.len()));
    short.sent.iter().for_each(|sent| say(&format!("  {}", line_of(sent))));
    short.wrong.iter().for_each(|line| say(&format!("  {line}")));
    say(&format!("parity: replay with --seed {seed}"));
}

/// Writes what is sent on one line.
pub(super) fn line_of((envelope, command): &Sent) -> String {
    format!("{} {} {command:?}", envelope.run, envelope.wall)
}

/// Names a tenant.
pub(super) fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).expect("words and numbers are an id")
}
