//! Who calls: a signed token becomes a [`Caller`], and a role decides which RPCs it may call.
//!
//! Tenant, role and subject come from the token alone, never from a message.

mod guard;
mod keys;
mod lifetime;
mod policy;
mod signing;
mod token;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use moka::sync::Cache;
use switchboard_domain::caller::Caller;
use switchboard_domain::time::Timestamp;

use crate::clock::Clock;
use crate::config::AuthConfig;
use crate::tasks::Tasks;

pub(crate) use guard::{Guard, guard};
pub(crate) use lifetime::{Lifetime, limit_lifetime};

pub use keys::{KeyError, KeySet};
pub use policy::{AccessPolicy, Decision};
pub use signing::{Minter, SigningKey};
pub use token::TokenError;

/// A caller whose token is good, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who calls.
    pub caller: Caller,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// The most good tokens remembered.
const MAX_TOKENS: u64 = 10_000;

/// Verifies tokens against the issuer's current keys.
pub struct Authenticator {
    config: AuthConfig,
    trust: ArcSwap<Trust>,
    clock: Arc<dyn Clock>,
}

/// Keys, and the tokens that were found good by them: to look at a signature again costs more than
/// most requests. Both go together, so that a key that is gone takes its tokens along.
struct Trust {
    keys: KeySet,
    good: Cache<String, Verified>,
}

impl Trust {
    fn in_keys(keys: KeySet) -> Self {
        Self { keys, good: Cache::new(MAX_TOKENS) }
    }
}

impl Authenticator {
    /// Reads the key file that the settings name.
    pub fn open(config: &AuthConfig, clock: Arc<dyn Clock>) -> Result<Arc<Self>, KeyError> {
        let keys = KeySet::read(&config.jwks_file, &config.algorithms)?;
        Ok(Self::with_keys(config, keys, clock))
    }

    /// Takes keys that are at hand, for tests and one-process demos.
    pub fn with_keys(config: &AuthConfig, keys: KeySet, clock: Arc<dyn Clock>) -> Arc<Self> {
        let trust = ArcSwap::from_pointee(Trust::in_keys(keys));
        Arc::new(Self { config: config.clone(), trust, clock })
    }

    /// Verifies a token and gives its caller.
    pub fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        let expected = token::Expected {
            issuer: &self.config.issuer,
            audience: &self.config.audience,
            leeway: self.config.leeway,
        };
        let (trust, now) = (self.trust.load(), self.clock.now());
        if let Some(verified) = trust.good.get(token) {
            token::check_end(verified.expires_at, &expected, now)?;
            return Ok(verified);
        }
        let verified = token::verify(token, &trust.keys, &expected, now)?;
        trust.good.insert(token.to_owned(), verified.clone());
        Ok(verified)
    }

    /// Gives how long a stream under this token may go on from now.
    pub(crate) fn remaining(&self, verified: &Verified) -> Duration {
        (verified.expires_at + self.config.stream_grace).since(self.clock.now())
    }

    /// Looks at the key file again and again; a key that is gone stops working, a new one starts.
    pub fn watch_keys(self: &Arc<Self>, tasks: &Tasks) {
        let authenticator = Arc::clone(self);
        tasks.spawn("auth.watch_keys", async move {
            let mut ticks = tokio::time::interval(authenticator.config.jwks_refresh);
            loop {
                ticks.tick().await;
                authenticator.refresh().await;
            }
        });
    }

    /// Takes the file's keys; while the file is bad, the keys at hand go on.
    async fn refresh(&self) {
        let (path, algorithms) = (self.config.jwks_file.clone(), self.config.algorithms.clone());
        let reading = tokio::task::spawn_blocking(move || KeySet::read(&path, &algorithms));
        match reading.await {
            Ok(Ok(keys)) => self.trust.store(Arc::new(Trust::in_keys(keys))),
            // A half-written file must not lock everyone out.
            Ok(Err(error)) => keys_go_on(&error),
            Err(error) => keys_go_on(&error),
        }
    }
}

fn keys_go_on(error: &(dyn std::error::Error + 'static)) {
    tracing::warn!(error, "the key file cannot be used, so the keys at hand go on");
}

#[cfg(test)]
mod tests;
