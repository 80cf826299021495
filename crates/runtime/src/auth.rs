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

/// Verifies tokens against the issuer's current keys.
pub struct Authenticator {
    config: AuthConfig,
    keys: ArcSwap<KeySet>,
    clock: Arc<dyn Clock>,
}

impl Authenticator {
    /// Reads the key file that the settings name.
    pub fn open(config: &AuthConfig, clock: Arc<dyn Clock>) -> Result<Arc<Self>, KeyError> {
        let keys = KeySet::read(&config.jwks_file, &config.algorithms)?;
        Ok(Self::with_keys(config, keys, clock))
    }

    /// Takes keys that are at hand, for tests and one-process demos.
    pub fn with_keys(config: &AuthConfig, keys: KeySet, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { config: config.clone(), keys: ArcSwap::from_pointee(keys), clock })
    }

    /// Verifies a token and gives its caller.
    pub fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        let expected = token::Expected {
            issuer: &self.config.issuer,
            audience: &self.config.audience,
            leeway: self.config.leeway,
        };
        token::verify(token, &self.keys.load(), &expected, self.clock.now())
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
            Ok(Ok(keys)) => self.keys.store(Arc::new(keys)),
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
