//! Everything the stores of a center hold, as text.

use std::process::Stdio;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncTypedCommands as _, Value};
use secrecy::ExposeSecret as _;
use tokio::process::Command;

use crate::Center;

impl Center {
    /// Dumps the database as a backup does it.
    ///
    /// # Panics
    ///
    /// When `pg_dump` is missing or fails.
    pub async fn dump_database(&self) -> String {
        let url = self.config.postgres.url.expose_secret();
        let dump = Command::new("pg_dump").arg(url).stderr(Stdio::inherit()).output().await;
        let dump = dump.expect("pg_dump is part of the client of Postgres");
        assert!(dump.status.success(), "pg_dump failed with {}", dump.status);
        String::from_utf8_lossy(&dump.stdout).into_owned()
    }

    /// Reads every key of the live store, with all it holds.
    ///
    /// # Panics
    ///
    /// When Redis does not answer.
    pub async fn dump_live(&self) -> Vec<LiveKey> {
        let client = redis::Client::open(self.redis.url()).expect("a good address");
        let mut redis = client.get_multiplexed_async_connection().await.expect("Redis answers");
        let mut keys = Vec::new();
        for name in redis.keys("*").await.expect("Redis answers") {
            let held = written(&held(&mut redis, &name).await);
            let left: i64 =
                redis::cmd("PTTL").arg(&name).query_async(&mut redis).await.expect("a time");
            let expires_in = u64::try_from(left).ok().map(Duration::from_millis);
            keys.push(LiveKey { name, held, expires_in });
        }
        keys
    }
}

/// A key of the live store.
#[derive(Debug)]
pub struct LiveKey {
    /// Its name.
    pub name: String,
    /// What it holds, as text.
    pub held: String,
    /// When it goes by itself; never, without a time.
    pub expires_in: Option<Duration>,
}

async fn held(redis: &mut MultiplexedConnection, key: &str) -> Value {
    let kind: String = redis::cmd("TYPE").arg(key).query_async(redis).await.expect("a kind");
    let read = match kind.as_str() {
        "hash" => redis::cmd("HGETALL").arg(key).to_owned(),
        "list" => redis::cmd("LRANGE").arg(key).arg(0).arg(-1).to_owned(),
        "set" => redis::cmd("SMEMBERS").arg(key).to_owned(),
        "zset" => redis::cmd("ZRANGE").arg(key).arg(0).arg(-1).to_owned(),
        "stream" => redis::cmd("XRANGE").arg(key).arg("-").arg("+").to_owned(),
        _ => redis::cmd("GET").arg(key).to_owned(),
    };
    read.query_async(redis).await.expect("Redis answers")
}

/// Writes a value out; what is packed is no text as a whole, yet the texts within it can be read.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds of values hold no text")]
fn written(value: &Value) -> String {
    match value {
        Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Array(values) => values.iter().map(|one| written(one) + " ").collect(),
        other => format!("{other:?}"),
    }
}
