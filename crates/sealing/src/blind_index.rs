//! Finds a number without storing it: a keyed hash, different in every tenant.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::cipher::{KEY_LENGTH, Key};

/// Sixteen bytes tell 10^9 numbers apart with a chance of error of 10^-21, at half the space.
const LENGTH: usize = 16;

/// What a number is found by. Whoever lacks the key can neither make one nor read the number from
/// it, though there are few enough numbers to try them all; equal numbers look equal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlindIndex([u8; LENGTH]);

impl BlindIndex {
    /// Makes the index of a text among those of its tenant and kind.
    pub(crate) fn of(key: &Key, tenant: &str, kind: &str, text: &str) -> Self {
        let tenant_key = Key::new(hmac(key, &[tenant]));
        let hash = hmac(&tenant_key, &[kind, text]);
        let (index, _) = hash.split_first_chunk().expect("the hash is longer than the index");
        Self(*index)
    }

    /// Gives the bytes to store and to search by.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for BlindIndex {
    /// Shows nothing: in a log an index would tell that two callers are one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BlindIndex")
    }
}

fn hmac(key: &Key, parts: &[&str]) -> [u8; KEY_LENGTH] {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any length is a key");
    for part in parts {
        // The length keeps apart what would otherwise read the same when joined.
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    hmac.finalize().into_bytes().into()
}
