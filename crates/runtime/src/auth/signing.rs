//! Makes keys and tokens, for demos and tests; real tokens come from an identity provider.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::{ExposeSecret, SecretString};
use switchboard_domain::caller::Caller;
use switchboard_domain::time::Timestamp;

use crate::auth::token::{Audience, Claims};
use crate::auth::{KeyError, KeySet};
use crate::clock::{Ids, RandomIds, random_bytes};
use crate::config::{AlgorithmName, AuthConfig};

/// What precedes an Ed25519 seed in a PKCS#8 document (RFC 8410).
const PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A private Ed25519 key that signs tokens.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    pem: SecretString,
    key: EncodingKey,
}

impl SigningKey {
    /// Makes a new key.
    ///
    /// # Panics
    ///
    /// When the operating system has no randomness to give.
    pub fn generate() -> Self {
        let document = [&PKCS8_HEAD[..], &random_bytes::<32>()].concat();
        let base64 = STANDARD.encode(document);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
        let kid = RandomIds.secret()[..16].to_owned();
        Self::from_pem(kid, pem.into()).expect("a seed in a PKCS#8 document is a key")
    }

    /// Reads a key that [`Self::write`] wrote.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { path: path.to_path_buf(), source };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let named = text.strip_prefix("kid: ").and_then(|rest| rest.split_once('\n'));
        let (kid, pem) = named.ok_or(KeyError::Nameless)?;
        Self::from_pem(kid.to_owned(), pem.into())
    }

    fn from_pem(kid: String, pem: SecretString) -> Result<Self, KeyError> {
        match EncodingKey::from_ed_pem(pem.expose_secret().as_bytes()) {
            Ok(key) => Ok(Self { kid, pem, key }),
            Err(source) => Err(KeyError::Damaged { kid, source }),
        }
    }

    /// Writes the private key, readable by this user only, and the public one as a JWKS.
    pub fn write(&self, private: &Path, jwks: &Path) -> Result<(), KeyError> {
        let unwritable = |path: &Path| {
            let path = path.to_path_buf();
            |source| KeyError::Unwritable { path, source }
        };
        let text = format!("kid: {}\n{}", self.kid, self.pem.expose_secret());
        write_private(private, &text).map_err(unwritable(private))?;
        let public = serde_json::to_vec_pretty(&self.jwks()).map_err(io::Error::from);
        public.and_then(|public| fs::write(jwks, public)).map_err(unwritable(jwks))
    }

    #[cfg(test)]
    pub(crate) fn encoding_key(&self) -> &EncodingKey {
        &self.key
    }

    /// Gives the public half as a JWKS.
    ///
    /// # Panics
    ///
    /// Never: the key was checked when it was made.
    pub fn jwks(&self) -> JwkSet {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::EdDSA)
            .expect("an Ed25519 key has a public half");
        jwk.common.key_id = Some(self.kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        JwkSet { keys: vec![jwk] }
    }

    /// Gives the public half as a key set, for [`crate::auth::Authenticator::with_keys`].
    ///
    /// # Panics
    ///
    /// Never: the key was checked when it was made.
    pub fn key_set(&self) -> KeySet {
        KeySet::from_jwks(&self.jwks(), &[AlgorithmName::EdDsa]).expect("the key is an Ed25519 key")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file =
        File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Makes tokens of one issuer.
#[derive(Clone, Debug)]
pub struct Minter {
    key: SigningKey,
    issuer: String,
    audience: String,
}

impl Minter {
    /// Makes tokens that a server with these settings accepts.
    pub fn new(key: SigningKey, config: &AuthConfig) -> Self {
        Self { key, issuer: config.issuer.clone(), audience: config.audience.clone() }
    }

    /// Makes a token for a caller, valid from `now` on for `lifetime`.
    ///
    /// # Panics
    ///
    /// Never: an Ed25519 key signs everything.
    pub fn mint(&self, caller: &Caller, now: Timestamp, lifetime: Duration) -> String {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: Audience::One(self.audience.clone()),
            sub: caller.subject.clone(),
            exp: (now + lifetime).as_millis() / 1_000,
            nbf: Some(now.as_millis() / 1_000),
            iat: Some(now.as_millis() / 1_000),
            tenant: caller.tenant.to_string(),
            role: caller.role.to_string(),
        };
        let header = Header { kid: Some(self.key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &self.key.key).expect("an Ed25519 key signs everything")
    }
}
