//! Verifies one token: signature, issuer, audience, time, claims.

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::{AgentId, GatewayId, TenantId};
use switchboard_domain::time::Timestamp;
use thiserror::Error;

use crate::auth::{KeySet, Verified};

/// The longest subject accepted, in bytes.
const MAX_SUBJECT: usize = 128;

/// Says why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// There is none.
    #[error("a bearer token is required")]
    Missing,
    /// It is no token, or its signature or a claim is wrong; which one is not told to the caller.
    #[error("the token is not valid")]
    Invalid(&'static str),
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl TokenError {
    /// Gives the stable reason that clients see.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Missing => "TOKEN_MISSING",
            Self::Invalid(_) => "TOKEN_INVALID",
            Self::Expired => "TOKEN_EXPIRED",
            Self::NotYetValid => "TOKEN_NOT_YET_VALID",
        }
    }
}

/// What a token must name, and how far its clock may be off.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) leeway: Duration,
}

/// What a token says. Times are in seconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: Audience,
    pub(crate) sub: String,
    pub(crate) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) iat: Option<i64>,
    pub(crate) tenant: String,
    pub(crate) role: String,
}

/// One audience, or several.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Verifies a token against the keys and the time.
pub(crate) fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Verified, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Invalid("not a token"))?;
    let kid = header.kid.ok_or(TokenError::Invalid("no key is named"))?;
    let known = keys.find(&kid).ok_or(TokenError::Invalid("the key is unknown"))?;
    // The header's algorithm is the sender's word; the key's own one is ours.
    let rules = rules(known.algorithm, expected);
    let claims =
        decode::<Claims>(token, &known.key, &rules).map_err(|error| refusal(&error))?.claims;
    let expires_at = seconds(claims.exp);
    check_end(expires_at, expected, now)?;
    if claims.nbf.is_some_and(|start| seconds(start) > now + expected.leeway) {
        return Err(TokenError::NotYetValid);
    }
    Ok(Verified { caller: caller(claims)?, expires_at })
}

/// Refuses a token whose time is over.
pub(crate) fn check_end(
    expires_at: Timestamp,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<(), TokenError> {
    if now >= expires_at + expected.leeway { Err(TokenError::Expired) } else { Ok(()) }
}

fn rules(algorithm: Algorithm, expected: &Expected<'_>) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Time is checked above, against our own clock.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules
}

fn refusal(error: &jsonwebtoken::errors::Error) -> TokenError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are damage, not a wrong claim")]
    TokenError::Invalid(match error.kind() {
        ErrorKind::InvalidSignature => "the signature is wrong",
        ErrorKind::InvalidAlgorithm => "the algorithm is not the key's",
        ErrorKind::InvalidIssuer => "the issuer is wrong",
        ErrorKind::InvalidAudience => "the audience is wrong",
        ErrorKind::MissingRequiredClaim(_) => "a claim is missing",
        _ => "it is damaged",
    })
}

fn caller(claims: Claims) -> Result<Caller, TokenError> {
    let tenant = TenantId::parse(claims.tenant).map_err(|_| TokenError::Invalid("bad tenant"))?;
    let role: Role = claims.role.parse().map_err(|_| TokenError::Invalid("bad role"))?;
    let subject = claims.sub;
    let is_subject = match role {
        Role::Gateway => GatewayId::parse(subject.as_str()).is_ok(),
        Role::Agent => AgentId::parse(subject.as_str()).is_ok(),
        Role::Supervisor | Role::Admin => (1..=MAX_SUBJECT).contains(&subject.len()),
    };
    if is_subject {
        Ok(Caller { tenant, role, subject })
    } else {
        Err(TokenError::Invalid("bad subject"))
    }
}

/// Turns a claim's seconds into a point in time; an absurd one ends at the end of time.
fn seconds(claim: i64) -> Timestamp {
    Timestamp::from_millis(claim.saturating_mul(1_000))
}
