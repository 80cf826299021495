//! Personal data at rest: sealed under a key per person, found by a keyed blind index.
//!
//! | type | what it is | where it lives |
//! | --- | --- | --- |
//! | [`KeyRing`] | the master keys and the key of the indexes | outside every database |
//! | [`DataKey`] | seals what is known about one subject; destroyed with it | wrapped, beside the data |
//! | [`BlindIndex`] | finds a number without storing it | beside the data |
//!
//! Every sealed text is bound to its tenant, its subject and its place: copied elsewhere, it does
//! not open. AES-256-GCM seals, HMAC-SHA-256 finds; keys are wiped from memory when dropped.

mod blind_index;
mod cipher;
mod data_key;
mod key_ring;

pub use blind_index::BlindIndex;
pub use data_key::{DataKey, SealError};
pub use key_ring::{KeyId, KeyRing, KeyRingError};
