//! AES-256-GCM with a random nonce in front of each text.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

/// The length of a key, in bytes.
pub(crate) const KEY_LENGTH: usize = 32;
/// The length of a nonce, in bytes.
const NONCE_LENGTH: usize = 12;

/// A key; wiped from memory when dropped.
pub(crate) type Key = Zeroizing<[u8; KEY_LENGTH]>;

/// Draws a new key.
pub(crate) fn new_key() -> Key {
    let mut key = Key::default();
    fill(key.as_mut());
    key
}

/// Seals a text, which opens only with the same context.
///
/// Random nonces are safe for 2^32 texts under one key; a data key seals a handful, and a master
/// key one text for each data key.
pub(crate) fn seal(key: &Key, context: &[u8], text: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_LENGTH];
    fill(&mut nonce);
    let payload = Payload { msg: text, aad: context };
    let sealed = cipher(key).encrypt(&nonce.into(), payload);
    let sealed = sealed.expect("a text of less than 64 GiB can be sealed");
    [&nonce[..], &sealed].concat()
}

/// Opens a text; nothing if it was changed, or sealed with another key or context.
pub(crate) fn open(key: &Key, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
    let payload = Payload { msg: sealed, aad: context };
    cipher(key).decrypt(&(*nonce).into(), payload).ok().map(Zeroizing::new)
}

fn cipher(key: &Key) -> Aes256Gcm {
    let key: &[u8; KEY_LENGTH] = key;
    Aes256Gcm::new(key.into())
}

fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a source of randomness");
}
