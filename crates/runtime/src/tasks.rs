//! Named background tasks: each has an owner, an end, and a line in the log when it breaks.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::shutdown::Shutdown;

/// The tasks of one process. Clones share the same tasks.
#[derive(Clone, Debug)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: Shutdown,
    /// Cut when the time for draining is over.
    late: CancellationToken,
}

impl Tasks {
    /// Makes an empty set whose tasks end on that shutdown.
    pub fn new(shutdown: Shutdown) -> Self {
        Self { tracker: TaskTracker::new(), shutdown, late: CancellationToken::new() }
    }

    /// Gives the shutdown that ends these tasks.
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Runs a future until it is done or the shutdown drops it at its next wait.
    pub fn spawn(
        &self,
        name: &'static str,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> AbortHandle {
        let shutdown = self.shutdown.clone();
        self.spawn_draining(name, async move {
            tokio::select! {
                () = future => {}
                () = shutdown.triggered() => {}
            }
        })
    }

    /// Runs a future that watches the shutdown itself, to end in order; dropped when it is late.
    pub fn spawn_draining(
        &self,
        name: &'static str,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> AbortHandle {
        let late = self.late.clone();
        let guarded = async move {
            tokio::select! {
                outcome = AssertUnwindSafe(future).catch_unwind() => {
                    if outcome.is_err() {
                        tracing::error!(task = name, "a task panicked");
                    }
                }
                () = late.cancelled() => tracing::warn!(task = name, "a task was late, so it was dropped"),
            }
        };
        self.tracker
            .spawn(guarded.instrument(tracing::info_span!("task", task = name)))
            .abort_handle()
    }

    /// Runs a future that the process cannot do without: when it ends early, everything ends.
    pub fn spawn_essential(
        &self,
        name: &'static str,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> AbortHandle {
        let shutdown = self.shutdown.clone();
        self.spawn_draining(name, async move {
            let ended = tokio::select! {
                outcome = AssertUnwindSafe(future).catch_unwind() => outcome.map(|()| true),
                () = shutdown.triggered() => Ok(false),
            };
            if !matches!(ended, Ok(false)) {
                tracing::error!(task = name, "an essential task ended, so the process ends");
                shutdown.trigger();
            }
        })
    }

    /// Counts the tasks that run.
    pub fn len(&self) -> usize {
        self.tracker.len()
    }

    /// Says whether no task runs.
    pub fn is_empty(&self) -> bool {
        self.tracker.is_empty()
    }

    /// Waits for all tasks to end, and drops those that take longer than `limit`.
    pub async fn drain(&self, limit: Duration) {
        self.tracker.close();
        if tokio::time::timeout(limit, self.tracker.wait()).await.is_err() {
            self.late.cancel();
            self.tracker.wait().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn tasks() -> Tasks {
        Tasks::new(Shutdown::new())
    }

    #[tokio::test]
    async fn a_shutdown_ends_a_task_that_waits() {
        let tasks = tasks();
        tasks.spawn("waiting", std::future::pending());

        tasks.shutdown().trigger();
        tasks.drain(Duration::from_secs(5)).await;

        assert!(tasks.is_empty());
    }

    #[tokio::test]
    async fn a_draining_task_may_finish_its_work() {
        let (tasks, finished) = (tasks(), Arc::new(AtomicBool::new(false)));
        let (shutdown, done) = (tasks.shutdown().clone(), Arc::clone(&finished));
        tasks.spawn_draining("finishing", async move {
            shutdown.triggered().await;
            tokio::task::yield_now().await;
            done.store(true, Ordering::SeqCst);
        });

        tasks.shutdown().trigger();
        tasks.drain(Duration::from_secs(5)).await;

        assert!(finished.load(Ordering::SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_task_is_dropped() {
        let tasks = tasks();
        tasks.spawn_draining("stubborn", std::future::pending());

        tasks.shutdown().trigger();
        tasks.drain(Duration::from_secs(5)).await;

        assert!(tasks.is_empty());
    }

    #[tokio::test]
    async fn the_end_of_an_essential_task_ends_everything() {
        let tasks = tasks();

        tasks.spawn_essential("brief", async {});

        tasks.shutdown().triggered().await;
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_task_only() {
        let tasks = tasks();
        tasks.spawn("panicking", async { panic!("on purpose") });

        tasks.drain(Duration::from_secs(5)).await;

        assert!(!tasks.shutdown().is_triggered());
    }
}
