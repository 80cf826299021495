//! `apply`: brings a folder into force.

use std::path::PathBuf;

use clap::Args;
use switchboard_runtime::clock::{Clock, SystemClock};

use super::{TenantArgs, checked};
use crate::cli::output::{Output, message};
use crate::rollout::{Occupancy, Outcome, Plan, Rollout};
use crate::tenant::Applied;

/// Which folder to bring into force.
#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The folder of YAML files
    folder: PathBuf,
    #[command(flatten)]
    tenant: TenantArgs,
    /// Who applies it, for the audit trail
    #[arg(long, default_value = "operator")]
    actor: String,
    /// Keeps removed queues in which contacts wait: they take no new ones and are served
    #[arg(long)]
    drain: bool,
}

impl ApplyArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (files, center) = checked(&self.folder)?;
        let stores = self.tenant.stores()?;
        let tenant = self.tenant.tenant(&stores.durable).await?;
        let plan = Plan::new(&*stores.durable.centers, &tenant, &files, &center).await?;
        let rollout =
            Rollout { stores: &stores, tenant: &tenant, actor: &self.actor, at: SystemClock.now() };
        let outcome = rollout.apply(&plan, &files, self.drain).await?;
        tell(&outcome, out)
    }
}

fn tell(outcome: &Outcome, out: &mut Output) -> anyhow::Result<()> {
    for queue in &outcome.removed {
        message(&format!("queue `{queue}` is removed"));
    }
    for (queue, Occupancy { waiting, served }) in &outcome.kept {
        message(&format!(
            "queue `{queue}` takes no new contacts: {waiting} waiting, {served} served; apply again \
             to remove it when it is empty"
        ));
    }
    match outcome.applied {
        Applied::Version(version) => out.line(&format!("version {version} is in force")),
        Applied::Unchanged(version) => {
            out.line(&format!("version {version} is in force already, nothing changed"))
        }
    }
}
