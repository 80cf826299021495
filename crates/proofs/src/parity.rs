//! Parity: the scripts on a real Redis against the reducer that runs in production.
//!
//! Random walks, wild and calm, and scenes that no walk gets to are played on both. After every
//! command the reply, the events, the outbox and the whole state agree, every key is one that is
//! declared and carries the tenant's tag, and what is over is kept only for a while. All branches
//! of the scripts must be taken, no script may take too long on the worst floors, and faults that
//! are planted in the text of the scripts must be found.

mod branches;
mod called_back;
mod differences;
mod faults;
mod found;
mod held;
mod hunt;
mod pair;
mod rare;
mod scene;
mod scenes;
mod shrink;
mod unreached;
mod walks;
pub mod worst;

use std::error::Error;

use switchboard_embedded::testing::fresh_redis;
use switchboard_store_redis::trial::{Trial, sources, watched};

use crate::suite::{Options, Verdict, say};

use self::branches::{Branch, count_branches};
use self::pair::Pair;
use self::walks::{LENGTH, line_of, tenant, walk_of};

/// How many commands the walks of each form have in all.
const SHORT: u64 = 200_000;
const LONG: u64 = 20_000_000;
/// How often the time of a script is taken.
const ROUNDS: u32 = 9;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Proves that the scripts do as the floor does.
pub fn prove(options: Options) -> Verdict {
    let run = || -> Outcome<Verdict> {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            let server = fresh_redis().await?;
            let verdict = match options.seed {
                Some(seed) => replay(&server.url(), seed).await,
                None => compare(&server.url(), if options.long { LONG } else { SHORT }).await,
            };
            server.stop().await;
            verdict
        })
    };
    run().unwrap_or_else(|error| {
        let total = faults::all().len();
        let line =
            format!("parity: could not run: {error}, 1 violations, 0/{total} mutants caught");
        Verdict { line, holds: false }
    })
}

async fn compare(url: &str, commands: u64) -> Outcome<Verdict> {
    let (counted, branches) = count_branches(&sources());
    let trial = Trial::load(url, watched(&counted)).await?;
    let failures = scenes::play_all(&trial, "proof").await;
    for (scene, failure) in &failures {
        for line in &failure.wrong {
            say(&format!("parity: {scene}: {line}"));
        }
    }
    let counts = walks::play_all(&trial, commands / LENGTH).await;
    let taken = trial.taken(branches.len()).await?;
    let (never, listed) = never_taken(&branches, &taken);
    let missing: Vec<String> =
        never.into_iter().chain(unreached::stale(&branches, &taken)).collect();
    for line in &missing {
        say(&format!("parity: {line}"));
    }
    trial.unload().await?;
    let caught = hunt::catch_all(url).await;
    let costs = worst::measure(url, ROUNDS, |_| ()).await?;
    let slow = costs.iter().filter(|cost| cost.least() > cost.limit()).count();
    for cost in &costs {
        let (least, median) = (cost.least(), cost.median());
        say(&format!(
            "parity: {}, {}: {least} µs, median {median}, limit {}",
            cost.step,
            cost.what,
            cost.limit()
        ));
    }
    let violations = failures.len() + missing.len() + slow + usize::try_from(counts.failures())?;
    let (all, longest) = (branches.len(), costs.iter().map(worst::Cost::least).max());
    let line = format!(
        "parity: {} walks, {} commands, {} of {all} branches ({listed} cannot be), longest script {} \
         µs, {violations} violations, {caught}/{} mutants caught",
        commands / LENGTH,
        counts.commands(),
        taken.iter().filter(|times| **times > 0).count(),
        longest.unwrap_or_default(),
        faults::all().len(),
    );
    Ok(Verdict { line, holds: violations == 0 && caught == faults::all().len() })
}

/// Says which branches should have been taken and were not, and how many are listed as unreachable.
fn never_taken(branches: &[Branch], taken: &[u64]) -> (Vec<String>, usize) {
    let never = branches.iter().zip(taken).filter(|(_, times)| **times == 0);
    let (listed, wrong): (Vec<_>, Vec<_>) =
        never.partition(|(branch, _)| unreached::is_listed(branch));
    let wrong = wrong.iter().map(|(branch, _)| format!("never taken: {branch}")).collect();
    (wrong, listed.len())
}

/// Replays the walk of one seed and tells what happened.
async fn replay(url: &str, seed: u64) -> Outcome<Verdict> {
    let trial = Trial::load(url, watched(&sources())).await?;
    let (mut walk, mut left) = (walk_of(seed), LENGTH);
    let next = |floor: &_| {
        left = left.checked_sub(1)?;
        Some(walk.next(floor))
    };
    let pair = Pair::new(&trial, &tenant(&format!("walk-{seed}")));
    let outcome = pair
        .play(next, |sent, answer| {
            say(&format!("{}\n    {answer:?}", line_of(sent)));
        })
        .await;
    let count = u8::from(outcome.is_err());
    if let Err(failure) = outcome {
        walks::tell(&trial, seed, failure).await;
    }
    let line = format!("parity: seed {seed}, {count} violations, 0/0 mutants caught");
    Ok(Verdict { line, holds: count == 0 })
}

#[cfg(test)]
mod tests;
