//! `serve` and `migrate`: what runs in production.

use std::path::PathBuf;

use clap::Args;
use switchboard_runtime::config::Config;
use switchboard_runtime::stores::DurableStores;

use crate::cli::output::message;
use crate::roles::{self, Roles};

/// Where the settings are.
#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    /// Settings that override the defaults
    #[arg(long, env = "SWITCHBOARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// Reads the settings: defaults, file, environment.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        Ok(Config::load(self.config.as_deref())?)
    }

    /// Reads the settings; without a file those of the center that `up` or `demo` keeps here.
    pub(crate) fn load_or_local(&self) -> anyhow::Result<Config> {
        let local = crate::site::settings_file(&crate::site::default_state_dir());
        let file = self.config.clone().or_else(|| local.exists().then_some(local));
        Ok(Config::load(file.as_deref())?)
    }
}

/// Which roles to serve.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// The roles: `all`, or some of call, ivr, caller-id, queue, ticket, recorder
    #[arg(long, default_value = "all", value_name = "A,B")]
    pub(crate) roles: Roles,
    #[command(flatten)]
    config: ConfigArgs,
}

impl ServeArgs {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        Ok(roles::serve(self.config.load()?, &self.roles).await?)
    }
}

/// Brings the schema up to date.
pub(crate) async fn migrate(arguments: &ConfigArgs) -> anyhow::Result<()> {
    DurableStores::migrate(&arguments.load()?.postgres).await?;
    message("the schema is up to date");
    Ok(())
}
