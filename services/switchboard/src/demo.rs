//! `demo`: a whole center on this machine, and different calls through it, told as they happen.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `stories.rs` | the calls, and how each must end |
//! | `cast.rs` | the six agents at their desks |
//! | `program.rs` | which calls run when |
//! | `play.rs` | one call, from its first ring to its ticket |
//! | `narrator.rs` | the words on the screen |
//! | `verdict.rs` | did every story end as told? asked of the API |
//! | `epilogue.rs` | what is left behind, and what the reader can try |
//!
//! Everything goes through the public API, with the credentials that the folder holds.

mod cast;
mod epilogue;
mod narrator;
mod play;
mod program;
mod records;
mod stories;
mod verdict;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use switchboard_client::Connection;
use switchboard_domain::caller::Role;
use switchboard_runtime::clock::{Clock, Ids, RandomIds, SystemClock};
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::telemetry::Telemetry;

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::roles::Roles;
use crate::site::{Guest, Site, SiteOptions, default_state_dir, settings_file};
use narrator::Narrator;
use program::Program;

/// The port while the demo stays up; where other verbs look.
const PORT: u16 = 7400;
/// Log lines would tear the stories apart.
const LOG_FILTER: &str = "error";

/// How to run the demo.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Ends after the stories; succeeds only if every story ended as told
    #[arg(long)]
    once: bool,
    /// Forgets the data of earlier runs first
    #[arg(long)]
    fresh: bool,
    /// Where data, keys and tokens are kept [default: ./.state/demo]
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one [default: 7400, or with --once a free one]
    #[arg(long)]
    port: Option<u16>,
}

/// Where the demo plays, and what it needs from there.
pub(crate) struct Stage {
    pub(crate) address: String,
    pub(crate) site: Site,
    pub(crate) center: switchboard_domain::center::Center,
    pub(crate) guest: switchboard_domain::ids::TenantId,
    /// Makes the call ids of this run differ from those of every other.
    pub(crate) run: String,
}

impl Stage {
    /// Connects with the credential of somebody in the demo center.
    pub(crate) fn connect(&self, role: Role, subject: &str) -> anyhow::Result<Connection> {
        let token = self.site.token(&self.guest, role, subject);
        Ok(Connection::new(&self.address, &token)?)
    }
}

/// Runs the demo to its end: that of the stories, or Ctrl-C.
pub(crate) async fn run(args: DemoArgs, out: &mut Output) -> anyhow::Result<()> {
    let state_dir = args.state_dir.clone().unwrap_or_else(default_state_dir);
    if args.fresh {
        refuse_strange_folder(&state_dir)?;
    }
    let port = args.port.unwrap_or(if args.once { 0 } else { PORT });
    message("Starting private Postgres and Redis …");
    let site = Site::open(&SiteOptions { state_dir, port, fresh: args.fresh }).await?;
    Shutdown::on_signals(&site.tasks)?;
    let mut quiet = site.config.telemetry.clone();
    LOG_FILTER.clone_into(&mut quiet.log_filter);
    let telemetry = Telemetry::start(&quiet)?;
    let shutdown = site.tasks.shutdown().clone();
    let (stage, outcome) = match set_up(site).await {
        Ok(stage) => {
            let outcome = tokio::select! {
                // Once the stories are told, Ctrl-C is their regular end.
                biased;
                outcome = perform(&stage, args.once, out) => outcome,
                () = shutdown.triggered() => Err(told(Exit::Failed, "stopped before the end")),
            };
            (stage.site, outcome)
        }
        Err((site, error)) => (*site, Err(error)),
    };
    message("Stopping everything that was started …");
    stage.close().await;
    telemetry.stop();
    outcome
}

/// Makes the tenant and starts every role.
async fn set_up(site: Site) -> Result<Stage, (Box<Site>, anyhow::Error)> {
    let guest = Guest::demo();
    let (id, files) = (guest.id.clone(), guest.files.clone());
    let started = async {
        site.welcome(guest).await?;
        let center = switchboard_center::parse(&files).ok().context("the demo center is broken")?;
        let running = site.start(&Roles::all()).await?;
        anyhow::Ok((center, running))
    };
    match started.await {
        Ok((center, running)) => Ok(Stage {
            address: format!("http://{}", running.address),
            site,
            center,
            guest: id,
            run: RandomIds.secret()[..6].to_owned(),
        }),
        Err(error) => Err((Box::new(site), error)),
    }
}

async fn perform(stage: &Stage, once: bool, out: &mut Output) -> anyhow::Result<()> {
    let narrator = Arc::new(Narrator::new());
    let program = Program::prepare(stage, Arc::clone(&narrator)).await?;
    let told = program.perform().await?;
    let differences = verdict::differences(&program.office, &told).await;
    epilogue::records(&program.office, out).await?;
    epilogue::verdict(&told, &differences, out)?;
    if once {
        if differences.is_empty() {
            return Ok(());
        }
        bail!("{} things differ from what the stories tell", differences.len());
    }
    epilogue::invitation(stage, &told, out)?;
    stage.site.tasks.shutdown().triggered().await;
    Ok(())
}

/// Forgetting is for our own folders only: a mistyped name must not cost anybody their data.
fn refuse_strange_folder(state_dir: &Path) -> anyhow::Result<()> {
    let is_empty = fs::read_dir(state_dir).map_or(true, |mut entries| entries.next().is_none());
    let is_ours = settings_file(state_dir).is_file()
        || (state_dir.join("lock").is_file() && state_dir.join("keys").is_dir());
    if is_empty || is_ours {
        return Ok(());
    }
    let folder = state_dir.display();
    bail!("`{folder}` was not made by this program, so --fresh does not touch it")
}

/// The wall clock, as gateways take it.
pub(crate) fn wall_clock() -> switchboard_client::gateway::WallClock {
    Arc::new(|| SystemClock.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), "two years of work").unwrap();

        let refused = refuse_strange_folder(place.path()).unwrap_err().to_string();

        assert!(refused.contains("--fresh does not touch it"), "{refused}");
    }

    #[test]
    fn an_empty_or_absent_folder_may_be_taken() {
        let place = tempfile::tempdir().unwrap();

        assert!(refuse_strange_folder(place.path()).is_ok());
        assert!(refuse_strange_folder(&place.path().join("new")).is_ok());
    }
}
