//! The durable stores on Postgres: one file per trait of `switchboard-store`.
//!
//! Every statement on a tenant's rows runs in a `TenantScope`: a transaction under the serving
//! role that sees one tenant and nothing else. What is personal is sealed before it gets into a
//! row, and opened when it is read. Queries are checked when they run, against the real
//! schema by this crate's tests, so that building needs no database.

mod audit;
mod backgrounds;
mod bells;
mod call_surveys;
mod callers;
mod centers;
mod clusters;
mod customer_consents;
mod customer_events;
mod customer_external_ids;
mod customer_merges;
mod customer_numbers;
mod customer_occurrences;
mod customer_profiles;
mod customer_search;
mod customer_timeline;
mod customer_words;
mod customers;
mod data_keys;
mod dead_events;
mod epochs;
mod error;
mod evaluations;
mod figures;
mod flows;
mod follow_ups;
mod gateways;
mod history;
mod interactions;
mod menus;
mod migrate;
mod number_rules;
mod outbox_rows;
mod personal;
mod projection;
mod promises;
mod recorded;
mod retention;
mod row;
mod scope;
mod seal_existing;
mod settings;
mod signals;
mod store;
mod subjects;
mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
mod ticket_dispatch;
mod ticket_followers;
mod ticket_macros;
mod ticket_relations;
mod ticket_reports;
mod ticket_surroundings;
mod ticket_views;
mod tickets;
mod timestamp;
mod touchpoints;
mod upsert;
mod values;
mod vault;
mod work_items;

pub use migrate::{MigrateError, migrate, schema_fingerprint};
pub use seal_existing::seal_existing;
pub use settings::{PostgresSettings, SettingsError};
pub use store::PostgresStore;
