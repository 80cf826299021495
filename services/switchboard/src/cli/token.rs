//! `token`: keys and credentials of one's own, for demos and tests.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use switchboard_runtime::auth::{Minter, SigningKey};
use switchboard_runtime::clock::{Clock, SystemClock};

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Output, message};
use crate::cli::serve::ConfigArgs;
use crate::site::default_state_dir;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Makes a key: signing.pem to sign with, jwks.json for `auth.jwks_file`
    Keygen(KeygenArgs),
    /// Prints a credential
    Mint(MintArgs),
}

#[derive(Args, Debug)]
pub(crate) struct KeygenArgs {
    /// Where the two files go
    folder: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct MintArgs {
    /// What the holder may do: gateway, agent, supervisor or admin
    #[arg(long)]
    role: Role,
    /// The tenant
    #[arg(long, default_value = "demo")]
    tenant: TenantId,
    /// Who it is: the agent's id, the gateway's id, a user's name
    #[arg(long)]
    subject: String,
    /// How long it is good for, such as 30m or 12h
    #[arg(long, default_value = "12h", value_parser = lifetime)]
    ttl: Duration,
    /// The key that signs [default: the one that `up` and `demo` keep]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

impl TokenCommand {
    pub(crate) fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Keygen(arguments) => arguments.run(),
            Self::Mint(arguments) => arguments.run(out),
        }
    }
}

impl KeygenArgs {
    fn run(self) -> anyhow::Result<()> {
        let (private, public) = (self.folder.join("signing.pem"), self.folder.join("jwks.json"));
        if private.exists() {
            let text = format!("`{}` exists already; it is not replaced", private.display());
            return Err(told(Exit::Conflict, text));
        }
        fs::create_dir_all(&self.folder)?;
        SigningKey::generate().write(&private, &public)?;
        message(&format!("wrote {} and {}", private.display(), public.display()));
        Ok(())
    }
}

impl MintArgs {
    fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let local = || default_state_dir().join("keys").join("signing.pem");
        let key = SigningKey::read(&self.key.unwrap_or_else(local))?;
        let minter = Minter::new(key, &self.config.load()?.auth);
        let caller = Caller { tenant: self.tenant, role: self.role, subject: self.subject };
        out.line(&minter.mint(&caller, SystemClock.now(), self.ttl))
    }
}

fn lifetime(text: &str) -> Result<Duration, String> {
    let span: SignedDuration = text.parse().map_err(|error: jiff::Error| error.to_string())?;
    let span = Duration::try_from(span).map_err(|_| "must not be negative".to_owned())?;
    if span.is_zero() { Err("must be longer than 0s".to_owned()) } else { Ok(span) }
}
