//! Everything the stores of a center hold, as text.

use std::process::Stdio;

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
    pub async fn dump_live(&self) -> String {
        let client = redis::Client::open(self.redis.url()).expect("a good address");
        let mut redis = client.get_multiplexed_async_connection().await.expect("Redis answers");
        let mut dump = String::new();
        for key in redis.keys("*").await.expect("Redis answers") {
            let held = held(&mut redis, &key).await;
            dump += &format!("{key} {held:?}\n");
        }
        dump
    }
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
