//! The thread that starts every server and lives as long as this process.
//!
//! The kernel signals a child when the *thread* that started it ends. Were servers started from
//! wherever the caller runs, a finished test thread would take them down with it.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;

use tokio::sync::oneshot;

use crate::identity::Identity;

/// Runs the program, unless the parent died before its death would have been signalled.
const GUARD: &str = r#"[ "$PPID" = "$1" ] || exit 1; shift; exec "$@""#;

/// What to start, and how.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) identity: Identity,
    /// The signal that the server gets when this process ends, as `setpriv` names it.
    pub(crate) death_signal: &'static str,
    pub(crate) log: PathBuf,
}

struct Job {
    launch: Launch,
    reply: oneshot::Sender<io::Result<Child>>,
}

/// Starts a program as a child of the keeper thread.
pub(crate) async fn start(launch: Launch) -> io::Result<Child> {
    let (reply, started) = oneshot::channel();
    keeper()?.send(Job { launch, reply }).map_err(|_| io::Error::other("the keeper ended"))?;
    started.await.map_err(|_| io::Error::other("the keeper ended"))?
}

fn keeper() -> io::Result<&'static mpsc::Sender<Job>> {
    static KEEPER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    if let Some(sender) = KEEPER.get() {
        return Ok(sender);
    }
    let (sender, jobs) = mpsc::channel();
    thread::Builder::new().name("embedded-keeper".to_owned()).spawn(move || keep(&jobs))?;
    // When two callers race, the loser's thread ends at once: it has started nothing.
    Ok(KEEPER.get_or_init(|| sender))
}

fn keep(jobs: &mpsc::Receiver<Job>) {
    while let Ok(Job { launch, reply }) = jobs.recv() {
        // A caller that was cancelled leaves a running child behind: end it.
        if let Err(Ok(mut unwanted)) = reply.send(spawn(&launch)) {
            drop(unwanted.kill());
            drop(unwanted.wait());
        }
    }
}

fn spawn(launch: &Launch) -> io::Result<Child> {
    let log = File::options().create(true).append(true).open(&launch.log)?;
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", launch.death_signal, "--", "sh", "-c", GUARD, "sh"])
        .arg(std::process::id().to_string())
        .arg(&launch.program)
        .args(&launch.arguments)
        .env_clear()
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C")
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    launch.identity.apply(&mut command);
    command.spawn()
}
