//! The issuer's public keys, each bound to the one algorithm it is for.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey};
use thiserror::Error;

use crate::config::AlgorithmName;

/// Says what is wrong with a key file.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the keys in `{}` (`auth.jwks_file`)", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no JWKS.
    #[error("the keys in `{}` are no JWKS", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A key has no name.
    #[error("a key has no `kid`")]
    Nameless,
    /// A key is of a kind that is not accepted.
    #[error("key `{kid}` is not for an algorithm that `auth.algorithms` lists")]
    NotAccepted {
        /// The key's name.
        kid: String,
    },
    /// A key's numbers make no key.
    #[error("key `{kid}` is damaged")]
    Damaged {
        /// The key's name.
        kid: String,
        /// Why.
        source: jsonwebtoken::errors::Error,
    },
    /// A key file cannot be written.
    #[error("cannot write the keys to `{}`", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Public keys by name.
#[derive(Default)]
pub struct KeySet(BTreeMap<String, PublicKey>);

/// A public key and the only algorithm that it may be used with.
pub(crate) struct PublicKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

impl KeySet {
    /// Reads a JWKS file; one bad key refuses the whole file.
    pub fn read(path: &Path, accepted: &[AlgorithmName]) -> Result<Self, KeyError> {
        let text = fs::read(path)
            .map_err(|source| KeyError::Unreadable { path: path.to_path_buf(), source })?;
        let set: JwkSet = serde_json::from_slice(&text)
            .map_err(|source| KeyError::Malformed { path: path.to_path_buf(), source })?;
        Self::from_jwks(&set, accepted)
    }

    /// Takes the keys of a JWKS.
    pub fn from_jwks(set: &JwkSet, accepted: &[AlgorithmName]) -> Result<Self, KeyError> {
        set.keys.iter().map(|jwk| named_key(jwk, accepted)).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.0.get(kid)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

fn named_key(jwk: &Jwk, accepted: &[AlgorithmName]) -> Result<(String, PublicKey), KeyError> {
    let kid = jwk.common.key_id.clone().ok_or(KeyError::Nameless)?;
    let algorithm = algorithm_of(jwk)
        .filter(|name| accepted.contains(name))
        .map(algorithm)
        .ok_or_else(|| KeyError::NotAccepted { kid: kid.clone() })?;
    let key = DecodingKey::from_jwk(jwk)
        .map_err(|source| KeyError::Damaged { kid: kid.clone(), source })?;
    Ok((kid, PublicKey { algorithm, key }))
}

/// Tells which algorithm a key is for, from its kind; a stated `alg` must not contradict it.
fn algorithm_of(jwk: &Jwk) -> Option<AlgorithmName> {
    let by_kind = if let AlgorithmParameters::OctetKeyPair(pair) = &jwk.algorithm {
        (pair.curve == EllipticCurve::Ed25519).then_some(AlgorithmName::EdDsa)
    } else if let AlgorithmParameters::EllipticCurve(point) = &jwk.algorithm {
        (point.curve == EllipticCurve::P256).then_some(AlgorithmName::Es256)
    } else if let AlgorithmParameters::RSA(_) = &jwk.algorithm {
        Some(AlgorithmName::Rs256)
    } else {
        // A shared secret above all: whoever verifies with it could sign with it.
        None
    };
    let stated = jwk.common.key_algorithm;
    by_kind.filter(|name| stated.is_none_or(|stated| stated == key_algorithm(*name)))
}

fn key_algorithm(name: AlgorithmName) -> KeyAlgorithm {
    match name {
        AlgorithmName::EdDsa => KeyAlgorithm::EdDSA,
        AlgorithmName::Es256 => KeyAlgorithm::ES256,
        AlgorithmName::Rs256 => KeyAlgorithm::RS256,
    }
}

fn algorithm(name: AlgorithmName) -> Algorithm {
    match name {
        AlgorithmName::EdDsa => Algorithm::EdDSA,
        AlgorithmName::Es256 => Algorithm::ES256,
        AlgorithmName::Rs256 => Algorithm::RS256,
    }
}
