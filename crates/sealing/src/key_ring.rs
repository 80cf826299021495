//! The master keys, which wrap every data key, and the key of the blind indexes.

mod id;
mod text;

use std::fmt;

use thiserror::Error;

use crate::blind_index::BlindIndex;
use crate::cipher::{self, KEY_LENGTH, Key};
use crate::data_key::{DataKey, FORM, SealError, owner};

pub use id::KeyId;

/// What a wrapped key is wrapped for, in the place of a column.
const WRAPPED: &[u8] = b"\0data key";

/// Says why a text is no key ring, or why a key cannot be used; never shows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyRingError {
    /// A line is neither `index KEY`, `seal KEY`, a comment nor empty.
    #[error("line {0} is neither `index KEY`, `seal KEY` nor a comment")]
    NotALine(usize),
    /// A key is not 32 bytes in base64.
    #[error("the key in line {0} is not 32 bytes in base64")]
    NotAKey(usize),
    /// There is not exactly one key of the indexes.
    #[error("a key ring has one line `index KEY`, this one has {0}")]
    Indexes(usize),
    /// There is no key that seals.
    #[error("a key ring has at least one line `seal KEY`")]
    NothingSeals,
    /// A key stands there twice.
    #[error("the key in line {0} stands there twice")]
    Repeated(usize),
    /// No key has this name.
    #[error("the key ring has no key {0}")]
    UnknownKey(KeyId),
}

/// Master keys and the key of the indexes. The first master key wraps what is new.
#[derive(Clone)]
pub struct KeyRing {
    index: Key,
    keys: Vec<MasterKey>,
}

#[derive(Clone)]
struct MasterKey {
    id: KeyId,
    key: Key,
}

impl KeyRing {
    /// Makes a ring with new keys.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give.
    pub fn generate() -> Self {
        Self { index: cipher::new_key(), keys: vec![MasterKey::new(cipher::new_key())] }
    }

    /// Gives the names of the master keys, the one in use first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.keys.iter().map(|key| key.id)
    }

    /// Gives the name of the master key in use.
    pub fn current(&self) -> KeyId {
        self.first().id
    }

    /// Adds a new master key, which is known from now on and not yet used.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give.
    pub fn add(&mut self) -> KeyId {
        let added = MasterKey::new(cipher::new_key());
        let id = added.id;
        self.keys.push(added);
        id
    }

    /// Takes a master key into use.
    pub fn take_into_use(&mut self, id: KeyId) -> Result<(), KeyRingError> {
        let place = self.keys.iter().position(|key| key.id == id);
        let key = self.keys.remove(place.ok_or(KeyRingError::UnknownKey(id))?);
        self.keys.insert(0, key);
        Ok(())
    }

    /// Makes the key of a new subject of a tenant, and gives it with its wrapped form to keep.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give.
    pub fn new_data_key(&self, tenant: &str, subject: &str) -> (DataKey, Vec<u8>) {
        let key = cipher::new_key();
        let wrapped = self.first().wrap(&key, tenant, subject);
        (DataKey::new(key, tenant, subject), wrapped)
    }

    /// Unwraps the key of a subject of a tenant.
    pub fn unwrap(
        &self,
        tenant: &str,
        subject: &str,
        wrapped: &[u8],
    ) -> Result<DataKey, SealError> {
        let Some((&FORM, rest)) = wrapped.split_first() else { return Err(SealError::Malformed) };
        let (id, sealed) = rest.split_first_chunk().ok_or(SealError::Malformed)?;
        let id = KeyId::from_bytes(*id);
        let master = self.keys.iter().find(|key| key.id == id).ok_or(SealError::UnknownKey(id))?;
        let key = cipher::open(&master.key, &context(tenant, subject), sealed);
        let key: [u8; KEY_LENGTH] = key
            .ok_or(SealError::Forged)?
            .as_slice()
            .try_into()
            .map_err(|_| SealError::Malformed)?;
        Ok(DataKey::new(key.into(), tenant, subject))
    }

    /// Wraps a wrapped key anew, with the master key in use.
    pub fn rewrap(
        &self,
        tenant: &str,
        subject: &str,
        wrapped: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let data_key = self.unwrap(tenant, subject, wrapped)?;
        Ok(self.first().wrap(data_key.key(), tenant, subject))
    }

    /// Gives what a text is found by, among the texts of its tenant and kind.
    pub fn blind_index(&self, tenant: &str, kind: &str, text: &str) -> BlindIndex {
        BlindIndex::of(&self.index, tenant, kind, text)
    }

    fn first(&self) -> &MasterKey {
        self.keys.first().expect("a key ring has at least one master key")
    }
}

impl MasterKey {
    fn new(key: Key) -> Self {
        Self { id: KeyId::of(&key), key }
    }

    /// Gives the form, the name of this key, and the data key sealed with it.
    fn wrap(&self, data_key: &Key, tenant: &str, subject: &str) -> Vec<u8> {
        let sealed = cipher::seal(&self.key, &context(tenant, subject), data_key.as_ref());
        [&[FORM], self.id.as_bytes().as_slice(), &sealed].concat()
    }
}

fn context(tenant: &str, subject: &str) -> Vec<u8> {
    [owner(tenant, subject).as_bytes(), WRAPPED].concat()
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<KeyId> = self.ids().collect();
        formatter.debug_struct("KeyRing").field("keys", &ids).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
