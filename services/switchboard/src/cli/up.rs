//! `up`: a whole center on this machine, for development.

use std::path::PathBuf;

use clap::Args;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::telemetry::Telemetry;

use crate::cli::center;
use crate::cli::output::{Output, message};
use crate::roles::Roles;
use crate::site::{Guest, Site, SiteOptions, default_state_dir};

/// Which center to run.
#[derive(Args, Debug)]
pub(crate) struct UpArgs {
    /// Where data, keys and tokens are kept [default: ./.state/demo]
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 7400)]
    port: u16,
    /// Forgets the data of earlier runs first
    #[arg(long)]
    fresh: bool,
    /// The tenant
    #[arg(long, default_value = "demo")]
    tenant: TenantId,
    /// The folder of the tenant's first center [default: the demo center, with its customers]
    #[arg(long, value_name = "FOLDER")]
    center: Option<PathBuf>,
}

impl UpArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let options = SiteOptions {
            state_dir: self.state_dir.clone().unwrap_or_else(default_state_dir),
            port: self.port,
            fresh: self.fresh,
        };
        let guest = self.guest()?;
        message("starting private Postgres and Redis");
        let site = Site::open(&options).await?;
        let telemetry = Telemetry::start(&site.config.telemetry)?;
        Shutdown::on_signals(&site.tasks)?;
        let served = serve(&site, guest, out).await;
        site.close().await;
        telemetry.stop();
        served
    }

    fn guest(&self) -> anyhow::Result<Guest> {
        let Some(folder) = &self.center else {
            return Ok(Guest { id: self.tenant.clone(), ..Guest::demo() });
        };
        let files = center::checked(folder)?.0;
        let name = self.tenant.to_string();
        Ok(Guest { id: self.tenant.clone(), name, files, customers: vec![] })
    }
}

async fn serve(site: &Site, guest: Guest, out: &mut Output) -> anyhow::Result<()> {
    let tenant = guest.id.clone();
    site.welcome(guest).await?;
    let running = site.start(&Roles::all()).await?;
    let (address, folder) = (running.address, site.path().display());
    out.text(&format!(
        "address   http://{address}\ntenant    {tenant}\nsettings  {folder}/switchboard.toml\n\
         tokens    {folder}/tokens\n"
    ))?;
    message("serving until Ctrl-C");
    site.tasks.shutdown().triggered().await;
    Ok(())
}
