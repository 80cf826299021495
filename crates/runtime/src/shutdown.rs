//! The signal to end: from the operating system, or from a part that cannot go on.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::ShutdownConfig;
use crate::tasks::Tasks;

/// Tells every part of the process to end. Clones share the same signal.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// Makes a signal that has not been given.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the signal.
    pub fn trigger(&self) {
        self.0.cancel();
    }

    /// Says whether the signal has been given.
    pub fn is_triggered(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits for the signal.
    pub async fn triggered(&self) {
        self.0.cancelled().await;
    }

    /// Gives the signal when the operating system asks for the end (SIGTERM, SIGINT).
    pub fn on_signals(tasks: &Tasks) -> io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = tasks.shutdown().clone();
        tasks.spawn("shutdown.on_signals", async move {
            tokio::select! {
                _ = terminate.recv() => tracing::info!("SIGTERM: ending"),
                _ = interrupt.recv() => tracing::info!("SIGINT: ending"),
            }
            shutdown.trigger();
        });
        Ok(())
    }
}

/// Waits for the signal, then for all tasks, as long as the settings allow.
pub async fn run_until_shutdown(tasks: &Tasks, config: &ShutdownConfig) {
    tasks.shutdown().triggered().await;
    tasks.drain(config.lame_duck + config.stream_grace + config.drain).await;
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::*;
    use crate::config::Config;

    #[tokio::test]
    async fn the_operating_system_may_ask_for_the_end() {
        for name in ["-TERM", "-INT"] {
            let tasks = Tasks::new(Shutdown::new());
            Shutdown::on_signals(&tasks).unwrap();

            let this = std::process::id().to_string();
            assert!(Command::new("kill").args([name, &this]).status().unwrap().success());

            let config = Config::defaults().shutdown;
            let ended = run_until_shutdown(&tasks, &config);
            tokio::time::timeout(Duration::from_secs(5), ended).await.unwrap();
        }
    }
}
