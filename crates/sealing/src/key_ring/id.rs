//! The name of a master key, made from the key itself, so that it cannot be mistaken.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::cipher::Key;

/// Sets the hash of a key apart from any other use of it.
const PURPOSE: &[u8] = b"switchboard key id\0";
/// The length of a name, in bytes.
const LENGTH: usize = 8;

/// The name of a master key: 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; LENGTH]);

/// Says that a text names no key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a key has a name of 16 hexadecimal digits, not {0:?}")]
pub struct KeyIdError(pub String);

impl KeyId {
    /// Takes a name from where it is stored.
    pub const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// Gives the bytes to store.
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Names a key. Keys are drawn at random, so their hash gives nothing away.
    pub(crate) fn of(key: &Key) -> Self {
        let hash = Sha256::new().chain_update(PURPOSE).chain_update(key.as_ref()).finalize();
        Self(*hash.first_chunk().expect("the hash is longer than the name"))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = text.len() == LENGTH * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = is_hex.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number.map(|id| Self(id.to_be_bytes())).ok_or_else(|| KeyIdError(text.to_owned()))
    }
}
