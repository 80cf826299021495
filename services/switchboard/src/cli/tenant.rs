//! `tenant`: the customer organisations of the platform.

use clap::{Args, Subcommand};
use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::cli::serve::ConfigArgs;
use crate::tenant;

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Makes a tenant
    Create(CreateArgs),
    /// Lists tenants
    Ls(ConfigArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// The tenant's id: 1 to 64 characters of A-Z a-z 0-9 . _ -
    tenant: TenantId,
    /// What people call it [default: its id]
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    config: ConfigArgs,
}

impl TenantCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Create(arguments) => arguments.run().await,
            Self::Ls(config) => list(&config, out).await,
        }
    }
}

impl CreateArgs {
    async fn run(self) -> anyhow::Result<()> {
        let stores = stores(&self.config)?;
        let name = self.name.unwrap_or_else(|| self.tenant.to_string());
        if tenant::ensure(&stores, &self.tenant, &name, SystemClock.now()).await? {
            message(&format!("made tenant {}", self.tenant));
            return Ok(());
        }
        Err(told(Exit::Conflict, format!("there is a tenant `{}` already", self.tenant)))
    }
}

async fn list(config: &ConfigArgs, out: &mut Output) -> anyhow::Result<()> {
    let tenants = stores(config)?.tenants.list().await?;
    let rows = tenants.into_iter().map(|tenant| vec![tenant.id.to_string(), tenant.name]);
    out.table(&["TENANT", "NAME"], rows)
}

/// Opens the durable stores of the settings; they end with this process.
pub(crate) fn stores(config: &ConfigArgs) -> anyhow::Result<DurableStores> {
    let tasks = Tasks::new(Shutdown::new());
    Ok(DurableStores::connect(&config.load_or_local()?, &tasks)?)
}
