//! A center on this machine: private Postgres and Redis, keys and tokens, all in one folder.
//!
//! | in the folder | what |
//! | --- | --- |
//! | `postgres`, `redis` | the private servers' data |
//! | `keys` | the key that signs tokens, its public half, and the key ring of personal data |
//! | `tokens` | one credential per file: `supervisor`, `admin`, `agent-<id>`, `gateway-<id>` |
//! | `switchboard.toml` | the settings, for other commands of this program |

mod folder;
mod keys;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_embedded::EmbeddedError;
use switchboard_embedded::postgres::{self, Durability, PostgresOptions};
use switchboard_embedded::redis::{self, RedisOptions};
use switchboard_runtime::auth::Minter;
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::config::Config;
use switchboard_runtime::server::Running;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;

use crate::roles::{self, Roles};
use crate::tenant;
use folder::Folder;

pub(crate) use folder::write_private;
pub use folder::{default_state_dir, settings_file, token_file};

const DATABASE: &str = "switchboard";
/// Long enough for a week of trying things out; every start makes new ones.
const TOKEN_LIFETIME: Duration = Duration::from_hours(24 * 7);

/// Which center to open.
#[derive(Clone, Debug)]
pub struct SiteOptions {
    /// The folder; made when absent.
    pub state_dir: PathBuf,
    /// The port on the loopback address; 0 takes a free one.
    pub port: u16,
    /// Whether to forget what earlier runs left there.
    pub fresh: bool,
}

/// A tenant with its center, to be there before the first call.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The tenant.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// The files of its center.
    pub files: std::collections::BTreeMap<String, String>,
    /// Its first customers.
    pub customers: Vec<switchboard_center::SampleCustomer>,
}

impl Guest {
    /// Gives the demo tenant: the ticketing hotline.
    ///
    /// # Panics
    ///
    /// Never in a program that passed its tests: the demo is part of it.
    pub fn demo() -> Self {
        Self {
            id: TenantId::parse("demo").expect("the name is an id"),
            name: "Demo".to_owned(),
            files: switchboard_center::demo(),
            customers: switchboard_center::demo_customers(),
        }
    }
}

/// An open site: its servers run and its schema is up to date. Close it, or drop it.
pub struct Site {
    /// The private Postgres.
    pub postgres: postgres::Server,
    /// The private Redis.
    pub redis: redis::Server,
    /// The settings of everything that runs here.
    pub config: Config,
    /// The background tasks, and the signal to end.
    pub tasks: Tasks,
    folder: Folder,
    minter: Minter,
    stores: DurableStores,
    clock: Arc<dyn Clock>,
}

impl Site {
    /// Starts the private servers, makes keys, and brings the schema up to date.
    pub async fn open(options: &SiteOptions) -> anyhow::Result<Self> {
        let folder = Folder::open(&options.state_dir)?;
        if options.fresh {
            folder.forget()?;
        }
        let (postgres, redis) = tokio::try_join!(start_postgres(&folder), start_redis(&folder))?;
        let key = keys::ensure(&folder)?;
        keys::ensure_ring(&folder)?;
        settings::write(&folder, options.port, &postgres.url(DATABASE), &redis.url())?;
        let config = Config::load(Some(&folder.settings()))?;
        DurableStores::migrate(&config.postgres).await?;
        DurableStores::seal_existing(&config).await?;
        let tasks = Tasks::new(Shutdown::new());
        let stores = DurableStores::connect(&config.patient(), &tasks)?;
        let minter = Minter::new(key, &config.auth);
        let clock = Arc::new(SystemClock);
        Ok(Self { postgres, redis, config, tasks, folder, minter, stores, clock })
    }

    /// Makes the tenant, its center and its customers, as far as they are not there, and tokens for
    /// everybody in it. A center that is there already stays in force.
    pub async fn welcome(&self, guest: Guest) -> anyhow::Result<()> {
        let (stores, now) = (&self.stores, self.clock.now());
        let center = switchboard_center::parse(&guest.files)
            .map_err(|problems| anyhow!("the center has {} problems", problems.len()))?;
        tenant::ensure(stores, &guest.id, &guest.name, now).await?;
        if stores.centers.current(&guest.id).await? == 0 {
            tenant::apply(stores, &guest.id, guest.files, "up", now).await?;
        }
        tenant::add_customers(stores, &guest.id, guest.customers, now).await?;
        for (role, subject, file) in keys::people(&center) {
            self.folder.write_token(&file, &self.token(&guest.id, role, &subject))?;
        }
        Ok(())
    }

    /// Starts roles in this process, in the background.
    pub async fn start(&self, roles: &Roles) -> anyhow::Result<Running> {
        Ok(roles::start(self.config.clone(), roles, &self.tasks).await?)
    }

    /// Makes a credential that this site accepts.
    pub fn token(&self, tenant: &TenantId, role: Role, subject: &str) -> String {
        let caller = Caller { tenant: tenant.clone(), role, subject: subject.to_owned() };
        self.minter.mint(&caller, self.clock.now(), TOKEN_LIFETIME)
    }

    /// Gives the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the roles in order, then the servers.
    pub async fn close(self) {
        self.tasks.shutdown().trigger();
        let timing = &self.config.shutdown;
        self.tasks.drain(timing.lame_duck + timing.stream_grace + timing.drain).await;
        self.stores.close().await;
        tokio::join!(self.postgres.stop(), self.redis.stop());
    }
}

async fn start_postgres(folder: &Folder) -> anyhow::Result<postgres::Server> {
    let options = PostgresOptions::new(folder.postgres(), Durability::Durable);
    let server = postgres::Server::start(&options).await.context("cannot start Postgres")?;
    match server.create_database(DATABASE).await {
        Err(EmbeddedError::Refused { message }) if message.contains("already exists") => {}
        outcome => outcome?,
    }
    Ok(server)
}

async fn start_redis(folder: &Folder) -> anyhow::Result<redis::Server> {
    let options = RedisOptions::new(folder.redis(), true);
    redis::Server::start(&options).await.context("cannot start Redis")
}
