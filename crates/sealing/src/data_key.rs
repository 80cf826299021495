//! The key of one subject: what is sealed with it is gone when it is.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use crate::cipher::{self, Key};
use crate::key_ring::KeyId;

/// The first byte of everything sealed, so that the form can change.
pub(crate) const FORM: u8 = 1;

/// Says why something sealed cannot be opened; never what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The master key is not in the ring: it was removed before every data key was wrapped anew.
    #[error("the key ring has no key {0}")]
    UnknownKey(KeyId),
    /// The bytes are cut, or of a form that this version does not know.
    #[error("the sealed bytes are cut or of an unknown form")]
    Malformed,
    /// The bytes were changed, or belong to another tenant, subject or place.
    #[error("the sealed bytes were changed or belong elsewhere")]
    Forged,
}

/// Seals what is known about one subject: a customer, a caller of one call.
pub struct DataKey {
    key: Key,
    owner: String,
}

impl DataKey {
    /// Makes the key of a subject of a tenant from its bytes.
    pub(crate) fn new(key: Key, tenant: &str, subject: &str) -> Self {
        Self { key, owner: owner(tenant, subject) }
    }

    /// Seals a text for one place, such as a table's column.
    pub fn seal(&self, place: &str, text: &[u8]) -> Vec<u8> {
        let mut sealed = vec![FORM];
        sealed.extend(cipher::seal(&self.key, &self.context(place), text));
        sealed
    }

    /// Opens what was sealed for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match sealed.split_first() {
            Some((&FORM, sealed)) => {
                let opened = cipher::open(&self.key, &self.context(place), sealed);
                opened.ok_or(SealError::Forged)
            }
            Some(_) | None => Err(SealError::Malformed),
        }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    fn context(&self, place: &str) -> Vec<u8> {
        [self.owner.as_bytes(), b"\0", place.as_bytes()].concat()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DataKey").finish_non_exhaustive()
    }
}

/// Names a subject of a tenant in the context of whatever is sealed for it.
pub(crate) fn owner(tenant: &str, subject: &str) -> String {
    format!("switchboard\0{tenant}\0{subject}")
}
