//! One running child: signals, waiting with a bound, and its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::sleep;

use crate::EmbeddedError;
use crate::keeper::{self, Launch};

const POLL: Duration = Duration::from_millis(5);
const LOG_TAIL_LINES: usize = 20;

/// A server process that this process started.
#[derive(Debug)]
pub(crate) struct Process {
    name: &'static str,
    log: PathBuf,
    child: Mutex<Child>,
}

impl Process {
    /// Starts a server.
    pub(crate) async fn start(name: &'static str, launch: Launch) -> Result<Self, EmbeddedError> {
        let (log, program) = (launch.log.clone(), launch.program.clone());
        let child = keeper::start(launch).await.map_err(EmbeddedError::io("start", &program))?;
        Ok(Self { name, log, child: Mutex::new(child) })
    }

    /// Gives the process id.
    pub(crate) fn id(&self) -> u32 {
        self.child().id()
    }

    /// Says whether the process still runs.
    pub(crate) fn is_running(&self) -> bool {
        self.ended().is_none()
    }

    /// Says whether the process has ended well.
    pub(crate) fn succeeded(&self) -> bool {
        self.ended().is_some_and(|status| status.success())
    }

    /// Sends a signal, unless the process has ended.
    pub(crate) fn signal(&self, signal: Signal) {
        let mut child = self.child();
        // The id is still ours: only `try_wait` gives it back, and the lock is held.
        if let (Ok(None), Ok(id)) = (child.try_wait(), i32::try_from(child.id())) {
            let _ = kill(Pid::from_raw(id), signal);
        }
    }

    /// Kills the process at once and collects it.
    pub(crate) fn kill(&self) {
        let mut child = self.child();
        drop(child.kill());
        drop(child.wait());
    }

    /// Asks the process to end, waits, and kills it when it is late.
    pub(crate) async fn stop(&self, signal: Signal, patience: Duration) {
        self.signal(Signal::SIGCONT);
        self.signal(signal);
        let ended = async {
            while self.is_running() {
                sleep(POLL).await;
            }
        };
        if tokio::time::timeout(patience, ended).await.is_err() {
            self.kill();
        }
    }

    /// Does the same without a runtime, for `Drop`.
    pub(crate) fn stop_blocking(&self, signal: Signal, patience: Duration) {
        self.signal(Signal::SIGCONT);
        self.signal(signal);
        for _ in 0..patience.as_millis().div_ceil(POLL.as_millis()) {
            if !self.is_running() {
                return;
            }
            thread::park_timeout(POLL);
        }
        self.kill();
    }

    /// Waits until `ready` holds; fails when the process ends first or takes longer than `limit`.
    pub(crate) async fn ready(
        &self,
        limit: Duration,
        mut ready: impl AsyncFnMut() -> bool,
    ) -> Result<(), EmbeddedError> {
        let waiting = async {
            while !ready().await {
                if let Some(status) = self.ended() {
                    return Err(self.ended_early(status));
                }
                sleep(POLL).await;
            }
            Ok(())
        };
        tokio::time::timeout(limit, waiting).await.unwrap_or_else(|_| {
            let seconds = limit.as_secs();
            Err(EmbeddedError::NotReady { program: self.name, seconds, log: tail(&self.log) })
        })
    }

    fn ended_early(&self, status: ExitStatus) -> EmbeddedError {
        let (program, log) = (self.name, tail(&self.log));
        EmbeddedError::EndedEarly { program, status: status.to_string(), log }
    }

    fn ended(&self) -> Option<ExitStatus> {
        self.child().try_wait().ok().flatten()
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives the last lines of a log file.
fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}
