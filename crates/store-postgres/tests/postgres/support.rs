//! A migrated database per test, copied from a template that is made once.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::tenants::{Tenant, Tenants};
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{migrated_database, store_at};

/// One test's database.
pub(crate) struct Database {
    /// Where it is, as its owner.
    pub(crate) url: String,
    /// The stores on it, as the serving role.
    pub(crate) store: PostgresStore,
}

/// Gives a migrated database with the tenants `demo` and `other`.
pub(crate) async fn database() -> Database {
    let url = migrated_database().await.unwrap();
    let store = store_at(&url).unwrap();
    for name in ["demo", "other"] {
        let tenant = Tenant { id: tenant(name), name: name.to_owned(), created_at: second(0) };
        Tenants::create(&store, &tenant).await.unwrap();
    }
    Database { url, store }
}

impl Database {
    /// Connects as the owner, who is a superuser and sees everything.
    pub(crate) async fn owner(&self) -> PgConnection {
        let options = PgConnectOptions::from_str(&self.url).unwrap().disable_statement_logging();
        PgConnection::connect_with(&options).await.unwrap()
    }

    /// Connects as the serving role, with no tenant named.
    pub(crate) async fn serving(&self) -> PgConnection {
        let mut connection = self.owner().await;
        sqlx::query("SET ROLE switchboard_app").execute(&mut connection).await.unwrap();
        connection
    }
}

pub(crate) fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

pub(crate) fn contact(name: &str) -> ContactId {
    ContactId::parse(name).unwrap()
}

/// Gives the second `count` of the tests' day.
pub(crate) const fn second(count: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + count * 1_000)
}

/// Makes the n-th entry of an epoch: an event of a contact, at second n, version n.
pub(crate) fn told(
    epoch: u64,
    n: u32,
    contact: &str,
    kind: &str,
    fields: &[(&str, &str)],
) -> OutboxEntry {
    OutboxEntry {
        epoch,
        id: OutboxId::new(u64::from(n), 0),
        entity: EntityKind::Contact,
        entity_id: contact.to_owned(),
        version: u64::from(n),
        at: second(i64::from(n)),
        wall: second(i64::from(n)),
        kind: kind.to_owned(),
        fields: led_to(kind).chain(texts(fields)).collect(),
        trace: None,
    }
}

/// Gives the state that a kind of event leads to, as the floor tells it.
fn led_to(kind: &str) -> impl Iterator<Item = (String, String)> {
    let state = match kind {
        "contact_started" => Some("in_menu"),
        "contact_queued" => Some("queued"),
        "contact_connected" => Some("connected"),
        "contact_ended" => Some("ended"),
        _ => None,
    };
    state.map(|state| ("state".to_owned(), state.to_owned())).into_iter()
}

fn texts(fields: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
}

/// Writes out every row of every table.
pub(crate) async fn dump(owner: &mut PgConnection) -> String {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&mut *owner)
            .await
            .unwrap();
    let mut dump = String::new();
    for table in tables {
        let rows = AssertSqlSafe(format!("SELECT row_to_json({table})::text FROM {table}"));
        let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&mut *owner).await.unwrap();
        dump.extend(rows.into_iter().map(|row| format!("{table} {row}\n")));
    }
    dump
}

/// Gives a text as it is, and as a `bytea` shows it.
pub(crate) fn ways_to_write(text: &str) -> Vec<String> {
    let hex = text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    vec![text.to_owned(), hex]
}
