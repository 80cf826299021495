//! `center`: checks a folder of YAML and brings it into force.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::{Clock, SystemClock};

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::cli::serve::ConfigArgs;
use crate::cli::tenant::stores;
use crate::tenant::{self, Applied};

#[derive(Debug, Subcommand)]
pub(crate) enum CenterCommand {
    /// Checks a folder and tells everything that is wrong with it
    Validate(ValidateArgs),
    /// Checks a folder and brings it into force as a new version
    Apply(ApplyArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    /// The folder of YAML files
    folder: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The folder of YAML files
    folder: PathBuf,
    /// The tenant
    #[arg(long)]
    tenant: TenantId,
    /// Who applies it, for the audit trail
    #[arg(long, default_value = "operator")]
    actor: String,
    #[command(flatten)]
    config: ConfigArgs,
}

impl CenterCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Validate(arguments) => arguments.run(out),
            Self::Apply(arguments) => arguments.run(out).await,
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

impl ApplyArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let files = checked(&self.folder)?.0;
        let stores = stores(&self.config)?;
        if !tenant::exists(&stores, &self.tenant).await? {
            let id = &self.tenant;
            let text =
                format!("there is no tenant `{id}`; `switchboard tenant create {id}` makes it");
            return Err(told(Exit::NotFound, text));
        }
        let now = SystemClock.now();
        match tenant::apply(&stores, &self.tenant, files, &self.actor, now).await? {
            Applied::Version(version) => out.line(&format!("version {version} is in force")),
            Applied::Unchanged(version) => {
                out.line(&format!("version {version} is in force already, nothing changed"))
            }
        }
    }
}

/// Reads a folder and refuses it, with every problem told, unless it is a center.
pub(crate) fn checked(folder: &Path) -> anyhow::Result<(BTreeMap<String, String>, Center)> {
    let files = switchboard_center::read_folder(folder)
        .map_err(|error| told(Exit::NotUnderstood, error.to_string()))?;
    let problems = match switchboard_center::parse(&files) {
        Ok(center) => return Ok((files, center)),
        Err(problems) => problems,
    };
    for problem in &problems {
        message(&format!("{}/{problem}", folder.display()));
    }
    let text = format!("`{}` has {} problems", folder.display(), problems.len());
    Err(told(Exit::Failed, text))
}
