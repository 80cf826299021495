//! Bounded waits: for a state, never for a while.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long anything may take on a busy machine. A test that passes never waits that long.
pub const LIMIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(10);

/// Looks again and again until there is an answer, and gives it.
///
/// # Panics
///
/// When there is none within [`LIMIT`].
pub async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    let mut looks = interval(PAUSE);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        if let Some(answer) = look().await {
            return answer;
        }
        assert!(start.elapsed() < LIMIT, "it did not happen within {LIMIT:?}");
    }
}

/// Looks again and again until something is true.
///
/// # Panics
///
/// When it is not within [`LIMIT`].
pub async fn comes_true(mut holds: impl AsyncFnMut() -> bool) {
    eventually(async || holds().await.then_some(())).await;
}
