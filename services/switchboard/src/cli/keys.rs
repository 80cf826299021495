//! `keys`: the key ring that seals personal data, and what it has sealed.

mod ring_file;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::{Clock, SystemClock};
use switchboard_runtime::stores::DurableStores;
use switchboard_sealing::KeyId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::data_keys::{KeyStanding, MasterKey};

use crate::cli::output::{Output, message};
use crate::cli::serve::ConfigArgs;
use crate::cli::tenant::stores;

/// How many data keys are wrapped anew in one transaction: it holds their locks for milliseconds.
const BATCH: u32 = 500;

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Makes a key ring for `privacy.key_ring_file`
    Make(FileArgs),
    /// Adds a new master key to a key ring, known but not yet in use
    Add(FileArgs),
    /// Takes a master key of a key ring into use: it wraps what is new
    Use(UseArgs),
    /// Lists the master keys, with how many data keys each wraps
    Ls(ConfigArgs),
    /// Wraps every data key with the master key in use, while everything else goes on
    Rotate(RotateArgs),
    /// Seals what an earlier version left in clear, as the database's owner
    Seal(ConfigArgs),
}

#[derive(Args, Debug)]
pub(crate) struct FileArgs {
    /// The key ring
    file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct UseArgs {
    /// The key ring
    file: PathBuf,
    /// The master key, as `keys ls` and `keys add` name it
    key: KeyId,
}

#[derive(Args, Debug)]
pub(crate) struct RotateArgs {
    /// Who does it, for the audit trail
    #[arg(long, default_value = "operator")]
    actor: String,
    #[command(flatten)]
    config: ConfigArgs,
}

impl KeysCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Make(arguments) => ring_file::make(&arguments.file),
            Self::Add(arguments) => out.line(&ring_file::add(&arguments.file)?.to_string()),
            Self::Use(arguments) => ring_file::take_into_use(&arguments.file, arguments.key),
            Self::Ls(config) => list(&stores(&config)?, out).await,
            Self::Rotate(arguments) => arguments.run().await,
            Self::Seal(config) => seal(&config).await,
        }
    }
}

async fn list(stores: &DurableStores, out: &mut Output) -> anyhow::Result<()> {
    let mut keys: Vec<MasterKey> = Vec::new();
    for tenant in stores.tenants.list().await? {
        for key in stores.data_keys.master_keys(&tenant.id).await? {
            match keys.iter_mut().find(|known| known.id == key.id) {
                Some(known) => known.data_keys += key.data_keys,
                None => keys.push(key),
            }
        }
    }
    let rows = keys.into_iter().map(|key| {
        let standing = match key.standing {
            KeyStanding::InUse => "in use",
            KeyStanding::Known => "known",
            KeyStanding::Missing => "MISSING",
        };
        vec![key.id, standing.to_owned(), key.data_keys.to_string()]
    });
    out.table(&["KEY", "STANDING", "DATA KEYS"], rows)
}

impl RotateArgs {
    async fn run(self) -> anyhow::Result<()> {
        let stores = stores(&self.config)?;
        for tenant in stores.tenants.list().await? {
            let wrapped = rotate(&stores, &tenant.id).await?;
            message(&format!("{}: wrapped {wrapped} data keys anew", tenant.id));
            if wrapped > 0 {
                let record = self.record(wrapped);
                stores.audit.append(&tenant.id, &record).await?;
            }
        }
        Ok(())
    }

    fn record(&self, wrapped: u64) -> AuditRecord {
        AuditRecord {
            actor: self.actor.clone(),
            role: "admin".to_owned(),
            action: "keys.rotate".to_owned(),
            object: "data-keys".to_owned(),
            detail: Some(format!("{wrapped} data keys")),
            at: SystemClock.now(),
        }
    }
}

async fn rotate(stores: &DurableStores, tenant: &TenantId) -> anyhow::Result<u64> {
    let mut wrapped = 0;
    loop {
        let batch = stores.data_keys.rewrap(tenant, BATCH).await?;
        if batch == 0 {
            return Ok(wrapped);
        }
        wrapped += batch;
        if wrapped.is_multiple_of(u64::from(BATCH) * 100) {
            message(&format!("{tenant}: {wrapped} data keys so far"));
        }
    }
}

async fn seal(config: &ConfigArgs) -> anyhow::Result<()> {
    let sealed = DurableStores::seal_existing(&config.load_or_local()?).await?;
    message(&format!("sealed {sealed} records that stood in clear"));
    Ok(())
}
