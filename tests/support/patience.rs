//! Bounded waits.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// How long anything may take on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer, and gives it.
///
/// # Panics
///
/// When there is none within the limit.
pub async fn eventually<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < limit, "it did not happen within {limit:?}");
        sleep(PAUSE).await;
    }
}

/// Waits for something that is announced, such as the next step of a story.
///
/// # Panics
///
/// When it does not come within [`LIMIT`], or cannot come any more.
pub async fn answered<T>(what: &str, coming: impl Future<Output = Option<T>>) -> T {
    let came = timeout(LIMIT, coming).await;
    assert!(came.is_ok(), "{what} did not come within {LIMIT:?}");
    let came = came.ok().flatten();
    assert!(came.is_some(), "{what} cannot come any more");
    came.expect("checked above")
}
