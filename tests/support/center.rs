//! A running center: every role in this process, with private servers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use switchboard::Roles;
use switchboard::tenant;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_embedded::testing::{fresh_durable_redis, fresh_postgres};
use switchboard_embedded::{postgres, redis};
use switchboard_runtime::auth::{Minter, SigningKey};
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::config::Config;
use switchboard_runtime::server::Running;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;
use switchboard_sealing::KeyRing;
use switchboard_store_postgres::testing::migrated_database;
use switchboard_store_postgres::{PostgresSettings, migrate};
use tempfile::TempDir;

const TENANT: &str = "demo";
const TOKEN_LIFETIME: Duration = Duration::from_hours(1);
const DRAIN: Duration = Duration::from_secs(10);
const OWN_DATABASE: &str = "switchboard";

/// How a center differs from the demo center.
#[derive(Debug, Default)]
pub struct Builder {
    changes: Vec<(String, String, String)>,
    added: BTreeMap<String, String>,
    settings: Vec<(String, String)>,
    own_postgres: bool,
}

impl Builder {
    /// Replaces a text in one file of the center.
    #[must_use]
    pub fn with(mut self, file: &str, from: &str, to: &str) -> Self {
        self.changes.push((file.to_owned(), from.to_owned(), to.to_owned()));
        self
    }

    /// Adds a file to the center.
    #[must_use]
    pub fn with_file(mut self, file: &str, text: &str) -> Self {
        self.added.insert(file.to_owned(), text.to_owned());
        self
    }

    /// Changes a setting, such as `FETCH__HOSTS`.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives the center a Postgres of its own, which may be killed.
    #[must_use]
    pub const fn with_own_postgres(mut self) -> Self {
        self.own_postgres = true;
        self
    }

    /// Starts the center.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn open(self) -> Center {
        let redis = fresh_durable_redis().await.expect("Redis starts");
        let (postgres, database) = self.database().await;
        let keys = tempfile::tempdir().expect("there is room for keys");
        let key = SigningKey::generate();
        let jwks = keys.path().join("jwks.json");
        key.write(&keys.path().join("signing.pem"), &jwks).expect("keys are written");
        let config = self.config(&redis.url(), &database, &jwks.to_string_lossy());
        let tasks = Tasks::new(Shutdown::new());
        self.furnish(&config, &tasks).await;
        let started = switchboard::start(config.clone(), &Roles::all(), &tasks).await;
        let running = started.expect("the center starts");
        let minter = Minter::new(key, &config.auth);
        Center { redis, postgres, config, tasks, running, minter, _keys: keys }
    }

    /// Makes the tenant, its center and its customers.
    async fn furnish(&self, config: &Config, tasks: &Tasks) {
        let stores = DurableStores::connect(&config.patient(), tasks).expect("a good address");
        let (id, now) = (Center::tenant(), SystemClock.now());
        tenant::ensure(&stores, &id, "Demo", now).await.expect("a tenant");
        tenant::apply(&stores, &id, self.files(), "test", now).await.expect("a center");
        let customers = switchboard_center::demo_customers();
        tenant::add_customers(&stores, &id, customers, now).await.expect("customers");
    }

    fn config(&self, redis: &str, postgres: &str, jwks: &str) -> Config {
        let ring = KeyRing::generate().to_text();
        let basic = [
            ("SERVER__LISTEN", "127.0.0.1:0"),
            ("REDIS__URL", redis),
            ("POSTGRES__URL", postgres),
            ("POSTGRES__MAX_CONNECTIONS", "8"),
            ("AUTH__JWKS_FILE", jwks),
            ("PRIVACY__KEY_RING", ring.as_str()),
            ("LOOKUP__BUDGET", "20s"),
        ];
        let basic = basic.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = basic.into_iter().chain(self.settings.clone());
        let variables = settings.map(|(name, value)| (format!("SWITCHBOARD__{name}"), value));
        Config::from_layers(None, variables).expect("the settings are good")
    }

    fn files(&self) -> BTreeMap<String, String> {
        let mut files = switchboard_center::demo();
        files.extend(self.added.clone());
        for (file, from, to) in &self.changes {
            let text = files.get_mut(file).expect("the center has the file");
            assert!(text.contains(from), "{file} does not hold {from:?}");
            *text = text.replace(from, to);
        }
        let problems = switchboard_center::parse(&files).err();
        assert!(problems.is_none(), "the changed center is wrong: {problems:?}");
        files
    }

    async fn database(&self) -> (Option<postgres::Server>, String) {
        if self.own_postgres {
            let server = fresh_postgres().await.expect("Postgres starts");
            server.create_database(OWN_DATABASE).await.expect("a database");
            let url = server.url(OWN_DATABASE);
            let settings = PostgresSettings::parse(&url).expect("a good address");
            migrate(&settings).await.expect("the schema");
            return (Some(server), url);
        }
        (None, migrated_database().await.expect("a database"))
    }
}

/// Every role in this process, on a port, a Redis and a database of its own.
pub struct Center {
    /// The live state's server.
    pub redis: redis::Server,
    /// The durable state's server, if it is this center's own.
    pub postgres: Option<postgres::Server>,
    pub(crate) config: Config,
    tasks: Tasks,
    running: Running,
    minter: Minter,
    _keys: TempDir,
}

impl Center {
    /// Starts the demo center as it is.
    pub async fn open() -> Self {
        Builder::default().open().await
    }

    /// Begins a center that differs from the demo center.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Gives the tenant.
    ///
    /// # Panics
    ///
    /// Never: the name is an id.
    pub fn tenant() -> TenantId {
        TenantId::parse(TENANT).expect("the name is an id")
    }

    /// Gives the address for clients.
    pub fn address(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// Starts another replica of every role, on the same servers.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn replica(&self) -> Replica {
        let tasks = Tasks::new(Shutdown::new());
        let started = switchboard::start(self.config.clone(), &Roles::all(), &tasks).await;
        Replica { address: started.expect("the replica starts").address, tasks }
    }

    /// Gives where the center itself listens.
    pub fn socket(&self) -> SocketAddr {
        self.running.address
    }

    /// Makes a credential for somebody of the tenant.
    pub fn token(&self, role: Role, subject: &str) -> String {
        self.token_for(&Self::tenant(), role, subject)
    }

    /// Makes a credential for somebody of any tenant.
    pub fn token_for(&self, tenant: &TenantId, role: Role, subject: &str) -> String {
        let caller = Caller { tenant: tenant.clone(), role, subject: subject.to_owned() };
        self.minter.mint(&caller, SystemClock.now(), TOKEN_LIFETIME)
    }

    /// Ends every role in order.
    pub async fn close(self) {
        self.tasks.shutdown().trigger();
        let timing = &self.config.shutdown;
        self.tasks.drain(timing.lame_duck + timing.stream_grace + DRAIN).await;
    }
}

/// Another process's worth of roles.
pub struct Replica {
    /// Where it listens.
    pub address: SocketAddr,
    tasks: Tasks,
}

impl Replica {
    /// Gives the address for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it at once, whatever it is doing.
    pub async fn stop(self) {
        self.tasks.shutdown().trigger();
        self.tasks.drain(Duration::ZERO).await;
    }
}

/// The wall clock, as gateways take it.
pub(crate) fn wall_clock() -> switchboard_client::gateway::WallClock {
    Arc::new(|| SystemClock.now())
}
