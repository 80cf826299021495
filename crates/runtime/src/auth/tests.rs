//! Only a token with the right key, algorithm, issuer, audience, time and claims makes a caller.

use std::fs;

use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use switchboard_domain::caller::Role;
use switchboard_domain::ids::TenantId;
use switchboard_embedded::testing::comes_true;

use super::*;
use crate::clock::ManualClock;
use crate::config::Config;
use crate::shutdown::Shutdown;

const NOON: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const HOUR: Duration = Duration::from_hours(1);

fn agent() -> Caller {
    let tenant = TenantId::parse("demo").unwrap();
    Caller { tenant, role: Role::Agent, subject: "li-wei".to_owned() }
}

/// An authenticator, the key that it knows, and its clock at noon.
struct Desk {
    authenticator: Arc<Authenticator>,
    key: SigningKey,
    minter: Minter,
    clock: Arc<ManualClock>,
}

fn desk() -> Desk {
    let config = Config::defaults().auth;
    let key = SigningKey::generate();
    let clock = Arc::new(ManualClock::at(NOON));
    let authenticator =
        Authenticator::with_keys(&config, key.key_set(), Arc::clone(&clock) as Arc<dyn Clock>);
    Desk { authenticator, minter: Minter::new(key.clone(), &config), key, clock }
}

impl Desk {
    fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        self.authenticator.verify(token)
    }

    fn kid(&self) -> String {
        self.key.jwks().keys[0].common.key_id.clone().unwrap()
    }
}

#[test]
fn a_minted_token_gives_its_caller_and_its_end() {
    let desk = desk();

    let verified = desk.verify(&desk.minter.mint(&agent(), NOON, HOUR)).unwrap();

    assert_eq!(verified, Verified { caller: agent(), expires_at: NOON + HOUR });
}

#[test]
fn a_token_ends_after_its_time_and_the_leeway() {
    let desk = desk();
    let token = desk.minter.mint(&agent(), NOON, HOUR);

    desk.clock.set(NOON + HOUR + Duration::from_secs(4));
    let within_leeway = desk.verify(&token);
    desk.clock.set(NOON + HOUR + Duration::from_secs(5));
    let after = desk.verify(&token);

    assert!(within_leeway.is_ok());
    assert_eq!(after, Err(TokenError::Expired));
}

#[test]
fn a_token_from_the_future_is_not_valid_yet() {
    let desk = desk();

    let early = desk.verify(&desk.minter.mint(&agent(), NOON + HOUR, HOUR));

    assert_eq!(early, Err(TokenError::NotYetValid));
}

#[test]
fn a_strangers_key_is_refused_under_its_own_name_and_under_ours() {
    let (desk, stranger) = (desk(), desk());
    let own_name = stranger.minter.mint(&agent(), NOON, HOUR);
    let forged = signed(&stranger.key, &desk.kid(), &claims());

    assert_eq!(desk.verify(&own_name), Err(TokenError::Invalid("the key is unknown")));
    assert_eq!(desk.verify(&forged), Err(TokenError::Invalid("the signature is wrong")));
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let desk = desk();
    let public = serde_json::to_vec(&desk.key.jwks().keys[0]).unwrap();
    let header = Header { kid: Some(desk.kid()), ..Header::new(Algorithm::HS256) };
    let forged = encode(&header, &claims(), &EncodingKey::from_secret(&public)).unwrap();

    assert!(matches!(desk.verify(&forged), Err(TokenError::Invalid(_))));
}

#[test]
fn an_unsigned_token_is_refused() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let desk = desk();
    let header = BASE64.encode(json!({"alg": "none", "kid": desk.kid()}).to_string());
    let body = BASE64.encode(claims().to_string());

    for token in [format!("{header}.{body}."), format!("{header}.{body}"), String::new()] {
        assert!(matches!(desk.verify(&token), Err(TokenError::Invalid(_))), "{token}");
    }
}

