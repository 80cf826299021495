//! What a server that outlived its owner leaves behind: a running process, or a stale pid file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::sleep;

use crate::EmbeddedError;

const POLL: Duration = Duration::from_millis(10);
/// How long a predecessor may take to shut down by itself, in polls.
const PATIENCE: u32 = 500;

/// Makes sure that no server works in `directory`, then removes the pid file.
///
/// The caller holds the lock of the state directory, so a process found here has lost its owner
/// and was told to end; it is killed when it does not.
pub(crate) async fn settle(pid_file: &Path, directory: &Path) -> Result<(), EmbeddedError> {
    let Some(pid) = read_pid(pid_file) else {
        return Ok(());
    };
    let mut polls = 0;
    while works_in(pid, directory) {
        if polls == PATIENCE {
            tracing::warn!(pid = pid.as_raw(), "a forgotten server does not end, so it is killed");
            let _ = kill(pid, Signal::SIGKILL);
        }
        if polls == 2 * PATIENCE {
            return Err(EmbeddedError::AlreadyRunning { directory: directory.to_path_buf() });
        }
        polls += 1;
        sleep(POLL).await;
    }
    match fs::remove_file(pid_file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(EmbeddedError::io("remove", pid_file)(error))
        }
        _ => Ok(()),
    }
}

fn read_pid(pid_file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pid_file).ok()?;
    text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 1).map(Pid::from_raw)
}

/// Says whether the process is the server of the directory, not a stranger that got its number.
fn works_in(pid: Pid, directory: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pid_file_that_names_a_stranger_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let pid_file = place.path().join("server.pid");
        fs::write(&pid_file, format!("{}\n", std::process::id())).unwrap();

        settle(&pid_file, place.path()).await.unwrap();

        assert!(!pid_file.exists());
    }
}
