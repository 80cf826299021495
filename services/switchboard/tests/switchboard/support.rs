//! A center with every role in this process, on throwaway servers and a port of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use secrecy::ExposeSecret;
use switchboard::{Roles, tenant};
use switchboard_client::Connection;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_embedded::redis;
use switchboard_embedded::testing;
use switchboard_runtime::auth::{Minter, SigningKey};
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::config::Config;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;
use switchboard_sealing::KeyRing;
use switchboard_store_postgres::testing::migrated_database;
use tokio::process::Command;

/// A running center of the demo's tenant.
pub(crate) struct Center {
    pub(crate) address: String,
    pub(crate) config: Config,
    pub(crate) folder: tempfile::TempDir,
    minter: Minter,
    tasks: Tasks,
    _redis: redis::Server,
}

pub(crate) fn demo() -> TenantId {
    TenantId::parse("demo").unwrap()
}

impl Center {
    /// Starts every role for a tenant with the demo's center and customers.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let redis = testing::fresh_redis().await.unwrap();
        let key = SigningKey::generate();
        let jwks = folder.path().join("jwks.json");
        key.write(&folder.path().join("signing.pem"), &jwks).unwrap();
        let mut config = Config::defaults();
        config.server.listen = "127.0.0.1:0".parse().unwrap();
        config.auth.jwks_file = jwks;
        config.lookup.budget = Duration::from_secs(20);
        config.redis.url = redis.url().into();
        config.postgres.url = migrated_database().await.unwrap().into();
        config.privacy.key_ring = KeyRing::generate().to_text().as_str().into();
        let tasks = Tasks::new(Shutdown::new());
        fill(&DurableStores::connect(&config, &tasks).unwrap()).await;
        let running = switchboard::start(config.clone(), &Roles::all(), &tasks).await.unwrap();
        let minter = Minter::new(key, &config.auth);
        let address = format!("http://{}", running.address);
        Self { address, config, folder, minter, tasks, _redis: redis }
    }

    /// Makes a credential.
    pub(crate) fn token(&self, role: Role, subject: &str) -> String {
        let caller = Caller { tenant: demo(), role, subject: subject.to_owned() };
        self.minter.mint(&caller, SystemClock.now(), Duration::from_mins(5))
    }

    /// Connects with a credential.
    pub(crate) fn connect(&self, role: Role, subject: &str) -> Connection {
        Connection::new(&self.address, &self.token(role, subject)).unwrap()
    }

    /// Runs a verb of the program as a supervisor would.
    pub(crate) async fn verb(&self, words: &[&str]) -> Ran {
        self.verb_of(Role::Supervisor, words).await
    }

    /// Runs a verb of the program as an admin.
    pub(crate) async fn admin_verb(&self, words: &[&str]) -> Ran {
        self.verb_of(Role::Admin, words).await
    }

    async fn verb_of(&self, role: Role, words: &[&str]) -> Ran {
        let token = self.folder.path().join(role.as_str());
        std::fs::write(&token, self.token(role, "wu")).unwrap();
        run(
            words,
            &[
                ("SWITCHBOARD_ADDRESS", self.address.clone().into()),
                ("SWITCHBOARD_TOKEN_FILE", token),
            ],
        )
        .await
    }

    /// Runs a verb of the program that works on the stores themselves.
    pub(crate) async fn store_verb(&self, words: &[&str]) -> Ran {
        let (redis, postgres) = (&self.config.redis.url, &self.config.postgres.url);
        let ring = &self.config.privacy.key_ring;
        let settings = [
            ("SWITCHBOARD__AUTH__JWKS_FILE", self.config.auth.jwks_file.clone()),
            ("SWITCHBOARD__REDIS__URL", redis.expose_secret().into()),
            ("SWITCHBOARD__POSTGRES__URL", postgres.expose_secret().into()),
            ("SWITCHBOARD__PRIVACY__KEY_RING", ring.expose_secret().into()),
        ];
        run(words, &settings).await
    }

    /// Ends every role and waits for it.
    pub(crate) async fn stop(self) {
        self.tasks.shutdown().trigger();
        self.tasks.drain(Duration::from_secs(10)).await;
    }
}

/// What a verb said, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) said: String,
    pub(crate) complained: String,
}

/// Runs the program.
pub(crate) async fn run(words: &[&str], environment: &[(&str, PathBuf)]) -> Ran {
    let environment: BTreeMap<&str, &PathBuf> =
        environment.iter().map(|(name, value)| (*name, value)).collect();
    let output: Output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(words)
        .envs(environment)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        said: String::from_utf8(output.stdout).unwrap(),
        complained: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn fill(stores: &DurableStores) {
    let now = SystemClock.now();
    tenant::ensure(stores, &demo(), "Demo", now).await.unwrap();
    tenant::apply(stores, &demo(), switchboard_center::demo(), "test", now).await.unwrap();
    let customers = switchboard_center::demo_customers();
    tenant::add_customers(stores, &demo(), customers, now).await.unwrap();
}
