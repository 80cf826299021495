//! What is right and wrong with the two stores.

use std::collections::BTreeMap;

use switchboard_runtime::stores::{DurableStores, Stores};
use switchboard_store::data_keys::{KeyStanding, MasterKey};
use switchboard_store::error::StoreError;

use crate::cli::doctor::Finding;
use crate::cli::failure::sentence;

type Facts = BTreeMap<String, String>;

const REDIS: &str = "redis";
const POSTGRES: &str = "postgres";
const KEY_RING: &str = "key ring";

/// Looks at Redis.
pub(crate) async fn redis(stores: &Stores) -> Vec<Finding> {
    match stores.redis_facts().await {
        Ok(facts) => about_redis(&facts),
        Err(error) => vec![Finding::bad(REDIS, sentence(&error.into()))],
    }
}

/// Looks at Postgres.
pub(crate) async fn postgres(stores: &DurableStores) -> Vec<Finding> {
    match stores.postgres_facts().await {
        Ok(facts) => about_postgres(&facts),
        Err(error) => {
            let text = format!("{}; was `switchboard migrate` run?", sentence(&error.into()));
            vec![Finding::bad(POSTGRES, text)]
        }
    }
}

/// Looks at the keys that seal personal data.
pub(crate) async fn key_ring(stores: &DurableStores) -> Finding {
    match master_keys(stores).await {
        Ok(keys) => about_keys(&keys),
        Err(error) => Finding::bad(KEY_RING, sentence(&error.into())),
    }
}

async fn master_keys(stores: &DurableStores) -> Result<Vec<MasterKey>, StoreError> {
    let mut keys = Vec::new();
    for tenant in stores.tenants.list().await? {
        keys.extend(stores.data_keys.master_keys(&tenant.id).await?);
    }
    Ok(keys)
}

fn about_keys(keys: &[MasterKey]) -> Finding {
    let missing = |key: &&MasterKey| key.standing == KeyStanding::Missing;
    match keys.iter().find(missing) {
        None => Finding::good(KEY_RING, "opens everything that is sealed"),
        Some(key) => {
            let text = format!(
                "key {} is not in `privacy.key_ring_file`: what it wraps cannot be read",
                key.id
            );
            Finding::bad(KEY_RING, text)
        }
    }
}

fn about_redis(facts: &Facts) -> Vec<Finding> {
    let fact = |name: &str| facts.get(name).map_or("", String::as_str);
    let version = fact("redis_version");
    let major: u32 = version.split('.').next().and_then(|part| part.parse().ok()).unwrap_or(0);
    let policy = fact("maxmemory_policy");
    vec![
        if major >= 7 {
            Finding::good(REDIS, format!("version {version}"))
        } else {
            Finding::bad(REDIS, format!("version {version} is too old: 7.0 or newer is needed"))
        },
        if policy == "noeviction" {
            Finding::good(REDIS, "forgets nothing when memory is short")
        } else {
            let text = format!("maxmemory-policy is {policy}: set noeviction, or calls get lost");
            Finding::bad(REDIS, text)
        },
        if fact("aof_enabled") == "1" {
            Finding::good(REDIS, "keeps its state over a restart")
        } else {
            let text = "appendonly is off: after a restart gateways must bring every call back";
            Finding::risky(REDIS, text)
        },
    ]
}

fn about_postgres(facts: &Facts) -> Vec<Finding> {
    let fact = |name: &str| facts.get(name).map_or("", String::as_str);
    let number: u32 = fact("server_version_num").parse().unwrap_or(0);
    let version = fact("server_version");
    let mut findings = vec![
        if number >= 140_000 {
            Finding::good(POSTGRES, format!("version {version}"))
        } else {
            Finding::bad(POSTGRES, format!("version {version} is too old: 14 or newer is needed"))
        },
        if fact("schema") == "yes" {
            Finding::good(POSTGRES, "has the schema")
        } else {
            Finding::bad(POSTGRES, "has no schema: run `switchboard migrate`")
        },
    ];
    for name in ["fsync", "synchronous_commit"] {
        findings.push(if fact(name) == "off" {
            Finding::bad(POSTGRES, format!("{name} is off: what is recorded may get lost"))
        } else {
            Finding::good(POSTGRES, format!("{name} is {}", fact(name)))
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::Grade;

    fn facts(pairs: &[(&str, &str)]) -> Facts {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_old_or_forgetful_redis_is_bad_and_a_volatile_one_risky() {
        let found = about_redis(&facts(&[
            ("redis_version", "6.2.1"),
            ("maxmemory_policy", "allkeys-lru"),
            ("aof_enabled", "0"),
        ]));

        let grades: Vec<Grade> = found.iter().map(|finding| finding.grade).collect();
        assert_eq!(grades, [Grade::Bad, Grade::Bad, Grade::Risky]);
    }

    #[test]
    fn a_sound_postgres_has_nothing_against_it() {
        let found = about_postgres(&facts(&[
            ("server_version", "15.14"),
            ("server_version_num", "150014"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("schema", "yes"),
        ]));

        assert!(found.iter().all(|finding| finding.grade == Grade::Good), "{found:?}");
    }

    #[test]
    fn a_master_key_that_the_ring_lacks_is_bad() {
        let key = |id: &str, standing| MasterKey { id: id.to_owned(), standing, data_keys: 1 };
        let keys = [key("a1", KeyStanding::InUse), key("b2", KeyStanding::Missing)];

        let (sound, broken) = (about_keys(&keys[..1]), about_keys(&keys));

        assert_eq!((sound.grade, broken.grade), (Grade::Good, Grade::Bad));
        assert!(broken.text.contains("b2"), "{broken:?}");
    }
}