#[test]
fn each_wrong_claim_is_refused() {
    let desk = desk();
    let sign = |claims: &Value| signed(&desk.key, &desk.kid(), claims);
    assert!(desk.verify(&sign(&claims())).is_ok());

    for (claim, wrong) in [
        ("iss", json!("someone-else")),
        ("aud", json!("another-service")),
        ("aud", json!(["another-service"])),
        ("tenant", json!("no{tenant}")),
        ("tenant", json!(null)),
        ("role", json!("root")),
        ("sub", json!("")),
        ("sub", json!("li wei")),
        ("exp", json!("tomorrow")),
        ("exp", json!(null)),
    ] {
        let mut claims = claims();
        claims[claim] = wrong.clone();
        let refused = desk.verify(&sign(&claims));
        assert!(matches!(refused, Err(TokenError::Invalid(_))), "{claim}={wrong}: {refused:?}");
    }
}

#[test]
fn a_shared_secret_in_the_key_file_refuses_the_file() {
    let mut secret =
        Jwk::from_encoding_key(&EncodingKey::from_secret(b"shared"), Algorithm::HS256).unwrap();
    secret.common.key_id = Some("secret".to_owned());
    let set = jsonwebtoken::jwk::JwkSet { keys: vec![secret] };

    let refused = KeySet::from_jwks(&set, &Config::defaults().auth.algorithms);

    assert!(matches!(refused, Err(KeyError::NotAccepted { .. })));
}

#[test]
fn a_key_that_states_another_algorithm_is_refused() {
    let mut set = SigningKey::generate().jwks();
    set.keys[0].common.key_algorithm = Some(KeyAlgorithm::HS256);

    let refused = KeySet::from_jwks(&set, &Config::defaults().auth.algorithms);

    assert!(matches!(refused, Err(KeyError::NotAccepted { .. })));
}

#[test]
fn a_key_survives_its_files_and_the_private_one_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let (private, jwks) = (place.path().join("key.pem"), place.path().join("jwks.json"));
    let key = SigningKey::generate();

    key.write(&private, &jwks).unwrap();
    let read = SigningKey::read(&private).unwrap();
    let public = KeySet::read(&jwks, &Config::defaults().auth.algorithms).unwrap();

    assert_eq!(read.jwks(), key.jwks());
    assert_eq!(format!("{public:?}"), format!("{:?}", key.key_set()));
    assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

#[tokio::test]
async fn a_removed_key_stops_and_a_new_one_starts_without_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let (private, jwks) = (place.path().join("key.pem"), place.path().join("jwks.json"));
    let (old, new) = (SigningKey::generate(), SigningKey::generate());
    old.write(&private, &jwks).unwrap();
    let config = AuthConfig {
        jwks_file: jwks.clone(),
        jwks_refresh: Duration::from_millis(5),
        ..Config::defaults().auth
    };
    let authenticator = Authenticator::open(&config, Arc::new(ManualClock::at(NOON))).unwrap();
    let token = |key: &SigningKey| Minter::new(key.clone(), &config).mint(&agent(), NOON, HOUR);
    authenticator.watch_keys(&Tasks::new(Shutdown::new()));
    assert!(authenticator.verify(&token(&old)).is_ok());

    fs::write(&jwks, "half a fi").unwrap();
    authenticator.refresh().await;
    assert!(authenticator.verify(&token(&old)).is_ok(), "a bad file locks nobody out");
    new.write(&private, &jwks).unwrap();
    comes_true(async || authenticator.verify(&token(&new)).is_ok()).await;

    assert!(authenticator.verify(&token(&old)).is_err());
}

fn claims() -> Value {
    json!({
        "iss": "switchboard", "aud": "switchboard", "sub": "li-wei", "tenant": "demo",
        "role": "agent", "exp": (NOON + HOUR).as_millis() / 1_000,
    })
}

/// Signs arbitrary claims with a key, under any name.
fn signed(key: &SigningKey, kid: &str, claims: &Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, claims, key.encoding_key()).unwrap()
}
