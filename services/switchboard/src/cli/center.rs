//! `validate`, `plan` and `apply`: a folder of YAML, checked, compared, brought into force.

mod apply;
mod plan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::{DurableStores, Stores};
use switchboard_runtime::tasks::Tasks;

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::cli::serve::ConfigArgs;
use crate::tenant;

pub(crate) use apply::ApplyArgs;
pub(crate) use plan::PlanArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum CenterCommand {
    /// The same as `validate`
    Validate(ValidateArgs),
    /// The same as `plan`
    Plan(PlanArgs),
    /// The same as `apply`
    Apply(ApplyArgs),
    /// Prints every key of a center's files with meaning, unit, default and limits
    Reference,
}

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    /// The folder of YAML files
    folder: PathBuf,
}

/// Whose center, and where it is kept.
#[derive(Args, Debug)]
pub(crate) struct TenantArgs {
    /// The tenant [default: the only one there is]
    #[arg(long)]
    tenant: Option<TenantId>,
    #[command(flatten)]
    config: ConfigArgs,
}

impl CenterCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Validate(arguments) => arguments.run(out),
            Self::Plan(arguments) => arguments.run(out).await,
            Self::Apply(arguments) => arguments.run(out).await,
            Self::Reference => out.text(&switchboard_center::reference()),
        }
    }
}

impl ValidateArgs {
    pub(crate) fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let center = checked(&self.folder)?.1;
        out.line(&format!(
            "ok: {} with {} queues, {} agents, {} flows, {} called numbers",
            center.display_name,
            center.queues.len(),
            center.agents.len(),
            center.flows.len(),
            center.numbers.len()
        ))
    }
}

impl TenantArgs {
    /// Opens the stores of the settings; they end with this process.
    fn stores(&self) -> anyhow::Result<Stores> {
        let tasks = Tasks::new(Shutdown::new());
        Ok(Stores::connect(&self.config.load_or_local()?, &tasks)?)
    }

    /// Gives the tenant that is meant.
    async fn tenant(&self, stores: &DurableStores) -> anyhow::Result<TenantId> {
        if let Some(id) = &self.tenant {
            if tenant::exists(stores, id).await? {
                return Ok(id.clone());
            }
            let text =
                format!("there is no tenant `{id}`; `switchboard tenant create {id}` makes it");
            return Err(told(Exit::NotFound, text));
        }
        let mut all = stores.tenants.list().await?;
        match (all.pop(), all.len()) {
            (Some(only), 0) => Ok(only.id),
            (None, _) => Err(told(
                Exit::NotFound,
                "there is no tenant; `switchboard tenant create` makes one",
            )),
            (Some(_), _) => {
                Err(told(Exit::NotUnderstood, "there are several tenants; --tenant says which"))
            }
        }
    }
}

/// Reads a folder and refuses it, with every problem told, unless it is a center; tells warnings.
pub(crate) fn checked(folder: &Path) -> anyhow::Result<(BTreeMap<String, String>, Center)> {
    let files = switchboard_center::read_folder(folder)
        .map_err(|error| told(Exit::NotUnderstood, error.to_string()))?;
    let found = switchboard_center::check(&files);
    for warning in &found.warnings {
        message(&format!("{}/{}: warning: {}", folder.display(), warning.at(), warning.message));
    }
    if let Some(center) = found.center {
        return Ok((files, center));
    }
    for problem in &found.problems {
        message(&format!("{}/{problem}", folder.display()));
    }
    let text = format!("`{}` has {} problems", folder.display(), found.problems.len());
    Err(told(Exit::Failed, text))
}
