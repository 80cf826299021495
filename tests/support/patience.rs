//! Bounded waits for what is announced.

use switchboard_embedded::testing::LIMIT;
use tokio::time::timeout;

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
