//! Hunts the faults that are planted in the scripts: scenes and walks must find each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use switchboard_store::live_floor::FloorError;
use switchboard_store_redis::trial::{Trial, sources, watched};

use crate::suite::say;

use super::faults::{self, Fault};
use super::pair::Failure;
use super::scenes;
use super::walks::{LENGTH, play};

/// How many walks a fault may outlive.
const WALKS: u64 = 120;
/// How many faults are hunted at once.
const AT_ONCE: usize = 4;

/// What found a fault.
pub(super) struct Find {
    /// The scene, or the seed of the walk.
    pub(super) by: String,
    /// Where the two did not agree.
    pub(super) failure: Failure,
}

/// Plants each fault in turn; counts those that are caught.
pub(super) async fn catch_all(url: &str) -> usize {
    let (next, caught) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut hunters = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (url, next, caught) = (url.to_owned(), Arc::clone(&next), Arc::clone(&caught));
        hunters.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(fault) = faults::all().get(number).copied() else { return };
                let found = catch(&url, number, fault, WALKS).await;
                caught.fetch_add(usize::from(report(fault, found)), Ordering::Relaxed);
            }
        });
    }
    while hunters.join_next().await.is_some() {}
    caught.load(Ordering::Relaxed)
}

fn report(fault: &Fault, found: Result<Option<Find>, FloorError>) -> bool {
    let name = fault.name;
    match found {
        Ok(Some(find)) => {
            let first = find.failure.wrong.first().map_or("", String::as_str);
            let first: String = first.chars().take(160).collect();
            say(&format!("parity: \"{name}\" caught by {}: {first}", find.by));
            true
        }
        Ok(None) => {
            say(&format!("parity: \"{name}\" NOT caught by {WALKS} walks"));
            false
        }
        Err(error) => {
            say(&format!("parity: \"{name}\" could not be hunted: {error}"));
            false
        }
    }
}

/// Plants a fault and plays until it is found.
pub(super) async fn catch(
    url: &str,
    number: usize,
    fault: &Fault,
    walks: u64,
) -> Result<Option<Find>, FloorError> {
    let Some(planted) = fault.plant(&sources()) else { return Ok(None) };
    let trial = Trial::load(url, watched(&planted)).await?;
    let name = format!("fault-{number}");
    let mut found = None;
    for seed in 1..=walks {
        if let Err(failure) = play(&trial, &name, seed, LENGTH).await {
            found = Some(Find { by: format!("seed {seed}"), failure });
            break;
        }
    }
    if found.is_none() {
        let failed = scenes::play_all(&trial, &name).await.into_iter().next();
        found = failed.map(|(scene, failure)| Find { by: format!("\"{scene}\""), failure });
    }
    trial.unload().await?;
    Ok(found)
}
